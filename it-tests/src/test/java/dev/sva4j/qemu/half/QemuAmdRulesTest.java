package dev.sva4j.qemu.half;

import dev.sva4j.conformance.Halves;
import java.util.Map;

/** Our AMD-Vi driver half on QEMU's AMD IOMMU, with processes in host page tables. */
class QemuAmdRulesTest extends QemuRules {
    private static final String NO_RECORD = "never happened: an access ";

    QemuAmdRulesTest() {
        super("x86_64", new Halves(new HostTablesVendor(), new QemuAmdVendor()), 45, Map.of(
                "2.5", NO_RECORD,
                "5.2", NO_RECORD,
                "6.4", "a read of PASID -1 at 0x1000040000000 must be refused, but: OK",
                "6.5", NO_RECORD,
                "10.9", NO_RECORD));
    }
}
