package dev.agentcoord.runner.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestReaderTest {
    @Test
    void a_request_is_read_field_by_field() throws IOException {
        Request request = read("AC1\0" + "4\0/repo\0tty\0lock\0a b\n;\0");

        assertThat(request.directory()).isEqualTo(Path.of("/repo"));
        assertThat(request.flags()).containsExactly("tty");
        assertThat(request.arguments()).containsExactly("lock", "a b\n;");
        assertThat(request.input().readAllBytes()).isEmpty();
    }

    @Test
    void empty_and_no_arguments_are_what_they_are() throws IOException {
        assertThat(read("AC1\0" + "4\0/\0\0lock\0\0").arguments()).containsExactly("lock", "");
        assertThat(read("AC1\0" + "3\0/\0\0ls\0").arguments()).containsExactly("ls");
    }

    @Test
    void standard_input_follows_to_the_end_when_announced() throws IOException {
        Request request = read("AC1\0" + "5\0/\0stdin tty\0state\0put\0-\0");
        assertThat(request.input().readAllBytes()).isEmpty();

        assertThat(read("AC1\0" + "3\0/\0stdin\0x\0a\0b\n").input().readAllBytes())
                .isEqualTo("a\0b\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void malformed_requests_are_refused_with_a_reason() {
        for (String wrong :
                List.of("AC2\0", "AC1\0x\0", "AC1\0" + "2\0", "AC1\0" + "5000\0", "AC1\0" + "3\0repo\0\0x\0")) {
            assertThatThrownBy(() -> read(wrong)).isInstanceOf(MalformedRequestException.class);
        }
    }

    @Test
    void a_field_without_end_is_refused() {
        String endless = "AC1\0" + "3\0/\0\0" + "x".repeat(RequestReader.MAX_BYTES + 1);
        assertThatThrownBy(() -> read(endless))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("1 MiB");
    }

    @Test
    void fields_that_are_too_much_together_are_refused() {
        String field = "x".repeat(RequestReader.MAX_BYTES) + "\0";
        int most = RequestReader.MAX_REQUEST_BYTES / RequestReader.MAX_BYTES;
        assertThatThrownBy(() -> read("AC1\0" + (most + 2) + "\0/\0\0" + field.repeat(most)))
                .isInstanceOf(MalformedRequestException.class)
                .hasMessageContaining("8 MiB");
    }

    @Test
    void a_flag_said_twice_is_that_flag() throws IOException {
        assertThat(read("AC1\0" + "3\0/\0tty  tty\0ls\0").flags()).containsExactly("tty");
    }

    @Test
    void a_client_that_leaves_early_is_no_request() {
        assertThatThrownBy(() -> read("AC1\0" + "4\0/\0")).isInstanceOf(EOFException.class);
    }

    private static Request read(String bytes) throws IOException {
        return new RequestReader(Channels.newChannel(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8))))
                .read();
    }
}
