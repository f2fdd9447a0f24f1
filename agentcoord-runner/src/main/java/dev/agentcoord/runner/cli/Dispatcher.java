package dev.agentcoord.runner.cli;

import dev.agentcoord.CoordinationException;
import dev.agentcoord.Grant;
import dev.agentcoord.GrantLostException;
import dev.agentcoord.Intervention;
import dev.agentcoord.runner.Refusal;
import dev.agentcoord.runner.control.Cancellation;
import dev.agentcoord.runner.control.Reply;
import dev.agentcoord.runner.control.Request;
import dev.agentcoord.runner.control.RequestHandler;
import dev.agentcoord.runner.session.AgentRun;
import dev.agentcoord.runner.session.Holdings;
import dev.agentcoord.runner.store.PlaceFinder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Finds the command for a request, parses its arguments and runs it: the same for a fresh JVM and for the socket. Thread-safe. */
final class Dispatcher implements RequestHandler {
    private final MembershipSource memberships;
    private final Optional<AgentRun> inside;
    private final Map<String, String> environment;

    private Dispatcher(MembershipSource memberships, Optional<AgentRun> inside, Map<String, String> environment) {
        this.memberships = memberships;
        this.inside = inside;
        this.environment = Map.copyOf(environment);
    }

    /** For one command in a process of its own. */
    static Dispatcher ofProcess(Map<String, String> environment) {
        PlaceFinder places = new PlaceFinder(environment);
        MembershipSource outside =
                (directory, options) -> new OutsideMembership(places.find(directory, options), environment);
        return new Dispatcher(outside, Optional.empty(), environment);
    }

    /** For the commands that an agent sends to its runner. */
    static Dispatcher ofRun(AgentRun run, Map<String, String> environment) {
        return new Dispatcher((directory, options) -> InsideMembership.of(run, options), Optional.of(run), environment);
    }

    @Override
    public int handle(Request request, Reply reply, Cancellation cancellation) {
        boolean json = isJson(request.arguments());
        Failures failures = new Failures(reply, json);
        try {
            return dispatch(request, json ? new JsonNotes(reply) : reply, cancellation);
        } catch (Refusal e) {
            return failures.refusal(e);
        } catch (CoordinationException e) {
            return failures.coordination(e);
        } catch (IOException e) {
            return failures.io(e);
        } catch (InterruptedException e) {
            return failures.cancelled();
        } catch (RuntimeException e) {
            return failures.unexpected(e);
        }
    }

    /** Known before the arguments are parsed, since that may fail. */
    private static boolean isJson(List<String> arguments) {
        return beforeDashes(arguments).stream().anyMatch(JsonNotes::isAskedBy);
    }

    private static List<String> beforeDashes(List<String> words) {
        int dashes = words.indexOf("--");
        return dashes < 0 ? words : words.subList(0, dashes);
    }

    private int dispatch(Request request, Reply reply, Cancellation cancellation)
            throws IOException, InterruptedException {
        List<String> arguments = request.arguments();
        Optional<CommandTable.Entry> found = CommandTable.find(arguments);
        if (found.isEmpty()) {
            return Help.answer(arguments, reply);
        }
        CommandTable.Entry entry = found.get();
        Command command = entry.make().get();
        List<String> all = arguments.subList(entry.words(), arguments.size());
        List<String> own = command.takesCommand() ? beforeDashes(all) : all;
        Context context = new Context(
                request,
                reply,
                cancellation,
                own.size() < all.size() ? Optional.of(all.subList(own.size() + 1, all.size())) : Optional.empty(),
                memberships,
                inside,
                environment);
        return run(entry, command, own, context);
    }

    private static int run(CommandTable.Entry entry, Command command, List<String> arguments, Context context)
            throws IOException, InterruptedException {
        CommandLine line = new CommandLine(command)
                .setCommandName("agentcoord " + entry.name())
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A payload that begins with @ is no file of further arguments.
                .setExpandAtFiles(false);
        try {
            line.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong arguments");
            throw Refusal.usage(
                    entry.name() + ": " + reason + hint(e, arguments, command),
                    "agentcoord " + entry.name() + " --help");
        }
        if (command.isHelp()) {
            line.getUsageMessage(CommandLine.Help.Ansi.OFF).lines().forEach(context.reply()::out);
            return 0;
        }
        return context.inside().isPresent()
                ? runInside(command, context, context.inside().get().holdings())
                : command.run(context);
    }

    /** For whoever meant a value by what looks like an option. */
    private static String hint(ParameterException e, List<String> arguments, Command command) {
        boolean isMeant = String.valueOf(e.getMessage()).contains("but found '-")
                || beforeDashes(arguments).stream().anyMatch(word -> isUnknownOption(word, e.getCommandLine()));
        String dashes = command.takesCommand() ? "" : " or after --";
        return isMeant ? "; a value that begins with - is given as --option=VALUE" + dashes : "";
    }

    private static boolean isUnknownOption(String word, CommandLine line) {
        String name = word.split("=", 2)[0];
        return name.length() > 1
                && name.startsWith("-")
                && !line.getCommandSpec().optionsMap().containsKey(name);
    }

    /** An agent hears who asks it for a lock from the next command it runs, too. */
    private static int runInside(Command command, Context context, Holdings holdings)
            throws IOException, InterruptedException {
        Map<Intervention, String> asked = holdings.newlyAsked();
        asked.values().forEach(line -> context.reply().err("agentcoord: " + line));
        context.reply().flush();
        try {
            return runAfterLosses(command, context, holdings);
        } finally {
            if (isHeard(context)) {
                holdings.told(asked.keySet());
            }
        }
    }

    private static boolean isHeard(Context context) {
        return context.request().isRead() && !context.cancellation().isCancelled();
    }

    /** An agent hears of a lock it lost from the next command it runs, whatever that is. */
    private static int runAfterLosses(Command command, Context context, Holdings holdings)
            throws IOException, InterruptedException {
        Map<Grant, String> losses = holdings.losses();
        if (losses.isEmpty()) {
            return command.run(context);
        }
        losses.values().forEach(loss -> context.reply().err("agentcoord: " + loss));
        context.reply().flush();
        try {
            return command.stopsAfterLoss() ? ExitCode.LOST : command.run(context);
        } catch (GrantLostException e) {
            if (losses.containsValue(e.getMessage())) {
                return ExitCode.LOST; // It was told already.
            }
            throw e;
        } finally {
            if (isHeard(context)) {
                holdings.forget(losses.keySet());
            }
        }
    }
}
