package dev.agentcoord.runner.tmux;

/**
 * The processes behind a new session.
 *
 * @param server the tmux server
 * @param root the first process in the pane, leader of the pane's session of processes
 */
public record Pane(long server, long root) {
    /** What {@link #parse} reads, as a tmux format. */
    static final String FORMAT = "#{pid} #{pane_pid}";

    /** Reads the answer to {@link #FORMAT}; throws {@link TmuxException} for anything else. */
    static Pane parse(String answer) throws TmuxException {
        String[] ids = answer.strip().split(" ", -1);
        try {
            if (ids.length == 2) {
                return new Pane(Long.parseLong(ids[0]), Long.parseLong(ids[1]));
            }
        } catch (NumberFormatException e) {
            // The same answer as for a wrong count.
        }
        throw new TmuxException("tmux answered '" + answer.strip() + "' instead of two process ids");
    }
}
