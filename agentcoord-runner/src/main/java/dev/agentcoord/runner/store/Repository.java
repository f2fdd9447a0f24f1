package dev.agentcoord.runner.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A git work tree as far as coordination needs to know it, read from its files without starting git.
 *
 * @param root the top of the work tree, to which lock paths are relative
 * @param commonDirectory what all work trees of the repository share
 */
public record Repository(Path root, Path commonDirectory) {
    /** Leaves room for a checksum in a space's name. */
    private static final int NAME_LENGTH = 39;

    /** The repository a directory is in; empty outside any. */
    public static Optional<Repository> around(Path directory) {
        for (Path at = directory.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isDirectory(git)) {
                return Optional.of(new Repository(at, git));
            }
            if (Files.isRegularFile(git)) {
                return Optional.of(new Repository(at, commonDirectory(at, git)));
            }
        }
        return Optional.empty();
    }

    /** The file that names the store and space of this repository. */
    public Path configFile() {
        return commonDirectory.resolve("agentcoord.json");
    }

    /**
     * A name for the space: the last part of where the repository came from, or its main work tree's directory where it came from
     * nowhere, and a checksum of the whole, so that two repositories share a space only if they are clones of one.
     */
    public String defaultSpace() {
        String whole = Origin.of(commonDirectory).orElseGet(this::mainDirectory);
        CRC32 checksum = new CRC32();
        checksum.update(whole.getBytes(StandardCharsets.UTF_8));
        String name = Place.spaceName(whole.substring(whole.lastIndexOf('/') + 1));
        return Place.spaceName(name.substring(0, Math.min(NAME_LENGTH, name.length())))
                + String.format("-%08x", checksum.getValue());
    }

    private String mainDirectory() {
        Path main = commonDirectory.endsWith(".git")
                ? commonDirectory.toAbsolutePath().getParent()
                : commonDirectory;
        try {
            return Objects.requireNonNull(main).toRealPath().toString();
        } catch (IOException e) {
            return String.valueOf(main);
        }
    }

    /** A linked work tree's {@code .git} is a file: it leads to a directory whose {@code commondir} leads to the shared one. */
    private static Path commonDirectory(Path root, Path gitFile) {
        try {
            String line = Files.readString(gitFile).strip();
            Path own = root.resolve(line.replaceFirst("^gitdir: *", "")).normalize();
            Path common = own.resolve("commondir");
            return Files.isRegularFile(common)
                    ? own.resolve(Files.readString(common).strip()).normalize()
                    : own;
        } catch (IOException e) {
            return gitFile;
        }
    }
}
