package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.OutcomeUnknownException;
import dev.agentcoord.StoreFormatException;
import dev.agentcoord.StoreUnavailableException;
import java.util.concurrent.CompletionException;
import org.apache.zookeeper.KeeperException;

/** What went wrong with the ensemble, in words a person can act on. */
final class Failures {
    private Failures() {}

    /** The typed error for a failure of ZooKeeper's client while doing something, such as "list the sessions". */
    static CoordinationException of(ZkOptions options, String doing, Throwable failure) {
        if (failure instanceof CoordinationException typed) {
            return typed;
        }
        String problem = "cannot " + doing + " on ZooKeeper " + options.connect() + ": ";
        if (failure instanceof KeeperException refused) {
            return refused(options, problem, refused);
        }
        return new StoreUnavailableException(options.connect(), problem + failure, failure);
    }

    /** The typed error for a call that took longer than the options allow. */
    static StoreUnavailableException late(ZkOptions options, String doing) {
        return new StoreUnavailableException(
                options.connect(),
                "cannot " + doing + " on ZooKeeper " + options.connect() + ": no answer within "
                        + options.timeout().toMillis()
                        + " ms; check that a majority of the servers runs, can be reached from here and has room for a"
                        + " connection (maxClientCnxns)",
                null);
    }

    /** The typed error for a change that was never made, since what it rests on was another each time it was tried. */
    static StoreUnavailableException overtaken(ZkOptions options, String doing, KeeperException last) {
        return new StoreUnavailableException(
                options.connect(),
                "cannot " + doing + " on ZooKeeper " + options.connect()
                        + ": others changed the same again and again for "
                        + options.timeout().toMillis() + " ms; nothing was done, try again",
                last);
    }

    /** The typed error for a change that was sent and of which nobody can say any more whether it was made. */
    static OutcomeUnknownException unknown(ZkOptions options, String doing, Throwable failure) {
        return new OutcomeUnknownException(
                doing,
                "nobody can say whether it was done: " + doing + " on ZooKeeper " + options.connect()
                        + "; read what is there now (" + failure.getMessage() + ")",
                failure);
    }

    /** Whether the connection was lost, so that nobody knows what became of the request. */
    static boolean isLostConnection(KeeperException failure) {
        return switch (failure.code()) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONMOVED, THROTTLEDOP -> true;
            default -> false;
        };
    }

    /** The failure of a future, without what futures wrap around it. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** As {@link #isLostConnection(KeeperException)}, of a future. */
    static boolean isLostConnection(Throwable failure) {
        return unwrapped(failure) instanceof KeeperException e && isLostConnection(e);
    }

    private static String who(ZkOptions options) {
        if (options.sasl().isPresent()) {
            ZkOptions.Sasl login = options.sasl().get();
            return "the login '" + login.section() + "' of " + login.jaasFile();
        }
        return options.digest().map(d -> "user '" + d.user() + "'").orElse("clients without credentials");
    }

    private static CoordinationException refused(ZkOptions options, String problem, KeeperException refused) {
        String connect = options.connect();
        return switch (refused.code()) {
            case NOAUTH, AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
                new StoreUnavailableException(
                        connect,
                        problem + "space '" + options.space() + "' is closed to " + who(options)
                                + "; pass the credentials it was made with",
                        refused);
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONMOVED, THROTTLEDOP ->
                new StoreUnavailableException(
                        connect,
                        problem + "the connection was lost; check that a majority of the servers runs, then try again",
                        refused);
            case SESSIONEXPIRED ->
                new StoreUnavailableException(
                        connect, problem + "the connection's session has expired; try again", refused);
            case UNIMPLEMENTED ->
                new StoreFormatException(
                        connect, problem + "the servers do not know the request; they must be ZooKeeper 3.6 or newer");
            case NOTREADONLY ->
                new StoreUnavailableException(
                        connect,
                        problem + "the server has lost the others and only answers reads; wait until a majority runs",
                        refused);
            case NONODE ->
                new InvalidRequestException(
                        connect, problem + refused.getPath() + " is not there; was the space removed? Open it again");
            case NODEEXISTS ->
                new OutcomeUnknownException(
                        String.valueOf(refused.getPath()),
                        problem + refused.getPath() + " is another's or was just removed; try again",
                        refused);
            default ->
                new StoreUnavailableException(
                        connect, problem + refused.getMessage() + "; the servers' log may say more", refused);
        };
    }
}
