package dev.sva4j.qemu.half;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.qemu.half.AccessLog.Access;
import org.junit.jupiter.api.Test;

/** What QEMU 10.0.2 was seen to say of accesses through its SMMU. */
class SmmuTraceTest {
    @Test
    void a_translated_access_has_the_output_address() {
        AccessLog log = new SmmuTrace()
                .read("smmuv3_translate_success smmuv3-iommu-memory-region-64-0 sid=0x40 iova=0x7f1234567007"
                        + " translated=0x40400007 perm=0x3 stage=1\n");

        assertThat(log.accesses()).containsExactly(new Access(true, 0x4040_0007L));
    }

    @Test
    void an_access_that_bypasses_has_its_own_address_as_output() {
        AccessLog log = new SmmuTrace().read("""
                smmuv3_translate_bypass smmuv3-iommu-memory-region-64-3 sid=0x40 STE bypass iova:0x80001000 is_write=1
                smmuv3_translate_disable smmuv3-iommu-memory-region-64-3 sid=0x40 bypass (smmu disabled) iova:0x80001004 is_write=1
                """);

        assertThat(log.accesses()).containsExactly(new Access(true, 0x8000_1000L), new Access(true, 0x8000_1004L));
    }

    @Test
    void an_access_that_aborts_or_faults_is_refused() {
        AccessLog log = new SmmuTrace().read("""
                smmuv3_translate_abort smmuv3-iommu-memory-region-72-2 sid=0x48 abort on iova:0x80001000 is_write=0
                smmuv3-iommu-memory-region-88-0 translation failed for iova=0x80001000 (SMMU_EVT_C_BAD_CD)
                """);

        assertThat(log.accesses()).containsExactly(new Access(false, 0), new Access(false, 0));
    }

    @Test
    void words_that_were_read_are_in_order() {
        AccessLog log = new SmmuTrace().read("""
                intel-hda: intel_hda_corb_run: [rp 0x0] verb 0xdeadbeef
                intel-hda: intel_hda_send_command: indirect node addressing (guest bug?)
                intel-hda: intel_hda_corb_run: [rp 0x1] verb 0x00001234
                intel-hda: intel_hda_corb_run: corb ring empty
                """);

        assertThat(log.words()).containsExactly(0xdeadbeef, 0x1234);
    }

    @Test
    void an_interrupt_line_counts_once_however_often_it_was_pulsed() {
        AccessLog log =
                new SmmuTrace().read("smmuv3_trigger_irq irq=3\nsmmuv3_trigger_irq irq=0\nsmmuv3_trigger_irq irq=0\n");

        assertThat(log.lines()).containsExactly(0, 3);
    }

    @Test
    void other_lines_say_nothing_of_accesses() {
        AccessLog log = new SmmuTrace()
                .read("intel-hda: write CORBWP : 0x3 (ffff)\ninvalid STE\nsmmuv3_record_event x sid=0x50\n");

        assertThat(log).isEqualTo(AccessLog.empty());
    }
}
