package dev.agentcoord.runner.cli;

import dev.agentcoord.Item;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Mode;
import dev.agentcoord.Pool;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the live tickets, held and waiting. */
@picocli.CommandLine.Command(
        name = "locks",
        description = "Lists who holds what and who waits, earliest first; each condition narrows the list.")
final class ListLocksCommand extends CoordinatingCommand {
    @Parameters(arity = "0..*", paramLabel = "PATH", description = "only what overlaps one of these, as given to lock")
    private List<String> words = List.of();

    @Option(names = "--agent", paramLabel = "NAME", description = "only those of agents of that name")
    private @Nullable String agent;

    @Option(names = "--mine", description = "only those of this session")
    private boolean mine;

    @ArgGroup(exclusive = true)
    private StateOptions state = new StateOptions();

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            List<LockInfo> locks = membership.coordinator().locks(filter(context, membership));
            outList(context, LockView.of(membership.coordinator(), locks), Views::map, Views::line, none());
            return ExitCode.OK;
        }
    }

    private LockFilter filter(Context context, Membership membership) {
        LockFilter filter = state.filter();
        if (mine) {
            filter = filter.session(membership.session().info().id());
        }
        if (agent != null) {
            filter = filter.agent(agent);
        }
        if (!words.isEmpty()) {
            LockRequest asked = LockWords.typedIn(context.request().directory(), membership.place())
                    .read(words, Mode.EXCLUSIVE);
            filter = filter.and(touching(asked));
        }
        return filter;
    }

    private static LockFilter touching(LockRequest asked) {
        LockFilter items = LockFilter.all().touching(asked.items().keySet().toArray(Item[]::new));
        Set<Pool> pools = asked.permits().keySet();
        return LockFilter.all()
                .and(lock -> items.test(lock)
                        || lock.request().permits().keySet().stream().anyMatch(pools::contains));
    }

    private String none() {
        if (agent != null || !words.isEmpty() || !state.isAny()) {
            return "no lock is like that; 'agentcoord locks' lists all";
        }
        return mine ? "this session holds no lock" : "nothing is locked";
    }

    /** The two states a ticket can be in. */
    static final class StateOptions {
        @Option(names = "--held", description = "only what is held")
        private boolean held;

        @Option(names = "--waiting", description = "only what waits")
        private boolean waiting;

        LockFilter filter() {
            return held ? LockFilter.all().held() : waiting ? LockFilter.all().waiting() : LockFilter.all();
        }

        boolean isAny() {
            return !held && !waiting;
        }
    }
}
