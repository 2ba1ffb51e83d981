package dev.sva4j.conformance.zoo;

import dev.sva4j.vendor.smmu.layout.Command;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.QueueRegisters;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import dev.sva4j.vendor.vtd.layout.InvalidationDescriptor;
import dev.sva4j.vendor.vtd.layout.InvalidationQueue;
import dev.sva4j.vendor.vtd.layout.PasidCacheInvalidate;

/** Where the commands of a vendor's driver half lie, by the registers that say so. */
enum CommandRing {
    SMMU(QueueRegisters.CMDQ_BASE.offset(), QueueRegisters.CMDQ_PROD.offset(), Command.WORDS) {
        @Override
        long address(long base, long tail) {
            int log2Size = log2Size(base);
            return QueuePointer.entryAddress(
                    QueueRegisters.CMDQ_BASE_ADDR.getAddress(base), tail, log2Size, QueuePointer.LOG2_COMMAND_BYTES);
        }

        @Override
        long next(long base, long tail) {
            return QueuePointer.next(tail, log2Size(base));
        }

        @Override
        long[] nothing() {
            return new long[] {TlbiCommands.nhAsidWord0(0, UNUSED_TAG), 0};
        }

        private int log2Size(long base) {
            return (int) QueueRegisters.CMDQ_BASE_LOG2SIZE.get(base);
        }
    },

    VTD(InvalidationQueue.IQA.offset(), InvalidationQueue.IQT.offset(), InvalidationDescriptor.WORDS) {
        @Override
        long address(long base, long tail) {
            return InvalidationQueue.descriptorAddress(base, tail);
        }

        @Override
        long next(long base, long tail) {
            return InvalidationQueue.next(tail, base);
        }

        @Override
        long[] nothing() {
            return new long[] {PasidCacheInvalidate.domainWord0(UNUSED_TAG), 0, 0, 0};
        }
    };

    /** Nothing is tagged so: the allocators of tags begin above it. */
    private static final int UNUSED_TAG = 0;

    private final long baseRegister;
    private final long tailRegister;
    private final int words;

    CommandRing(long baseRegister, long tailRegister, int words) {
        this.baseRegister = baseRegister;
        this.tailRegister = tailRegister;
        this.words = words;
    }

    long baseRegister() {
        return baseRegister;
    }

    long tailRegister() {
        return tailRegister;
    }

    /** Words of a command. */
    int words() {
        return words;
    }

    /** Where the command at a value of the tail register lies. */
    abstract long address(long base, long tail);

    /** The value of the tail register one command further. */
    abstract long next(long base, long tail);

    /** A command that has no effect. */
    abstract long[] nothing();
}
