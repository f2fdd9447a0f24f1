package dev.agentcoord.fs;

import dev.agentcoord.Intervention;
import dev.agentcoord.core.Limits;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketTable;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The latest thefts of a space, which outlive loser and thief: a name each in {@code thefts}, the position of what was stolen and who
 * stole it. Whoever steals removes its user's names beyond the newest.
 */
final class TheftLog {
    private static final char NEXT = '~';

    private final Space space;

    TheftLog(Space space) {
        this.space = space;
    }

    private Path name(Ticket stolen, FsStoreSession thief) {
        return space.layout().thefts().resolve(stolen.position() + String.valueOf(NEXT) + thief.id());
    }

    /** Takes back what was entered of a theft that did not happen. */
    void withdraw(Ticket notStolen, FsStoreSession thief) {
        Disk.discard(name(notStolen, thief));
    }

    /** Enters a theft; inside the section, before the ticket goes. */
    void enter(Ticket stolen, FsStoreSession thief, Path draft) throws IOException {
        try {
            Files.createLink(name(stolen, thief), draft);
        } catch (FileAlreadyExistsException e) {
            // Of a thief that died in the midst, or planted: the mark beside the loser says who and why.
            return;
        }
    }

    /** Those that happened, the last first. One that was entered by a process that died before it took the ticket did not. */
    List<Intervention> latest(int limit) throws IOException {
        List<Intervention> latest = new ArrayList<>();
        List<String> names = newestFirst();
        TicketTable live = new TicketTable();
        space.section().run(space::shown).forEach(live::add);
        for (String name : names) {
            if (latest.size() < limit && live.get(position(name)) == null) {
                Optional<Intervention> theft = Note.read(
                        space.layout().thefts().resolve(name), Intervention.Kind.STOLEN, Intervention.Kind.GIVEN_UP);
                theft.filter(t -> t.ticket().position() == position(name)).ifPresent(latest::add);
            }
        }
        return latest;
    }

    /** Outside the section. */
    void prune() throws IOException {
        List<String> names = newestFirst();
        for (String name : names.subList(Math.min(Limits.THEFTS, names.size()), names.size())) {
            unlinkIfAllowed(space.layout().thefts().resolve(name));
        }
    }

    private static void unlinkIfAllowed(Path name) throws IOException {
        try {
            Disk.unlink(name);
        } catch (FileSystemException e) {
            // Another user's, who removes it at the next theft.
            boolean mine = Disk.uid(name) == Machine.here().uid();
            if (mine) {
                throw e;
            }
        }
    }

    private List<String> newestFirst() throws IOException {
        return Stream.of(Disk.list(space.layout().thefts()))
                .filter(name -> position(name) >= 0)
                .sorted(Comparator.comparingLong(TheftLog::position).reversed())
                .toList();
    }

    /** Of what was stolen, or -1 where the name is none of a theft. */
    private static long position(String name) {
        String digits = name.substring(0, Math.max(0, name.indexOf(NEXT)));
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : -1;
    }
}
