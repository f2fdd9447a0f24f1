package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.store.PlaceOptions;
import dev.agentcoord.runner.text.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that coordinates in some space, and can answer in JSON. */
abstract class CoordinatingCommand extends Command {
    @Option(names = "--store", paramLabel = "URI", description = "fs:/dir or zk:host:port,host:port/chroot")
    private @Nullable String store;

    @Option(names = "--project", paramLabel = "SPACE", description = "the space in the store")
    private @Nullable String project;

    @Option(names = "--json", description = "answer in JSON on standard output")
    private boolean json;

    /** Whether to answer in JSON. */
    final boolean isJson() {
        return json;
    }

    /** What was said about store and space. */
    final PlaceOptions placeOptions() {
        return new PlaceOptions(Optional.ofNullable(store), Optional.ofNullable(project));
    }

    /** The caller's membership of the space, to be closed after use. */
    final Membership join(Context context) {
        Membership membership = context.memberships().at(context.request().directory(), placeOptions());
        if (membership.run().isEmpty() && membership.place().isPrivate()) {
            context.reply().err("agentcoord: " + membership.place().describe());
        }
        return membership;
    }

    /** A list: in JSON one array, else a line for each; that there is none is told beside the data. */
    final <T> void outList(
            Context context,
            List<T> list,
            Function<T, Map<String, Object>> map,
            Function<T, String> line,
            String none) {
        if (isJson()) {
            outJson(context, list.stream().map(map).toList());
        } else {
            list.forEach(item -> context.reply().out(line.apply(item)));
            if (list.isEmpty()) {
                context.reply().err("agentcoord: " + none);
            }
        }
    }

    /** One value as one line of JSON. */
    final void outJson(Context context, @Nullable Object value) {
        context.reply().out(Json.write(value));
    }
}
