package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import dev.agentcoord.TaskState;
import dev.agentcoord.core.queue.Ending;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What somebody made in a queue, or wrote into the log, before another boot begins. */
final class StrayNamesInQueuesIT extends LoggedTasks {
    @Test
    void whatSomebodyMadeInThePlaceOfATaskOrResultKeepsNobodyOut() throws IOException {
        add(ID);
        add(SECOND);
        queue.finish(claim(), new Ending.Done("result"));
        Files.delete(note());
        Files.createDirectory(note());
        Path second = file(logged().get(1));
        Files.delete(second);
        Files.createDirectory(second);
        String unknown =
                TaskName.hex(Short.MAX_VALUE) + second.getFileName().toString().substring(16);
        Files.createDirectories(second.resolveSibling(unknown).resolve("x"));
        bootAnew();
        add(new TaskId("other"));
        assertThat(queue.find(new TaskId("other"))).isPresent();
    }

    @Test
    void whatSomebodyMadeWhereATaskWouldGoCountsForNothing() throws IOException {
        add(ID);
        LogRecord.Task added = logged().get(0);
        Files.delete(file(added));
        Files.createDirectory(file(added));
        bootAnew();
        add(new TaskId("other"));
        assertThat(queue.find(new TaskId("other"))).isPresent();
    }

    @Test
    void aFileInThePlaceOfAKeyOrALaneKeepsNoTaskFromBeingAddedAgain() throws IOException {
        add(ID);
        Files.delete(file(logged().get(0)));
        for (String parent : List.of("keys", "routed")) {
            Files.createFile(dir.resolve("queues/work").resolve(parent).resolve(Links.hash("key")));
        }
        Path line = dir.resolve("queues/work/keys").resolve(Links.hash("line"));
        Files.createFile(Files.createDirectories(line).resolve(QueueLayout.WAITING));
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void aFileInThePlaceOfALaneKeepsNobodyFromClaimingAndFinding() throws IOException {
        Files.createFile(dir.resolve("queues/work/routed").resolve(Links.hash("lane")));
        add(ID);
        queue.enqueue(List.of(task(SECOND).target("nobody")));
        assertThat(claim().task().id()).isEqualTo(ID);
        assertThat(queue.find(SECOND)).isPresent();
        assertThat(queue.list(TaskState.READY, "", 2).tasks()).hasSize(1);
    }

    @Test
    void aFileAmongTheBucketsKeepsNobodyOut() throws IOException {
        queue.enqueue(List.of(task(ID)));
        Path home = dir.resolve("queues/work");
        Files.writeString(home.resolve("cancelled/stray"), "x");
        Files.writeString(home.resolve("keys/stray"), "x");
        Files.createSymbolicLink(home.resolve("cancelled/loop"), Path.of("loop"));
        Files.createDirectories(dir.resolve("queues/other"));
        Files.writeString(dir.resolve("queues/other/claimed"), "x");
        Files.delete(only("ready"));
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void whatCannotBeDoneInOneQueueKeepsNobodyOutOfTheOthersAndIsTriedAgain() throws IOException {
        add(ID);
        space.queue("other", me).enqueue(List.of(task(SECOND)));
        Files.delete(only("ready"));
        Path ids = dir.resolve("queues/work/ids");
        Path aside = Files.move(ids, dir.resolve("aside"));
        Files.writeString(ids, "x");
        ScratchSpace between = nextBoot();
        assertThat(between.queue("other", SessionId.random()).claim()).isPresent();
        Files.delete(ids);
        Files.move(aside, ids);
        bootAnew();
        assertThat(claim().task().id()).isEqualTo(ID);
    }

    @Test
    void whatSomebodyWroteThereLeadsNowhereElse() throws IOException {
        add(ID);
        LogRecord.Task real = logged().get(0);
        byte[] planted = "x".getBytes(StandardCharsets.US_ASCII);
        List<String> places = List.of("../../planted/a/b", "ready/0/../x", "ready/../../x", "claimed/0/x");
        for (int i = 0; i < places.size(); i++) {
            append(new LogRecord.Task("work", places.get(i), real.name().replace("task", "other" + i), planted, true));
        }
        append(new LogRecord.Task("..", real.place(), real.name().replace("task", "other"), planted, true));
        append(new LogRecord.Task("work", real.place() + "2", "no name", planted, true));
        bootAnew();
        try (Stream<Path> files = Files.walk(dir)) {
            assertThat(files.map(file -> dir.relativize(file).toString()))
                    .noneMatch(file -> file.contains("other") || file.endsWith("/x"));
        }
        assertThat(claim().task().id()).isEqualTo(ID);
        assertThat(queue.claim()).isEmpty();
    }

    private void append(LogRecord.Task task) throws IOException {
        byte[] record = LogRecord.encode(List.of(task));
        assertThat(space.log.epochFor(record.length)).isPositive();
        space.log.append(record);
    }
}
