package dev.agentcoord.runner.cli;

import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Reply;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/** Answers what names no command: help, the version, and mistakes. */
final class Help {
    private static final String NEXT = "agentcoord help";

    private Help() {}

    static int answer(List<String> arguments, Reply reply) {
        if (arguments.isEmpty()) {
            throw Refusal.usage("no command was given", NEXT);
        }
        String verb = arguments.get(0);
        if (List.of("help", "--help", "-h").contains(verb)) {
            return help(arguments.subList(1, arguments.size()), reply);
        }
        if (verb.equals("--version")) {
            reply.out(VersionCommand.text());
            return ExitCode.OK;
        }
        List<String> words = CommandTable.all().stream()
                .map(CommandTable.Entry::name)
                .filter(name -> name.startsWith(verb + " "))
                .toList();
        throw words.isEmpty()
                ? Refusal.usage("there is no command '" + verb + "'", NEXT)
                : Refusal.usage("'" + String.join(" ", arguments) + "' is no command", String.join(" | ", words));
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
        reply.out("usage: agentcoord COMMAND [OPTIONS] [ARGUMENTS]; 'agentcoord help COMMAND' tells more");
        CommandTable.all().forEach(entry -> reply.out(String.format("  %-13s %s", entry.name(), entry.summary())));
        reply.out("exit codes: 0 ok, 1 failed, 2 usage, 3 conflict, 4 lost, 75 timed out waiting");
        return ExitCode.OK;
    }
}
