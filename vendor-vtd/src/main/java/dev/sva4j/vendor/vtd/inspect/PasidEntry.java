package dev.sva4j.vendor.vtd.inspect;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.inspect.EntryList;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.CapabilityRegister;
import dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister;
import dev.sva4j.vendor.vtd.layout.PasidTableEntry;
import org.jspecify.annotations.Nullable;

/** A PASID table entry as it was in memory (VT-d 9.6). Beyond word 2 it says nothing that is modelled. */
record PasidEntry(long word0, long word2) {

    static PasidEntry read(PhysicalMemory memory, long address) {
        return new PasidEntry(memory.loadAcquire(address), memory.loadAcquire(address + 2L * Long.BYTES));
    }

    boolean isPresent() {
        return PasidTableEntry.P.isSet(word0);
    }

    /** FPD. */
    boolean isSilent() {
        return PasidTableEntry.FPD.isSet(word0);
    }

    private int pgtt() {
        return (int) PasidTableEntry.PGTT.get(word0);
    }

    /** What the entry is in a list, P = 1. */
    String kind(ImageRegisters registers) {
        return switch (pgtt()) {
            case PasidTableEntry.PGTT_FIRST_STAGE, PasidTableEntry.PGTT_SECOND_STAGE ->
                tables(registers) == null ? EntryList.BAD_ENTRY : EntryList.TRANSLATED;
            case PasidTableEntry.PGTT_NESTED ->
                ExtendedCapabilityRegister.NEST.isSet(registers.ecap()) && hasFirst(registers) && hasSecond(registers)
                        ? EntryList.TRANSLATED
                        : EntryList.BAD_ENTRY;
            case PasidTableEntry.PGTT_PASS_THROUGH ->
                ExtendedCapabilityRegister.PT.isSet(registers.ecap()) ? EntryList.PASS_THROUGH : EntryList.BAD_ENTRY;
            default -> EntryList.BAD_ENTRY;
        };
    }

    /** Format of the page tables; empty if there are none. */
    String format() {
        return switch (pgtt()) {
            case PasidTableEntry.PGTT_FIRST_STAGE -> TableMode.FIRST_LEVEL;
            case PasidTableEntry.PGTT_SECOND_STAGE -> TableMode.SECOND_LEVEL;
            case PasidTableEntry.PGTT_NESTED -> TableMode.NESTED;
            default -> "";
        };
    }

    /** Top table; of a nested entry that of the second stage. */
    long root() {
        return switch (pgtt()) {
            case PasidTableEntry.PGTT_FIRST_STAGE -> firstRoot();
            case PasidTableEntry.PGTT_SECOND_STAGE, PasidTableEntry.PGTT_NESTED -> secondRoot();
            default -> 0;
        };
    }

    /** The page tables of an entry that has one stage, or null if the unit would refuse it. */
    @Nullable
    PageTables tables(ImageRegisters registers) {
        return switch (pgtt()) {
            case PasidTableEntry.PGTT_FIRST_STAGE ->
                hasFirst(registers)
                        ? PageTables.first(
                                firstRoot(),
                                fspm() == PasidTableEntry.FSPM_5_LEVEL,
                                PasidTableEntry.SRE.isSet(word2),
                                PasidTableEntry.WPE.isSet(word2),
                                registers)
                        : null;
            case PasidTableEntry.PGTT_SECOND_STAGE ->
                hasSecond(registers)
                        ? PageTables.second(secondRoot(), aw(), PasidTableEntry.SSADE.isSet(word0), registers)
                        : null;
            default -> null;
        };
    }

    private boolean hasFirst(ImageRegisters registers) {
        return ExtendedCapabilityRegister.FSTS.isSet(registers.ecap())
                && ImageRegisters.isHostAddress(firstRoot())
                && (fspm() == PasidTableEntry.FSPM_4_LEVEL
                        || (fspm() == PasidTableEntry.FSPM_5_LEVEL && CapabilityRegister.FS5LP.isSet(registers.cap())));
    }

    private boolean hasSecond(ImageRegisters registers) {
        return ExtendedCapabilityRegister.SSTS.isSet(registers.ecap())
                && ImageRegisters.isHostAddress(secondRoot())
                && AddressWidth.isValid(aw())
                && CapabilityRegister.supportsWidth(registers.cap(), (int) aw());
    }

    private long fspm() {
        return PasidTableEntry.FSPM.get(word2);
    }

    private long aw() {
        return PasidTableEntry.AW.get(word0);
    }

    private long firstRoot() {
        return PasidTableEntry.FSPTPTR.getAddress(word2);
    }

    private long secondRoot() {
        return PasidTableEntry.SSPTPTR.getAddress(word0);
    }
}
