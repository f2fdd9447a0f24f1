package dev.agentcoord.fs;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.SessionId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import dev.agentcoord.core.lock.TicketName;
import dev.agentcoord.core.lock.TicketTexts;
import dev.agentcoord.core.record.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tickets as names in {@code locks}, or in {@code locks/tasks} those of tasks. A ticket is a hard link to its session's record; only
 * one too long for a name is a file of its own.
 */
final class TicketFiles {
    private static final String TASKS = "tasks";

    private final Layout layout;
    private final Path locks;
    private final SessionDirectory sessions;
    private final TicketTexts texts = new TicketTexts();

    TicketFiles(Layout layout, SessionDirectory sessions) {
        this.layout = layout;
        this.locks = layout.locks();
        this.sessions = sessions;
    }

    /** The ticket's name below {@code locks}. */
    String nameOf(Ticket ticket) {
        return prefix(ticket) + TicketName.encode(ticket).orElseGet(() -> TicketName.encodeLong(ticket));
    }

    private static String prefix(Ticket ticket) {
        return ticket.owner().kind() == Owner.Kind.TASK ? TASKS + "/" : "";
    }

    Path path(String name) {
        return locks.resolve(name);
    }

    /** Whether a name below {@code locks} may be that of a ticket; any other was made by hand and counts for nothing. */
    static boolean isName(String name) {
        return positionOf(name) >= 0;
    }

    /** The position that such a name says; negative where it is none. */
    static long positionOf(String name) {
        String file = isInTasks(name) ? fileOf(name) : name;
        boolean isPlain = file.indexOf('/') < 0 && file.indexOf('\0') < 0;
        if (!isPlain || file.getBytes(StandardCharsets.UTF_8).length > TicketName.MAX_BYTES) {
            return -1;
        }
        try {
            return TicketName.positionOf(file);
        } catch (CorruptRecordException e) {
            return -1;
        }
    }

    private static String fileOf(String name) {
        return name.substring(name.indexOf('/') + 1);
    }

    /** All names below {@code locks}, in no order, whatever they are. */
    List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : Disk.list(layout.locks())) {
            if (!name.equals(TASKS)) {
                names.add(name);
            }
        }
        for (String name : Disk.list(layout.taskLocks())) {
            names.add(TASKS + "/" + name);
        }
        return names;
    }

    /** Writes what a ticket too long for a name says, to be linked under it. */
    Path writeBody(Ticket draft, SessionId session) throws IOException {
        Path file = layout.tmp().resolve(session.text() + "~body~" + draft.request());
        Files.deleteIfExists(file);
        Disk.create(file, TicketName.bodyOf(draft).getBytes(StandardCharsets.US_ASCII), Layout.RECORD);
        return file;
    }

    /**
     * What a name says, in the section only. Null where nobody gives a ticket such a name, where it is no file, and where the file that has
     * the rest of it is gone. Not proven to be {@link #isGenuine}.
     */
    @Nullable Ticket read(String name) throws IOException {
        String file = fileOf(name);
        if (!TicketName.needsBody(file)) {
            return isInTasks(name) && !Disk.isFile(path(name)) ? null : decode(file);
        }
        Path path = path(name);
        try {
            return TicketName.decode(file, new String(Calls.read(path), StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            if (isPlanted(file, path)) {
                return null;
            }
            throw Json.corrupt(path, "it may not be read", e);
        } catch (CorruptRecordException e) {
            if (isPlanted(file, path)) {
                return null;
            }
            throw new CorruptRecordException(path, path + ": " + e.getMessage(), e);
        }
    }

    /** Whether what cannot be read may be left out: it is not its session's, or a task's, which whoever can write there can remove as well. */
    private boolean isPlanted(String file, Path path) throws IOException {
        if (!Disk.isFile(path)) {
            return true;
        }
        Optional<SessionId> session = TicketName.sessionOf(file);
        Optional<SessionDirectory.Known> known = session.isEmpty() ? Optional.empty() : sessions.find(session.get());
        try {
            return known.isEmpty() || Disk.uid(path) != known.get().uid();
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private @Nullable Ticket decode(String file) {
        try {
            return TicketName.decode(file, texts);
        } catch (CorruptRecordException e) {
            return null;
        }
    }

    /** Those that are live and can be read, earliest first: for whom nothing depends on the others. In the section only. */
    List<Ticket> readable(Turn turn) throws IOException {
        NavigableMap<Long, Ticket> readable = new TreeMap<>();
        for (String name : list()) {
            long position = positionOf(name);
            Ticket ticket = position > turn.floor() ? readIfReadable(name) : null;
            if (ticket != null && isGenuine(ticket)) {
                readable.putIfAbsent(position, ticket);
            }
        }
        return List.copyOf(readable.values());
    }

    /** As {@link #read}; null also where it cannot be read. */
    @Nullable Ticket readIfReadable(String name) throws IOException {
        try {
            return read(name);
        } catch (CorruptRecordException e) {
            return null;
        }
    }

    /** The names of a session's own tickets, whether or not they can be read. */
    List<String> namesOf(SessionId session) throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : list()) {
            boolean isNamed = TicketName.sessionOf(name).filter(session::equals).isPresent();
            if (isNamed && Disk.isFile(path(name)) && isGenuine(name, Owner.session(session))) {
                names.add(name);
            }
        }
        return names;
    }

    /** The sessions that the names say have tickets. */
    Set<SessionId> sessions() throws IOException {
        return list().stream()
                .flatMap(name -> TicketName.sessionOf(name).stream())
                .collect(Collectors.toSet());
    }

    private static boolean isInTasks(String name) {
        return name.startsWith(TASKS + "/");
    }

    /**
     * Whether the name is there and its session's: a link to its record, or where the name leaves the rest to a file one of its user. Any
     * file of that user would not do: others could move one here from a directory that all of them may change.
     */
    boolean isGenuine(Ticket ticket) throws IOException {
        return isGenuine(nameOf(ticket), ticket.owner());
    }

    private boolean isGenuine(String name, Owner owner) throws IOException {
        Path path = path(name);
        Object file = Disk.identity(path);
        if (file == null || owner.kind() == Owner.Kind.TASK) {
            return file != null;
        }
        Optional<SessionDirectory.Known> session = sessions.remembered(new SessionId(owner.id()));
        try {
            return session.isPresent()
                    && (file.equals(session.get().file())
                            || (TicketName.needsBody(path.getFileName().toString())
                                    && Disk.uid(path) == session.get().uid()));
        } catch (NoSuchFileException e) {
            // Its session let go of it in this moment, which takes no turn in the section.
            return false;
        }
    }
}
