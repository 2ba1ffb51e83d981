package dev.sva4j.qemu.half;

import dev.sva4j.conformance.Halves;
import dev.sva4j.conformance.RuleInfo;
import dev.sva4j.conformance.Rules;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Our AMD-Vi driver half on QEMU's AMD IOMMU, with processes in host page tables: the rules in which an IOMMU has a part of its own. The
 * others ask the same of core as on QEMU's SMMU, and each would be a start of QEMU.
 */
class QemuAmdRulesTest extends QemuRules {
    private static final String NO_RECORD = "never happened: an access ";

    private static final List<RuleInfo> RULES = Stream.of(
                    "2", "3", "4.2", "5.1", "5.2", "5.7", "6.2", "6.4", "6.5", "7.1", "7.3", "7.4", "7.5", "7.6", "10")
            .flatMap(each -> Rules.select(each).stream())
            .toList();

    QemuAmdRulesTest() {
        super(
                "x86_64",
                new Halves(new HostTablesVendor(), new QemuAmdVendor()),
                RULES,
                25,
                Map.of(
                        "2.1", NO_RECORD,
                        "2.2", "has no leaf with attributes r-xua--",
                        "2.5", NO_RECORD,
                        "3.3", "has no leaf with attributes r------",
                        "5.2", NO_RECORD,
                        "6.4", "a read of PASID -1 at 0x1000040000000 must be refused, but: OK",
                        "6.5", NO_RECORD,
                        "10.9", NO_RECORD));
    }
}
