package dev.agentcoord.runner.store;

import java.nio.file.Path;
import java.util.Map;

/** The directory of one user's lasting files: {@code $XDG_STATE_HOME/agentcoord}, by default below {@code ~/.local/state}. */
public final class StateHome {
    private StateHome() {}

    /** The directory; relative values of the variable are ignored, as its specification says. */
    public static Path of(Map<String, String> environment) {
        Path state = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
        if (!state.isAbsolute()) {
            state = Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".local", "state");
        }
        return state.resolve("agentcoord");
    }

    /** The user's private store, used where nothing else is named. */
    static Path store(Map<String, String> environment) {
        return of(environment).resolve("store");
    }
}
