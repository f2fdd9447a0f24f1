package dev.agentcoord.runner.session;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets this process, once a signal ends it, live on until a command in its terminal and what was held for that are over. Ctrl-C reaches
 * the command itself, which may take its time; any other signal is only ours, so the command is ended.
 */
public final class SignalledEnd implements AutoCloseable {
    private static final long POLL_MILLIS = 50;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Ending ending;
    private final Thread hook = new Thread(this::await, "signalled-end");

    private SignalledEnd(Ending ending) {
        this.ending = ending;
    }

    /** Ends the command: called once, on a thread of the JVM that is ending, which then waits until what was watched is closed. */
    @FunctionalInterface
    public interface Ending {
        /** Returns when it has ended. */
        void end() throws InterruptedException;
    }

    /** Watches from now on; throws {@link IllegalStateException} when a signal came already. */
    public static SignalledEnd watch(Ending ending) {
        SignalledEnd end = new SignalledEnd(ending);
        Runtime.getRuntime().addShutdownHook(end.hook);
        return end;
    }

    /** All is over, so that the process may end. */
    @Override
    public void close() {
        over.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came, and the hook ends by itself now.
        }
    }

    private void await() {
        try {
            boolean ended = false;
            while (!over.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                if (!ended && !isInterruptOnly()) {
                    ending.end();
                    ended = true;
                }
            }
        } catch (InterruptedException e) {
            // Nobody does that; the guard ends the command.
        }
    }

    /** The JDK tells a signal only by the name of the thread that ends the process for it. */
    private static boolean isInterruptOnly() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("SIG[A-Z]+ handler"))
                .allMatch("SIGINT handler"::equals);
    }
}
