package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.store.Place;
import dev.agentcoord.runner.store.PlaceFinder;
import dev.agentcoord.runner.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Writes which store and project everybody in a repository uses. */
@picocli.CommandLine.Command(
        name = "init",
        description = "Writes .git/agentcoord.json: the store and project of everybody who works in this repository.")
final class InitCommand extends CoordinatingCommand {
    @Option(names = "--force", description = "replace what the repository says now")
    private boolean force;

    @Override
    int run(Context context) throws IOException {
        context.requireOwnProcess("init");
        PlaceFinder places = new PlaceFinder(context.environment());
        Path directory = context.request().directory();
        Place wanted = force ? places.wanted(directory, placeOptions()) : places.find(directory, placeOptions());
        if (wanted.repository().isEmpty()) {
            throw Refusal.usage(
                    "this directory is in no git repository",
                    "git init, or name the project with each command: --project");
        }
        // Before anything is written: a store that cannot be used must not become everybody's.
        Stores.open(wanted, context.environment()).close();
        Place place = force ? places.replace(directory, placeOptions()) : places.settle(directory, placeOptions());
        if (isJson()) {
            outJson(context, Map.of("store", place.store(), "project", place.space(), "private", place.isPrivate()));
        } else {
            context.reply().out(place.describe());
        }
        return ExitCode.OK;
    }
}
