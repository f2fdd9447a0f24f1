package dev.agentcoord.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Processes that change locks of their own in one space, about a thousand times a second each, whenever they are let. Not thread-safe. */
final class Churn implements AutoCloseable {
    /** Where they do it. */
    static final String SPACE = "churn";

    private final List<Client> clients = new ArrayList<>();

    Churn(Path store, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            clients.add(Client.start(ChurnClient.class, List.of(store.toString(), Integer.toString(i))));
        }
        clients.forEach(client -> client.await("ready"));
    }

    void resume() {
        clients.forEach(client -> client.tell("resume"));
        clients.forEach(client -> client.await("resumed"));
    }

    void pause() {
        clients.forEach(client -> client.tell("pause"));
        clients.forEach(client -> client.await("paused"));
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }
}
