package dev.agentcoord.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.recipes.locks.InterProcessLock;
import org.apache.curator.framework.recipes.locks.InterProcessMultiLock;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;

/** Curator's locks, taken and dropped. Stateless. */
final class CuratorLocks {
    private CuratorLocks() {}

    /** A path that is there after the first time. */
    static Runnable mutex(CuratorFramework client, String path) {
        return lockAndUnlock(new InterProcessMutex(client, path));
    }

    /** Each time a path that has not been there before. */
    static Runnable mutexOnNewPaths(CuratorFramework client, String parent) {
        int[] number = {0};
        return () -> lockAndUnlock(new InterProcessMutex(client, parent + '/' + number[0]++))
                .run();
    }

    /** So many paths at once. */
    static Runnable multiLock(CuratorFramework client, String parent, int paths) {
        List<InterProcessLock> locks = new ArrayList<>();
        for (int i = 0; i < paths; i++) {
            locks.add(new InterProcessMutex(client, parent + '/' + i));
        }
        return lockAndUnlock(new InterProcessMultiLock(locks));
    }

    private static Runnable lockAndUnlock(InterProcessLock lock) {
        return () -> {
            acquire(lock);
            release(lock);
        };
    }

    static void acquire(InterProcessLock lock) {
        try {
            lock.acquire();
        } catch (Exception e) {
            throw new IllegalStateException("Curator's lock failed", e);
        }
    }

    static void release(InterProcessLock lock) {
        try {
            lock.release();
        } catch (Exception e) {
            throw new IllegalStateException("Curator's lock failed", e);
        }
    }
}
