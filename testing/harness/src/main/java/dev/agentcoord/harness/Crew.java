package dev.agentcoord.harness;

import dev.agentcoord.ensemble.Place;
import dev.agentcoord.harness.history.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The agents of one run, each with the lives it has had. Not thread-safe but for {@link #close}. */
final class Crew implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final Plan plan;
    private final Path directory;
    private final Site site;
    private final List<AgentProcess> current = new ArrayList<>();
    private final List<AgentProcess> all = new ArrayList<>();
    private boolean closed;

    /** Keeps the store and the histories below a directory. */
    Crew(Plan plan, Path directory, Site site) {
        this.plan = plan;
        this.site = site;
        this.directory = directory;
    }

    /** Starts all agents and returns when all have joined and are at work. */
    void start() throws IOException {
        for (int agent = 0; agent < plan.agents(); agent++) {
            current.add(begin(agent));
        }
        for (AgentProcess each : current) {
            each.awaitReady();
        }
        for (AgentProcess each : current) {
            each.go();
        }
    }

    /** The process of an agent, from 0. */
    AgentProcess get(int agent) {
        return current.get(agent);
    }

    /** Kills an agent and lets another process begin its next life. */
    void replace(int agent) throws IOException, InterruptedException {
        current.get(agent).kill();
        AgentProcess next = begin(agent);
        current.set(agent, next);
        next.go();
    }

    /** Lets all agents end; returns those that did not as they should. */
    List<Violation> finish() throws IOException, InterruptedException {
        for (AgentProcess each : current) {
            each.carryOn();
            each.finish();
        }
        List<Violation> failed = new ArrayList<>();
        for (AgentProcess each : all) {
            if (!each.endedWell(PATIENCE_SECONDS)) {
                failed.add(new Violation(Violation.Kind.AGENT_FAILED, each.name()));
            }
        }
        return failed;
    }

    /** Every process there was. */
    List<AgentProcess> all() {
        return List.copyOf(all);
    }

    private AgentProcess begin(int agent) throws IOException {
        String name = "agent-" + agent + "-" + all.size();
        AgentArguments arguments = new AgentArguments(
                plan.workload(),
                name,
                plan.backend(),
                directory.resolve("store"),
                directory.resolve(name + ".history"),
                plan.seed());
        return begin(site.place(agent), arguments);
    }

    private synchronized AgentProcess begin(Place place, AgentArguments arguments) throws IOException {
        if (closed) {
            throw new IllegalStateException("the run was ended");
        }
        AgentProcess process = AgentProcess.start(place, Agent.class, arguments);
        all.add(process);
        return process;
    }

    /** Leaves no process behind. */
    @Override
    public synchronized void close() {
        closed = true;
        all.forEach(AgentProcess::destroy);
    }
}
