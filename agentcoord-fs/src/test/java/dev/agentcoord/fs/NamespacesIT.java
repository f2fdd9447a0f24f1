package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.agentcoord.Coordinator;
import dev.agentcoord.Item;
import dev.agentcoord.Liveness;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.testkit.Campaign;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions of another pid namespace, as in a container: whose pid is not there is not dead for that. */
final class NamespacesIT {
    private static final LockRequest A = LockRequest.exclusive(Item.file("a"));
    private static final Duration TTL = Duration.ofSeconds(3);
    private static final List<String> ELSEWHERE = List.of("unshare", "--pid", "--fork", "--kill-child");

    @TempDir
    private Path store;

    private final Deque<Child> children = new ArrayDeque<>();
    private Coordinator coordinator;
    private Session here;

    @BeforeAll
    static void needsNamespaces() throws IOException, InterruptedException {
        Requirement.root();
        Requirement.command("unshare", "apt-get install util-linux");
        List<String> trial = new ArrayList<>(ELSEWHERE);
        trial.addAll(List.of("--mount-proc", "true"));
        int status = new ProcessBuilder(trial).start().waitFor();
        Requirement.met(status == 0, "namespaces of its own", "run it outside a chroot");
    }

    @BeforeEach
    void join() {
        coordinator = FsCoordinator.open(store, "web");
        here = coordinator.join(Participant.named("here"));
    }

    @AfterEach
    void leave() {
        children.forEach(Child::close);
        if (coordinator != null) {
            coordinator.close();
        }
    }

    @Test
    void whoEndsInAnotherNamespaceIsNeverDeadForThat() throws Exception {
        Child contained = elsewhere();
        contained.ask("hold a");
        assertThat(livenessOf("elsewhere")).isEqualTo(Liveness.ALIVE);
        assertThat(here.locks().tryAcquire(A)).isEmpty();

        contained.killNow();

        Liveness last = Campaign.size(0, 1) == 1 ? Liveness.SUSPECT : Liveness.ALIVE;
        staysTaken(Duration.ofSeconds(Campaign.size(3, 15)));
        assertThat(livenessOf("elsewhere")).isEqualTo(last);
        here.locks().steal(coordinator.locks().get(0).id(), "its container is gone");
        assertThat(here.locks().tryAcquire(A)).isPresent();
        Campaign.report("namespaces", "a session of another pid namespace, ended: " + last + ", kept its lock");
    }

    @Test
    void whoChoseToMayDieOfSilenceThere() throws Exception {
        Child contained = elsewhere("silence=" + TTL);
        contained.ask("hold a");
        staysTaken(TTL.plusSeconds(1));
        assertThat(contained.ask("check a")).isEqualTo("held");

        contained.killNow();

        long killed = System.nanoTime();
        await().atMost(Duration.ofMinutes(1))
                .until(() -> here.locks().tryAcquire(A).isPresent());
        Duration silent = Duration.ofNanos(System.nanoTime() - killed);
        assertThat(silent).isGreaterThan(TTL.multipliedBy(2).dividedBy(3));
        Campaign.report("namespaces", "with a ttl of " + TTL + " its lock is free " + silent.toMillis() + " ms later");
    }

    @Test
    void whoLooksFromThereProvesNothingOfThoseHere() throws Exception {
        Child holder = child(List.of(), "holder");
        holder.ask("hold a");
        Child contained = elsewhere();
        assertThat(contained.ask("try a")).isEqualTo("taken");
        holder.killNow();
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofMinutes(1))
                .until(() -> contained.ask("try a").equals("taken"));
        assertThat(here.locks().tryAcquire(A)).isPresent();
    }

    @Test
    void thoseOfOneNamespaceProveEachOthersDeath() throws Exception {
        Child first = elsewhere();
        first.ask("hold a");
        Child second = child(inNamespaceOf(first, "--pid", "--mount"), "second");
        assertThat(second.ask("try a")).isEqualTo("taken");
        Child third = child(inNamespaceOf(first, "--pid", "--mount"), "third");
        third.ask("hold b");
        killInside(third);
        await().until(() -> !second.ask("try b").equals("taken"));
    }

    @Test
    void wherePidsOfAnotherNamespaceAreShownNobodyIsDeadForBeingAbsent() throws Exception {
        List<String> withTheProcOfHere = ELSEWHERE;
        Child first = child(withTheProcOfHere, "first");
        first.ask("hold a");
        Child second = child(inNamespaceOf(first, "--pid"), "second");
        assertThat(second.ask("sessions")).contains("agent=first").doesNotContain("DEAD");
        assertThat(second.ask("try a")).isEqualTo("taken");
        assertThat(first.ask("check a")).isEqualTo("held");
    }

    private Child elsewhere(String... options) throws IOException {
        List<String> before = new ArrayList<>(ELSEWHERE);
        before.add("--mount-proc");
        return child(before, "elsewhere", options);
    }

    private Child child(List<String> before, String name, String... options) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(store, "web", name));
        arguments.addAll(List.of(options));
        Child child = Child.start(before, Puppet.class, arguments.toArray());
        children.push(child);
        child.awaitReady();
        return child;
    }

    private static List<String> inNamespaceOf(Child first, String... which) {
        List<String> before = new ArrayList<>(List.of("nsenter", "--target", String.valueOf(inside(first))));
        before.addAll(List.of(which));
        before.add("--");
        return before;
    }

    /** The JVM itself, below the command that made or entered the namespace. */
    private static long inside(Child child) {
        return ProcessHandle.of(child.pid())
                .flatMap(command -> command.children().findFirst())
                .orElseThrow()
                .pid();
    }

    private static void killInside(Child child) {
        ProcessHandle.of(inside(child)).ifPresent(ProcessHandle::destroyForcibly);
    }

    private void staysTaken(Duration time) {
        await().during(time)
                .atMost(time.plusMinutes(1))
                .until(() -> here.locks().tryAcquire(A).isEmpty());
    }

    private Liveness livenessOf(String agent) {
        return coordinator.sessions().stream()
                .filter(view -> view.info().agent().equals(agent))
                .findFirst()
                .orElseThrow()
                .liveness();
    }
}
