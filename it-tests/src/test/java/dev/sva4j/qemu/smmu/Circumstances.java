package dev.sva4j.qemu.smmu;

import static dev.sva4j.vendor.smmu.layout.StreamTableRegisters.STRTAB_BASE_CFG_LOG2SIZE;

import dev.sva4j.spi.pagetable.Vmsav8_64Layout;
import dev.sva4j.vendor.smmu.layout.AddressSize;
import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;
import dev.sva4j.vendor.smmu.layout.VirtualAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a probe of a case comes across in memory, read by the test itself: it says whether a difference between the two
 * sides is one that is known.
 */
final class Circumstances {
    private static final int LAST_LEVEL = 3;

    /** IDR5.OAS of both sides. */
    private static final int OUTPUT_BITS = 44;

    private static final int QEMU_POINTER_BITS = 48;

    private final Scene scene;

    /** The stream table is large enough for the stream. */
    private boolean inTable;

    /** The stream's first-level descriptor, if the table has two levels and is in memory. */
    @Nullable
    Long l1std;

    /** The stream's place in its second-level table, if the table has two levels. */
    long l2Index;

    /** The stream table leaves so many bits of a StreamID to its second level. */
    int split;

    final long[] ste = new long[8];
    final long[] cd = new long[8];

    /** The last descriptor of the walk, or 0 if there was no walk. */
    long descriptor;

    /** Its level. */
    int level;

    /** A table on the way denies unprivileged access (APTable[0]). */
    boolean tableDeniesUser;

    /** A table on the way denies writes (APTable[1]). */
    boolean tableDeniesWrite;

    /** A table on the way is beyond the output size. */
    boolean tableBeyondOutputSize;

    /** A device has read a byte of the leaf, with this access or before. */
    boolean leafWasRead;

    /** Granule of the half that is walked. */
    @Nullable
    Granule granule;

    private long address;

    private Circumstances(Scene scene) {
        this.scene = scene;
    }

    /** The circumstances of a probe, which the scene knows already. */
    static Circumstances of(Scene scene, Step.Probe probe) {
        Circumstances found = new Circumstances(scene);
        found.look(probe);
        found.leafWasRead = scene.reads().stream().anyMatch(found::isSameLeaf);
        return found;
    }

    private long word(long at) {
        return scene.word(at);
    }

    private void look(Step.Probe probe) {
        address = probe.address();
        long sid = Bench.requester(probe.device());
        long strtabCfg = scene.strtabCfg();
        inTable = StreamTable.contains(sid, (int) STRTAB_BASE_CFG_LOG2SIZE.get(strtabCfg));
        long base = StreamTable.base(scene.strtabBase(), strtabCfg);
        long entry = StreamTable.linearAddress(base, sid);
        if (StreamTable.isTwoLevel(strtabCfg)) {
            split = StreamTable.split(strtabCfg);
            long first = StreamTable.l1Address(base, sid, split);
            if (!Bench.RAM.contains(first, Long.BYTES)) {
                return;
            }
            l1std = word(first);
            l2Index = StreamTable.l2Index(sid, split);
            // As written: tables of cases are aligned, unless Span is not what it was made for.
            entry = StreamTable.l2Address(L1StreamTableDescriptor.L2_PTR.getAddress(l1std), sid, split);
        }
        read(entry, ste);
        if (!StreamTableEntry.V.isSet(ste[0])
                || StreamTableEntry.CONFIG.get(ste[0]) != StreamTableEntry.CONFIG_S1_TRANSLATE) {
            return;
        }
        read(contextPointer() & (1L << QEMU_POINTER_BITS) - 1, cd);
        boolean upper = VirtualAddress.isUpperHalf(address);
        granule = upper
                ? Granule.ofTg1(ContextDescriptor.TG1.get(cd[0]))
                : Granule.ofTg0(ContextDescriptor.TG0.get(cd[0]));
        if (ContextDescriptor.V.isSet(cd[0]) && granule != null) {
            walk(granule, upper);
        }
    }

