package dev.agentcoord.fs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.agentcoord.CorruptRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records as one JSON object of strings, whole numbers, booleans, lists and objects. Streaming only, because it starts fast. */
final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /** One line, in the map's order. */
    static byte[] write(Map<String, ?> object) {
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

    /** Reads what {@link #write} wrote; throws {@link CorruptRecordException} naming the file for anything else. */
    static Fields read(Path file, byte[] bytes) {
        try (JsonParser in = FACTORY.createParser(bytes)) {
            if (in.nextToken() == JsonToken.START_OBJECT) {
                Map<String, Object> object = object(in);
                if (in.nextToken() == null) {
                    return new Fields(file, object);
                }
            }
            throw corrupt(file, "it is not one JSON object", null);
        } catch (IOException e) {
            throw corrupt(file, "it is not JSON", e);
        }
    }

    static CorruptRecordException corrupt(Path file, String why, @Nullable Throwable cause) {
        return new CorruptRecordException(
                file, file + " cannot be read: " + why + "; look at it, then move it away or repair it", cause);
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
     * @param file where they were read, for the error
     * @param map the fields
     */
    record Fields(Path file, Map<String, Object> map) {
        String text(String name) {
            return field(name, String.class);
        }

        long number(String name) {
            return field(name, Long.class);
        }

        List<String> texts(String name) {
            return list(name, String.class);
        }

        List<Fields> objects(String name) {
            List<Fields> objects = new ArrayList<>();
            for (Map<?, ?> object : list(name, Map.class)) {
                objects.add(nested(object));
            }
            return objects;
        }

        Map<String, String> textMap(String name) {
            Map<String, String> texts = new LinkedHashMap<>();
            Fields object = nested(field(name, Map.class));
            object.map.keySet().forEach(key -> texts.put(key, object.text(key)));
            return texts;
        }

        boolean has(String name) {
            return map.containsKey(name);
        }

        private Fields nested(Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put((String) key, value));
            return new Fields(file, copy);
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
                throw corrupt(file, "'" + name + "' is missing or of another type", null);
            }
            return type.cast(value);
        }
    }
}
