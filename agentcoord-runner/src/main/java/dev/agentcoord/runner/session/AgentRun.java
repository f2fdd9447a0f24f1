package dev.agentcoord.runner.session;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Item;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.LossCause;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.ports.PortLease;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.ControlServer;
import dev.agentcoord.runner.control.Request;
import dev.agentcoord.runner.control.RequestHandler;
import dev.agentcoord.runner.store.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent from start to end: its terminal, its processes and the session that lives exactly as long as they do. The agent waits at
 * a gate until the session names this process and the terminal's root process; the session is closed only after all that the agent
 * started has ended, but for what this user may not end. If this process is killed, the guard in the terminal ends the agent instead.
 * Thread-safe.
 */
public final class AgentRun {
    private static final Logger LOG = LoggerFactory.getLogger(AgentRun.class);

    /** What an agent gets to end by itself when asked to. */
    public static final Duration GRACE = Duration.ofSeconds(5);
    /** What processes it left behind get. */
    private static final Duration LEFTOVER_GRACE = Duration.ofMillis(500);

    private static final long GUARD_SECONDS = 3;
    /** What its store gets to take note of the end. */
    private static final long RELEASE_SECONDS = 10;
    /** What those get who asked and have not been answered. */
    private static final Duration ANSWER_GRACE = Duration.ofSeconds(1);

    private final RunPlan plan;
    private final RunRecords records;
    private final Terminal terminal;
    private final Coordinator coordinator;
    private final Session session;
    private final ProcessTree tree;
    private final Holdings holdings = new Holdings();
    private final Holdings rehearsed = new Holdings();
    /** Completed when the run has to end although the guard has not told how the agent ended. */
    private final CompletableFuture<End> cut = new CompletableFuture<>();

    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final CompletableFuture<Integer> over = new CompletableFuture<>();
    private volatile RunRecord record;

    private AgentRun(RunPlan plan, RunRecords records, RunRecord record, Terminal terminal, Coordinator coordinator) {
        this.plan = plan;
        this.records = records;
        this.terminal = terminal;
        this.coordinator = coordinator;
        this.session = coordinator.join(participant(plan, record, terminal));
        this.record = record.session(session.info().id().text());
        this.tree = terminal.tree(session.info().id().text());
    }

