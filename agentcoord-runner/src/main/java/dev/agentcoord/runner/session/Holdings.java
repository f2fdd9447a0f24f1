package dev.agentcoord.runner.session;

import dev.agentcoord.Claim;
import dev.agentcoord.FencingToken;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.NotHeldException;
import dev.agentcoord.Session;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.RunAll;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.text.ShellQuote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The grants and claims that a session's commands took and that stay until another command, or the session's end. Thread-safe. */
public final class Holdings {
    private final List<Grant> grants = new ArrayList<>();
    private final HeldClaims claims = new HeldClaims();
    private final Asked asked = new Asked();
    /** Grants whose loss was told; whoever is only suspended may yet hold what it has. */
    private final Set<Grant> gone = ConcurrentHashMap.newKeySet();

    /** Keeps a grant. */
    public synchronized void keep(Grant grant) {
        grants.add(grant);
        listen(grant);
    }

    private void listen(Grant grant) {
        grant.onLost(cause -> gone.add(grant));
    }

    /** Keeps a claim, and the locks that came along with its task. */
    public synchronized void keep(Claim claim) {
        claims.keep(claim);
        claim.grants().forEach(this::keep);
    }

    /** All grants kept and not lost, earliest first. */
    public synchronized List<Grant> grants() {
        Map<Grant, String> losses = losses();
        return grants.stream().filter(grant -> !losses.containsKey(grant)).toList();
    }

    /** Those of them that are the session's own, not a task's. */
    public synchronized List<Grant> ownGrants() {
        return grants().stream()
                .filter(grant -> grant.request().claim().isEmpty())
                .toList();
    }

    /** All claims kept, earliest first. */
    public synchronized List<Claim> claims() {
        return claims.all();
    }

    /** The grants that were lost, each with what was lost and why; until they are forgotten, because somebody has been told. */
    public synchronized Map<Grant, String> losses() {
        Map<Grant, String> losses = new LinkedHashMap<>();
        for (Grant grant : grants) {
            lossOf(grant).ifPresent(loss -> losses.put(grant, loss));
        }
        return losses;
    }

    private Optional<String> lossOf(Grant grant) {
        try {
            grant.check();
            return Optional.empty();
        } catch (GrantLostException e) {
            grant.theft(); // Returns when its listeners have been told.
            return gone.contains(grant) ? Optional.of(String.valueOf(e.getMessage())) : Optional.empty();
        }
    }

    /** Forgets grants without giving them up. */
    public synchronized void forget(Set<Grant> told) {
        grants.removeAll(told);
        gone.removeAll(told);
        forgetAsked(told);
    }

    /** Takes in that somebody asks for a release; waits for nothing. */
    public void hear(Intervention question) {
        asked.add(question);
    }

    /** Who asks for the release of what is still held, each as one line that says what to type next. */
    public Map<Intervention, String> asked() {
        return lines(asked.open());
    }

    /** Those of them that nobody has been told of. */
    public Map<Intervention, String> newlyAsked() {
        return lines(asked.untold());
    }

    /** Keeps in mind that somebody has been told. */
    public void told(Set<Intervention> questions) {
        asked.told(questions);
    }

    private Map<Intervention, String> lines(List<Intervention> questions) {
        Map<Intervention, String> lines = new LinkedHashMap<>();
        if (!questions.isEmpty()) {
            List<Grant> held = grants();
            Set<TicketId> lost = ticketsOf(losses().keySet());
            held.forEach(grant -> lost.removeAll(tickets(grant)));
            questions.stream()
                    .filter(question -> !lost.contains(question.ticket()))
                    .forEach(question -> lines.put(question, line(question, held)));
        }
        return lines;
    }

