package dev.agentcoord.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ThisProcessIT {
    /** Where no name server knows the machine, to ask one makes each join wait until it gives up. */
    @Test
    void theMachineIsCalledWhatTheKernelCallsItWhateverNameServersSay() throws IOException {
        String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        assertThat(ThisProcess.read().host()).isEqualTo(name);
    }
}
