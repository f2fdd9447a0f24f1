package dev.agentcoord.harness;

import dev.agentcoord.Coordinator;
import dev.agentcoord.harness.Plan.Fault;
import dev.agentcoord.harness.history.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One run: agents at work, faults among them, and the check of what they did. */
final class Simulation {
    private final Plan plan;
    private final Path directory;
    private final Belongings belongings;

    /** Keeps store and histories below an existing directory, and whatever must not stay among the belongings. */
    Simulation(Plan plan, Path directory, Belongings belongings) {
        this.plan = plan;
        this.directory = directory;
        this.belongings = belongings;
    }

    Result run() throws IOException, InterruptedException {
        say("preparing what the agents run");
        SmallJvm.prepare();
        Path store = Files.createDirectories(directory.resolve("store"));
        Site site = belongings.add(Site.of(plan, store));
        Crew crew = belongings.add(new Crew(plan, directory, site));
        Findings findings = new Findings(plan, directory);
        try (Coordinator coordinator = open(store);
                Thief thief = new Thief(coordinator);
                Observer observer = new Observer(coordinator)) {
            say("starting " + plan.agents() + " agents");
            crew.start();
            observer.start();
            say("they work for " + plan.seconds() + " s; seed " + plan.seed());
            long begun = System.nanoTime();
            findings.faults(injectFaults(site, crew, thief));
            say("letting them end");
            findings.worked(begun, System.nanoTime());
            findings.failed(crew.finish());
            List<Sighting> sightings = observer.end();
            findings.read(crew.all());
            if (plan.workload().usesQueues()) {
                say("emptying the queues");
                findings.drain(coordinator);
            }
            say("checking what they did");
            findings.check(sightings, thief.stolen());
        }
        findings.leftovers(site.leftovers());
        return findings.result();
    }

    private Coordinator open(Path store) throws InterruptedException {
        return Patience.until(() -> BackendOpener.named(plan.backend()).open(store), () -> false)
                .orElseThrow();
    }

    private Map<Fault, Integer> injectFaults(Site site, Crew crew, Thief thief)
            throws IOException, InterruptedException {
        Duration time = Duration.ofSeconds(plan.seconds());
        CompletableFuture<Map<Fault, Integer>> ofServers = new ServerFaults(site, plan).start(time);
        try (FaultInjector injector = new FaultInjector(crew, plan, thief)) {
            injector.run(time);
            Map<Fault, Integer> all = injector.done();
            all.putAll(ofServers.get());
            return all;
        } catch (ExecutionException e) {
            throw new IOException("a fault of the servers did not end as it should", e.getCause());
        }
    }

    private static void say(String what) {
        System.err.println("simulate: " + what);
    }
}
