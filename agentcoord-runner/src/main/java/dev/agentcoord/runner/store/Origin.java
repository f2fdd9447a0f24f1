package dev.agentcoord.runner.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a repository was cloned from, in the same words whichever way that was reached: {@code host/path} or a local path. */
final class Origin {
    private static final Pattern SECTION = Pattern.compile("\\s*\\[.*");
    private static final Pattern REMOTE = Pattern.compile("\\s*\\[remote \"origin\"]\\s*");
    private static final Pattern URL = Pattern.compile("\\s*url\\s*=\\s*\"?(.*?)\"?\\s*");
    private static final Pattern BY_SCHEME = Pattern.compile("[a-z+]+://(?:[^/@]*@)?([^/:]*)(?::\\d+)?(/.*)");
    private static final Pattern BY_SSH = Pattern.compile("(?:[^/@:]*@)?([^/:]+):/?(.*)");

    private Origin() {}

    /** Read from the repository's own configuration; empty where no remote is called origin. */
    static Optional<String> of(Path commonDirectory) {
        try {
            return url(Files.readAllLines(commonDirectory.resolve("config"))).map(Origin::normal);
        } catch (IOException e) {
            return Optional.empty(); // None, or none that could be read as text.
        }
    }

    private static Optional<String> url(List<String> lines) {
        boolean inOrigin = false;
        for (String line : lines) {
            if (SECTION.matcher(line).matches()) {
                inOrigin = REMOTE.matcher(line).matches();
            }
            Matcher url = URL.matcher(line);
            if (inOrigin && url.matches()) {
                return Optional.of(url.group(1));
            }
        }
        return Optional.empty();
    }

    static String normal(String url) {
        String named = withoutScheme(url);
        String path = named.startsWith("/") ? Path.of(named).normalize().toString() : named;
        return path.replaceFirst("/+$", "").replaceFirst("\\.git$", "").replaceFirst("/+$", "");
    }

    private static String withoutScheme(String url) {
        Matcher m = BY_SCHEME.matcher(url);
        if (m.matches()) {
            return m.group(1).toLowerCase(Locale.ROOT) + m.group(2);
        }
        m = BY_SSH.matcher(url);
        return m.matches() ? m.group(1).toLowerCase(Locale.ROOT) + "/" + m.group(2) : url;
    }
}
