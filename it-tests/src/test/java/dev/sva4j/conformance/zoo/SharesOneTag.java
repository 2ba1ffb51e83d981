package dev.sva4j.conformance.zoo;

import dev.sva4j.conformance.ForwardingMemory;
import dev.sva4j.conformance.forward.ForwardingDriverHost;
import dev.sva4j.spi.DriverHost;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.layout.Command;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;

/** Every process has the same tag. */
final class SharesOneTag extends Animal {
    SharesOneTag(Habitat habitat) {
        super(habitat);
    }

    @Override
    Plate plate() {
        return Plate.about(
                        "\"iommu/amd: Introduce per-device domain ID to fix potential TLB aliasing issue\": two roots under one tag")
                .fails("1.6 1.10 10.6 10.8")
                .mayFail("8.5 8.7", Plate.RACE);
    }

    @Override
    IommuDriver driver(IommuVendor sound, DriverHost host) {
        DriverHost tagging = new ForwardingDriverHost(host) {
            @Override
            public PhysicalMemory memory() {
                return new ForwardingMemory(super.memory()) {
                    @Override
                    public void storeRelease(long pa, long value) {
                        super.storeRelease(pa, isFirstOfDescriptor(pa, value) ? tagged(value) : value);
                    }
                };
            }
        };
        return super.driver(sound, new ChangedCommands(tagging, CommandRing.SMMU, SharesOneTag::flushTag));
    }

    /** Nothing else that the driver stores at the start of 64 bytes has this bit. */
    private static boolean isFirstOfDescriptor(long pa, long value) {
        return pa % (Long.BYTES * ContextDescriptor.LAYOUT.words()) == 0
                && ContextDescriptor.AA64.isSet(value)
                && ContextDescriptor.ASID.get(value) != 0;
    }

    private static long tagged(long value) {
        return ContextDescriptor.ASID.put(value, TAG);
    }

    private static long[] flushTag(long[] command) {
        CommandOpcode opcode = CommandOpcode.of(command[0]);
        if (opcode == CommandOpcode.CMD_TLBI_NH_ASID || opcode == CommandOpcode.CMD_TLBI_NH_VA) {
            command[0] = Command.ASID.put(command[0], TAG);
        }
        return command;
    }

    private static final int TAG = 1;
}