    private void read(long at, long[] structure) {
        for (int i = 0; i < structure.length; i++) {
            structure[i] = word(at + (long) i * Long.BYTES);
        }
    }

    private void walk(Granule of, boolean upper) {
        int bits = upper ? ContextDescriptor.inputBits1(cd[0]) : ContextDescriptor.inputBits0(cd[0]);
        if (bits < 25 || bits > 48) {
            return;
        }
        int start = of.startLevel(bits);
        long base = upper ? ContextDescriptor.TTB1.getAddress(cd[2]) : ContextDescriptor.TTB0.getAddress(cd[1]);
        long table = base & (1L << QEMU_POINTER_BITS) - 1;
        table &= -of.startTableBytes(start, bits);
        boolean ignoreTables = upper ? ContextDescriptor.HAD1.isSet(cd[2]) : ContextDescriptor.HAD0.isSet(cd[1]);
        for (level = start; ; level++) {
            descriptor = word(of.descriptorAddress(table, address, level, start, bits));
            if (level == LAST_LEVEL || !isTable()) {
                return;
            }
            tableDeniesWrite |= !ignoreTables && Vmsav8_64Layout.AP_TABLE_1.isSet(descriptor);
            tableDeniesUser |= !ignoreTables && Vmsav8_64Layout.AP_TABLE_0.isSet(descriptor);
            table = Vmsav8_64Layout.ADDRESS.getAddress(descriptor) & -of.bytes();
            tableBeyondOutputSize |= !AddressSize.fits(table, outputBits());
        }
    }

    private int outputBits() {
        return Math.min(OUTPUT_BITS, AddressSize.bits(ContextDescriptor.IPS.get(cd[0])));
    }

    /** The context pointer of the STE is beyond the output size. */
    boolean contextBeyondOutputSize() {
        return !AddressSize.fits(contextPointer(), OUTPUT_BITS);
    }

    /** The context pointer of the STE has bits that QEMU does not look at. */
    boolean contextBeyondPointerBits() {
        return !AddressSize.fits(contextPointer(), QEMU_POINTER_BITS);
    }

    /** A TTB in use has bits that QEMU does not look at. */
    boolean tableBaseBeyondPointerBits() {
        return !ContextDescriptor.EPD0.isSet(cd[0])
                        && !AddressSize.fits(ContextDescriptor.TTB0.getAddress(cd[1]), QEMU_POINTER_BITS)
                || !ContextDescriptor.EPD1.isSet(cd[0])
                        && !AddressSize.fits(ContextDescriptor.TTB1.getAddress(cd[2]), QEMU_POINTER_BITS);
    }

    private long contextPointer() {
        return StreamTableEntry.S1_CONTEXT_PTR.getAddress(ste[0]);
    }

    /** The stream has a Span that no table can have. */
    boolean hasInvalidSpan() {
        return l1std != null
                && L1StreamTableDescriptor.SPAN.get(l1std) != 0
                && (L1StreamTableDescriptor.entries(l1std) == 0 || L1StreamTableDescriptor.SPAN.get(l1std) > split + 1);
    }

    private boolean isTable() {
        return Vmsav8_64Layout.VALID.isSet(descriptor) && Vmsav8_64Layout.TYPE.isSet(descriptor);
    }

    /** Span leaves the stream out. */
    boolean isBeyondSpan() {
        return l1std != null && l2Index >= L1StreamTableDescriptor.entries(l1std);
    }

    /** The stream has an STE. */
    boolean hasEntry() {
        return inTable && !hasInvalidSpan() && !isBeyondSpan();
    }

    /** The stream has an STE that leads to a CD, and nothing but its pointer may be wrong. */
    boolean hasContext() {
        return hasEntry()
                && StreamTableEntry.V.isSet(ste[0])
                && StreamTableEntry.CONFIG.get(ste[0]) == StreamTableEntry.CONFIG_S1_TRANSLATE
                && StreamTableEntry.S1CD_MAX.get(ste[0]) == 0
                && !StreamTableEntry.S1STALLD.isSet(ste[1]);
    }

