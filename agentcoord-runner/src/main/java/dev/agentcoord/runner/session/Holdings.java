package dev.agentcoord.runner.session;

import dev.agentcoord.Claim;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.TaskId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The grants and claims that a session's commands took and that stay until another command, or the session's end. Thread-safe. */
public final class Holdings {
    private final List<Grant> grants = new ArrayList<>();
    private final Map<TaskId, Claim> claims = new LinkedHashMap<>();

    /** Keeps a grant. */
    public synchronized void keep(Grant grant) {
        grants.add(grant);
    }

    /** Keeps a claim. */
    public synchronized void keep(Claim claim) {
        claims.put(claim.task().id(), claim);
    }

    /** All grants kept and not lost, earliest first. */
    public synchronized List<Grant> grants() {
        Map<Grant, String> losses = losses();
        return grants.stream().filter(grant -> !losses.containsKey(grant)).toList();
    }

    /** All claims kept, earliest first. */
    public synchronized List<Claim> claims() {
        return List.copyOf(claims.values());
    }

    /** The grants that were lost, each with what was lost and why; until they are forgotten, because somebody has been told. */
    public synchronized Map<Grant, String> losses() {
        Map<Grant, String> losses = new LinkedHashMap<>();
        for (Grant grant : grants) {
            try {
                grant.check();
            } catch (GrantLostException e) {
                losses.put(grant, String.valueOf(e.getMessage()));
            }
        }
        return losses;
    }

    /** Forgets grants without giving them up. */
    public synchronized void forget(Set<Grant> told) {
        grants.removeAll(told);
    }

    /** Gives up all grants; throws {@link GrantLostException} afterwards when one of them was lost before. */
    public synchronized int releaseAll() {
        int count = grants.size();
        releaseAll(List.copyOf(grants));
        return count;
    }

    /**
     * Gives up every grant that is wholly within what is named, so that nothing named is held any more. Throws
     * {@link NotHeldException}, and releases nothing, when something named is not held or is held together with more.
     */
    public synchronized void release(LockRequest named) {
        Set<Object> missing = parts(named);
        List<Grant> found = new ArrayList<>();
        for (Grant grant : grants) {
            Set<Object> parts = parts(grant.request());
            if (parts.stream().anyMatch(parts(named)::contains)) {
                requireWhole(grant, named);
                missing.removeAll(parts);
                found.add(grant);
            }
        }
        if (!missing.isEmpty()) {
            throw new NotHeldException(
                    named,
                    "this session does not hold " + missing.iterator().next()
                            + ", nothing was released; 'agentcoord locks --mine' lists what it holds");
        }
        releaseAll(found);
    }

    /** The claim on a task, or the only claim there is when {@code id} is empty. Throws {@link NotHeldException}. */
    public synchronized Claim claim(String id) {
        if (id.isEmpty() && claims.size() == 1) {
            return claims.values().iterator().next();
        }
        Claim claim = id.isEmpty() ? null : claims.get(new TaskId(id));
        if (claim == null) {
            throw new NotHeldException(
                    id,
                    id.isEmpty()
                            ? "this session holds " + claims.size() + " claims; name one of " + claims.keySet()
                            : "this session holds no claim on task " + id
                                    + "; 'agentcoord task claim' takes the next one");
        }
        return claim;
    }

    /** Forgets a claim that has ended. */
    public synchronized void forget(Claim claim) {
        claims.remove(claim.task().id());
    }

    private void releaseAll(List<Grant> ended) {
        List<GrantLostException> losses = new ArrayList<>();
        for (Grant grant : ended) {
            grants.remove(grant);
            try {
                grant.close();
            } catch (GrantLostException e) {
                losses.add(e); // It is over either way, and the others are still to be given up.
            }
        }
        if (!losses.isEmpty()) {
            throw losses.get(0);
        }
    }

    private static void requireWhole(Grant grant, LockRequest named) {
        Set<Object> more = parts(grant.request());
        more.removeAll(parts(named));
        if (!more.isEmpty()) {
            throw new NotHeldException(
                    named,
                    "that is held together with " + more.iterator().next()
                            + ", nothing was released; unlock all of it: agentcoord unlock " + words(grant.request()));
        }
    }

    private static Set<Object> parts(LockRequest request) {
        Set<Object> parts = new HashSet<>(request.items().keySet());
        parts.addAll(request.permits().keySet());
        return parts;
    }

    private static String words(LockRequest request) {
        List<String> words = new ArrayList<>();
        request.items().keySet().stream().map(Item::toString).forEach(words::add);
        request.permits().keySet().forEach(pool -> words.add(pool.toString()));
        return String.join(" ", words);
    }
}
