package dev.agentcoord.runner.store;

import java.util.Optional;

/**
 * What a command line says about the place.
 *
 * @param store the store's URI, as typed
 * @param project the space's name, as typed
 */
public record PlaceOptions(Optional<String> store, Optional<String> project) {
    /** Nothing said. */
    public static final PlaceOptions NONE = new PlaceOptions(Optional.empty(), Optional.empty());
}
