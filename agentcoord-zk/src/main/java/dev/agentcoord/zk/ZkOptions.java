package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.Canonical;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How to reach one space on a ZooKeeper ensemble. Immutable; {@link #of} gives the defaults and each {@code with} method a changed copy.
 *
 * @param connect {@code host:port,host:port/chroot}; the chroot must exist
 * @param space name of the space, 1 to 48 characters of {@code [a-z0-9-]}
 * @param ttl how long the ensemble waits for a silent session before it ends it; at least 5 of the servers' ticks
 * @param timeout how long one call may take before it fails with {@link dev.agentcoord.StoreUnavailableException}
 * @param tls how to know the servers, and be known to them; empty for a plain connection
 * @param digest who to be towards the ensemble; a new space is then closed to everybody else
 * @param sasl how to log in instead of by a digest, to the same effect
 */
public record ZkOptions(
        String connect,
        String space,
        Duration ttl,
        Duration timeout,
        Optional<Tls> tls,
        Optional<Digest> digest,
        Optional<Sasl> sasl) {
    /** Long enough for a garbage collection or a change of leader, short enough to wait for a dead holder's locks. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(20);
    /** Long enough for a change of leader. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Validates; throws one {@link InvalidRequestException} that names everything wrong. */
    public ZkOptions {
        List<String> faults = new ArrayList<>();
        ConnectString.fault(connect).ifPresent(faults::add);
        spaceFault(space).ifPresent(faults::add);
        durationFault("ttl", ttl).ifPresent(faults::add);
        durationFault("timeout", timeout).ifPresent(faults::add);
        if (digest.isPresent() && sasl.isPresent()) {
            faults.add("there is a digest and a login by SASL; choose one");
        }
        if (!faults.isEmpty()) {
            throw new InvalidRequestException(space, String.join("; ", faults));
        }
    }

    /** A space with a ttl of 20 seconds, calls of at most 10 seconds and no credentials. */
    public static ZkOptions of(String connect, String space) {
        return new ZkOptions(
                connect, space, DEFAULT_TTL, DEFAULT_TIMEOUT, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** With another ttl. */
    public ZkOptions withTtl(Duration wanted) {
        return new ZkOptions(connect, space, wanted, timeout, tls, digest, sasl);
    }

    /** With another bound on each call. */
    public ZkOptions withTimeout(Duration longest) {
        return new ZkOptions(connect, space, ttl, longest, tls, digest, sasl);
    }

    /** With TLS: the servers' secure ports, and only servers whose certificates the trust store vouches for. */
    public ZkOptions withTls(Tls how) {
        return new ZkOptions(connect, space, ttl, timeout, Optional.of(how), digest, sasl);
    }

    /** With credentials; take the password from a file or the environment, never from a command line. */
    public ZkOptions withDigest(String user, String password) {
        return new ZkOptions(connect, space, ttl, timeout, tls, Optional.of(new Digest(user, password)), sasl);
    }

    /**
     * With the credentials in a file, {@code user:password} on one line. Throws {@link InvalidRequestException} for a file that cannot be
     * read, holds something else, or that others may read.
     */
    public ZkOptions withDigestFile(Path file) {
        try {
            requirePrivate(file);
            String line = Files.readString(file).strip();
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new InvalidRequestException(file, file + " does not hold user:password on one line");
            }
            return withDigest(line.substring(0, colon), line.substring(colon + 1));
        } catch (IOException e) {
            throw new InvalidRequestException(file, "cannot read the credentials in " + file + ": " + e);
        }
    }

    /** With a login by SASL, as the section {@code Client} of a JAAS file says; see {@link #withSaslFile(Path, String)}. */
    public ZkOptions withSaslFile(Path jaas) {
        return withSaslFile(jaas, Sasl.SECTION);
    }

    /**
     * With a login by SASL, as that section of a JAAS file says. A JVM has one such file for all its logins. Throws
     * {@link InvalidRequestException} for one that cannot be read, or that others may read.
     */
    public ZkOptions withSaslFile(Path jaas, String section) {
        try {
            requirePrivate(jaas);
            return new ZkOptions(
                    connect, space, ttl, timeout, tls, digest, Optional.of(new Sasl(jaas.toAbsolutePath(), section)));
        } catch (IOException e) {
            throw new InvalidRequestException(jaas, "cannot read the login in " + jaas + ": " + e);
        }
    }

    private static void requirePrivate(Path file) throws IOException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
            throw new InvalidRequestException(file, file + " may be read by others; chmod 600 " + file);
        }
    }

    /** Whether it says who to be, so that what is made may be closed to others. */
    boolean hasCredentials() {
        return digest.isPresent() || sasl.isPresent();
    }

    private static Optional<String> spaceFault(String space) {
        try {
            Canonical.agentName(space);
            return Optional.empty();
        } catch (CoordinationException e) {
            return Optional.of("bad name of a space: " + e.getMessage());
        }
    }

    private static Optional<String> durationFault(String name, Duration value) {
        return value.toMillis() > 0 && value.compareTo(LONGEST) <= 0
                ? Optional.empty()
                : Optional.of(name + " must be from 1 ms to 1 h, not " + value);
    }

    /**
     * Files for TLS, of any type that ZooKeeper knows by the name's end: {@code .p12}, {@code .jks}, {@code .pem}.
     *
     * @param trustStore certificates of who may vouch for servers
     * @param keyStore key and certificate of this client, where servers ask for one
     * @param passwordFile holds the password of both stores, so that it is on no command line
     */
    public record Tls(Path trustStore, Optional<Path> keyStore, Path passwordFile) {}

    /**
     * A login by SASL.
     *
     * @param jaasFile says how, and with what password or key
     * @param section of it
     */
    public record Sasl(Path jaasFile, String section) {
        /** What ZooKeeper's own tools read as well. */
        public static final String SECTION = "Client";
    }

    /**
     * Credentials of ZooKeeper's digest scheme.
     *
     * @param user without a colon
     * @param password never shown by {@link #toString}
     */
    public record Digest(String user, String password) {
        /** Validates; throws {@link InvalidRequestException} for a user that is empty or has a colon. */
        public Digest {
            if (user.isEmpty() || user.contains(":")) {
                throw new InvalidRequestException(user, "the user of a digest is not empty and has no colon");
            }
        }

        byte[] bytes() {
            return (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return "Digest[" + user + "]";
        }
    }
}
