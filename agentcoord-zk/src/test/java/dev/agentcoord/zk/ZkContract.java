package dev.agentcoord.zk;

import dev.agentcoord.testkit.BackendUnderTest;
import dev.agentcoord.testkit.FenceContract;
import dev.agentcoord.testkit.GrantContract;
import dev.agentcoord.testkit.HandOffContract;
import dev.agentcoord.testkit.LockContract;
import dev.agentcoord.testkit.PoolContract;
import dev.agentcoord.testkit.QueueContract;
import dev.agentcoord.testkit.QueueControlContract;
import dev.agentcoord.testkit.SessionContract;
import dev.agentcoord.testkit.StateContract;
import dev.agentcoord.testkit.StateWatchContract;
import dev.agentcoord.testkit.TaskLockContract;
import dev.agentcoord.testkit.TaskRuleContract;
import dev.agentcoord.testkit.TxnContract;
import dev.agentcoord.testkit.WaitContract;
import org.junit.jupiter.api.Nested;

/** What every backend must pass, on some ensemble. */
abstract class ZkContract extends ZkSubject {
    @Nested
    class Sessions extends SessionContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Locks extends LockContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Waits extends WaitContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Grants extends GrantContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Pools extends PoolContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class State extends StateContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Txns extends TxnContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class StateWatches extends StateWatchContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Fences extends FenceContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class Queues extends QueueContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class QueueControls extends QueueControlContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class TaskRules extends TaskRuleContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class TaskLocks extends TaskLockContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }

    @Nested
    class HandOffs extends HandOffContract {
        @Override
        protected BackendUnderTest subject() {
            return ZkContract.this;
        }
    }
}
