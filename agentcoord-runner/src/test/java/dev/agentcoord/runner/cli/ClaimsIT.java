package dev.agentcoord.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.runner.control.ControlClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which of its claims a session means, and what it hears of them; each test talks to a live runner. */
final class ClaimsIT {
    @RegisterExtension
    final Sandbox sandbox = new Sandbox();

    private Path socket = Path.of("");

    @BeforeEach
    void startAnAgent() throws IOException {
        sandbox.start("run", "--name", "a", "--capability", "gpu,net", "--capability", "disk", "--", "sleep", "600");
        socket = sandbox.socket();
    }

    @Test
    void theSameIdInTwoQueuesIsTwoClaims() throws IOException {
        claim("w1", "default");
        claim("w1", "q2");
        assertThat(tell("task", "done").err()).contains("2 claims", "--queue q2");
        assertThat(tell("task", "done", "w1").code()).isEqualTo(1);
        assertThat(tell("task", "done", "w1").err()).contains("--queue default", "--queue q2");
        assertThat(tell("task", "done", "w1", "--queue", "default").code()).isZero();
        assertThat(tell("task", "show", "w1").out()).contains("done");
        assertThat(tell("task", "show", "w1", "--queue", "q2").out()).contains("claimed");
        assertThat(tell("task", "done", "w1").code()).isZero();
        assertThat(tell("task", "show", "w1", "--queue", "q2").out()).contains("done");
    }

    @Test
    void aQueueThatIsNamedSelects() throws IOException {
        claim("w1", "default");
        claim("w2", "q2");
        assertThat(tell("task", "done", "w1", "--queue", "q2").err()).contains("no claim on task w1 of queue q2");
        assertThat(tell("task", "release", "--queue", "q3").err()).contains("task claim --queue q3");
        assertThat(tell("task", "fail", "--reason", "x", "--queue", "q2").out()).isEqualTo("failed w2\n");
        assertThat(tell("task", "handoff", "--to", "b").out()).isEqualTo("handed off w1\n");
    }

    @Test
    void aCancelledClaimIsForgotten() throws IOException {
        claim("d1", "default");
        claim("d2", "default");
        claim("d3", "default");
        assertThat(tell("task", "cancel", "d3", "--reason", "no use").code()).isZero();
        Captured refused = tell("task", "done", "d3");
        assertThat(refused.err()).contains("d3 was cancelled", "Next: agentcoord task show d3");
        assertThat(tell("task", "done", "d3").err()).contains("no claim on task d3");
        assertThat(tell("task", "cancel", "d2", "--reason", "no use").code()).isZero();
        assertThat(tell("task", "release").out()).isEqualTo("released d1\n");
        claim("d4", "default");
        assertThat(tell("task", "cancel", "d1", "--reason", "no use").code()).isZero();
        assertThat(tell("status").out()).doesNotContain("works on d1").doesNotContain("works on d2");
    }

    @Test
    void whoClaimsWhatWasHandedOffReadsTheNote() throws IOException {
        claim("w1", "default");
        assertThat(tell("task", "handoff", "--note", "mind the gap").code()).isZero();
        assertThat(tell("task", "claim").err()).contains("agentcoord: handed off by a: mind the gap");
        assertThat(tell("task", "handoff", "--note", "again").code()).isZero();
        assertThat(tell("task", "claim", "--json").out()).contains("\"handedOffBy\":\"a\"", "\"note\":\"again\"");
        assertThat(tell("task", "release").code()).isZero();
        assertThat(tell("task", "claim").err()).doesNotContain("handed off");
    }

    @Test
    void aPayloadIsPrintedAsItIs() throws IOException {
        String payload = "a\u001b[1m\r\nb\r\n";
        assertThat(tell("task", "add", "--id", "p", payload).code()).isZero();
        assertThat(tell("task", "claim").out()).isEqualTo("p\n" + payload);
        assertThat(tell("task", "add", "--id", "q", "do it").code()).isZero();
        assertThat(tell("task", "claim").out())
                .as("what comes next begins a line")
                .isEqualTo("q\ndo it\n");
    }

    @Test
    void hintsAreAboutTheSameQueue() throws IOException {
        assertThat(tell("task", "claim", "--queue", "q2").err()).contains("task claim --wait 5m --queue q2");
        assertThat(tell("task", "claim").err()).doesNotContain("--queue");
        assertThat(tell("task", "show", "x", "--queue", "q2").err()).contains("task list --queue q2");
        claim("w1", "q2");
        assertThat(tell("task", "redrive", "w1", "--queue", "q2").err()).contains("task show w1 --queue q2");
        assertThat(tell("task", "done").code()).isZero();
        assertThat(tell("task", "cancel", "w1", "--reason", "x", "--queue", "q2")
                        .err())
                .contains("task show w1 --queue q2");
        assertThat(tell("task", "queue", "--mode", "paused", "--queue", "q2").code())
                .isZero();
        assertThat(tell("task", "claim", "--queue", "q2").err())
                .contains("queue q2 is paused", "task queue --mode open --queue q2");
    }

    @Test
    void anAgentGetsTheTasksItIsCapableOf() throws IOException {
        assertThat(tell("task", "add", "--id", "n", "--needs", "gpu,net", "do it")
                        .code())
                .isZero();
        assertThat(tell("task", "claim").out()).startsWith("n\n");
        assertThat(tell("status", "--json").out()).contains("\"capabilities\":[\"disk\",\"gpu\",\"net\"]");
        assertThat(tell("ls", "--json").out()).contains("\"capabilities\":[\"disk\",\"gpu\",\"net\"]");
        assertThat(tell("task", "handoff", "--requires", "gpu,disk").code()).isZero();
        assertThat(tell("task", "show", "n").out()).contains("ready");
    }

    @Test
    void aCommandUnderALockIsRefusedWhenTheRunnerIsGone() {
        Dispatcher process = Dispatcher.ofProcess(
                Map.of("AGENTCOORD_SOCK", sandbox.home().resolve("gone").toString()));
        Captured told = Captured.of(process, sandbox.repository(), List.of("lock", "src/a", "--", "true"));
        assertThat(told.err()).contains("runner of this session is gone", "stop editing");
        assertThat(told.code()).isEqualTo(ExitCode.LOST);
    }

    private void claim(String id, String queue) throws IOException {
        assertThat(tell("task", "add", "--id", id, "--queue", queue, "do it").code())
                .isZero();
        assertThat(tell("task", "claim", "--queue", queue).code()).isZero();
    }

    private Captured tell(String... words) throws IOException {
        Captured reply = new Captured();
        try (ControlClient client = ControlClient.connect(socket)) {
            reply.ended(client.call(sandbox.repository(), List.of(words), reply));
        }
        return reply;
    }
}
