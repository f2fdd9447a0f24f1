package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.store.PlaceOptions;
import java.nio.file.Path;

/** Finds the space a command belongs to. */
@FunctionalInterface
interface MembershipSource {
    /** The membership for a command typed in that directory with these options. */
    Membership at(Path directory, PlaceOptions options);
}
