package dev.agentcoord.runner.cli;

import dev.agentcoord.Session;
import dev.agentcoord.SessionStatus;
import dev.agentcoord.StateEvent;
import dev.agentcoord.Subscription;
import dev.agentcoord.runner.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Parameters;

/** Prints what changes, until it is interrupted. */
@picocli.CommandLine.Command(
        name = "watch",
        description =
                "Prints all keys, then each change, until interrupted: '= REVISION KEY' as it is, '+ REVISION KEY' written,"
                        + " '- REVISION KEY' gone. With --json one object for each event, with values.")
final class StateWatchCommand extends CoordinatingCommand {
    @Parameters(arity = "0..1", paramLabel = "PREFIX")
    private String prefix = "";

    @Override
    int run(Context context) throws InterruptedException {
        StateNews news = new StateNews();
        try (Membership membership = join(context)) {
            Session session = membership.session();
            Subscription end = session.onStatus(status -> {
                if (status == SessionStatus.LOST || status == SessionStatus.CLOSED) {
                    news.end();
                }
            });
            try {
                watch(context, session, news);
            } finally {
                end.close();
            }
            if (!context.cancellation().isCancelled()) {
                throw Refusal.failed("the session has ended", "agentcoord status");
            }
            return ExitCode.OK;
        }
    }

    private void watch(Context context, Session session, StateNews news) throws InterruptedException {
        Subscription changes = session.state().watch(prefix, news);
        try {
            print(context, news);
        } finally {
            changes.close();
        }
    }

    private void print(Context context, StateNews news) throws InterruptedException {
        for (List<StateEvent> some = next(context, news); !some.isEmpty(); some = next(context, news)) {
            some.forEach(event -> tell(context, event));
            context.reply().flush();
        }
    }

    private static List<StateEvent> next(Context context, StateNews news) throws InterruptedException {
        return context.cancellation().await(news::take, news::end);
    }

    private void tell(Context context, StateEvent event) {
        if (isJson()) {
            outJson(context, map(event));
        } else if (event instanceof StateEvent.Resync resync) {
            resync.values().forEach(value -> context.reply().out(line("=", value.revision(), value.key())));
        } else if (event instanceof StateEvent.Put put) {
            context.reply().out(line("+", put.value().revision(), put.value().key()));
        } else if (event instanceof StateEvent.Deleted deleted) {
            context.reply().out(line("-", deleted.revision(), deleted.key()));
        }
    }

    private static String line(String sign, long revision, String key) {
        return sign + " " + revision + " " + key;
    }

    private static Map<String, Object> map(StateEvent event) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (event instanceof StateEvent.Resync resync) {
            map.put("event", "resync");
            map.put("values", resync.values().stream().map(Views::map).toList());
        } else if (event instanceof StateEvent.Put put) {
            map.put("event", "put");
            map.putAll(Views.map(put.value()));
        } else if (event instanceof StateEvent.Deleted deleted) {
            map.put("event", "deleted");
            map.put("key", deleted.key());
            map.put("revision", deleted.revision());
        }
        return map;
    }
}
