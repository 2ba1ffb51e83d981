package dev.sva4j.qemu.smmu;

import dev.sva4j.conformance.AllRules;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/** Our SMMUv3 driver half keeps every rule on QEMU's SMMUv3, as far as that carries what the rule needs. */
class QemuRulesTest implements AllRules {
    @BeforeAll
    static void needsQemu() {
        QemuBinary.require("aarch64");
    }

    @Override
    public IommuVendor vendor() {
        return new QemuSmmuVendor();
    }

    @Override
    public IommuVendor driver() {
        return new SmmuVendor();
    }

    /** QEMU has a behaviour of its own. */
    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TYPICAL);
    }

    /** Each one is a start of QEMU. */
    @Override
    public int schedules() {
        return 2;
    }
}
