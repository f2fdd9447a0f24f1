package dev.agentcoord.runner.cli;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import dev.agentcoord.core.path.PathName;
import dev.agentcoord.engine.PathResolver;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what people type for things to lock: {@code src/A.java} (a file), {@code src/gen/} or any existing directory (a tree),
 * {@code glob:**}{@code /*.proto}, {@code name:git:index}, {@code pool:build/2} (one permit of two). Paths are relative to where they
 * are typed, in any work tree of the place's repository.
 */
final class LockWords {
    private static final Pattern KIND = Pattern.compile("[a-z]+:");

    private final Path directory;
    private final PathResolver resolver;

    private LockWords(Path directory, PathResolver resolver) {
        this.directory = directory;
        this.resolver = resolver;
    }

    /** A reader for words typed in that directory. */
    static LockWords typedIn(Path directory, Place place) {
        return new LockWords(directory, PathResolver.at(root(directory, place)));
    }

    /** One request for all the words, in one mode. Throws {@link InvalidRequestException} naming the word that is wrong. */
    LockRequest read(List<String> words, Mode mode) {
        LockRequest request = LockRequest.empty();
        for (String word : words) {
            if (word.startsWith("pool:")) {
                request = request.andPermits(pool(word), 1);
            } else {
                Item item = item(word);
                request = mode == Mode.SHARED ? request.andShared(item) : request.andExclusive(item);
            }
        }
        return request;
    }

    private Item item(String word) {
        if (word.startsWith("name:")) {
            return Item.name(after("name:", word, "name:KEY, like name:git:index"));
        }
        if (word.startsWith("glob:")) {
            String pattern = after("glob:", word, "glob:PATTERN, like glob:**/*.proto");
            return Item.glob(resolver.resolveGlob(directory, pattern).toString());
        }
        refuseWhatIsHardlyAPath(word);
        PathName path = resolver.resolve(directory, word);
        boolean tree = word.endsWith("/") || Files.isDirectory(resolver.root().resolve(path.toString()));
        return tree ? Item.tree(path.toString()) : Item.file(path.toString());
    }

    private static String after(String kind, String word, String form) {
        String rest = word.substring(kind.length());
        if (rest.isBlank()) {
            throw new InvalidRequestException(word, "'" + word + "' says only of what kind it is; write " + form);
        }
        return rest;
    }

    /** A lock on a file nobody meant locks nothing; whoever does mean it writes {@code ./} before it. */
    private static void refuseWhatIsHardlyAPath(String word) {
        if (KIND.matcher(word).lookingAt()) {
            throw new InvalidRequestException(
                    word,
                    "'" + word
                            + "' is of no kind; there are glob:, name: and pool:NAME/CAPACITY, a directory is src/, and a"
                            + " file of that name is ./" + word);
        }
        if (word.indexOf('*') >= 0 && !word.startsWith("./")) {
            throw new InvalidRequestException(
                    word,
                    "'" + word + "' has a '*'; for all that match write glob:" + word + ", for that file ./" + word);
        }
    }

    private static Pool pool(String word) {
        int slash = word.lastIndexOf('/');
        try {
            if (slash > "pool:".length()) {
                return Item.pool(word.substring("pool:".length(), slash), Integer.parseInt(word.substring(slash + 1)));
            }
        } catch (NumberFormatException e) {
            // The same answer as for no capacity at all.
        }
        throw new InvalidRequestException(
                word,
                "'" + word + "' does not say both what and how many; write pool:NAME/CAPACITY, like pool:build/2");
    }

    /** All work trees of one repository name its files alike. */
    private static Path root(Path directory, Place place) {
        Optional<Path> home = place.repository().map(Repository::commonDirectory);
        return Repository.around(directory)
                .filter(here -> home.filter(here.commonDirectory()::equals).isPresent())
                .map(Repository::root)
                .orElse(place.root());
    }
}
