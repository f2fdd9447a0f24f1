package dev.agentcoord.zk;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.StoreUnavailableException;
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
            return new StoreUnavailableException(options.connect(), problem + reason(options, refused), failure);
        }
        return new StoreUnavailableException(options.connect(), problem + failure, failure);
    }

    /** The typed error for a call that took longer than the options allow. */
    static StoreUnavailableException late(ZkOptions options, String doing) {
        return new StoreUnavailableException(
                options.connect(),
                "cannot " + doing + " on ZooKeeper " + options.connect() + ": no answer within "
                        + options.timeout().toMillis() + " ms; check that the servers run and can be reached from here",
                null);
    }

    private static String reason(ZkOptions options, KeeperException refused) {
        return switch (refused.code()) {
            case NOAUTH, AUTHFAILED, SESSIONCLOSEDREQUIRESASLAUTH ->
                "space '" + options.space() + "' is closed to "
                        + options.digest().map(d -> "user '" + d.user() + "'").orElse("clients without credentials")
                        + "; pass the credentials it was made with";
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONEXPIRED, SESSIONMOVED ->
                "the connection was lost; check that the servers run, then try again";
            default -> refused.getMessage() + "; the servers' log may say more";
        };
    }
}
