package dev.agentcoord.runner.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A unit of work: one marker line to be put into each of the files named. */
record DemoTask(String id, List<String> files) {
    private static final int FILES_EACH = 2;

    DemoTask {
        files = List.copyOf(files);
    }

    /** Tasks with {@code edits} edits in all, each in two files taken at random, so that several tasks name the same file. */
    static List<DemoTask> random(int edits, List<String> files, Random random) {
        List<DemoTask> tasks = new ArrayList<>();
        List<String> shuffled = new ArrayList<>(files);
        for (int left = edits;
                left > 0;
                left -= tasks.get(tasks.size() - 1).files().size()) {
            Collections.shuffle(shuffled, random);
            int size = Math.min(left, Math.min(FILES_EACH, files.size()));
            tasks.add(new DemoTask(String.format("task-%03d", tasks.size() + 1), shuffled.subList(0, size)));
        }
        return tasks;
    }

    /** As an agent reads it: the id and the files, separated by spaces. */
    String line() {
        return id + " " + String.join(" ", files);
    }
}
