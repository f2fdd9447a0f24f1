package dev.agentcoord.core.record;

import dev.agentcoord.CorruptRecordException;
import dev.agentcoord.InvalidRequestException;
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
    public static QueueSettings read(Object place, Json.Fields fields) {
        try {
            return new QueueSettings(
                    QueueSettings.Mode.valueOf(fields.text(MODE).toUpperCase(Locale.ROOT)),
                    fields.integer(DEPTH),
                    fields.integer(SHARE));
        } catch (IllegalArgumentException e) {
            throw Json.corrupt(place, "it names a mode this version does not know", e);
        } catch (InvalidRequestException e) {
            throw Json.corrupt(place, "no queue has such limits", e);
        }
    }
}
