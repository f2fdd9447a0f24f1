package dev.agentcoord.zk;

import dev.agentcoord.InvalidRequestException;

/** What this version of the backend has not: every call says so. */
final class Missing {
    private Missing() {}

    static InvalidRequestException refusal(Object subject) {
        return new InvalidRequestException(
                subject, subject + ": queues are not on ZooKeeper in this version; use a store of the form fs:/dir");
    }
}
