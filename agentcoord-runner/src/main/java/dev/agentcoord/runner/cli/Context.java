package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.control.Request;
import dev.agentcoord.runner.session.AgentRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a command is given to work with.
 *
 * @param request as it was typed
 * @param reply where it writes
 * @param cancellation tells when nobody waits for it any more
 * @param trailing the words after {@code --}, if there is one
 * @param memberships how it reaches a space
 * @param inside the run whose runner serves it; empty in a process of its own
 * @param environment of whoever serves it
 */
record Context(
        Request request,
        Reply reply,
        Cancellation cancellation,
        Optional<List<String>> trailing,
        MembershipSource memberships,
        Optional<AgentRun> inside,
        Map<String, String> environment) {
    /** As much as a runner takes. */
    private static final int LONGEST_INPUT = 1024 * 1024;

    /** The bytes an argument stands for: standard input for {@code -}, else its own text. */
    byte[] value(String argument) throws IOException {
        return argument.equals("-") ? input() : argument.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] input() throws IOException {
        byte[] bytes = request.input().readNBytes(LONGEST_INPUT + 1);
        if (bytes.length > LONGEST_INPUT) {
            throw Refusal.usage("more than 1 MiB on standard input", "pass a path to it");
        }
        return bytes;
    }

    /** Refuses inside a runner: the command needs the caller's own terminal or processes. */
    void requireOwnProcess(String verb) {
        if (inside.isPresent()) {
            throw Refusal.usage(verb + " cannot be done by a runner", "env -u AGENTCOORD_SOCK agentcoord " + verb);
        }
    }

    /** The words after {@code --}; throws {@link Refusal} with the usage when there are none. */
    List<String> requireTrailing(String usage) {
        return trailing.filter(words -> !words.isEmpty())
                .orElseThrow(() -> Refusal.usage("no command to run was given", usage));
    }
}
