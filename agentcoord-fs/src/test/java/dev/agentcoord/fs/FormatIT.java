package dev.agentcoord.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.StoreFormatException;
import dev.agentcoord.testkit.Campaign;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of this format beside programs of the next, each in a process of its own. */
final class FormatIT {
    private static final String THIS = Manifest.Format.CURRENT.number() + ":" + Manifest.Format.CURRENT.requires();
    private static final int NEXT = Manifest.Format.CURRENT.number() + 1;
    private static final String NEXT_THAT_ONLY_ADDS = NEXT + ":" + Manifest.Format.CURRENT.requires();
    private static final String NEXT_THAT_CHANGES = NEXT + ":" + NEXT;

    @TempDir
    private Path dir;

    private Path store;

    @BeforeEach
    void nameTheStore() {
        store = dir.resolve("store");
    }

    @Test
    void aStoreMadeByThisFormatIsSharedWithTheNext() throws IOException {
        makeStoreBy(THIS);
        mix(THIS, NEXT_THAT_ONLY_ADDS, NEXT_THAT_CHANGES, THIS);
        assertThat(manifest()).contains("\"format\":" + Manifest.Format.CURRENT.number());
    }

    @Test
    void aStoreMadeByANextFormatThatOnlyAddsIsSharedWithThis() throws IOException {
        makeStoreBy(NEXT_THAT_ONLY_ADDS);
        mix(NEXT_THAT_ONLY_ADDS, THIS, THIS, NEXT_THAT_ONLY_ADDS);
        assertThat(manifest()).contains("\"format\":" + NEXT);
    }

    @Test
    void aStoreThatRequiresMoreIsRefusedBeforeAnythingElseIsReadOrWritten() throws IOException {
        makeStoreBy(NEXT_THAT_CHANGES);
        Files.write(store.resolve("web/order"), new byte[] {1, 2, 3});
        Map<String, String> before = picture();
        assertThatThrownBy(() -> makeStoreBy(THIS))
                .hasMessageContaining(StoreFormatException.class.getSimpleName())
                .hasMessageContaining("needs format " + NEXT)
                .hasMessageContaining("use the version of agentcoord that made it, or newer");
        assertThat(picture()).isEqualTo(before);
    }

    private void makeStoreBy(String format) throws IOException {
        try (Child child = Child.start(Puppet.class, store, "web", "maker", "format=" + format)) {
            child.awaitReady();
            assertThat(child.ask("hold a")).doesNotContain("Exception");
        }
    }

    /** One process of each format, all taking the same locks. */
    private void mix(String... formats) throws IOException {
        List<Path> accounts = new ArrayList<>();
        try (Children mixers = Children.start(formats.length, i -> {
            accounts.add(dir.resolve("account-" + i));
            return Child.start(Mixer.class, store, accounts.get(i), Campaign.seed() * 1000 + i, "300", formats[i]);
        })) {
            assertThat(mixers.askAll("go")).allMatch(answer -> answer.startsWith("done "));
        }
        Accounts all = Accounts.read(accounts);
        assertThat(all.holds()).hasSize(300 * formats.length);
        assertThat(all.violations()).isEmpty();
    }

    private String manifest() throws IOException {
        return Files.readString(store.resolve("MANIFEST"));
    }

    /** Every name with its modes, size and when it was written to. */
    private Map<String, String> picture() throws IOException {
        Map<String, String> picture = new TreeMap<>();
        try (var paths = Files.walk(store)) {
            paths.forEach(path -> picture.put(path.toString(), attributes(path)));
        }
        return picture;
    }

    private static String attributes(Path path) {
        try {
            return Files.readAttributes(path, "unix:mode,size,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
