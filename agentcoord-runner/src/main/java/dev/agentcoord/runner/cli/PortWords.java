package dev.agentcoord.runner.cli;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.ports.PortRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what people type for a port: {@code web}, {@code web=3000}, {@code web=3000-3999}. */
final class PortWords {
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");

    private PortWords() {}

    /** Several ports, each under a name of its own. Throws {@link InvalidRequestException} naming the word that is wrong. */
    static List<PortRequest> read(List<String> words) {
        Set<String> names = new HashSet<>();
        List<PortRequest> requests = words.stream().map(PortWords::read).toList();
        for (PortRequest request : requests) {
            if (!names.add(request.name())) {
                throw new InvalidRequestException(
                        request.name(), "two ports are named '" + request.name() + "'; give each a name of its own");
            }
        }
        return requests;
    }

    /** One port. Throws {@link InvalidRequestException}. */
    static PortRequest read(String word) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            return PortRequest.named(word);
        }
        Matcher range = RANGE.matcher(word.substring(equals + 1));
        if (!range.matches()) {
            throw new InvalidRequestException(
                    word, "not a port: '" + word + "'; write it like web, web=3000 or web=3000-3999");
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        return PortRequest.named(word.substring(0, equals)).range(first, last);
    }
}
