package dev.agentcoord.ports;

/**
 * Who has a port at the moment of a look, as far as this process may see: for sockets of other users there is an owner but often no
 * process. A snapshot, immutable.
 *
 * @param port its number
 * @param address what it is bound to, such as {@code 127.0.0.1} or {@code ::}; empty when unknown
 * @param uid owner of the socket; -1 when unknown
 * @param user name of that owner; empty when unknown
 * @param pid a process that has it open; 0 when unknown
 * @param command that process's command line, printable and shortened; empty when unknown
 */
public record Listener(int port, String address, long uid, String user, long pid, String command) {
    private static final int COMMAND_LENGTH = 120;

    /** Makes the texts harmless: a command line is whatever its process wants it to be. */
    public Listener {
        address = printable(address);
        user = printable(user);
        command = printable(command);
    }

    /** A port that cannot be bound although no socket of it is to be seen. */
    static Listener unseen(int port) {
        return new Listener(port, "", -1, "", 0, "");
    }

    /** For people, after the port: {@code pid 412 of bob (node server.js) on 127.0.0.1}. */
    @Override
    public String toString() {
        if (uid < 0) {
            return "a process that cannot be seen";
        }
        return (pid == 0 ? "a process" : "pid " + pid) + " of " + user + (command.isEmpty() ? "" : " (" + command + ")")
                + " on " + address;
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .limit(COMMAND_LENGTH)
                .forEach(c -> out.appendCodePoint(isPrintable(c) ? c : c == 0 ? ' ' : '?'));
        return out.toString().strip();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
