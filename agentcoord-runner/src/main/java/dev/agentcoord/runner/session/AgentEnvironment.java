package dev.agentcoord.runner.session;

import dev.agentcoord.runner.Launcher;
import dev.agentcoord.runner.tmux.Tmux;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** The environment of an agent: its user's own, without what belongs to another session or terminal, with what names this one. */
final class AgentEnvironment {
    /** What concerns the installation or its tests, not a session. */
    private static final Pattern KEPT = Pattern.compile("AGENTCOORD_(LIB|LOG_LIMIT|TEST_.*)");

    /** 32 MiB; with the previous log there are up to twice as many. */
    private static final String LOG_LIMIT = Long.toString(32L * 1024 * 1024);

    private AgentEnvironment() {}

    /** All but the session's id, which the guard adds once it is known. */
    static Map<String, String> of(RunPlan plan, RuntimeDirectory runtime, Path log) {
        Map<String, String> environment = new HashMap<>(plan.environment());
        removeForeignPort(environment);
        environment.keySet().removeIf(AgentEnvironment::belongsElsewhere);
        environment.put(ProcessTree.GUARD, runtime.id());
        environment.put(Tmux.LOG_VARIABLE, log.toString());
        environment.merge(Tmux.LOG_LIMIT_VARIABLE, LOG_LIMIT, (own, usual) -> own.matches("\\d{1,15}") ? own : usual);
        environment.put(ProcessTree.SOCKET, runtime.controlSocket().toString());
        environment.put("AGENTCOORD_AGENT", plan.agent());
        environment.put("AGENTCOORD_STORE", plan.place().store().toString());
        environment.put("AGENTCOORD_PROJECT", plan.place().space());
        Launcher.path()
                .map(Path::getParent)
                .ifPresent(home -> environment.merge("PATH", home.toString(), (path, own) -> own + ":" + path));
        return environment;
    }

    /** What another session leased is not this one's; a port that the user set is. */
    private static void removeForeignPort(Map<String, String> environment) {
        String port = environment.get(LeasedPorts.FIRST);
        if (environment.entrySet().stream()
                .anyMatch(variable -> variable.getKey().startsWith(LeasedPorts.PREFIX)
                        && variable.getValue().equals(port))) {
            environment.remove(LeasedPorts.FIRST);
        }
    }

    private static boolean belongsElsewhere(String name) {
        return name.equals("TMUX")
                || name.equals("TMUX_PANE")
                || (name.startsWith("AGENTCOORD_") && !KEPT.matcher(name).matches());
    }
}
