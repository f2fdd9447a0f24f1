package dev.agentcoord.engine;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.core.path.Glob;
import dev.agentcoord.core.path.PathName;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns a path as a user types it into the name of the file the system would open: symbolic links of the longest existing
 * part are followed as the kernel does, {@code ..} behind a link included; what does not exist yet is taken by its text.
 * Immutable and thread-safe; every call looks at the file system afresh.
 *
 * <p>What this cannot do: a link changed after the call names another file; hard links are different names; on a file
 * system that ignores case, spellings are not unified. Java reads names in the encoding of the locale, so that outside
 * ASCII a UTF-8 locale is needed.
 */
public final class PathResolver {
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:([/\\\\].*)?", Pattern.DOTALL);

    /** The first segment with a character that means something in a pattern, and all behind it. */
    private static final Pattern WILD = Pattern.compile("(?:^|(?<=/))[^/]*[*?\\[\\]{}\\\\].*", Pattern.DOTALL);

    private final Path root;

    private PathResolver(Path root) {
        this.root = root;
    }

    /**
     * A resolver for one repository or worktree, whose root may itself be reached through links.
     *
     * @throws InvalidRequestException if the root is no directory that can be read
     */
    public static PathResolver at(Path root) {
        if (!Files.isDirectory(root)) {
            throw new InvalidRequestException(root, "'" + root + "' is no directory; give the root of a repository");
        }
        try {
            return new PathResolver(root.toRealPath());
        } catch (IOException e) {
            throw unreadable(root.toString(), e);
        }
    }

    /** The root as an absolute path without links. */
    public Path root() {
        return root;
    }

    /**
     * The canonical name of a path typed in a working directory, absolute or relative to it.
     *
     * @throws InvalidRequestException if it leads out of the repository, runs into a loop of links, cannot be looked up,
     *     or is no path
     */
    public PathName resolve(Path cwd, String typed) {
        if (typed.isEmpty()) {
            return PathName.of(typed);
        }
        if (DRIVE.matcher(typed).matches()) {
            throw new InvalidRequestException(typed, "'" + typed + "' names a drive; give a path inside " + root);
        }
        requireSpelling(typed);
        Path path = parse(typed);
        Path start = path.isAbsolute() ? path : cwd.toAbsolutePath().resolve(path);
        Path target;
        try {
            target = LinkWalk.from(root, start, typed);
        } catch (IOException e) {
            throw unreadable(typed, e);
        }
        if (!target.startsWith(root)) {
            throw new InvalidRequestException(
                    typed, "'" + typed + "' leads outside " + root + "; name a path inside the repository");
        }
        String relative = root.relativize(target).toString();
        return relative.isEmpty() ? PathName.root() : PathName.of(relative);
    }

    /**
     * A pattern typed in a working directory: its directories before the first wildcard are resolved as a path, the rest
     * is matched by name, through no links.
     *
     * @throws InvalidRequestException as {@link #resolve}, or if the pattern is malformed
     */
    public Glob resolveGlob(Path cwd, String typed) {
        Matcher wild = WILD.matcher(typed);
        if (!wild.find()) {
            return Glob.of(".").under(resolve(cwd, typed));
        }
        String literal = typed.substring(0, wild.start());
        PathName directory = resolve(cwd, literal.isEmpty() ? "." : literal);
        return Glob.of(wild.group()).under(directory);
    }

    /** The rules of spelling of the core, without those of place: {@code ..} and the root are settled here. */
    private static void requireSpelling(String typed) {
        for (String segment : typed.split("/", -1)) {
            if (!segment.isEmpty() && !segment.equals("..")) {
                PathName.of(segment);
            }
        }
    }

    private static Path parse(String typed) {
        try {
            return Path.of(typed);
        } catch (InvalidPathException e) {
            throw new InvalidRequestException(
                    typed, "'" + typed + "' cannot be written in this process's locale; start it with LC_ALL=C.UTF-8");
        }
    }

    private static InvalidRequestException unreadable(String typed, IOException cause) {
        // Only the reason: the file a message names may come from a link, with any character in it.
        String reason = cause instanceof FileSystemException failure && failure.getReason() != null
                ? failure.getReason()
                : cause.getClass().getSimpleName();
        return new InvalidRequestException(
                typed, "'" + typed + "' cannot be looked up (" + reason + "); mend the path or its permissions");
    }
}
