package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.text.Spelling;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Answers what names no command: help, the version, and mistakes. */
final class Help {
    private static final String NEXT = "agentcoord help";
    private static final List<String> ASKED = List.of("help", "--help", "-h");

    private Help() {}

    static int answer(List<String> arguments, Reply reply) {
        if (arguments.isEmpty()) {
            throw Refusal.usage("no command was given", NEXT);
        }
        String verb = arguments.get(0);
        if (ASKED.contains(verb)) {
            return help(arguments.subList(1, arguments.size()), reply);
        }
        if (verb.equals("--version")) {
            reply.out(VersionCommand.text());
            return ExitCode.OK;
        }
        if (arguments.size() > 1
                && ASKED.contains(arguments.get(1))
                && !group(verb).isEmpty()) {
            return help(List.of(verb), reply);
        }
        throw mistake(arguments);
    }

    private static int help(List<String> about, Reply reply) {
        Optional<CommandTable.Entry> one = CommandTable.find(about);
        if (one.isPresent()) {
            new CommandLine(one.get().make().get())
                    .setCommandName("agentcoord " + one.get().name())
                    .getUsageMessage(CommandLine.Help.Ansi.OFF)
                    .lines()
                    .forEach(reply::out);
            return ExitCode.OK;
        }
        List<CommandTable.Entry> entries = about.isEmpty() ? CommandTable.all() : group(about.get(0));
        if (entries.isEmpty()) {
            throw mistake(about);
        }
        String group = about.isEmpty() ? "" : about.get(0) + " ";
        reply.out("usage: agentcoord " + group + "COMMAND [OPTIONS] [ARGUMENTS]; 'agentcoord help " + group
                + "COMMAND' tells more");
        entries.forEach(entry -> reply.out(String.format("  %-13s %s", entry.name(), entry.summary())));
        if (about.isEmpty()) {
            reply.out("from a checkout also, each with --help: test, simulate, bench, ensemble");
        }
        reply.out("exit codes: 0 ok, 1 failed, 2 usage, 3 conflict, 4 lost, 75 timed out waiting");
        return ExitCode.OK;
    }

    private static Refusal mistake(List<String> words) {
        String verb = words.get(0);
        List<CommandTable.Entry> group = group(verb);
        if (group.isEmpty()) {
            List<String> verbs = CommandTable.all().stream()
                    .map(entry -> entry.name().replaceFirst(" .*", ""))
                    .distinct()
                    .toList();
            return Spelling.nearest(verb, verbs)
                    .map(near -> Refusal.usage(
                            "there is no command '" + verb + "'; did you mean '" + near + "'?",
                            "agentcoord help " + near))
                    .orElseGet(() -> Refusal.usage("there is no command '" + verb + "'", NEXT));
        }
        if (words.size() == 1) {
            return Refusal.usage("'" + verb + "' needs one more word", NEXT + " " + verb);
        }
        String typed = verb + " " + words.get(1);
        return Spelling.nearest(
                        words.get(1),
                        group.stream()
                                .map(entry -> entry.name().substring(verb.length() + 1))
                                .toList())
                .map(near -> Refusal.usage(
                        "'" + typed + "' is no command; did you mean '" + verb + " " + near + "'?",
                        NEXT + " " + verb + " " + near))
                .orElseGet(() -> Refusal.usage("'" + typed + "' is no command", NEXT + " " + verb));
    }

    /** The commands whose first of two words that is. */
    private static List<CommandTable.Entry> group(String verb) {
        return CommandTable.all().stream()
                .filter(entry -> entry.name().startsWith(verb + " "))
                .toList();
    }
}
