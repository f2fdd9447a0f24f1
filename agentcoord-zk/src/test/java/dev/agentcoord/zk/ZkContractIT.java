package dev.agentcoord.zk;

import org.junit.jupiter.api.extension.RegisterExtension;

final class ZkContractIT extends ZkContract {
    @RegisterExtension
    static final OneServer SERVER = new OneServer();

    @Override
    String connect() {
        return SERVER.connect();
    }
}
