package dev.agentcoord.core.lock;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Parties each of which waits for the next, the last for the first. Immutable.
 *
 * @param links what each waits for, the victim's first; never empty
 */
public record WaitCycle(List<Link> links) {
    private static final int SHOWN = 160;

    /**
     * One party's wait for the next.
     *
     * @param waits the ticket that waits
     * @param blocker an earlier ticket of the next party that stands in its way
     * @param held whether the blocker is granted; else it waits itself
     */
    public record Link(Ticket waits, Ticket blocker, boolean held) {}

    /** Copies the list. */
    public WaitCycle {
        links = List.copyOf(links);
    }

    /** The same cycle whichever link comes first. */
    static WaitCycle of(List<Link> links) {
        Link youngest = Collections.max(links, Comparator.comparing(Link::waits));
        List<Link> rotated = new ArrayList<>(links);
        Collections.rotate(rotated, -links.indexOf(youngest));
        return new WaitCycle(rotated);
    }

    /** The one ticket that is to fail: the youngest of those that wait. */
    public Ticket victim() {
        return links.get(0).waits();
    }

    /** The waiting tickets, each blocked by the party of the next, the victim first. */
    public List<Ticket> waiting() {
        return links.stream().map(Link::waits).toList();
    }

    /**
     * Whether all its tickets reappear, waiting and blocking as before. The graph must be of a listing begun after that of the first
     * one ended: then all of them were live at one moment, which a single listing that is no snapshot does not show.
     */
    public boolean confirmedBy(WaitGraph later) {
        return links.stream().allMatch(link -> later.isStuck(link.waits()) && later.hasStuck(link.blocker()));
    }

    /** Who holds what and waits for what, in one line, given what to call each owner. */
    public String describe(Function<Owner, String> name) {
        StringBuilder text = new StringBuilder();
        Link before = links.get(links.size() - 1);
        for (Link link : links) {
            text.append(text.isEmpty() ? "" : "; ")
                    .append(name.apply(before.blocker().owner()));
            if (before.held()) {
                text.append(" holds ").append(shown(before.blocker())).append(',');
            }
            text.append(" waits for ").append(shown(link.waits())).append(link.held() ? " held by " : " behind ");
            text.append(name.apply(link.blocker().owner()));
            before = link;
        }
        return text.toString();
    }

    private static String shown(Ticket ticket) {
        String wants = ticket.wants().toString();
        return (wants.length() <= SHOWN ? wants : wants.substring(0, SHOWN) + "…") + " (" + ticket.id() + ")";
    }
}
