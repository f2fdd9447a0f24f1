package dev.agentcoord.runner.tmux;

/** The whole configuration of an agent's tmux server; the user's own is not read. */
final class TmuxConfig {
    private TmuxConfig() {}

    /** Quiet on what a version does not know; nothing the agent prints may reach a clipboard or pass through to a terminal. */
    static String text() {
        return """
                set -gq default-terminal screen-256color
                set -sq set-clipboard off
                set -gq allow-passthrough off
                set -gq update-environment ''
                set -gq destroy-unattached off
                set -gq history-limit 20000
                set -sq escape-time 10
                set -gq allow-rename off
                set -gq set-titles off
                set -gq status-left '[#S] '
                set -gq status-left-length 60
                set -gq status-right 'detach: C-b d'
                """;
    }
}
