package dev.agentcoord.runner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the guide for operators shows at the prompt, by the heading it stands under. */
final class Guide {
    private static final Pattern VARIABLE = Pattern.compile("([A-Z_]+)=(\\S+)");

    private final String text;
    private final Map<String, List<Example>> examples = new LinkedHashMap<>();

    /** A command, with variables before it, and lines of its output in which {@code …} is anything. */
    record Example(Map<String, String> variables, List<String> words, List<String> lines) {
        static Example of(String prompt) {
            Map<String, String> variables = new LinkedHashMap<>();
            List<String> words = new ArrayList<>();
            for (String word : prompt.split(" ", -1)) {
                Matcher variable = VARIABLE.matcher(word);
                if (words.isEmpty() && variable.matches()) {
                    variables.put(variable.group(1), variable.group(2));
                } else {
                    words.add(word);
                }
            }
            if (!words.get(0).equals("agentcoord")) {
                throw new IllegalArgumentException("not a command of ours: " + prompt);
            }
            return new Example(variables, words.subList(1, words.size()), new ArrayList<>());
        }

        /** Those of its lines that the output does not have. */
        List<String> missingIn(List<String> output) {
            return lines.stream()
                    .filter(line -> output.stream()
                            .noneMatch(Pattern.compile(asPattern(line)).asMatchPredicate()))
                    .toList();
        }

        private static String asPattern(String line) {
            return Pattern.compile("…")
                    .splitAsStream(line)
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".+", "", line.endsWith("…") ? ".+" : ""));
        }
    }

    Guide(Path file) throws IOException {
        text = Files.readString(file);
        String heading = "";
        boolean shows = false;
        Example example = Example.of("agentcoord");
        for (String line : text.lines().toList()) {
            if (line.startsWith("#")) {
                heading = line.replaceFirst("^#+ ", "");
            } else if (line.startsWith("```")) {
                shows = line.equals("```console");
            } else if (shows && line.startsWith("$ ")) {
                example = Example.of(line.substring(2));
                examples.computeIfAbsent(heading, key -> new ArrayList<>()).add(example);
            } else if (shows) {
                example.lines().add(line);
            }
        }
    }

    /** Those that have examples. */
    Set<String> headings() {
        return examples.keySet();
    }

    List<Example> examples(String heading) {
        return examples.getOrDefault(heading, List.of());
    }

    /** All that matches, each once. */
    List<String> mentions(String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group())
                .distinct()
                .toList();
    }

    /** The lines of the first block that has no language and begins so. */
    List<String> block(String beginning) {
        int start = text.indexOf("```\n" + beginning);
        return text.substring(start + 4, text.indexOf("\n```", start + 4))
                .lines()
                .toList();
    }
}
