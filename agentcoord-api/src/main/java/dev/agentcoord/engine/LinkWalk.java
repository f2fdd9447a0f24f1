package dev.agentcoord.engine;

import dev.agentcoord.InvalidRequestException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One walk along a path as path_resolution(7) has it, going on by text where nothing exists. */
final class LinkWalk {
    /** Links followed before the walk is called a loop: Linux's own limit. */
    private static final int MAX_LINKS = 40;

    private final String typed;
    private final Deque<Path> ahead = new ArrayDeque<>();
    private Path reached;
    private int missing;
    private int links;

    private LinkWalk(Path reached, String typed) {
        this.reached = reached;
        this.typed = typed;
    }

    /** The absolute path without links that a start leads to; a real directory saves the lookups above it. */
    static Path from(Path realDirectory, Path start, String typed) throws IOException {
        boolean below = start.startsWith(realDirectory);
        LinkWalk walk = new LinkWalk(below ? realDirectory : start.getRoot(), typed);
        walk.prepend(start, below ? realDirectory.getNameCount() : 0);
        return walk.toEnd();
    }

    private Path toEnd() throws IOException {
        while (!ahead.isEmpty()) {
            Path segment = ahead.pop();
            String name = segment.toString();
            if (name.equals("..")) {
                ascend();
            } else if (!name.isEmpty() && !name.equals(".")) {
                descend(segment);
            }
        }
        return reached;
    }

    private void ascend() {
        Path parent = reached.getParent();
        if (parent != null) {
            reached = parent;
            missing = Math.max(0, missing - 1);
        }
    }

    private void descend(Path segment) throws IOException {
        if (missing > 0) {
            missing++;
            reached = reached.resolve(segment);
            return;
        }
        Path existing = existing(reached.resolve(segment));
        if (existing == null) {
            missing = 1;
            reached = reached.resolve(segment);
        } else if (Files.isSymbolicLink(existing)) {
            follow(existing);
        } else {
            reached = existing;
        }
    }

    private void follow(Path link) throws IOException {
        if (++links > MAX_LINKS) {
            throw new InvalidRequestException(
                    typed, "'" + typed + "' runs into a loop of symbolic links; mend the links");
        }
        Path target = Files.readSymbolicLink(link);
        if (target.isAbsolute()) {
            reached = target.getRoot();
        }
        prepend(target, 0);
    }

    /** The path in the spelling that exists: names typed in NFC may stand on disk in NFD, and the other way round. */
    private static @Nullable Path existing(Path path) throws IOException {
        if (exists(path)) {
            return path;
        }
        String name = String.valueOf(path.getFileName());
        for (Normalizer.Form form : new Normalizer.Form[] {Normalizer.Form.NFC, Normalizer.Form.NFD}) {
            Path respelled = path.resolveSibling(Normalizer.normalize(name, form));
            if (!respelled.equals(path) && exists(respelled)) {
                return respelled;
            }
        }
        return null;
    }

    private static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (FileSystemException e) {
            Path parent = path.getParent();
            if (parent != null && Files.isRegularFile(parent, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            throw e;
        }
    }

    private void prepend(Path path, int from) {
        for (int i = path.getNameCount() - 1; i >= from; i--) {
            ahead.push(path.getName(i));
        }
    }
}
