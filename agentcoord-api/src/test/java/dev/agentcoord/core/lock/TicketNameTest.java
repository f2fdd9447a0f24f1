package dev.agentcoord.core.lock;

import static dev.agentcoord.Item.file;
import static dev.agentcoord.Item.glob;
import static dev.agentcoord.Item.name;
import static dev.agentcoord.Item.pool;
import static dev.agentcoord.Item.tree;
import static dev.agentcoord.LockRequest.exclusive;
import static dev.agentcoord.core.lock.Tickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.Item;
import dev.agentcoord.LockRequest;
import dev.agentcoord.SessionId;
import dev.agentcoord.TaskId;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TicketNameTest {
    private static final String HEAD = "000000000000002a~0~s=00000000000000000000000007~42~1700000000123~";

    @Test
    void aNameCanBeReadByAPerson() {
        Ticket ticket = ticket(
                42,
                7,
                exclusive(file("src/api/User.java"))
                        .andShared(tree("docs"), name("git:index"))
                        .andPermits(pool("build", 4), 2)
                        .reason("TASK-42 rename"));

        assertThat(TicketName.encode(ticket))
                .contains(HEAD + "xf=src+api+User.java,st=docs,sn=git%3Aindex,p2.4=build~TASK-42%20rename");
    }

    @Test
    void aTicketOfATaskNamesQueueAndTask() {
        Ticket ticket = new Ticket(1, 3, Owner.task("work", new TaskId("T-1")), 5, exclusive(file("a")), Tickets.SINCE);

        assertThat(TicketName.encode(ticket)).contains("0000000000000001~3~t=work+T-1~5~1700000000123~xf=a~");
    }

    @Test
    void namesSortByPosition() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            long a = random.nextLong() >>> (1 + random.nextInt(60));
            long b = random.nextLong() >>> (1 + random.nextInt(60));

            assertThat(Integer.signum(shortName(a).compareTo(shortName(b)))).isEqualTo(Long.compare(a, b));
            assertThat(TicketName.positionOf(shortName(a))).isEqualTo(a);
        }
    }

    @Test
    void anyTicketIsReadBackFromItsNameOrFromNameAndBody() {
        Random random = new Random(2);
        for (int i = 0; i < 4_000; i++) {
            Ticket ticket = random(random);
            String name = TicketName.encode(ticket).orElseGet(() -> TicketName.encodeLong(ticket));

            assertThat(name).matches("[A-Za-z0-9._~%+=,@-]{1,255}");
            assertThat(TicketName.needsBody(name))
                    .isEqualTo(TicketName.encode(ticket).isEmpty());
            assertThat(
                            TicketName.needsBody(name)
                                    ? TicketName.decode(name, TicketName.bodyOf(ticket))
                                    : TicketName.decode(name))
                    .isEqualTo(ticket);
        }
    }

    @Test
    void anAlteredNameIsRefusedOrIsTheOneNameOfAnotherTicket() {
        Random random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            String name =
                    altered(TicketName.encode(ticket(i, 1, wants(random, 2))).orElse(HEAD), random);
            try {
                assertThat(TicketName.encode(TicketName.decode(name))).contains(name);
            } catch (CorruptRecordException e) {
                assertThat(e.subject()).isEqualTo(name);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(5_000);
    }

    @Test
    void aNameCutShortIsRefused() {
        String name = TicketName.encode(ticket(42, 7, exclusive(file("a")))).orElseThrow();
        for (int length = 0; length < name.lastIndexOf('~'); length++) {
            String cut = name.substring(0, length);
            assertThatExceptionOfType(CorruptRecordException.class).isThrownBy(() -> TicketName.decode(cut));
        }
    }

    @Test
    void aTicketMadeUnderAClockBefore1970IsReadBack() {
        Ticket old =
                new Ticket(1, 0, Owner.task("q", new TaskId("t")), 5, exclusive(file("a")), Instant.ofEpochMilli(-50));

        assertThat(TicketName.decode(TicketName.encode(old).orElseThrow())).isEqualTo(old);
    }

    @Test
    void whatDoesNotFitAFileNameGoesIntoTheBody() {
        Ticket ticket = ticket(42, 7, exclusive(file("a")).reason("x".repeat(300)));

        assertThat(TicketName.encode(ticket)).isEmpty();
        assertThat(TicketName.encodeLong(ticket)).isEqualTo(HEAD + "body");
        assertThat(TicketName.bodyOf(ticket)).isEqualTo("xf=a~" + "x".repeat(300) + "\n");
        assertThat(TicketName.decode(HEAD + "body", TicketName.bodyOf(ticket))).isEqualTo(ticket);
    }

    @Test
    void aNameOfExactlyTheLimitFitsAndOneMoreDoesNot() {
        int room = TicketName.MAX_BYTES - (HEAD + "xf=a~").length();

        assertThat(TicketName.encode(ticket(42, 7, exclusive(file("a")).reason("r".repeat(room)))))
                .hasValueSatisfying(name -> assertThat(name).hasSize(255));
        assertThat(TicketName.encode(ticket(42, 7, exclusive(file("a")).reason("r".repeat(room + 1)))))
                .isEmpty();
    }

    @Test
    void aNameThatIsLongerThanAFileNameMayBeIsRefused() {
        String longest = TicketName.encode(ticket(42, 7, exclusive(file("a")).reason("r".repeat(185))))
                .orElseThrow();

        assertThat(longest).hasSize(255);
        assertThatThrownBy(() -> TicketName.decode(longest + "r")).isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void aReasonThatSaysBodyIsNoMarker() {
        String name = TicketName.encode(ticket(42, 7, exclusive(file("a")).reason("body")))
                .orElseThrow();

        assertThat(TicketName.needsBody(name)).isFalse();
    }

    @Test
    void aTornBodyIsRefused() {
        String body = TicketName.bodyOf(ticket(42, 7, exclusive(file("a"), file("b"))));

        for (int length = 0; length < body.length(); length++) {
            String torn = body.substring(0, length);
            assertThatThrownBy(() -> TicketName.decode(HEAD + "body", torn)).isInstanceOf(CorruptRecordException.class);
        }
        assertThatThrownBy(() -> TicketName.decode(HEAD + "body", body + "\n"))
                .isInstanceOf(CorruptRecordException.class);
    }

    @Test
    void otherSpellingsAndForeignNamesAreRefused() {
        String owner = "~0~s=00000000000000000000000007~42~1700000000123~";
        for (String bad : new String[] {
            "",
            "~",
            "lost+found",
            ".nfs000000000012",
            HEAD,
            HEAD + "body",
            HEAD + "~why",
            HEAD + "xf=a",
            HEAD + "xf=b,xf=a~",
            HEAD + "xf=a,xf=a~",
            HEAD + "xf=a,~",
            HEAD + "xf=.+a~",
            HEAD + "xf=a+..+b~",
            HEAD + "xf=..+..+etc+passwd~",
            HEAD + "xf=%2Fetc~",
            HEAD + "xf=%61~",
            HEAD + "xn=%3a~",
            HEAD + "xn=%C3~",
            HEAD + "xn=%~",
            HEAD + "xn=%0~",
            HEAD + "xn=%00~",
            HEAD + "xn=%ED%A0%80~",
            HEAD + "xn=\u0080~",
            HEAD + "xf=a~%0A",
            HEAD + "xf=a~b c",
            HEAD + "xf=a~b~c",
            HEAD + "xf=a~b/c",
            HEAD + "zf=a~",
            HEAD + "xz=a~",
            HEAD + "xff=a~",
            HEAD + "x=a~",
            HEAD + "p1=a~",
            HEAD + "p2.1=a~",
            HEAD + "p0.1=a~",
            HEAD + "p01.1=a~",
            HEAD + "p-1.1=a~",
            HEAD + "p1.99999999999=a~",
            "2a" + owner + "xf=a~",
            "000000000000002A" + owner + "xf=a~",
            "800000000000002a" + owner + "xf=a~",
            HEAD.replace("~0~", "~-1~") + "xf=a~",
            HEAD.replace("~0~", "~9999999999~") + "xf=a~",
            HEAD.replace("~0~", "~+0~") + "xf=a~",
            HEAD.replace("~0~", "~00~") + "xf=a~",
            HEAD.replace("~42~", "~~") + "xf=a~",
            HEAD.replace("s=", "u=") + "xf=a~",
            HEAD.replace("s=", "t=") + "xf=a~",
            HEAD.replace("s=0", "s=") + "xf=a~",
            HEAD.replace("s=0", "s=Z") + "xf=a~",
            HEAD.replace("17", "99999999999999999999") + "xf=a~",
            HEAD.replace("1700000000123", "9223372036854775808") + "xf=a~",
        }) {
            assertThatThrownBy(() -> TicketName.decode(bad))
                    .as(bad)
                    .isInstanceOfSatisfying(
                            CorruptRecordException.class,
                            e -> assertThat(e.subject()).isEqualTo(bad));
        }
    }

    @Test
    void aHostileNameDoesNothingToTheTerminalThatShowsTheMessage() {
        assertThatThrownBy(() -> TicketName.decode("\u001b[2J\nx\u202e"))
                .isInstanceOf(CorruptRecordException.class)
                .message()
                .matches("[ -~]+");
    }

    @Test
    void aRefusalShowsTheNameWithoutWhatWouldActOnATerminal() {
        assertThatThrownBy(() -> TicketName.decode("lost+found")).hasMessageContaining("'lost+found'");
        assertThatThrownBy(() -> TicketName.decode("!\u001b[2J x~\u007f")).hasMessageContaining("'!<1b>[2J<20>x~<7f>'");
    }

    @Test
    void theSessionIsReadWithoutTheRest() {
        assertThat(TicketName.sessionOf(HEAD + "body")).contains(new SessionId("00000000000000000000000007"));
        assertThat(TicketName.sessionOf("000000000000002a~0~t=work+T-1~42~1~body"))
                .isEmpty();
        assertThat(TicketName.sessionOf("000000000000002a~0~s=nobody~42~1~body"))
                .isEmpty();
        assertThat(TicketName.sessionOf("README")).isEmpty();
    }

    @Test
    void aForeignNameHasNoPosition() {
        for (String bad :
                new String[] {"", "lost+found", "2a~0~", "0000000000000002a~0~", "0".repeat(40), "g".repeat(16) + "~"
                }) {
            assertThatThrownBy(() -> TicketName.positionOf(bad)).as(bad).isInstanceOf(CorruptRecordException.class);
        }
    }

    @Test
    void aBodyBelongsToANameThatAsksForOneAndIsWrittenInTheOneForm() {
        String body = TicketName.bodyOf(ticket(42, 7, exclusive(file("a"))));
        for (String bad : new String[] {HEAD + "xf=a~", HEAD, HEAD + "bodies", HEAD.replace("~0~", "~00~") + "body"}) {
            assertThatThrownBy(() -> TicketName.decode(bad, body)).as(bad).isInstanceOf(CorruptRecordException.class);
        }
    }

    private static String shortName(long position) {
        return TicketName.encode(ticket(position, 1, exclusive(file("a")))).orElseThrow();
    }

    private static Ticket random(Random random) {
        Owner owner = random.nextBoolean()
                ? Tickets.owner(random.nextInt(1_000))
                : Owner.task("q-" + random.nextInt(9), new TaskId("_T." + random.nextInt(99)));
        return new Ticket(
                random.nextLong() >>> 1,
                random.nextInt() >>> 1,
                owner,
                random.nextLong() >>> 1,
                wants(random, 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 4)),
                Tickets.SINCE.plusMillis(random.nextInt()));
    }

    private static LockRequest wants(Random random, int count) {
        LockRequest wants = LockRequest.empty().reason(text(random, random.nextInt(12)));
        for (int i = 0; i < count; i++) {
            Item item = switch (random.nextInt(4)) {
                case 0 -> file("f" + text(random, 5));
                case 1 -> tree("t" + text(random, 5) + "/x");
                case 2 -> glob("**/[a-c]*.{x,y}" + random.nextInt(50));
                default -> name("n~%" + text(random, 9));
            };
            wants = random.nextBoolean() ? wants.andShared(item) : wants.andExclusive(item);
        }
        return random.nextBoolean() ? wants : wants.andPermits(pool("p" + text(random, 3), 9), 1 + random.nextInt(9));
    }

    private static String text(Random random, int length) {
        String hostile = "aB9~%+,=.@-_ :;$'\"()&|<>{}\u00e9\u202e\u4e2d\ud83d\ude00";
        int[] codePoints = hostile.codePoints().toArray();
        return IntStream.range(0, length)
                .map(i -> codePoints[random.nextInt(codePoints.length)])
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    private static String altered(String name, Random random) {
        int at = random.nextInt(name.length());
        String piece = new String[] {"", "~", ",", "=", "%", "0", "9", "a", "+", "/", "%41", "..", "\n", "x"}
                [random.nextInt(14)];
        return name.substring(0, at) + piece + name.substring(Math.min(name.length(), at + random.nextInt(3)));
    }
}
