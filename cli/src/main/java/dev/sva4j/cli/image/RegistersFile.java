package dev.sva4j.cli.image;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.sva4j.cli.InputException;
import dev.sva4j.cli.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The registers of an IOMMU as a JSON file says them. Of a file that says more, such as the golden answers, the rest is
 * skipped.
 *
 * @param iommu the name of the architecture, if the file gives one
 * @param registers values by name
 */
record RegistersFile(@Nullable String iommu, Map<String, Long> registers) {
    static final RegistersFile EMPTY = new RegistersFile(null, Map.of());

    RegistersFile {
        registers = Map.copyOf(registers);
    }

    static RegistersFile read(Path file) {
        try (JsonParser in = Json.FACTORY.createParser(Files.newInputStream(file))) {
            return new Reader(file, in).read();
        } catch (NoSuchFileException missing) {
            throw new InputException("registers file " + file + ": there is no such file", missing);
        } catch (JsonProcessingException bad) {
            throw new InputException(
                    "registers file " + file + ": not JSON" + where(bad.getLocation()) + ": "
                            + bad.getOriginalMessage(),
                    bad);
        } catch (IOException failed) {
            throw new InputException("registers file " + file + ": cannot be read: " + failed.getMessage(), failed);
        }
    }

    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** One pass over one file. */
    private static final class Reader {
        private final Path file;
        private final JsonParser in;
        private @Nullable String iommu;
        private @Nullable Map<String, Long> registers;

        Reader(Path file, JsonParser in) {
            this.file = file;
            this.in = in;
        }

        RegistersFile read() throws IOException {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw bad("not a JSON object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken value = in.nextToken();
                switch (name) {
                    case "iommu" -> iommu = text("iommu", value);
                    case "registers" -> registers = registers(value);
                    default -> in.skipChildren();
                }
            }
            if (in.nextToken() != null) {
                throw bad("something follows the JSON object");
            }
            Map<String, Long> found = registers;
            if (found == null) {
                throw bad("it has no 'registers'");
            }
            return new RegistersFile(iommu, found);
        }

        private String text(String name, JsonToken value) throws IOException {
            if (value != JsonToken.VALUE_STRING) {
                throw bad("'" + name + "' is not a string");
            }
            return in.getText();
        }

        private Map<String, Long> registers(JsonToken start) throws IOException {
            if (start != JsonToken.START_OBJECT) {
                throw bad("'registers' is not an object");
            }
            Map<String, Long> values = new HashMap<>();
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                values.put(name, value(name, in.nextToken()));
            }
            return values;
        }

        private long value(String name, JsonToken token) throws IOException {
            OptionalLong value = token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT
                    ? Numbers.unsigned(in.getText())
                    : OptionalLong.empty();
            if (value.isEmpty()) {
                throw bad("register " + name + " is not a number of at most 64 bits, decimal or \"0x…\"");
            }
            return value.getAsLong();
        }

        private InputException bad(String what) {
            return new InputException("registers file " + file + ": " + what);
        }
    }
}
