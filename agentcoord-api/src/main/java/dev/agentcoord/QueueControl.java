package dev.agentcoord;

/** What a person or a dispatcher does to a queue, beside working on its tasks. Thread-safe. */
public interface QueueControl {
    /**
     * Cancels a task that is not done, with a reason; a claim on it is stale from then on, and tasks that depend on it are cancelled too.
     * False when it is done or cancelled already. Throws {@link InvalidRequestException} for an unknown one.
     */
    boolean cancel(TaskId id, String reason);

    /** Gives a dead letter all its attempts again; false when it is not dead. Throws {@link InvalidRequestException} for an unknown one. */
    boolean redrive(TaskId id);

    /** The settings as they are. */
    QueueSettings settings();

    /** Changes the settings for everybody, durably. */
    void configure(QueueSettings settings);

    /** Lets nobody claim; what is claimed goes on. */
    default void pause() {
        configure(settings().mode(QueueSettings.Mode.PAUSED));
    }

    /** Takes no new tasks, which get a {@link QueueFullException}; those that are there are worked off. */
    default void drain() {
        configure(settings().mode(QueueSettings.Mode.DRAINING));
    }

    /** Ends a pause or a drain. */
    default void resume() {
        configure(settings().mode(QueueSettings.Mode.OPEN));
    }
}
