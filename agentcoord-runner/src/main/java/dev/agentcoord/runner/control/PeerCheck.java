package dev.agentcoord.runner.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/** Admits peers by the user the kernel names, never by what they say. */
final class PeerCheck {
    private final UserPrincipal owner;
    private final UserPrincipal root;

    private PeerCheck(UserPrincipal owner, UserPrincipal root) {
        this.owner = owner;
        this.root = root;
    }

    /** Admits that owner and root. */
    static PeerCheck of(UserPrincipal owner) throws IOException {
        return new PeerCheck(
                owner, FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("root"));
    }

    boolean admits(SocketChannel client) throws IOException {
        UserPrincipal peer = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return peer.equals(owner) || peer.equals(root);
    }
}
