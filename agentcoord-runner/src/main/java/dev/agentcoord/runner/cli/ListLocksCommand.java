package dev.agentcoord.runner.cli;

import dev.agentcoord.LockInfo;
import java.util.List;
import picocli.CommandLine.Option;

/** Lists the live tickets, held and waiting. */
@picocli.CommandLine.Command(name = "locks", description = "Lists who holds what and who waits, earliest first.")
final class ListLocksCommand extends CoordinatingCommand {
    @Option(names = "--mine", description = "only those of this session")
    private boolean mine;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            List<LockInfo> locks = membership.coordinator().locks();
            if (mine) {
                locks = locks.stream()
                        .filter(lock -> lock.owner()
                                .id()
                                .equals(membership.session().info().id()))
                        .toList();
            }
            outList(context, locks, Views::map, Views::line, mine ? "this session holds no lock" : "nothing is locked");
            return ExitCode.OK;
        }
    }
}
