package dev.agentcoord.runner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A git work tree as far as coordination needs to know it, read from its files without starting git.
 *
 * @param root the top of the work tree, to which lock paths are relative
 * @param commonDirectory what all work trees of the repository share
 */
public record Repository(Path root, Path commonDirectory) {
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

    /** A name for the space made from the main work tree's directory: lower case, with dashes for what a name cannot have. */
    public String defaultSpace() {
        Path main = commonDirectory.endsWith(".git") ? commonDirectory.getParent() : commonDirectory;
        return Place.spaceName(
                main == null || main.getFileName() == null
                        ? ""
                        : main.getFileName().toString());
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
