package dev.agentcoord.testkit;

import org.junit.jupiter.api.Nested;

/**
 * Everything a backend must pass. Its test class extends this and says how to open a space and how to end a session abruptly; each test
 * has an object, and so a space, of its own.
 */
public abstract class BackendContract implements BackendUnderTest {
    /** For a backend's test class. */
    protected BackendContract() {}

    @Nested
    class Sessions extends SessionContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Locks extends LockContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Pools extends PoolContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Waits extends WaitContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Grants extends GrantContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Queues extends QueueContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class HandOffs extends HandOffContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class TaskLocks extends TaskLockContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class TaskRules extends TaskRuleContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class QueueControls extends QueueControlContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class State extends StateContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Txns extends TxnContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class StateWatches extends StateWatchContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }

    @Nested
    class Fences extends FenceContract {
        @Override
        protected BackendUnderTest subject() {
            return BackendContract.this;
        }
    }
}
