package dev.agentcoord.fs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The drafts of notes that are left in a directory; what is something else counts for nothing. Read when they are first asked for. */
final class NoteDrafts {
    private final Path tmp;
    private @Nullable List<NoteDraft> all;

    NoteDrafts(Path tmp) {
        this.tmp = tmp;
    }

    /** Those that belong to tasks of a queue. */
    List<NoteDraft> of(String queue) throws IOException {
        List<NoteDraft> known = all;
        if (known == null) {
            known = read();
            all = known;
        }
        return known.stream()
                .filter(draft -> draft.home().queue().equals(queue))
                .toList();
    }

    private List<NoteDraft> read() throws IOException {
        List<NoteDraft> drafts = new ArrayList<>();
        for (String name : Disk.listIfThere(tmp)) {
            NoteDraft draft = NoteDraft.read(tmp.resolve(name));
            if (draft != null) {
                drafts.add(draft);
            }
        }
        return drafts;
    }
}
