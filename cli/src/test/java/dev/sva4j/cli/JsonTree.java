package dev.sva4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as maps, lists, strings, {@code Long}s and {@code Boolean}s. */
public final class JsonTree {
    private JsonTree() {}

    /** Reads one document; anything behind it is an error. */
    public static @Nullable Object parse(String json) {
        try (JsonParser in = new JsonFactory().createParser(json)) {
            in.nextToken();
            Object value = value(in);
            if (in.nextToken() != null) {
                throw new IllegalArgumentException("something follows the document: " + json);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** Reads an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(String json) {
        return (Map<String, Object>) parse(json);
    }

    /** The objects in the array {@code name} of {@code in}. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> rows(Map<String, Object> in, String name) {
        return (List<Map<String, Object>>) in.get(name);
    }

    private static @Nullable Object value(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> object = new LinkedHashMap<>();
                for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                    in.nextToken();
                    object.put(name, value(in));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<Object> array = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(in));
                }
                yield array;
            }
            case VALUE_STRING -> in.getText();
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IllegalArgumentException("unexpected " + in.currentToken());
        };
    }
}
