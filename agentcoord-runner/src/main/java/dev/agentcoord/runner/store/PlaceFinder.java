package dev.agentcoord.runner.store;

import dev.agentcoord.core.Canonical;
import dev.agentcoord.runner.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds which store and space a command belongs to. First that is set: the command's options, the environment, the repository's
 * {@code agentcoord.json}, {@code /etc/agentcoord/config.json}, the user's own state directory. Whoever contradicts the
 * repository's file is refused, so that two developers never coordinate in different places unawares.
 */
public final class PlaceFinder {
    private static final Path SYSTEM_CONFIG = Path.of("/etc/agentcoord/config.json");

    private final Map<String, String> environment;
    private final Path systemConfig;

    /** Looks at this environment and the machine's configuration. */
    public PlaceFinder(Map<String, String> environment) {
        this(environment, SYSTEM_CONFIG);
    }

    PlaceFinder(Map<String, String> environment, Path systemConfig) {
        this.environment = Map.copyOf(environment);
        this.systemConfig = systemConfig;
    }

    /** The place for a command typed in a directory. Throws {@link Refusal} where sources disagree. */
    public Place find(Path directory, PlaceOptions options) {
        Optional<Repository> repository = Repository.around(directory);
        Choice<StoreUri> store = store(options, repository);
        Choice<String> space = space(options, repository);
        repository.ifPresent(r -> refuseDisagreement(ConfigFile.read(r.configFile()), store, space));
        return place(directory, repository, store, space);
    }

    /** As {@link #find}, and writes the choice into the repository, when that has none yet, for everybody who comes later. */
    public Place settle(Path directory, PlaceOptions options) throws IOException {
        Place place = find(directory, options);
        Optional<Repository> repository = place.repository();
        if (repository.isPresent()
                && !ConfigFile.read(repository.get().configFile()).isPresent()) {
            ConfigFile.create(repository.get().configFile(), place);
            return find(directory, options);
        }
        return place;
    }

    /** The place that is asked for, whatever the repository says. */
    public Place wanted(Path directory, PlaceOptions options) {
        Optional<Repository> repository = Repository.around(directory);
        return place(directory, repository, store(options, repository), space(options, repository));
    }

    /** Makes the choice the repository's, whatever it said before. */
    public Place replace(Path directory, PlaceOptions options) throws IOException {
        Place place = wanted(directory, options);
        if (place.repository().isPresent()) {
            ConfigFile.replace(place.repository().get().configFile(), place);
        }
        return place;
    }

    private Place place(Path directory, Optional<Repository> repository, Choice<StoreUri> store, Choice<String> space) {
        Path root = repository
                .map(Repository::root)
                .orElse(directory.toAbsolutePath().normalize());
        return new Place(store.value(), space.value(), store.origin(), isPrivate(store.value()), root, repository);
    }

    private Choice<StoreUri> store(PlaceOptions options, Optional<Repository> repository) {
        if (options.store().isPresent()) {
            return new Choice<>(StoreUri.parse(options.store().get()), "--store");
        }
        String variable = environment.getOrDefault("AGENTCOORD_STORE", "");
        if (!variable.isEmpty()) {
            return new Choice<>(StoreUri.parse(variable), "AGENTCOORD_STORE");
        }
        return configured(repository, ConfigFile::store)
                .orElseGet(() -> new Choice<>(StoreUri.directory(StateHome.store(environment)), "the default"));
    }

    private Choice<String> space(PlaceOptions options, Optional<Repository> repository) {
        if (options.project().isPresent()) {
            return new Choice<>(Canonical.agentName(options.project().get()), "--project");
        }
        String variable = environment.getOrDefault("AGENTCOORD_PROJECT", "");
        if (!variable.isEmpty()) {
            return new Choice<>(Canonical.agentName(variable), "AGENTCOORD_PROJECT");
        }
        return configured(repository, ConfigFile::project)
                .orElseGet(() ->
                        new Choice<>(repository.map(Repository::defaultSpace).orElse("default"), "the default"));
    }

    private <T> Optional<Choice<T>> configured(
            Optional<Repository> repository, Function<ConfigFile, Optional<T>> part) {
        return repository
                .map(Repository::configFile)
                .flatMap(file -> chosen(file, part))
                .or(() -> chosen(systemConfig, part));
    }

    private static <T> Optional<Choice<T>> chosen(Path file, Function<ConfigFile, Optional<T>> part) {
        return part.apply(ConfigFile.read(file)).map(value -> new Choice<>(value, file.toString()));
    }

    private static void refuseDisagreement(ConfigFile file, Choice<StoreUri> store, Choice<String> space) {
        if (file.store().isPresent() && !file.store().get().isSameAs(store.value())) {
            throw disagreement(file, store, file.store().get());
        }
        if (file.project().isPresent() && !file.project().get().equals(space.value())) {
            throw disagreement(file, space, file.project().get());
        }
    }

    private static Refusal disagreement(ConfigFile file, Choice<?> choice, Object theirs) {
        return Refusal.usage(
                choice.origin() + " says " + choice.value() + ", but everybody else in this repository uses " + theirs
                        + " (" + file.file() + ")",
                "leave " + choice.origin()
                        + " out, or change that file for everybody: agentcoord init --force with the "
                        + "--store or --project that all shall use");
    }

    private boolean isPrivate(StoreUri store) {
        return store.isSameAs(StoreUri.directory(StateHome.store(environment)));
    }

    /** A value and what it comes from. */
    private record Choice<T>(T value, String origin) {}
}
