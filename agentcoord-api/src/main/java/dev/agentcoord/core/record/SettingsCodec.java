package dev.agentcoord.core.record;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.QueueSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The settings of a queue as fields of JSON, the same on every backend. Stateless. */
public final class SettingsCodec {
    private static final String MODE = "mode";
    private static final String DEPTH = "maxDepth";
    private static final String SHARE = "maxPerSession";

    private SettingsCodec() {}

    /** The fields of a record, in a fixed order. */
    public static Map<String, Object> fields(QueueSettings settings) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(MODE, settings.mode().name().toLowerCase(Locale.ROOT));
        fields.put(DEPTH, settings.maxDepth());
        fields.put(SHARE, settings.maxPerSession());
        return fields;
    }

    /** Reads what {@link #fields} wrote; throws {@link CorruptRecordException} naming its place for anything else. */
    public static QueueSettings read(Json.Fields fields) {
        return fields.into(all -> new QueueSettings(
                all.constant(MODE, QueueSettings.Mode.class), all.integer(DEPTH), all.integer(SHARE)));
    }
}
