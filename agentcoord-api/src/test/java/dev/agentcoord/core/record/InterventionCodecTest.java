package dev.agentcoord.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Intervention;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.Participant;
import dev.agentcoord.SessionId;
import dev.agentcoord.SessionInfo;
import dev.agentcoord.TicketId;
import dev.agentcoord.core.lock.Owner;
import dev.agentcoord.core.lock.Ticket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InterventionCodecTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final SessionInfo BY =
            new SessionInfo(SessionId.random(), Participant.named("thief"), "dev", "host", "boot", 1, AT, 1);

    @Test
    void a_record_says_who_did_what_to_whose_ticket_and_why() {
        Intervention done = on(Item.file("src/A.java"));

        assertThat(done.ticket()).isEqualTo(new TicketId(7));
        assertThat(done.what()).contains("src/A.java");
        assertThat(done).hasToString("by thief of user dev: it stands still");
        assertThat(done.at()).isEqualTo(AT);
    }

    @Test
    void a_record_reads_as_it_was_written() {
        Intervention done = on(Item.file("a"));

        assertThat(read(InterventionCodec.fields(done))).isEqualTo(done);
    }

    @Test
    void the_user_is_the_one_the_store_names_whatever_the_record_says() {
        Intervention done = on(Item.file("a"));
        Json.Fields fields = Json.read(Path.of("note"), Json.write(InterventionCodec.fields(done)));

        assertThat(InterventionCodec.read(fields, "mallory").developer()).isEqualTo("mallory");
    }

    @Test
    void a_request_of_any_length_becomes_one_line_that_says_where_it_was_cut() {
        LockRequest wants = LockRequest.empty();
        for (int i = 0; i < 100; i++) {
            wants = wants.andExclusive(Item.file("src/main/java/com/example/File" + i + ".java"));
        }
        String what = of(wants).what();

        assertThat(wants.toString()).startsWith(what.substring(0, what.length() - 1));
        assertThat(what).endsWith("\u2026").hasSizeGreaterThan(20).hasSizeLessThan(600);
        assertThat(on(Item.file("a")).what()).doesNotContain("\u2026");
    }

    @Test
    void each_missing_or_wrong_field_is_an_error_that_names_the_place() {
        for (String field : InterventionCodec.fields(on(Item.file("a"))).keySet()) {
            Map<String, Object> fields = InterventionCodec.fields(on(Item.file("a")));
            fields.remove(field);
            assertCorrupt(fields);
            fields.put(field, false);
            assertCorrupt(fields);
        }
        Map<String, Object> fields = InterventionCodec.fields(on(Item.file("a")));
        fields.put("kind", "BORROWED");
        assertCorrupt(fields);
    }

    private static void assertCorrupt(Map<String, Object> fields) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> read(fields))
                .withMessageContaining("note");
    }

    private static Intervention read(Map<String, Object> fields) {
        return InterventionCodec.read(Json.read(Path.of("note"), Json.write(fields)));
    }

    private static Intervention on(Item item) {
        return of(LockRequest.exclusive(item));
    }

    private static Intervention of(LockRequest wants) {
        Ticket ticket = new Ticket(7, 0, Owner.session(SessionId.random()), 1, wants, AT);
        return InterventionCodec.of(Intervention.Kind.STOLEN, ticket, "holder", BY, "it stands still", AT);
    }
}
