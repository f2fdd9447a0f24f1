package dev.agentcoord.zk;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.LockRequest.exclusive;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Coordinator;
import dev.agentcoord.Grant;
import dev.agentcoord.Participant;
import dev.agentcoord.Session;
import dev.agentcoord.core.TimeSource;
import dev.agentcoord.engine.Engine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process of several sessions, each with a lock of its own, that asks all the time whether it still holds them. To each line it reads
 * it answers with one: to the name of a space by joining it and locking, to {@code report} with when each was last sure, and whether every
 * call on it throws now. It ends with its input.
 */
final class Holder {
    private final List<Held> held = new ArrayList<>();

    private Holder() {}

    /** Takes the connect string, the ttl and how many sessions to join. */
    public static void main(String[] arguments) throws IOException {
        Holder holder = new Holder();
        Thread asking = new Thread(holder::askForEver);
        asking.setDaemon(true);
        asking.start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.equals("report")) {
                System.out.println("> " + holder.report());
            } else {
                holder.join(
                        ZkOptions.of(arguments[0], line).withTtl(Duration.parse(arguments[1])),
                        Integer.parseInt(arguments[2]));
                System.out.println("> held");
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private synchronized void join(ZkOptions options, int sessions) {
        held.clear();
        for (int i = 0; i < sessions; i++) {
            Coordinator coordinator = Engine.over(Zk.open(options), TimeSource.system());
            Session session = coordinator.join(Participant.named("holder-" + i));
            Optional<Grant> grant = session.locks().tryAcquire(exclusive(file("h" + i)));
            held.add(new Held(session, grant.orElseThrow()));
        }
    }

    private void askForEver() {
        while (true) {
            askAll();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(500));
        }
    }

    private synchronized void askAll() {
        held.forEach(Held::ask);
    }

    private synchronized String report() {
        StringBuilder report = new StringBuilder();
        held.forEach(each -> report.append(each.lastSure).append(each.throwsAlways() ? " lost " : " holds "));
        return report.toString();
    }

    private static final class Held {
        private final Session session;
        private final Grant grant;
        private long lastSure;

        Held(Session session, Grant grant) {
            this.session = session;
            this.grant = grant;
        }

        /** By the clock that all processes of the machine share; read before asking, so that the answer is of that moment or later. */
        void ask() {
            long now = System.nanoTime();
            try {
                grant.check();
                lastSure = now;
            } catch (CoordinationException e) {
                return; // Not sure.
            }
        }

        boolean throwsAlways() {
            return fails(grant::check)
                    && fails(grant::verify)
                    && fails(() -> session.locks().tryAcquire(exclusive(file("other"))))
                    && fails(grant::release);
        }

        private static boolean fails(Runnable call) {
            try {
                call.run();
                return false;
            } catch (CoordinationException e) {
                return true;
            }
        }
    }
}
