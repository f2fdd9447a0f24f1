package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call on files that fails.
 *
 * @param call its name
 * @param error what it fails with
 * @param when from which one on, counted from one; with a plus all that follow fail as well
 */
record Fault(String call, String error, String when) {
    /** Each error, and what the refusal then tells to do. */
    private static final Map<String, String> ERRORS = Map.of(
            "EIO", "check the disk",
            "ENOSPC", "free space",
            "EROFS", "writable",
            "EXDEV", "one file system",
            "EMFILE", "ulimit -n");

    /** Where the JDK does not say what failed. */
    private static final List<String> HIDDEN =
            List.of("/proc cannot be read", "this user is called", "the name of the user", "sync failed");

    /** Random bytes are read from a device, and a selector is woken through a descriptor, by the thread that asks for it. */
    private static final List<String> NOT_OF_THE_STORE =
            List.of("ProviderException: nextBytes() failed", "java.lang.InternalError: java.io.IOException");

    /** Of calls made so often: each of them alone, all of them, and all but the first, with each error. */
    static List<Fault> all(Map<String, Integer> counts) {
        List<Fault> faults = new ArrayList<>();
        counts.forEach((call, count) -> ERRORS.keySet().stream().sorted().forEach(error -> {
            for (int nth = 1; nth <= count; nth++) {
                faults.add(new Fault(call, error, String.valueOf(nth)));
            }
            faults.add(new Fault(call, error, "1+"));
            if (count > 1) {
                faults.add(new Fault(call, error, "2+"));
            }
        }));
        return faults;
    }

    /** Lets a thread meet it from now on. */
    Strace on(long thread, Path log) throws IOException {
        return Strace.failing(thread, log, call, error, when);
    }

    /** Whether a victim's answer to it is neither good news nor a typed error that says what to do. */
    boolean isWrong(String answer) {
        if (answer.startsWith("done") || answer.contains("WaitTimeoutException")) {
            return false;
        }
        boolean typed = answer.startsWith("refused dev.agentcoord.StoreUnavailableException");
        boolean says = HIDDEN.stream().anyMatch(answer::contains) || answer.contains(String.valueOf(ERRORS.get(error)));
        return !(typed && says) && NOT_OF_THE_STORE.stream().noneMatch(answer::contains);
    }
}