    /** The address is beyond the output size. */
    boolean isAddressBeyondOutputSize() {
        return !AddressSize.fits(address, OUTPUT_BITS);
    }

    /** The stream bypasses stage 1. */
    boolean isBypass() {
        return StreamTableEntry.V.isSet(ste[0])
                && StreamTableEntry.CONFIG.get(ste[0]) == StreamTableEntry.CONFIG_BYPASS;
    }

    /** The address belongs to TTB1, or to neither half. */
    boolean isAboveLowerHalf() {
        return !AddressSize.fits(address, QEMU_POINTER_BITS);
    }

    /** The address is beyond TTB0, below the reach of TTB1, and TTB1 is in use. */
    boolean isBeyondLowerHalf() {
        return !isAboveLowerHalf()
                && (ContextDescriptor.EPD0.isSet(cd[0])
                        || !AddressSize.fits(address, ContextDescriptor.inputBits0(cd[0])))
                && !ContextDescriptor.EPD1.isSet(cd[0]);
    }

    private boolean isSameLeaf(long other) {
        return granule != null && (address ^ other) >>> granule.levelShift(level) == 0;
    }

    /** The walk ends at a block on a level that has none. */
    boolean endsAtBlockAboveBlocks() {
        int first = granule == Granule.KIB_4 ? 1 : 2;
        return Vmsav8_64Layout.VALID.isSet(descriptor) && !Vmsav8_64Layout.TYPE.isSet(descriptor) && level < first;
    }

    /** The walk ends at a leaf that unprivileged accesses may not reach. */
    boolean deniesUser() {
        return Vmsav8_64Layout.VALID.isSet(descriptor) && (tableDeniesUser || !Vmsav8_64Layout.AP1.isSet(descriptor));
    }

    /** The address is in the upper half, its top byte is not all ones, and whether that matters depends on the half. */
    boolean dependsOnTopByteOfUpperHalf() {
        return VirtualAddress.isUpperHalf(address)
                && VirtualAddress.withoutTopByte(address) != address
                && ContextDescriptor.TBI0.isSet(cd[0]) != ContextDescriptor.TBI1.isSet(cd[0]);
    }

    /** The walk ends at a leaf that may not be used before its access flag is set. */
    boolean deniesAccess() {
        return Vmsav8_64Layout.VALID.isSet(descriptor)
                && !Vmsav8_64Layout.AF.isSet(descriptor)
                && !ContextDescriptor.AFFD.isSet(cd[0]);
    }

    /** The walk ends at a leaf beyond the output size. */
    boolean leafBeyondOutputSize() {
        return Vmsav8_64Layout.VALID.isSet(descriptor)
                && !AddressSize.fits(Vmsav8_64Layout.ADDRESS.getAddress(descriptor), outputBits());
    }

    /** The walk ends at a leaf that may not be written. */
    boolean deniesWrite() {
        return Vmsav8_64Layout.VALID.isSet(descriptor) && (tableDeniesWrite || Vmsav8_64Layout.AP2.isSet(descriptor));
    }

    /** Where the access goes if nothing forbids it. */
    long output() {
        if (isBypass() || granule == null) {
            return address;
        }
        int shift = granule.levelShift(level);
        long base = Vmsav8_64Layout.ADDRESS.getAddress(descriptor);
        return (base & -(1L << shift)) | granule.offsetInLeaf(address, level);
    }

    @Override
    public String toString() {
        return String.format(
                "L1STD %s, STE %x %x, CD %x %x %x, level %d descriptor %x",
                l1std == null ? "none" : Long.toHexString(l1std),
                ste[0],
                ste[1],
                cd[0],
                cd[1],
                cd[2],
                level,
                descriptor);
    }
}
