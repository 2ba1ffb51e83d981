package dev.sva4j.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.cli.Cli;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with what a user gives: exit code 2, one line that says what, no stack trace, no half answer. */
class BadInputTest {
    private static final String IMAGE = Golden.SMMUV3.image().toString();
    private static final String REGISTERS = Golden.SMMUV3.registers().toString();

    @TempDir
    private Path folder;

    private static String refused(String... args) {
        Cli.Result result = Cli.run(args);
        assertThat(result.exitCode()).as("%s", (Object) args).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).as(result.err()).hasSize(1);
        assertThat(result.err()).startsWith("sva4j").doesNotContain("Exception").doesNotContain("bug");
        return result.err();
    }

    private String refusedImage(byte[] content, String... more) throws IOException {
        Path image = Files.write(folder.resolve("image"), content);
        String[] args = {"inspect", image.toString(), "--registers", REGISTERS};
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        String line = refused(all);
        all[0] = "translate";
        refused(all);
        return line;
    }

    private String refusedRegisters(String json) throws IOException {
        Path registers = Files.writeString(folder.resolve("registers.json"), json);
        String line = refused("inspect", IMAGE, "--registers", registers.toString());
        assertThat(line).contains(registers.toString());
        return line;
    }

    @Test
    void missingImage() {
        assertThat(refused("inspect", folder.resolve("none").toString(), "--registers", REGISTERS))
                .contains("none");
        refused("translate", folder.resolve("none").toString(), "--registers", REGISTERS);
        refused("inspect", folder.toString(), "--registers", REGISTERS);
    }

    @Test
    void corruptOrTruncatedImage() throws IOException {
        byte[] packed = Files.readAllBytes(Golden.SMMUV3.image());
        refusedImage(Arrays.copyOf(packed, packed.length / 2));
        byte[] corrupt = packed.clone();
        corrupt[packed.length / 2] ^= 0x55;
        refusedImage(corrupt);
        byte[] plain;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(Golden.SMMUV3.image()))) {
            plain = in.readAllBytes();
        }
        refusedImage(Arrays.copyOf(plain, plain.length / 2));
        refusedImage(Arrays.copyOf(plain, 40));
        refusedImage(new byte[0]);
        refusedImage("this is not a memory image".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void registersThatAreNotThere() throws IOException {
        assertThat(refused("inspect", IMAGE)).contains("--vendor");
        assertThat(refused("inspect", IMAGE, "--vendor", "arm-smmu-v3")).contains("--registers");
        assertThat(refused(
                        "inspect", IMAGE, "--registers", folder.resolve("none").toString()))
                .contains("no such file");
        assertThat(refused("inspect", IMAGE, "--vendor", "arm-smmu-v3", "--register", "STRTAB_BASE=0"))
                .contains("not given: STRTAB_BASE_CFG");
        assertThat(refusedRegistersOfSmmu("{\"IDR0\": \"0x1\"}")).contains("not given: STRTAB_BASE, STRTAB_BASE_CFG");
    }

    private String refusedRegistersOfSmmu(String values) throws IOException {
        Path registers = Files.writeString(
                folder.resolve("registers.json"), "{\"iommu\": \"smmuv3\", \"registers\": " + values + "}");
        return refused("inspect", IMAGE, "--registers", registers.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "STRTAB_BASE, 0x12340000, is not in the image",
        "STRTAB_BASE_CFG, 0x1023f, LOG2SIZE is 63",
        "STRTAB_BASE_CFG, 0x20210, FMT 2 is reserved",
        "STRTAB_BASE_CFG, 0x100010210, has 32 bits"
    })
    void registersThatDoNotFit(String name, String value, String complaint) {
        assertThat(refused("inspect", IMAGE, "--registers", REGISTERS, "--register", name + "=" + value))
                .contains(complaint);
        refused("translate", IMAGE, "--registers", REGISTERS, "--register", name + "=" + value);
    }

    @Test
    void registersFileThatIsNone() throws IOException {
        assertThat(refusedRegisters("")).contains("not a JSON object");
        assertThat(refusedRegisters("[]")).contains("not a JSON object");
        assertThat(refusedRegisters("{\"iommu\": \"smmuv3\"}")).contains("no 'registers'");
        assertThat(refusedRegisters("{\"iommu\": 3, \"registers\": {}}")).contains("'iommu' is not a string");
        assertThat(refusedRegisters("{\"registers\": []}")).contains("'registers' is not an object");
        assertThat(refusedRegisters("{\"registers\": {\"A\": \"0xZZ\"}}")).contains("register A is not a number");
        assertThat(refusedRegisters("{\"registers\": {\"A\": -1}}")).contains("register A is not a number");
        assertThat(refusedRegisters("{\"registers\": {\"A\": 1.5}}")).contains("register A is not a number");
        assertThat(refusedRegisters("{\"registers\": {\"A\": {}}}")).contains("register A is not a number");
        assertThat(refusedRegisters("{\"registers\": {\"A\": 1, \"A\": 2}}")).contains("not JSON at line 1");
        assertThat(refusedRegisters("{\"registers\": {}} more")).contains("not JSON at line 1");
        assertThat(refusedRegisters("{\n\"registers\": {")).contains("not JSON at line 2");
        assertThat(refusedRegisters("{\"x\": " + "[".repeat(100_000))).contains("not JSON");
        assertThat(refusedRegisters("{\"iommu\": \"riscv\", \"registers\": {}}"))
                .contains("no plug-in reads images of iommu 'riscv'")
                .contains("smmuv3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"STRTAB_BASE", "=1", "STRTAB_BASE=", "STRTAB_BASE=x", "STRTAB_BASE=-1", "A=0x10000000000000000"})
    void registerThatIsNone(String register) {
        assertThat(refused("inspect", IMAGE, "--registers", REGISTERS, "--register", register))
                .contains("--register");
    }

    @Test
    void unknownVendor() {
        assertThat(refused("inspect", IMAGE, "--registers", REGISTERS, "--vendor", "acme"))
                .contains("no IOMMU plug-in 'acme'")
                .contains("arm-smmu-v3");
        assertThat(refused("demo", "--vendor", "acme")).contains("no IOMMU plug-in 'acme'");
        assertThat(refused("demo", "--driver", "arm-smmu-v3")).contains("--hardware");
    }

    @Test
    void rawImageWithATableThatPointsToItself() throws IOException {
        ByteBuffer image = ByteBuffer.allocate(0x5000).order(ByteOrder.LITTLE_ENDIAN);
        // A linear stream table at 0x1000 with stage 1 for StreamID 0; its descriptor at 0x2000; its table at 0x3000,
        // whose
        // first entry points to the table itself.
        image.putLong(0x1000, 0x200bL);
        image.putLong(0x2000, 0x4e204c0003510L).putLong(0x2008, 0x3000);
        image.putLong(0x3000, 0x3003);
        Path raw = Files.write(folder.resolve("raw"), image.array());
        String[] args = {
            "inspect",
            raw.toString(),
            "--vendor=arm-smmu-v3",
            "--register=STRTAB_BASE=0x1000",
            "--register=STRTAB_BASE_CFG=4"
        };
        assertThat(refused(args)).contains("circle");

        // The same at another address: the image says nothing of where it was, the user does.
        String[] moved = {
            "inspect",
            raw.toString(),
            "--base=0x80000000",
            "--vendor=arm-smmu-v3",
            "--register=STRTAB_BASE=0x80001000",
            "--register=STRTAB_BASE_CFG=4"
        };
        Cli.Result result = Cli.run(moved);
        assertThat(result.exitCode()).isZero();
        assertThat(result.lines()).contains("  0000000000000000-000fffffffffffff -> not in dump (table at 0x2000)");
        assertThat(refused("inspect", raw.toString(), "--base=x", "--vendor=arm-smmu-v3", "--register=A=1"))
                .contains("--base: 'x'");
    }

    @Test
    void requestsFileThatIsNotThere() {
        assertThat(refused(
                        "translate",
                        IMAGE,
                        "--registers",
                        REGISTERS,
                        "--requests",
                        folder.resolve("none").toString()))
                .contains("no such file");
        refused("translate", IMAGE, "--registers", REGISTERS, "--requests", folder.toString());
    }
}
