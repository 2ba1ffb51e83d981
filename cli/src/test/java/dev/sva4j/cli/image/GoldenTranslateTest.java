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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code translate} against the same dump: what is mapped translates, byte for byte, and nothing else does. */
class GoldenTranslateTest {
    private static final int MIDDLE_PAGES = 3;

    private static List<Map<String, Object>> answers(List<String> requests) {
        return answers(Golden.SMMUV3, requests);
    }

    private static List<Map<String, Object>> answers(Golden golden, List<String> requests) {
        Cli.Result result = Cli.runWith(
                String.join("\n", requests) + "\n",
                "translate",
                golden.image().toString(),
                "--registers",
                golden.registers().toString());
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

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#all")
    void everyMapping(Golden golden) {
        Map<String, String> expected = new LinkedHashMap<>();
        Random random = new Random(1);
        for (Map<String, Object> row : golden.rows("mappings")) {
            long iova = Golden.number(row, "iova");
            long pa = Golden.number(row, "pa");
            long size = Golden.number(row, "size");
            List<Long> offsets = new ArrayList<>(List.of(0L, size - 1));
            for (int i = 0; i < MIDDLE_PAGES; i++) {
                offsets.add(random.nextLong(size));
            }
            for (long offset : offsets) {
                String request = row.get("id") + " " + Golden.pasid(row) + " " + hex(iova + offset);
                expected.put(request + " r", (boolean) row.get("read") ? hex(pa + offset) : "");
                expected.put(request + " w", (boolean) row.get("write") ? hex(pa + offset) : "");
            }
        }
        List<String> requests = List.copyOf(expected.keySet());
        List<Map<String, Object>> answers = answers(golden, requests);
        for (int i = 0; i < requests.size(); i++) {
            String pa = expected.get(requests.get(i));
            char kind = requests.get(i).endsWith("w") ? 'w' : 'r';
            String why = kind == 'w' ? "mapping is read-only" : "mapping is write-only";
            assertThat(answers.get(i))
                    .as(requests.get(i))
                    .isEqualTo(pa.isEmpty() ? fault(faultOf(golden, why, kind)) : Map.of("pa", pa));
        }
    }

    private static Map<String, Object> fault(String name) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("pa", null);
        answer.put("fault", name);
        return answer;
    }

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#all")
    void everyNegative(Golden golden) {
        List<String> requests = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Map<String, Object> row : golden.rows("negatives")) {
            String kinds = switch ((String) row.get("access")) {
                case "read" -> "r";
                case "write" -> "w";
                default -> "rwx";
            };
            String pasid = Golden.pasid(row);
            for (char kind : kinds.toCharArray()) {
                requests.add(row.get("id") + " " + pasid + " " + row.get("iova") + " " + kind);
                // VT-d: a request with PASID that asks to execute is refused as such; without one it is a read.
                boolean executes = kind == 'x' && !pasid.equals("-");
                faults.add(executes ? "SPT.5" : faultOf(golden, why(row), kind));
            }
        }
        List<Map<String, Object>> answers = answers(golden, requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(answers.get(i)).as(requests.get(i)).isEqualTo(fault(faults.get(i)));
        }
    }

    private static String faultOf(Golden golden, String why, char kind) {
        if (golden == Golden.SMMUV3) {
            return faultOfSmmu(why);
        }
        if (golden == Golden.AMD_V1) {
            return faultOfAmd(why, kind);
        }
        return golden == Golden.VTD_LEGACY ? faultOfLegacyMode(why, kind) : faultOfScalableMode(golden, why);
    }

    /** The file does not tell a device from a bus without an entry; only bus 0 has devices beside the one asked for. */
    private static String why(Map<String, Object> row) {
        String why = (String) row.get("why");
        boolean other = !((String) row.get("id")).startsWith("0000:00:");
        return why.equals("no table entry for the device") && other ? "no table entry for the bus" : why;
    }

    private static String faultOfSmmu(String why) {
        return switch (why) {
            case "mapping is read-only" -> "F_PERMISSION";
            case "table entry of the device blocks it (abort)" -> "STE.Config abort";
            case "no table entry for the device", "no table entry for the bus" -> "C_BAD_STREAMID";
            default -> "F_TRANSLATION";
        };
    }

    /** Flags in the order of their bits. What is not mapped has PR = 0, and so has a device beyond the table. */
    private static String faultOfAmd(String why, char kind) {
        String write = kind == 'w' ? " RW" : "";
        return switch (why) {
            case "mapping is read-only", "mapping is write-only", "table entry of the device blocks it (blocked)" ->
                "IO_PAGE_FAULT PR" + write + " PE";
            case "beyond the width of the table" -> "IO_PAGE_FAULT PR" + write;
            default -> "IO_PAGE_FAULT" + write;
        };
    }

    /** Legacy mode has no fault for what is not mapped: the permission is missing. */
    private static String faultOfLegacyMode(String why, char kind) {
        return switch (why) {
            case "mapping is read-only" -> "LGN.2";
            case "beyond the width of the table" -> "LGN.1";
            case "no table entry for the device" -> "LCT.2";
            case "no table entry for the bus" -> "LRT.2";
            default -> kind == 'w' ? "LGN.2" : "LGN.3";
        };
    }

    private static String faultOfScalableMode(Golden golden, String why) {
        boolean firstStage = golden == Golden.VTD_PASID_SVA;
        return switch (why) {
            case "mapping is read-only" -> "SGN.6";
            case "beyond the width of the table" -> firstStage ? "SGN.1" : "SGN.5";
            case "no table entry for the device" -> "SCT.2";
            case "no table entry for the bus" -> "SRT.2";
            case "kernel page: supervisor-only leaf, the request has user privilege" -> "SGN.2";
            default -> firstStage ? "SFS.2" : "SSS.2";
        };
    }

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#all")
    void whereTheGuestsDataAre(Golden golden) {
        List<Map<String, Object>> rows = golden.rows("data");
        List<Map<String, Object>> answers = answers(
                golden,
                rows.stream()
                        .map(row -> row.get("id") + " " + Golden.pasid(row) + " " + row.get("iova") + " r")
                        .toList());
        MemoryImage image = MemoryImage.open(golden.image());
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

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#vtd")
    void passThroughPassesAddressesThrough(Golden golden) {
        assertThat(answers(golden, List.of("00:08.0 - 0x12345678 r", "00:08.0 - 0 w")))
                .containsExactly(Map.of("pa", "0x12345678"), Map.of("pa", "0x0"));
    }

    /** The PASID behind requests without one is not for requests that have one. */
    @Test
    void pasidsThatADeviceMayNotUse() {
        assertThat(answers(
                        Golden.VTD_PASID_SVA,
                        List.of(
                                "03:00.0 0 0x1000 r",
                                "03:00.0 2 0x1000 r",
                                "03:00.0 65535 0x1000 r",
                                "03:00.0 65536 0x1000 r",
                                "00:03.0 1 0x1000 r")))
                .containsExactly(fault("SCT.9"), fault("SPT.2"), fault("SPD.2"), fault("SGN.10"), fault("SCT.6"));
    }
}
