package dev.agentcoord.ports;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The TCP sockets of this network namespace as {@code /proc/net/tcp} and {@code tcp6} show them, of all users. */
final class SocketTable {
    private static final List<Path> FILES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTEN = "0A";
    /** A connection that ended: it keeps nobody from binding the port who reuses addresses, as every server does. */
    private static final String TIME_WAIT = "06";

    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;

    private SocketTable() {}

    /**
     * One socket.
     *
     * @param address local address as text
     * @param port local port
     * @param isListening whether it accepts connections
     * @param uid its owner
     * @param inode its number, by which processes have it open; 0 when none has
     */
    record Entry(String address, int port, boolean isListening, long uid, long inode) {}

    /** What there is now; nothing where there is no such file. */
    static List<Entry> read() {
        List<Entry> entries = new ArrayList<>();
        for (Path file : FILES) {
            try {
                parse(Files.readString(file, StandardCharsets.ISO_8859_1), ByteOrder.nativeOrder())
                        .forEach(entries::add);
            } catch (IOException e) {
                // No /proc, or no IPv6: nothing is known.
            }
        }
        return entries;
    }

    static List<Entry> parse(String text, ByteOrder order) {
        return text.lines().skip(1).flatMap(line -> entry(line, order).stream()).toList();
    }

    private static Optional<Entry> entry(String line, ByteOrder order) {
        String[] fields = line.strip().split("\\s+", -1);
        if (fields.length <= INODE || fields[STATE].equals(TIME_WAIT)) {
            return Optional.empty();
        }
        int colon = fields[LOCAL].indexOf(':');
        try {
            return Optional.of(new Entry(
                    address(fields[LOCAL].substring(0, colon), order),
                    Integer.parseInt(fields[LOCAL].substring(colon + 1), 16),
                    fields[STATE].equals(LISTEN),
                    Long.parseLong(fields[UID]),
                    Long.parseLong(fields[INODE])));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | UnknownHostException e) {
            return Optional.empty(); // A later kernel's: better nothing than something wrong.
        }
    }

    /** Each four bytes stand there as one number in the machine's order. */
    private static String address(String hex, ByteOrder order) throws UnknownHostException {
        ByteBuffer shown = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        ByteBuffer bytes = ByteBuffer.allocate(shown.capacity()).order(order);
        while (shown.remaining() >= Integer.BYTES) {
            bytes.putInt(shown.getInt());
        }
        return shortened(InetAddress.getByAddress(bytes.array()).getHostAddress());
    }

    private static String shortened(String address) {
        return switch (address) {
            case "0:0:0:0:0:0:0:0" -> "::";
            case "0:0:0:0:0:0:0:1" -> "::1";
            default -> address;
        };
    }
}
