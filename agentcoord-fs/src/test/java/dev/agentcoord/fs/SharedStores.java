package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.testkit.OsUsers;
import dev.agentcoord.testkit.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Stores that several OS users share, who are made for it and are gone afterwards. Only where tests may make users. Not thread-safe. */
final class SharedStores implements AutoCloseable {
    private final OsUsers users;
    private final Path directory;

    private SharedStores(OsUsers users, Path directory) {
        this.users = users;
        this.directory = directory;
    }

    /** For those members of a group of theirs. */
    static SharedStores of(String... members) throws IOException, InterruptedException {
        Requirement.users();
        Requirement.command("setpriv", "apt-get install util-linux");
        OsUsers users = new OsUsers();
        for (String member : members) {
            users.addMember(member);
        }
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "agentcoord-users-");
        Disk.chmod(directory, 0755);
        return new SharedStores(users, directory);
    }

    OsUsers users() {
        return users;
    }

    /** An empty one. */
    Path make() throws IOException, InterruptedException {
        Path store = Files.createTempDirectory(directory, "store-");
        OsUsers.must("chgrp", users.group(), store.toString());
        Disk.chmod(store, Layout.OWNED_DIR);
        return store;
    }

    /** A process of that user. */
    PeerProcess peer(String who, Path store) throws IOException {
        return new PeerProcess(users.as(who), store, "web");
    }

    /** As the other, where {@code /proc} does not show the processes of other users. */
    PeerProcess blindPeer(String who, Path store) throws IOException, InterruptedException {
        return new PeerProcess(blind(who), store, "web");
    }

    private List<String> blind(String who) throws IOException, InterruptedException {
        Requirement.command("unshare", "apt-get install util-linux");
        List<String> before = new ArrayList<>(List.of("unshare", "--mount", "sh", "-c"));
        before.addAll(List.of("mount -t proc -o hidepid=2 proc /proc && exec \"$@\"", "sh"));
        before.addAll(users.as(who));
        List<String> look = new ArrayList<>(before);
        look.addAll(List.of("test", "-e", "/proc/1/stat"));
        assertThat(new ProcessBuilder(look).start().waitFor())
                .as("1 where the kernel hides others")
                .isEqualTo(1);
        return before;
    }

    /** The processes of the users must be gone before, or idle. */
    @Override
    public void close() throws IOException {
        PeerProcess.endIdleOfOthers();
        try {
            users.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Disk.deleteTree(directory.toFile());
    }
}