    /** What was not taken by a command that has ended, such as the agent's name, is not given up by its name either. */
    private static String line(Intervention question, List<Grant> held) {
        String words = held.stream()
                .filter(grant -> tickets(grant).contains(question.ticket()))
                .map(grant -> words(grant.request()))
                .collect(Collectors.joining(" "));
        return Refusal.text(
                "asked to release " + (words.isEmpty() ? question.what() : words) + " (" + question.ticket() + " "
                        + question + ")",
                words.isEmpty() ? "agentcoord locks --mine" : "agentcoord unlock " + words);
    }

    private void forgetAsked(Collection<Grant> ended) {
        Set<TicketId> gone = ticketsOf(ended);
        grants.forEach(grant -> gone.removeAll(tickets(grant)));
        asked.removeFor(gone);
    }

    private static Set<TicketId> ticketsOf(Collection<Grant> grants) {
        return grants.stream().flatMap(grant -> tickets(grant).stream()).collect(Collectors.toCollection(HashSet::new));
    }

    /** A re-entrant grant rests on the tickets of others. */
    private static Set<TicketId> tickets(Grant grant) {
        Set<Item> items = grant.request().items().keySet();
        Stream<FencingToken> tokens =
                items.isEmpty() ? Stream.of(grant.token()) : items.stream().map(grant::token);
        return tokens.map(token -> new TicketId(token.position())).collect(Collectors.toSet());
    }

    /** Gives up all grants; throws {@link GrantLostException} afterwards when one of them was lost before. */
    public synchronized int releaseAll() {
        int count = grants.size();
        releaseAll(List.copyOf(grants));
        return count;
    }

    /**
     * Gives up every grant that is wholly within what is named, so that nothing named is held any more. Throws
     * {@link NotHeldException}, and releases nothing, when something named is not held or is held together with more. Of what is lost
     * there is nothing to release: then it throws {@link GrantLostException}.
     */
    public synchronized void release(LockRequest named) {
        Set<Object> missing = parts(named);
        List<Grant> found = new ArrayList<>();
        for (Grant grant : grants) {
            Set<Object> parts = parts(grant.request());
            if (parts.stream().anyMatch(parts(named)::contains)) {
                if (lossOf(grant).isEmpty()) {
                    requireWhole(grant, named);
                }
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

    /**
     * The claim on a task, or the only claim there is when {@code id} is empty; of that queue, when one is given. Throws
     * {@link NotHeldException}. Where there are several to choose from, those that have ended are forgotten first.
     */
    public Claim claim(String id, Optional<String> queue, Session session) {
        if (matching(id, queue).size() > 1) {
            forgetEnded(session);
        }
        synchronized (this) {
            return claims.only(id, queue);
        }
    }

    private synchronized List<Claim> matching(String id, Optional<String> queue) {
        return claims.matching(id, queue);
    }

    /** Forgets the claims that ended without a command of this session: whose tasks were cancelled, or are somebody else's by now. */
    public void forgetEnded(Session session) {
        claims().stream().filter(claim -> !HeldClaims.isCurrent(claim, session)).forEach(this::drop);
    }

    /** Forgets a claim that is found to have ended; that its locks are lost is told by the next command. */
    public synchronized void drop(Claim claim) {
        claims.forget(claim);
    }

    /** Forgets a claim that has ended, and the locks that were under it. */
    public synchronized void forget(Claim claim) {
        claims.forget(claim);
        forget(grants.stream()
                .filter(grant -> grant.request().claim().filter(claim::equals).isPresent())
                .collect(Collectors.toSet()));
    }

    private void releaseAll(List<Grant> ended) {
        grants.removeAll(ended);
        ended.forEach(gone::remove);
        try {
            RunAll.of(ended.stream().<Runnable>map(grant -> grant::close).toList());
        } finally {
            forgetAsked(ended);
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
        request.items().keySet().stream()
                .map(Item::toString)
                .map(ShellQuote::word)
                .forEach(words::add);
        request.permits().keySet().forEach(pool -> words.add(ShellQuote.word(pool.toString())));
        return String.join(" ", words);
    }
}
