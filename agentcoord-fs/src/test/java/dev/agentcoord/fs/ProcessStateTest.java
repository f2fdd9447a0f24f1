package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ProcessStateTest {
    @Test
    void aRunningProcessWithTheSameStartIsAlive() {
        assertThat(ProcessState.parse(stat("S", 20, 555), 555)).isEqualTo(ProcessState.ALIVE);
    }

    @Test
    void aReusedPidIsAnotherProcess() {
        assertThat(ProcessState.parse(stat("S", 20, 556), 555)).isEqualTo(ProcessState.GONE);
    }

    @Test
    void aZombieIsDeadOnceItsLastThreadHasEnded() {
        assertThat(ProcessState.parse(stat("Z", 1, 555), 555)).isEqualTo(ProcessState.GONE);
        assertThat(ProcessState.parse(stat("Z", 3, 555), 555)).isEqualTo(ProcessState.ALIVE);
    }

    @Test
    void aStoppedProcessIsNotDead() {
        assertThat(ProcessState.parse(stat("T", 4, 555), 555)).isEqualTo(ProcessState.STOPPED);
        assertThat(ProcessState.parse(stat("t", 4, 555), 555)).isEqualTo(ProcessState.STOPPED);
    }

    @Test
    void hidepidIsReadFromTheMountTable() {
        String plain = "22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n";
        assertThat(Machine.hides(plain)).isFalse();
        assertThat(Machine.hides(plain.replace("proc rw\n", "proc rw,hidepid=0\n")))
                .isFalse();
        assertThat(Machine.hides(plain.replace("proc rw\n", "proc rw,hidepid=2\n")))
                .isTrue();
        assertThat(Machine.hides(plain.replace("proc rw\n", "proc rw,gid=4,hidepid=invisible\n")))
                .isTrue();
    }

    @Test
    void theProcOfAnOuterNamespaceIsToldByASecondPid() {
        String status = "Name:\tjava\nTgid:\t4711\nNSpid:\t4711\nNSpgid:\t4711\n";
        assertThat(Machine.isSeenFromAbove(status)).isFalse();
        assertThat(Machine.isSeenFromAbove(status.replace("NSpid:\t4711\n", "NSpid:\t4711\t2\n")))
                .isTrue();
    }

    @Test
    void theHolderOfAKernelLockIsReadFromTheTable() {
        Stream<String> table = Stream.of(
                "1: FLOCK  ADVISORY  WRITE 11 fe:00:77 0 EOF",
                "2: POSIX  ADVISORY  WRITE 4711 fe:00:77 0 EOF",
                "2: -> POSIX  ADVISORY  WRITE 4712 fe:00:77 0 EOF");
        assertThat(KernelLocks.holder(table, 77)).contains(4711L);
    }

    private static String stat(String state, int threads, long start) {
        return "42 (a) b (c) " + state + " 1 42 42 0 -1 4194304 1 0 0 0 1 1 0 0 20 0 " + threads + " 0 " + start
                + " 1000 1 1 1 1";
    }
}
