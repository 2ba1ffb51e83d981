package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.cli.Cli;
import dev.sva4j.cli.JsonTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code inspect} against a dump whose contents the guest's kernel, its page map and another walk agree on. */
class GoldenInspectTest {
    private static final String[] DEVICE = {"id", "requester_id", "pasid", "kind", "format"};
    private static final String[] MAPPING = {"id", "pasid", "iova", "pa", "size", "read", "write"};

    private static void assertGolden(Cli.Result result) {
        assertGolden(Golden.SMMUV3, result);
    }

    private static void assertGolden(Golden golden, Cli.Result result) {
        assertThat(result.err()).isEmpty();
        assertThat(result.exitCode()).isZero();
        Map<String, Object> answer = JsonTree.object(result.out());
        assertThat(JsonTree.rows(answer, "devices"))
                .containsExactlyInAnyOrderElementsOf(golden.rows("devices").stream()
                        .map(row -> Golden.only(row, DEVICE))
                        .toList());
        assertThat(JsonTree.rows(answer, "mappings"))
                .containsExactlyInAnyOrderElementsOf(golden.rows("mappings").stream()
                        .map(row -> Golden.only(row, MAPPING))
                        .toList());
        assertThat(JsonTree.rows(answer, "notInDump")).isEmpty();
    }

    private static String[] inspect(String... more) {
        return inspect(Golden.SMMUV3, more);
    }

    private static String[] inspect(Golden golden, String... more) {
        List<String> args = new ArrayList<>(List.of("inspect", golden.image().toString(), "--json"));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#all")
    void agrees(Golden golden) {
        assertGolden(
                golden,
                Cli.run(inspect(golden, "--registers", golden.registers().toString())));
    }

    /** Not even the kernel's half of a process: SRE is 0, so its pages are nobody's. */
    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#all")
    void nothingIsPrivileged(Golden golden) {
        assertGolden(
                golden,
                Cli.run(inspect(golden, "--registers", golden.registers().toString(), "--all")));
    }

    @ParameterizedTest
    @MethodSource("dev.sva4j.cli.image.Golden#vtd")
    void theRootTableIsEnough(Golden golden) {
        assertGolden(
                golden,
                Cli.run(inspect(
                        golden,
                        "--vendor=intel-vtd",
                        "--register=RTADDR=" + golden.registerValues().get("RTADDR"))));
    }

    @Test
    void theDeviceTableIsEnough() {
        assertGolden(
                Golden.AMD_V1,
                Cli.run(inspect(
                        Golden.AMD_V1,
                        "--vendor=amd-vi",
                        "--register=DEVTAB_BASE="
                                + Golden.AMD_V1.registerValues().get("DEVTAB_BASE"))));
    }

    /** AMD-Vi keeps what may only be written apart from what may be read, too. */
    @Test
    void writeOnlyMappingsAreToldApart() {
        Cli.Result result = Cli.run(
                inspect(Golden.AMD_V1, "--registers", Golden.AMD_V1.registers().toString()));
        assertThat(JsonTree.rows(JsonTree.object(result.out()), "mappings"))
                .anySatisfy(row -> assertThat(row).containsEntry("read", false).containsEntry("write", true));
    }

    @Test
    void registersOnTheCommandLine() {
        List<String> args = new ArrayList<>(List.of("--vendor", "arm-smmu-v3"));
        Golden.SMMUV3.registerValues().forEach((name, value) -> args.addAll(List.of("--register", name + "=" + value)));
        assertGolden(Cli.run(inspect(args.toArray(String[]::new))));
    }

    @Test
    void theTwoRegistersThatAreNeededAreEnough() {
        Map<String, String> values = Golden.SMMUV3.registerValues();
        assertGolden(Cli.run(inspect(
                "--vendor=arm-smmu-v3",
                "--register=STRTAB_BASE=" + Long.decode(values.get("STRTAB_BASE")),
                "--register=STRTAB_BASE_CFG=" + values.get("STRTAB_BASE_CFG"))));
    }

    @Test
    void commandLineGoesBeforeFile() {
        Cli.Result result = Cli.run(
                inspect("--registers", Golden.SMMUV3.registers().toString(), "--register", "STRTAB_BASE=0x123000"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("the stream table at 0x123000 is not in the image");
    }

    @Test
    void plainElf(@TempDir Path folder) throws IOException {
        Path plain = folder.resolve("plain.elf");
        try (InputStream packed = new GZIPInputStream(Files.newInputStream(Golden.SMMUV3.image()))) {
            Files.copy(packed, plain);
        }
        assertGolden(Cli.run(
                "inspect", "--json", "--registers", Golden.SMMUV3.registers().toString(), plain.toString()));
    }

    @Test
    void textNamesEveryDeviceOnce() {
        Cli.Result result = Cli.run(
                "inspect",
                Golden.SMMUV3.image().toString(),
                "--registers",
                Golden.SMMUV3.registers().toString());
        assertThat(result.exitCode()).isZero();
        for (Map<String, Object> device : Golden.SMMUV3.rows("devices")) {
            assertThat(result.lines().stream().filter(line -> line.startsWith(device.get("id") + " pasid -: ")))
                    .hasSize(1);
        }
        assertThat(result.lines().stream().filter(line -> line.startsWith("  ")))
                .hasSameSizeAs(Golden.SMMUV3.rows("mappings"));
    }
}
