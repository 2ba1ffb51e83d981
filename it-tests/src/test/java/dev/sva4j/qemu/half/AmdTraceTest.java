package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.qemu.half.AccessLog.Access;
import org.junit.jupiter.api.Test;

/** What QEMU 10.0.2 was seen to say of accesses through its AMD IOMMU. */
class AmdTraceTest {
    @Test
    void an_access_that_passes_has_the_output_page() {
        AccessLog log =
                new AmdTrace().read("amdvi_translation_result devid: 00:08.0 gpa 0x8012345678 hpa 0x80100000\n");

        assertThat(log.accesses()).containsExactly(new Access(true, 0x8010_0000L));
    }

    @Test
    void an_access_without_a_right_is_refused_although_there_is_an_output_page() {
        AccessLog log = new AmdTrace().read("""
                amdvi_translation_result devid: 00:08.0 gpa 0x8012345678 hpa 0x80100000
                amdvi_translation_result devid: 00:08.0 gpa 0x8012346678 hpa 0x80101000
                Invalid write at addr 0x8012346678, size 4, region '(null)', reason: rejected
                """);

        assertThat(log.accesses()).containsExactly(new Access(true, 0x8010_0000L), new Access(false, 0x80_1234_6678L));
    }

    @Test
    void an_access_to_what_is_not_mapped_is_refused_and_its_word_is_none_of_memory() {
        AccessLog log = new AmdTrace().read("""
                amdvi_translation_result devid: 00:08.0 gpa 0x8012347000 hpa 0x0
                Invalid read at addr 0x8012347000, size 4, region '(null)', reason: rejected
                intel-hda: intel_hda_corb_run: [rp 0x0] verb 0x00000000
                intel-hda: intel_hda_send_command: addressed non-existing codec
                """);

        assertThat(log.accesses()).containsExactly(new Access(false, 0x80_1234_7000L));
        assertThat(log.words()).containsExactly(0);
    }

    @Test
    void an_access_that_passes_to_where_no_memory_is_has_the_output_address() {
        AccessLog log = new AmdTrace().read("""
                amdvi_translation_result devid: 00:08.0 gpa 0x801234b344 hpa 0xabcc8000
                Invalid write at addr 0xABCCB344, size 4, region '(null)', reason: rejected
                """);

        assertThat(log.accesses()).containsExactly(new Access(false, 0xabcc_b344L));
    }

    @Test
    void a_register_access_that_goes_nowhere_is_no_access_of_a_device() {
        AccessLog log =
                new AmdTrace().read("Invalid read at addr 0xfed88000, size 8, region '(null)', reason: rejected\n");

        assertThat(log).isEqualTo(AccessLog.empty());
    }
}
