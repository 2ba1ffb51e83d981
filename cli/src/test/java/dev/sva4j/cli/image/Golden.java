package dev.sva4j.cli.image;

import dev.sva4j.cli.JsonTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A dump of a real Linux guest, and the answers that were found out about it in other ways. */
final class Golden {
    static final Golden SMMUV3 = new Golden("smmuv3");
    static final Golden VTD_SCALABLE = new Golden("vtd-scalable");
    static final Golden VTD_PASID_SVA = new Golden("vtd-pasid-sva");
    static final Golden VTD_LEGACY = new Golden("vtd-legacy");
    static final Golden AMD_V1 = new Golden("amd-v1");

    private final String name;
    private final Path image;
    private final Path registers;
    private final Map<String, Object> answers;

    private Golden(String name) {
        this.name = name;
        image = resource(name + ".elf.gz");
        registers = resource(name + ".json");
        try {
            answers = JsonTree.object(Files.readString(registers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Golden> all() {
        return Stream.concat(Stream.of(SMMUV3, AMD_V1), vtd());
    }

    static Stream<Golden> vtd() {
        return Stream.of(VTD_SCALABLE, VTD_PASID_SVA, VTD_LEGACY);
    }

    private static Path resource(String name) {
        try {
            return Path.of(Golden.class.getResource("/golden/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path image() {
        return image;
    }

    Path registers() {
        return registers;
    }

    /**
     * The PASID with which requests get to the tables of a row: of scalable mode, PASID 0 is what requests without one
     * use, as RID_PASID is 0 throughout.
     */
    static String pasid(Map<String, Object> row) {
        Object pasid = row.getOrDefault("pasid", 0L);
        return pasid.equals(0L) ? "-" : pasid.toString();
    }

    @Override
    public String toString() {
        return name;
    }

    List<Map<String, Object>> rows(String name) {
        return JsonTree.rows(answers, name);
    }

    /** Register values as the file has them. */
    @SuppressWarnings("unchecked")
    Map<String, String> registerValues() {
        return (Map<String, String>) answers.get("registers");
    }

    /** The start of the 4 MiB in which most of the tables are. */
    long tables() {
        String register = this == SMMUV3 ? "STRTAB_BASE" : "RTADDR";
        return Long.decode(registerValues().get(register)) & 0xffff_ffc0_0000L;
    }

    static long number(Map<String, Object> row, String name) {
        return Long.decode((String) row.get(name));
    }

    /** The fields of a row that the command line prints, too. */
    static Map<String, Object> only(Map<String, Object> row, String... names) {
        Map<String, Object> kept = new LinkedHashMap<>();
        for (String name : names) {
            if (row.containsKey(name)) {
                kept.put(name, row.get(name));
            }
        }
        return kept;
    }
}
