package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a process that died inside may have announced and not done in the state or in a queue. Tickets are looked after where they are read. */
final class HalfDone implements Section.Unfinished {
    private final Layout layout;
    private final Intent intent;

    HalfDone(Layout layout, Intent intent) {
        this.layout = layout;
        this.intent = intent;
    }

    @Override
    public void finish() throws IOException {
        intent.finish();
    }

    @Override
    public @Nullable String unmoved(String change) throws IOException {
        Move move = Move.parse(change);
        if (move == null) {
            return null;
        }
        Path made = layout.queues().resolve(move.queue()).resolve(move.to()).resolve(move.name());
        return made.toFile().exists() || Disk.identity(made) != null ? null : move.queue();
    }
}
