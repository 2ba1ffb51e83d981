package dev.sva4j.qemu.half;

import dev.sva4j.conformance.Halves;
import dev.sva4j.conformance.Rules;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.util.Map;

/** Our SMMUv3 driver half on QEMU's SMMUv3. */
class QemuRulesTest extends QemuRules {
    QemuRulesTest() {
        // PROT_NONE is the only protection under which a page may not be read.
        super(
                "aarch64",
                new Halves(new SmmuVendor(), new QemuSmmuVendor()),
                Rules.all(),
                50,
                Map.of("3.3", "a read of PASID -1 at 0x40100000 must be refused, but: OK"));
    }
}
