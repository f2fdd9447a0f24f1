package dev.agentcoord.runner.cli;

import dev.agentcoord.Claim;
import dev.agentcoord.Grant;
import dev.agentcoord.Intervention;
import dev.agentcoord.SessionId;
import dev.agentcoord.ports.PortInfo;
import dev.agentcoord.ports.Ports;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.RunRecord;
import dev.agentcoord.runner.session.RunRecords;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Parameters;

/** Says where the caller coordinates and what it holds, or how the latest run of an agent stands. */
@picocli.CommandLine.Command(
        name = "status",
        description = "Says where you are and what you hold; with a name how that agent's latest run stands or ended.")
final class StatusCommand extends CoordinatingCommand {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "an agent")
    private String agent = "";

    @Override
    int run(Context context) throws IOException {
        try (Membership membership = join(context)) {
            if (agent.isEmpty()) {
                own(context, membership);
            } else {
                RunRecord run = new RunRecords(context.environment())
                        .find(agent, membership.place().space())
                        .orElseThrow(() -> Refusal.failed("no agent " + agent + " ever ran here", "agentcoord ls"));
                of(context, run);
            }
            return ExitCode.OK;
        }
    }

    private void own(Context context, Membership membership) {
        membership.run().ifPresent(run -> run.holdings().forgetEnded(run.session()));
        List<Grant> grants =
                membership.run().map(run -> run.holdings().grants()).orElse(List.of());
        List<Claim> claims =
                membership.run().map(run -> run.holdings().claims()).orElse(List.of());
        Map<Intervention, String> asked =
                membership.run().map(run -> run.holdings().asked()).orElse(Map.of());
        List<PortInfo> clashes = clashes(membership);
        String name = membership.run().map(run -> run.record().agent()).orElse("");
        Set<String> capabilities = membership.run().isEmpty()
                ? Set.of()
                : new TreeSet<>(membership.session().info().participant().capabilities());
        int sessions = membership.coordinator().sessions().size();
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("store", membership.place().store());
            map.put("project", membership.place().space());
            map.put("private", membership.place().isPrivate());
            map.put("agent", name);
            map.put(
                    "session",
                    membership
                            .run()
                            .map(AgentRun::record)
                            .map(RunRecord::session)
                            .orElse(""));
            map.put("capabilities", capabilities);
            map.put(
                    "locks",
                    grants.stream().map(grant -> Views.map(grant.request())).toList());
            map.put(
                    "claims",
                    claims.stream().map(claim -> Views.map(claim.task())).toList());
            map.put("asked", asked.keySet().stream().map(Views::map).toList());
            map.put("clashes", clashes.stream().map(PortViews::map).toList());
            map.put("sessions", sessions);
            outJson(context, map);
            return;
        }
        context.reply().out(membership.place().describe());
        context.reply().out(name.isEmpty() ? "outside any session" : "agent " + name);
        if (!capabilities.isEmpty()) {
            context.reply().out("is capable of " + String.join(" ", capabilities));
        }
        grants.forEach(grant -> context.reply().out("holds " + Views.words(grant.request())));
        clashes.forEach(port -> context.reply().out("port " + PortViews.line(port)));
        asked.values().forEach(context.reply()::out);
        claims.forEach(claim -> context.reply().out("works on " + Views.line(claim.task())));
        context.reply().out(sessions + " live sessions");
    }

    /** The agent's own ports on which somebody else listens. */
    private static List<PortInfo> clashes(Membership membership) {
        if (membership.run().isEmpty()) {
            return List.of();
        }
        SessionId me = membership.session().info().id();
        return Ports.of(membership.session()).list(membership.coordinator()).stream()
                .filter(port -> port.standing() == PortInfo.Standing.CLASH)
                .filter(port -> port.isLeasedBy(me))
                .toList();
    }

    private void of(Context context, RunRecord run) {
        if (isJson()) {
            Map<String, Object> map = new LinkedHashMap<>(run.values());
            map.put("alive", run.isAlive());
            outJson(context, map);
            return;
        }
        String state =
                run.isAlive() ? "runs" : run.ended().isPresent() ? "ended" : "was cut off: its runner was killed";
        String status =
                run.status().isPresent() ? " with status " + run.status().getAsInt() : "";
        String why = run.why().isEmpty() ? "" : " because " + run.why();
        context.reply()
                .out("agent " + run.agent() + " " + state + status + why + ", started " + Views.ago(run.started()));
        context.reply().out("log " + run.log());
    }
}