    /**
     * Starts the plan's agent and returns when it has been let go. Throws {@link Refusal} when an agent of that name runs already;
     * whatever was begun is undone then.
     */
    public static AgentRun start(RunPlan plan, Coordinator coordinator, Function<AgentRun, RequestHandler> commands)
            throws IOException, InterruptedException {
        RunRecords records = new RunRecords(plan.environment());
        RuntimeDirectory runtime = RuntimeDirectory.create(plan.environment());
        Path log = records.createLog(plan.agent(), runtime.id());
        try {
            return start(plan, coordinator, commands, records, runtime, log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            runtime.delete();
            Files.deleteIfExists(log); // Nothing ran, so it says nothing.
            throw e;
        }
    }

    private static AgentRun start(
            RunPlan plan,
            Coordinator coordinator,
            Function<AgentRun, RequestHandler> commands,
            RunRecords records,
            RuntimeDirectory runtime,
            Path log)
            throws IOException, InterruptedException {
        RunRecord record =
                RunRecord.starting(plan, runtime, log, TimeSource.system().wall());
        Terminal terminal = Terminal.open(plan, runtime, log);
        try {
            AgentRun run = new AgentRun(plan, records, record, terminal, coordinator);
            run.letGo(runtime, commands);
            return run;
        } catch (IOException | RuntimeException e) {
            terminal.close();
            throw e;
        }
    }

    /** Where it coordinates. */
    public Place place() {
        return plan.place();
    }

    /** The space's coordinator. */
    public Coordinator coordinator() {
        return coordinator;
    }

    /** The agent's session. */
    public Session session() {
        return session;
    }

    /** What the agent's commands hold. */
    public Holdings holdings() {
        return holdings;
    }

    /** What commands like this one hold: those whose answer nobody reads are rehearsals, and the agent never sees what they took. */
    public Holdings holdings(Request request) {
        return request.isRead() ? holdings : rehearsed;
    }

    /** What is known about it. */
    public RunRecord record() {
        return record;
    }

    /**
     * Asks the agent and all it started to end, and kills what is left after the grace. Returns when what the agent held has been
     * released, or its store has not answered for 10 s: the ids of processes that belong to somebody else, such as root, and go on.
     */
    public Set<Long> stop(Duration grace) throws InterruptedException {
        Set<Long> spared = tree.end(grace);
        cut.completeOnTimeout(End.killed(""), GUARD_SECONDS, TimeUnit.SECONDS);
        awaitRelease();
        return spared;
    }

    private void awaitRelease() throws InterruptedException {
        try {
            released.get(RELEASE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the store has not yet released what {} held", plan.agent());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Completes with the agent's exit status after everything has been released. */
    public CompletableFuture<Integer> over() {
        return over.copy();
    }

    private static Participant participant(RunPlan plan, RunRecord record, Terminal terminal) {
        return Participant.named(plan.agent())
                .tmuxTarget(terminal.target())
                .capabilities(plan.capabilities())
                .labels(Map.of("run", record.id()))
                .processes(List.of(terminal.root()));
    }

    private void letGo(RuntimeDirectory runtime, Function<AgentRun, RequestHandler> commands) throws IOException {
        try {
            session.locks().onReleaseRequested(holdings::hear);
            takeName();
            List<PortLease> ports = LeasedPorts.lease(session, plan.ports());
            letGo(ControlServer.listen(runtime.controlSocket(), commands.apply(this)), ports);
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void letGo(ControlServer control, List<PortLease> ports) throws IOException {
        try {
            records.save(record);
            session.onStatus(status -> {
                if (status == SessionStatus.LOST) {
                    cut.complete(End.lost("its session was lost"));
                }
            });
            terminal.letGo(record.session(), LeasedPorts.environment(ports));
            new Thread(() -> end(control), "end").start();
        } catch (IOException | RuntimeException e) {
            control.close();
            removeRecord(e);
            throw e;
        }
    }

    /** Nothing ran, and its log goes too. */
    private void removeRecord(Exception cause) {
        try {
            records.remove(record);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void takeName() {
        LockRequest name =
                LockRequest.exclusive(Item.name("agent:" + plan.agent())).reason("runs as " + plan.agent());
        Optional<Grant> grant = session.locks().tryAcquire(name);
        if (grant.isEmpty()) {
            List<LockInfo> holders = session.locks().explain(name);
            String who = holders.isEmpty()
                    ? ""
                    : " since " + holders.get(0).since() + " on "
                            + holders.get(0).owner().host();
            throw Refusal.conflict(
                    "an agent named " + plan.agent() + " runs already" + who,
                    "agentcoord attach " + plan.agent() + ", or run under another --name");
        }
        grant.get().onLost(cause -> {
            if (cause == LossCause.STOLEN) {
                cut.complete(End.lost("its name was stolen, and there must not be two of one name"));
            }
        });
    }

    private void end(ControlServer control) {
        End end = End.lost("its runner failed");
        try {
            end = terminal.awaitEnd(cut);
            Set<Long> spared = tree.end(LEFTOVER_GRACE);
            if (!spared.isEmpty()) {
                LOG.warn("processes that {} started belong to somebody else and go on: {}", plan.agent(), spared);
            }
            terminal.settle();
            control.close();
            tell(end);
            control.awaitAnswers(ANSWER_GRACE);
        } catch (IOException | InterruptedException | RuntimeException e) {
            LOG.warn("the run of {} did not end cleanly", plan.agent(), e);
        } finally {
            released.complete(null);
            over.complete(end.status());
        }
    }

    /** That it cannot be told, as on a full disk, keeps nothing from being released. */
    private void tell(End end) throws IOException, InterruptedException {
        try {
            record = record.ended(end, TimeSource.system().wall());
            records.save(record);
            publish();
        } finally {
            release();
        }
    }

    private void release() throws IOException, InterruptedException {
        try {
            session.close();
            released.complete(null);
        } finally {
            terminal.close();
        }
    }

    /** For those who look from elsewhere; a lost session cannot say anything any more. */
    private void publish() {
        if (session.status() == SessionStatus.CONNECTED) {
            session.state().put("agent/" + plan.agent() + "/last", record.json().getBytes(StandardCharsets.UTF_8));
        }
    }
}
