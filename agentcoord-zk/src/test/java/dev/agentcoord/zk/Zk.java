package dev.agentcoord.zk;

import dev.agentcoord.core.TimeSource;

/** Opens spaces below the engine, as tests need them. */
final class Zk {
    private Zk() {}

    static ZkBackend open(ZkOptions options) {
        return ZkBackend.connect(options, TimeSource.system());
    }
}
