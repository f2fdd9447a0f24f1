package dev.agentcoord.runner.cli;

import dev.agentcoord.Item;
import dev.agentcoord.LockFilter;
import dev.agentcoord.LockInfo;
import dev.agentcoord.LockRequest;
import dev.agentcoord.TicketId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Parameters;

/** Says who stands in the way of a lock, without asking for it, or of a ticket that waits. */
@picocli.CommandLine.Command(
        name = "why",
        description =
                "Says who stands in the way of a lock, or of a ticket that waits; exit code 3 when somebody does.")
final class WhyCommand extends CoordinatingCommand {
    private static final Pattern TICKET = Pattern.compile("#?[0-9]{1,18}");

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH|TICKET",
            description = "as given to lock; or one ticket's number, as 'agentcoord locks' shows it (a file 7 is ./7)")
    private List<String> words = List.of();

    @ArgGroup(exclusive = true)
    private LockCommand.ModeOptions modes = new LockCommand.ModeOptions();

    @Override
    int run(Context context) {
        try (Membership membership = join(context)) {
            Optional<TicketId> ticket = ticket();
            if (ticket.isPresent()) {
                List<LockInfo> blockers = membership.session().locks().explain(ticket.get());
                return answer(
                        context, membership, blockers, "nothing is in the way of " + ticket.get() + ", it is held");
            }
            LockRequest request = LockWords.typedIn(context.request().directory(), membership.place())
                    .read(words, modes.mode());
            List<LockInfo> blockers = membership.session().locks().explain(request);
            String free = isOwn(membership, request) ? "held by this session: " : "free: ";
            return answer(context, membership, blockers, free + Views.words(request));
        }
    }

    private static boolean isOwn(Membership membership, LockRequest request) {
        LockFilter own = LockFilter.all()
                .held()
                .session(membership.session().info().id())
                .touching(request.items().keySet().toArray(Item[]::new));
        return !request.items().isEmpty()
                && !membership.coordinator().locks(own).isEmpty();
    }

    private Optional<TicketId> ticket() {
        boolean isOne = words.size() == 1 && TICKET.matcher(words.get(0)).matches();
        return isOne ? Optional.of(TicketId.parse(words.get(0))) : Optional.empty();
    }

    private int answer(Context context, Membership membership, List<LockInfo> found, String free) {
        List<LockView> blockers = LockView.of(membership.coordinator(), found);
        if (isJson()) {
            outJson(context, blockers.stream().map(Views::map).toList());
        } else if (blockers.isEmpty()) {
            context.reply().out(free);
        } else {
            blockers.forEach(blocker -> context.reply().out(Views.line(blocker)));
        }
        return blockers.isEmpty() ? ExitCode.OK : ExitCode.CONFLICT;
    }
}
