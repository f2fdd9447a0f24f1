package dev.agentcoord.fs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Several {@link Child}ren, started at the same time and ended together. Not thread-safe. */
final class Children implements AutoCloseable {
    private final List<Child> all = new ArrayList<>();

    /** Starts one of them. */
    interface Start {
        Child start(int number) throws IOException;
    }

    /** Starts so many and returns when all have joined. */
    static Children start(int count, Start start) throws IOException {
        Children children = new Children();
        try {
            for (int i = 0; i < count; i++) {
                children.all.add(start.start(i));
            }
            for (Child child : children.all) {
                child.awaitReady();
            }
            return children;
        } catch (IOException e) {
            children.close();
            throw e;
        }
    }

    List<Child> all() {
        return all;
    }

    Child get(int number) {
        return all.get(number);
    }

    /** Tells all, then hears all. */
    List<String> askAll(String line) throws IOException {
        for (Child child : all) {
            child.send(line);
        }
        return receiveAll();
    }

    List<String> receiveAll() throws IOException {
        List<String> answers = new ArrayList<>();
        for (Child child : all) {
            answers.add(child.receive());
        }
        return answers;
    }

    @Override
    public void close() {
        for (Child child : all) {
            try {
                child.finish();
            } catch (IOException e) {
                // It has ended already.
            }
        }
        all.forEach(Child::close);
    }
}
