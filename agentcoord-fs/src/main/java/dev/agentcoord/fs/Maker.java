package dev.agentcoord.fs;

import dev.agentcoord.ProcessId;
import dev.agentcoord.engine.ThisProcess;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The process that makes a file, as the end of the file's temporary name: so a leftover can be told from what is still being written,
 * even where no session's record says who it was.
 *
 * @param boot id of the boot it ran in
 * @param pidNamespace inode of its pid namespace
 * @param process its pid and start
 */
record Maker(String boot, long pidNamespace, ProcessId process) {
    private static final Pattern END = Pattern.compile(".*~([0-9a-f-]{36})\\.(\\d{1,18})\\.(\\d{1,9})\\.(\\d{1,18})");

    private static volatile @Nullable Maker known;

    /** This process; asked of the kernel until it has answered once. */
    static Maker self() {
        Maker self = known;
        if (self == null) {
            ThisProcess read = ThisProcess.read();
            self = new Maker(read.bootId(), read.pidNamespace(), read.id());
            known = read.bootId().isEmpty() ? null : self;
        }
        return self;
    }

    /** The maker that a temporary name ends with; empty for any other name. */
    static Optional<Maker> of(String name) {
        Matcher end = END.matcher(name);
        return end.matches()
                ? Optional.of(new Maker(
                        end.group(1),
                        Long.parseLong(end.group(2)),
                        new ProcessId(Long.parseLong(end.group(3)), Long.parseLong(end.group(4)))))
                : Optional.empty();
    }

    /** That name, with this maker at its end. */
    String mark(String name) {
        return name + "~" + boot + "." + pidNamespace + "." + process.pid() + "." + process.startTicks();
    }

    /** Whether it is proven gone, as far as a process of that machine can prove it; a file of that user says it was there. */
    boolean isGone(Machine here, int uid) {
        if (!boot.equals(here.boot().toString())) {
            return true;
        }
        return pidNamespace == here.pidNamespace()
                && ProcessState.of(process) == ProcessState.GONE
                && !here.mayHide(uid);
    }
}
