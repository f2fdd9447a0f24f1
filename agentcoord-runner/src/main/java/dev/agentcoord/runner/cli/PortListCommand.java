package dev.agentcoord.runner.cli;

import dev.agentcoord.SessionId;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.Ports;
import java.util.List;
import picocli.CommandLine.Option;

/** Lists leased ports, and those found taken without a lease. */
@picocli.CommandLine.Command(
        name = "list",
        description = "Lists who leases which port and whether the holder or somebody else listens there.")
final class PortListCommand extends CoordinatingCommand {
    @Option(names = "--mine", description = "only those of this session")
    private boolean mine;

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            SessionId me = membership.session().info().id();
            List<PortInfo> ports = Ports.of(membership.session()).list(membership.coordinator()).stream()
                    .filter(port -> !mine || port.isLeasedBy(me))
                    .toList();
            outList(
                    context,
                    ports,
                    PortViews::map,
                    PortViews::line,
                    mine ? "this session leases no port" : "no port is leased");
            return ExitCode.OK;
        }
    }
}
