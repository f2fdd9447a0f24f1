package dev.agentcoord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void sessionIdsAre128BitsAndDoNotRepeat() {
        Set<SessionId> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(SessionId.random());
        }
        assertThat(ids).hasSize(10_000).allMatch(id -> id.text().length() == 26);
    }

    @Test
    void aSessionIdIsNothingElse() {
        for (String text : List.of("", "../../../../../../etc/pass", "A".repeat(26), "w".repeat(26), "0".repeat(25))) {
            assertThatThrownBy(() -> new SessionId(text)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void ticketIdsAreReadWithAndWithoutTheirMark() {
        assertThat(TicketId.parse("#17")).isEqualTo(new TicketId(17)).isEqualTo(TicketId.parse("17"));
        assertThatThrownBy(() -> TicketId.parse("mine")).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void agentNamesAreSafeInEveryPathAndTerminal() {
        assertThat(Participant.named("a1-reviewer").agent()).isEqualTo("a1-reviewer");
        for (String name : List.of("", "-a", "A", "a.b", "a:b", "a b", "a/b", "../a", "é", "a".repeat(49))) {
            assertThatThrownBy(() -> Participant.named(name))
                    .as("'%s'", name)
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aWaitIsNothingABudgetOrForever() {
        assertThat(Wait.none().isNone()).isTrue();
        assertThat(Wait.upTo(Duration.ZERO).isNone()).isTrue();
        assertThat(Wait.upTo(Duration.ofSeconds(1)).budget()).contains(Duration.ofSeconds(1));
        assertThat(Wait.forever().budget()).isEmpty();
        assertThat(Wait.forever().isNone()).isFalse();
        assertThatThrownBy(() -> Wait.upTo(Duration.ofNanos(-1))).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void aTaskCarriesItsSettings() {
        NewTask task = NewTask.of("rename")
                .priority(0)
                .maxAttempts(2)
                .delay(Duration.ofSeconds(3))
                .id(new TaskId("t1"));
        assertThat(task.payload()).isEqualTo("rename".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(task.priority()).isZero();
        assertThat(task.maxAttempts()).isEqualTo(2);
        assertThat(task.delay()).isEqualTo(Duration.ofSeconds(3));
        assertThat(task.id()).contains(new TaskId("t1"));
    }

    @Test
    void aTaskOutOfBoundsIsRefused() {
        assertThatThrownBy(() -> NewTask.of("x").priority(10)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> NewTask.of("x").priority(-1)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> NewTask.of("x").maxAttempts(0)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> NewTask.of("x").delay(Duration.ofNanos(-1)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> NewTask.of(new byte[64 * 1024 + 1])).isInstanceOf(LimitExceededException.class);
        for (String id : List.of("", ".hidden", "-x", "a/b", "a~b", "a".repeat(65))) {
            assertThatThrownBy(() -> new TaskId(id)).isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void aRecipientIsCheckedLikeTheTasksThatRequireAsMuch() {
        assertThat(Recipient.anyone("a", "a")).isEqualTo(Recipient.anyone("a"));
        assertThatThrownBy(() -> Recipient.anyone("")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Recipient.anyone("a,b")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> Recipient.agent("")).isInstanceOf(InvalidRequestException.class);
        String[] many = IntStream.range(0, 17).mapToObj(i -> "c" + i).toArray(String[]::new);
        assertThatThrownBy(() -> Recipient.anyone(many)).isInstanceOf(LimitExceededException.class);
    }

    @Test
    void aNewTaskSaysWhatItIsButNotItsPayload() {
        assertThat(NewTask.of("secret").id(new TaskId("t1")).target("alice").requires(Set.of("java")))
                .hasToString("task t1 for alice requiring [java], priority 5, 6 bytes");
    }

    @Test
    void valuesCannotBeChangedFromOutside() {
        byte[] bytes = {1, 2, 3};
        Versioned versioned = new Versioned("k", bytes, 1);
        NewTask task = NewTask.of(bytes);
        bytes[0] = 9;
        versioned.value()[1] = 9;
        task.payload()[1] = 9;
        assertThat(versioned.value()).containsExactly(1, 2, 3);
        assertThat(task.payload()).containsExactly(1, 2, 3);
    }
}
