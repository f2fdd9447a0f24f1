package dev.agentcoord.ensemble;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Places with network namespaces of their own around one bridge, which can be cut off from each other packet by packet. This JVM reaches
 * all of them, always. Nothing of it outlives this JVM. Thread-safe.
 */
public final class Network implements AutoCloseable {
    /** Set aside for tests of networks (RFC 2544), so hardly used by anybody else. */
    private static final String RANGE = "198.18.";

    private static final int SUBNETS = 250;
    private static final int MOST = 200;
    private static final int OURS = 254;
    /** An address that no device has: what is sent there is lost, and nobody is told. */
    private static final String NOWHERE = "lladdr 02:00:00:00:00:01 dev eth0 nud permanent";

    private final List<Namespace> places = new ArrayList<>();
    private final Set<Cut> cuts = new HashSet<>();
    private final Namespace hub;
    private int subnet;

    private Network(Namespace hub) {
        this.hub = hub;
    }

    /** Packets from one place to another are lost. */
    private record Cut(int from, int to) {}

    /** What keeps this machine from making one, and the remedy; empty when nothing does. */
    public static Optional<String> obstacle() {
        try {
            try (Namespace trial = Namespace.open()) {
                trial.ip("link set lo up");
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "network namespaces, so root (CAP_SYS_ADMIN and CAP_NET_ADMIN) and the commands unshare, nsenter"
                            + " and ip; run it with sudo, apt-get install util-linux iproute2 (" + e.getMessage()
                            + ")");
        }
    }

    /** So many places, all of which reach each other. */
    public static Network of(int places) {
        if (places > MOST) {
            throw new IllegalArgumentException("at most " + MOST + " places, not " + places);
        }
        try {
            Network network = new Network(Namespace.open());
            try {
                network.build(places);
                return network;
            } catch (IOException | RuntimeException e) {
                network.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of the places, from 0. */
    public Place place(int number) {
        return new Place(address(number), places.get(number).prefix());
    }

    /** From now on what one place sends to another is lost; what comes back is not. */
    public synchronized void cut(int from, int to) {
        if (cuts.add(new Cut(from, to))) {
            command(from, "neigh replace " + address(to) + ' ' + NOWHERE);
        }
    }

    /** From now on all reach each other again. */
    public synchronized void heal() {
        cuts.forEach(cut -> command(cut.from, "neigh del " + address(cut.to) + " dev eth0"));
        cuts.clear();
    }

    /** Takes the network down, for whatever still runs there too. */
    @Override
    public void close() {
        places.forEach(Namespace::close);
        hub.close();
    }

    private void build(int count) throws IOException {
        hub.ip("link set lo up", "link add br0 type bridge", "link set br0 up");
        connectOurselves();
        List<String> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Namespace place = Namespace.open();
            places.add(place);
            ports.add("link add p" + i + " type veth peer name eth0 netns " + place.pid());
            ports.add("link set p" + i + " master br0 up");
        }
        hub.ip(ports.toArray(String[]::new));
        for (int i = 0; i < count; i++) {
            places.get(i).ip("link set lo up", "addr add " + address(i) + "/24 dev eth0", "link set eth0 up");
        }
    }

    /** Takes the first subnet of which no other network of this machine has the device. */
    private void connectOurselves() throws IOException {
        long first = ProcessHandle.current().pid();
        IOException last = new IOException("no subnet is free");
        for (int i = 0; i < SUBNETS; i++) {
            int tried = (int) ((first + i) % SUBNETS);
            String device = "agentcoord" + tried;
            try {
                Commands.run("ip", "link", "add", device, "type", "veth", "peer", "name", "we", "netns", hub.pid());
                subnet = tried;
                hub.ip("link set we master br0 up");
                Commands.run("ip", "addr", "add", address(OURS - 1) + "/24", "dev", device);
                Commands.run("ip", "link", "set", device, "up");
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    private String address(int number) {
        return RANGE + subnet + "." + (number + 1);
    }

    private void command(int place, String command) {
        try {
            places.get(place).ip(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A network namespace that lives as long as the process that waits in it, which ends with this JVM. */
    private static final class Namespace implements AutoCloseable {
        private static final String WAIT = "echo ready; exec cat";

        private final Process keeper;

        private Namespace(Process keeper) {
            this.keeper = keeper;
        }

        static Namespace open() throws IOException {
            Process keeper = new ProcessBuilder("unshare", "--net", "sh", "-c", WAIT)
                    .redirectErrorStream(true)
                    .start();
            byte[] said = keeper.getInputStream().readNBytes("ready\n".length());
            String text = new String(said, StandardCharsets.UTF_8);
            if (!text.equals("ready\n")) {
                String rest = new String(keeper.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException((text + rest).strip());
            }
            return new Namespace(keeper);
        }

        String pid() {
            return Long.toString(keeper.pid());
        }

        List<String> prefix() {
            return List.of("nsenter", "--net=/proc/" + keeper.pid() + "/ns/net", "--");
        }

        /** Commands of {@code ip} inside it. */
        void ip(String... commands) throws IOException {
            List<String> words = new ArrayList<>(prefix());
            words.addAll(List.of("ip", "-batch", "-"));
            Commands.run(String.join("\n", commands) + "\n", words);
        }

        @Override
        public void close() {
            keeper.destroyForcibly();
            keeper.onExit().join();
        }
    }

    /** Commands that do their work at once. */
    private static final class Commands {
        private static final int PATIENCE_SECONDS = 30;

        private Commands() {}

        static void run(String... words) throws IOException {
            run("", List.of(words));
        }

        static void run(String input, List<String> words) throws IOException {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            try {
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                    throw new IOException(String.join(" ", words) + ": " + said.strip());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted in " + words, e);
            }
        }
    }
}
