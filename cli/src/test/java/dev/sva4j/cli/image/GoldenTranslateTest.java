package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.cli.Cli;
import dev.sva4j.cli.JsonTree;
import dev.sva4j.core.memory.MemoryImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code translate} against the same dump: what is mapped translates, byte for byte, and nothing else does. */
class GoldenTranslateTest {
    private static final int MIDDLE_PAGES = 3;

    private static List<Map<String, Object>> answers(List<String> requests) {
        Cli.Result result = Cli.runWith(
                String.join("\n", requests) + "\n",
                "translate",
                Golden.SMMUV3.image().toString(),
                "--registers",
                Golden.SMMUV3.registers().toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        List<Map<String, Object>> answers =
                result.lines().stream().map(JsonTree::object).toList();
        assertThat(answers).hasSameSizeAs(requests);
        return answers;
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    @Test
    void everyMapping() {
        Map<String, String> expected = new LinkedHashMap<>();
        Random random = new Random(1);
        for (Map<String, Object> row : Golden.SMMUV3.rows("mappings")) {
            long iova = Golden.number(row, "iova");
            long pa = Golden.number(row, "pa");
            long size = Golden.number(row, "size");
            List<Long> offsets = new ArrayList<>(List.of(0L, size - 1));
            for (int i = 0; i < MIDDLE_PAGES; i++) {
                offsets.add(random.nextLong(size));
            }
            for (long offset : offsets) {
                String request = row.get("id") + " - " + hex(iova + offset);
                expected.put(request + " r", (boolean) row.get("read") ? hex(pa + offset) : "");
                expected.put(request + " w", (boolean) row.get("write") ? hex(pa + offset) : "");
            }
        }
        List<String> requests = List.copyOf(expected.keySet());
        List<Map<String, Object>> answers = answers(requests);
        for (int i = 0; i < requests.size(); i++) {
            String pa = expected.get(requests.get(i));
            assertThat(answers.get(i))
                    .as(requests.get(i))
                    .isEqualTo(pa.isEmpty() ? fault("F_PERMISSION") : Map.of("pa", pa));
        }
    }

    private static Map<String, Object> fault(String name) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("pa", null);
        answer.put("fault", name);
        return answer;
    }

    @Test
    void everyNegative() {
        List<String> requests = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Map<String, Object> row : Golden.SMMUV3.rows("negatives")) {
            String kinds = switch ((String) row.get("access")) {
                case "read" -> "r";
                case "write" -> "w";
                default -> "rwx";
            };
            for (char kind : kinds.toCharArray()) {
                requests.add(row.get("id") + " - " + row.get("iova") + " " + kind);
                faults.add(faultOf((String) row.get("why")));
            }
        }
        List<Map<String, Object>> answers = answers(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(answers.get(i)).as(requests.get(i)).isEqualTo(fault(faults.get(i)));
        }
    }

    private static String faultOf(String why) {
        return switch (why) {
            case "mapping is read-only" -> "F_PERMISSION";
            case "table entry of the device blocks it (abort)" -> "STE.Config abort";
            case "no table entry for the device" -> "C_BAD_STREAMID";
            default -> "F_TRANSLATION";
        };
    }

    @Test
    void whereTheGuestsDataAre() {
        List<Map<String, Object>> rows = Golden.SMMUV3.rows("data");
        List<Map<String, Object>> answers = answers(rows.stream()
                .map(row -> row.get("id") + " - " + row.get("iova") + " r")
                .toList());
        MemoryImage image = MemoryImage.open(Golden.SMMUV3.image());
        for (int i = 0; i < rows.size(); i++) {
            byte[] text = ((String) rows.get(i).get("text")).getBytes(StandardCharsets.US_ASCII);
            byte[] found = new byte[text.length];
            image.read(Golden.number(answers.get(i), "pa"), found, 0, found.length);
            assertThat(found).as("%s", rows.get(i)).isEqualTo(text);
        }
    }

    @Test
    void bypassPassesAddressesThrough() {
        assertThat(answers(List.of("0000:00:08.0 - 0x12345678 r", "00:08.0 - 0 w", "0x40 - 305419896 x", "64 - 0x1 w")))
                .containsExactly(
                        Map.of("pa", "0x12345678"),
                        Map.of("pa", "0x0"),
                        Map.of("pa", "0x12345678"),
                        Map.of("pa", "0x1"));
    }

    @Test
    void bypassEndsWithTheOutputSize() {
        // IDR5.OAS: 44 bits.
        assertThat(answers(List.of("00:08.0 - 0xfffffffffff r", "00:08.0 - 0x100000000000 r")))
                .containsExactly(Map.of("pa", "0xfffffffffff"), fault("F_ADDR_SIZE"));
    }

    @Test
    void machineWithoutSubstreamsKnowsNoPasid() {
        assertThat(answers(List.of("00:03.0 0 0xffe40000 r", "00:03.0 1048575 0xffe40000 r")))
                .containsExactly(fault("C_BAD_SUBSTREAMID"), fault("C_BAD_SUBSTREAMID"));
    }
}
