package dev.agentcoord.core.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.agentcoord.CoordinationException;
import dev.agentcoord.CorruptRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Records as one JSON object of strings, whole numbers, booleans, lists and objects. Streaming only, because it starts fast. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** One line, in the map's order. */
    public static byte[] write(Map<String, ?> object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
            write(out, object);
            out.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            out.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                out.writeFieldName((String) field.getKey());
                write(out, field.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof Iterable<?> list) {
            out.writeStartArray();
            for (Object element : list) {
                write(out, element);
            }
            out.writeEndArray();
        } else if (value instanceof Number number) {
            out.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else {
            out.writeString(value.toString());
        }
    }

    /** Reads what {@link #write} wrote; throws {@link CorruptRecordException} naming the place for anything else. */
    public static Fields read(Object where, byte[] bytes) {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                Map<String, Object> object = object(in);
                if (in.nextToken() == null) {
                    return new Fields(where, object);
                }
            }
            throw corrupt(where, "it is not one JSON object", null);
        } catch (IOException e) {
            throw corrupt(where, "it is not JSON", e);
        }
    }

    /** The error for a record that is not what was written. */
    public static CorruptRecordException corrupt(Object where, String why, @Nullable Throwable cause) {
        return new CorruptRecordException(
                where, where + " cannot be read: " + why + "; look at it, then move it away or repair it", cause);
    }

    private static Map<String, Object> object(JsonParser in) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (in.nextToken() == JsonToken.FIELD_NAME) {
            String name = in.currentName();
            in.nextToken();
            object.put(name, value(in));
        }
        return object;
    }

    private static Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> list(in);
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> in.getText();
            default -> throw new IOException("no place for " + in.currentToken());
        };
    }

    private static List<Object> list(JsonParser in) throws IOException {
        List<Object> list = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(in));
        }
        return list;
    }

    /**
     * The fields of one record, each read with the type it must have; a missing or other one is a {@link CorruptRecordException}.
     *
     * @param where the file or znode they were read from, for the error
     * @param map the fields
     */
    public record Fields(Object where, Map<String, Object> map) {
        /** A string. */
        public String text(String name) {
            return field(name, String.class);
        }

        /** A whole number. */
        public long number(String name) {
            return field(name, Long.class);
        }

        /** A whole number of 32 bits. */
        public int integer(String name) {
            long number = number(name);
            if (number != (int) number) {
                throw corrupt(where, "'" + name + "' is out of range", null);
            }
            return (int) number;
        }

        /** A moment, as {@link Instant#toString()} writes it. */
        public Instant instant(String name) {
            return into(fields -> Instant.parse(fields.text(name)));
        }

        /** A constant of an enum, in lower case. */
        public <E extends Enum<E>> E constant(String name, Class<E> type) {
            return into(fields -> Enum.valueOf(type, fields.text(name).toUpperCase(Locale.ROOT)));
        }

        /** What is made of the fields; values that it refuses are a {@link CorruptRecordException} too. */
        public <T> T into(Function<Fields, T> make) {
            try {
                return make.apply(this);
            } catch (CorruptRecordException e) {
                throw e;
            } catch (CoordinationException | DateTimeException e) {
                throw corrupt(where, String.valueOf(e.getMessage()), e);
            } catch (IllegalArgumentException e) {
                throw corrupt(where, "it says something that this version does not know", e);
            }
        }

        /** A list of strings. */
        public List<String> texts(String name) {
            return list(name, String.class);
        }

        /** A list of objects. */
        public List<Fields> objects(String name) {
            List<Fields> objects = new ArrayList<>();
            for (Map<?, ?> object : list(name, Map.class)) {
                objects.add(nested(object));
            }
            return objects;
        }

        /** An object whose values are strings. */
        public Map<String, String> textMap(String name) {
            Map<String, String> texts = new LinkedHashMap<>();
            Fields object = nested(field(name, Map.class));
            object.map.keySet().forEach(key -> texts.put(key, object.text(key)));
            return texts;
        }

        /** Whether there is a field of that name. */
        public boolean has(String name) {
            return map.containsKey(name);
        }

        private Fields nested(Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put((String) key, value));
            return new Fields(where, copy);
        }

        private <T> List<T> list(String name, Class<T> type) {
            List<T> typed = new ArrayList<>();
            for (Object element : field(name, List.class)) {
                typed.add(cast(name, element, type));
            }
            return typed;
        }

        private <T> T field(String name, Class<T> type) {
            return cast(name, map.get(name), type);
        }

        private <T> T cast(String name, @Nullable Object value, Class<T> type) {
            if (!type.isInstance(value)) {
                throw corrupt(where, "'" + name + "' is missing or of another type", null);
            }
            return type.cast(value);
        }
    }
}
