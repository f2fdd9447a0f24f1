package dev.agentcoord.runner.session;

import dev.agentcoord.runner.text.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What a user's own files remember of one run, alive or ended: flat text values under fixed names. Immutable. */
public final class RunRecord {
    private static final String ID = "id";
    private static final String AGENT = "agent";
    private static final String SESSION = "session";
    private static final String STORE = "store";
    private static final String PROJECT = "project";
    private static final String DIRECTORY = "directory";
    private static final String RUNTIME = "runtime";
    private static final String LOG = "log";
    private static final String RUNNER = "runner";
    private static final String RUNNER_START = "runnerStart";
    private static final String STARTED = "started";
    private static final String ENDED = "ended";
    private static final String STATUS = "status";
    private static final String WHY = "why";

    private final Map<String, String> values;

    private RunRecord(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    /** A run that is about to start, by this process. */
    static RunRecord starting(RunPlan plan, RuntimeDirectory runtime, Path log, Instant now) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put(ID, runtime.id());
        values.put(AGENT, plan.agent());
        values.put(STORE, plan.place().store().toString());
        values.put(PROJECT, plan.place().space());
        values.put(DIRECTORY, plan.directory().toString());
        values.put(RUNTIME, runtime.path().toString());
        values.put(LOG, log.toString());
        long me = ProcessHandle.current().pid();
        values.put(RUNNER, Long.toString(me));
        Proc.find(me).ifPresent(entry -> values.put(RUNNER_START, Long.toString(entry.startTicks())));
        values.put(STARTED, now.toString());
        return new RunRecord(values);
    }

    /** Reads what {@link #values} holds, as JSON; throws {@link IOException} for anything else. */
    public static RunRecord parse(String json) throws IOException {
        RunRecord record = new RunRecord(Json.readFlat(json));
        if (!record.values.keySet().containsAll(List.of(ID, AGENT, RUNTIME, LOG, RUNNER, STARTED))) {
            throw new IOException("not the record of a run");
        }
        try {
            record.readAll();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("not the record of a run", e);
        }
        return record;
    }

    /** Throws here, not where somebody asks for it, when a value is not what it stands for or names files that are not the run's. */
    private void readAll() {
        Long.parseLong(runner());
        started();
        ended();
        status();
        if (!runtime().isOf(id()) || !log().endsWith(logName(agent(), id()))) {
            throw new IllegalArgumentException("paths of another run");
        }
    }

    /** The name of a run's log. */
    static String logName(String agent, String id) {
        return agent + "-" + id + ".log";
    }

    /** The name of the file that holds it. */
    String fileName() {
        return id() + ".json";
    }

    RunRecord session(String text) {
        return with(Map.of(SESSION, text));
    }

    RunRecord ended(End end, Instant when) {
        return with(Map.of(STATUS, Integer.toString(end.status()), ENDED, when.toString(), WHY, end.why()));
    }

    /** Ended, nobody knows how. */
    RunRecord abandoned(Instant when) {
        return with(Map.of(ENDED, when.toString()));
    }

    /** Names the run. */
    public String id() {
        return value(ID);
    }

    /** The agent's name. */
    public String agent() {
        return value(AGENT);
    }

    /** The id of its session; empty before it joined. */
    public String session() {
        return value(SESSION);
    }

    /** The store's URI. */
    public String store() {
        return value(STORE);
    }

    /** The space's name. */
    public String project() {
        return value(PROJECT);
    }

    /** Its sockets. */
    public RuntimeDirectory runtime() {
        return new RuntimeDirectory(Path.of(value(RUNTIME)));
    }

    /** The raw output of its terminal. */
    public Path log() {
        return Path.of(value(LOG));
    }

    /** The process id of its runner. */
    public String runner() {
        return value(RUNNER);
    }

    /** When it started, by the wall clock. */
    public Instant started() {
        return Instant.parse(value(STARTED));
    }

    /** When it ended; empty while it lives, and for ever when its runner was killed. */
    public Optional<Instant> ended() {
        return Optional.ofNullable(values.get(ENDED)).map(Instant::parse);
    }

    /** The agent's exit status, once known. */
    public OptionalInt status() {
        String status = value(STATUS);
        return status.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(status));
    }

    /** What ended it, in words for people; empty when it ended by itself, was asked to or nobody knows. */
    public String why() {
        return value(WHY);
    }

    /** Whether it has not ended and its runner is still there. */
    public boolean isAlive() {
        return ended().isEmpty() && hasRunner();
    }

    /** Whether its runner is still there: the very process, not another that got its id. It releases what the agent held at its end. */
    boolean hasRunner() {
        return Proc.find(Long.parseLong(value(RUNNER)))
                .filter(entry -> Long.toString(entry.startTicks()).equals(value(RUNNER_START)))
                .isPresent();
    }

    /** All of it, for {@code --json}. */
    public Map<String, String> values() {
        return new TreeMap<>(values);
    }

    String json() {
        return Json.write(values());
    }

    private RunRecord with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.putAll(more);
        return new RunRecord(all);
    }

    private String value(String name) {
        return values.getOrDefault(name, "");
    }
}
