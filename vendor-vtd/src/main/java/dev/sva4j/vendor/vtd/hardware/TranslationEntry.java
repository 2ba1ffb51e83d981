package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.AW;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.CD;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.DID;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.EAFE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.EMTE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FPD;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPM;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPM_4_LEVEL;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPM_5_LEVEL;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.FSPTPTR;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.LAYOUT;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.P;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PAT;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGSNP;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGTT;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGTT_FIRST_STAGE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGTT_PASS_THROUGH;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PGTT_SECOND_STAGE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.PWSNP;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.SRE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.SSADE;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.SSPTPTR;
import static dev.sva4j.vendor.vtd.layout.PasidTableEntry.WPE;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.AddressWidth;
import dev.sva4j.vendor.vtd.layout.FaultReason;

/**
 * How the requests of one PASID are translated: what a PASID table entry says (9.6), or a legacy context entry for a
 * whole function; or why they are not. Immutable.
 */
final class TranslationEntry {
    /** PGTT, as far as it is implemented. */
    enum Kind {
        FAULTY,
        FIRST_STAGE,
        SECOND_STAGE,
        PASS_THROUGH
    }

    private static final int LEVELS_4 = 4;
    private static final int LEVELS_5 = 5;

    final Kind kind;

    /** The fault of every request, or 0. */
    final long fault;

    /** FPD of this entry or of one that led to it. */
    final boolean fpd;

    final int did;
    final int pasid;

    /** Levels of the page table. */
    final int levels;

    final long table;

    /** Second stage: bits of an input address. */
    final int inputBits;

    /** A and D are kept; in the first stage they always are. */
    final boolean flags;

    /** Flags may be updated: walks snoop. */
    final boolean snooped;

    final boolean extendedAccessed;
    final boolean supervisorAllowed;
    final boolean writeProtect;
    final SecondStageFaults faults;

    private TranslationEntry(long fault, boolean fpd) {
        this.kind = Kind.FAULTY;
        this.fault = fault;
        this.fpd = fpd;
        this.did = 0;
        this.pasid = 0;
        this.levels = 0;
        this.table = 0;
        this.inputBits = 0;
        this.flags = false;
        this.snooped = false;
        this.extendedAccessed = false;
        this.supervisorAllowed = false;
        this.writeProtect = false;
        this.faults = SecondStageFaults.SCALABLE;
    }

    private TranslationEntry(Kind kind, boolean fpd, int pasid, long[] words, Features features) {
        boolean firstStage = kind == Kind.FIRST_STAGE;
        this.kind = kind;
        this.fault = 0;
        this.fpd = fpd;
        this.did = (int) DID.get(words[DID.word()]);
        this.pasid = pasid;
        long aw = AW.get(words[0]);
        this.levels = firstStage ? firstStageLevels(words[2]) : AddressWidth.levels(aw);
        this.table = firstStage ? FSPTPTR.getAddress(words[2]) : SSPTPTR.getAddress(words[0]);
        this.inputBits = Math.min(features.guestBits, AddressWidth.bits(aw));
        this.flags = firstStage || SSADE.isSet(words[0]);
        this.snooped = features.snoopedWalks && PWSNP.isSet(words[1]);
        this.extendedAccessed = EAFE.isSet(words[2]);
        // Second stage and pass-through know no privilege, but SRE is asked for all the same (SPT.6).
        this.supervisorAllowed = SRE.isSet(words[2]);
        this.writeProtect = WPE.isSet(words[2]);
        this.faults = SecondStageFaults.SCALABLE;
    }

    /** Legacy mode: without a PASID, flags or privileges. */
    private TranslationEntry(Kind kind, boolean fpd, int did, long table, long aw, Features features) {
        this.kind = kind;
        this.fault = 0;
        this.fpd = fpd;
        this.did = did;
        this.pasid = 0;
        this.levels = AddressWidth.levels(aw);
        this.table = table;
        this.inputBits = Math.min(features.guestBits, AddressWidth.bits(aw));
        this.flags = false;
        this.snooped = false;
        this.extendedAccessed = false;
        this.supervisorAllowed = true;
        this.writeProtect = false;
        this.faults = SecondStageFaults.LEGACY;
    }

    private static int firstStageLevels(long word2) {
        return FSPM.get(word2) == FSPM_5_LEVEL ? LEVELS_5 : LEVELS_4;
    }

    static TranslationEntry faulty(FaultReason reason, boolean fpd) {
        return new TranslationEntry(Fault.of(reason), fpd);
    }

    static TranslationEntry legacy(Kind kind, boolean fpd, int did, long table, long aw, Features features) {
        return new TranslationEntry(kind, fpd, did, table, aw, features);
    }

    /** Takes a PASID table entry apart and checks it. {@code directoryFpd} is FPD of the directory entry. */
    static TranslationEntry decode(int pasid, long[] words, boolean directoryFpd, Features features) {
        boolean fpd = directoryFpd || FPD.isSet(words[0]);
        if (!P.isSet(words[0])) {
            return faulty(FaultReason.SPT_2, fpd);
        }
        if (hasReserved(words, features)) {
            return faulty(FaultReason.SPT_3, fpd);
        }
        Kind kind = kind(words, features);
        return kind == Kind.FAULTY
                ? faulty(FaultReason.SPT_4, fpd)
                : new TranslationEntry(kind, fpd, pasid, words, features);
    }

    /**
     * Bits that are reserved always, or without a capability. AW is not among them though SSTS=0 reserves it: Linux
     * writes it for first-stage entries whatever the unit has.
     */
    private static boolean hasReserved(long[] words, Features features) {
        return LAYOUT.hasReservedBitsSet(words)
                || (!features.secondStage && isAnySet(words, SSPTPTR))
                || (!features.secondStageFlags && isAnySet(words, SSADE))
                || (!features.snoopedWalks && isAnySet(words, PWSNP))
                || (!features.snoopControl && isAnySet(words, PGSNP))
                || (!features.memoryTypes && isAnySet(words, CD, EMTE, PAT))
                || (!features.supervisorRequests && isAnySet(words, SRE))
                || (!features.extendedAccessed && isAnySet(words, EAFE))
                || (!features.firstStage && isAnySet(words, FSPTPTR))
                || hasUnreachableTable(words, features);
    }

    private static boolean isAnySet(long[] words, BitField... fields) {
        for (BitField field : fields) {
            if (field.isSet(words[field.word()])) {
                return true;
            }
        }
        return false;
    }

    /** The table pointer that counts has a bit at or above HAW. */
    private static boolean hasUnreachableTable(long[] words, Features features) {
        return switch ((int) PGTT.get(words[0])) {
            case PGTT_FIRST_STAGE -> !features.isHostAddress(FSPTPTR.getAddress(words[2]));
            case PGTT_SECOND_STAGE -> !features.isHostAddress(SSPTPTR.getAddress(words[0]));
            default -> false;
        };
    }

    /** What PGTT asks for, or FAULTY if the unit does not have it (SPT.4). */
    private static Kind kind(long[] words, Features features) {
        return switch ((int) PGTT.get(words[0])) {
            case PGTT_FIRST_STAGE ->
                features.firstStage && hasMode(words[2], features) ? Kind.FIRST_STAGE : Kind.FAULTY;
            case PGTT_SECOND_STAGE ->
                features.secondStage && features.supportsWidth(AW.get(words[0])) ? Kind.SECOND_STAGE : Kind.FAULTY;
            case PGTT_PASS_THROUGH -> features.passThrough ? Kind.PASS_THROUGH : Kind.FAULTY;
            default -> Kind.FAULTY;
        };
    }

    private static boolean hasMode(long word2, Features features) {
        long mode = FSPM.get(word2);
        return mode == FSPM_4_LEVEL || (mode == FSPM_5_LEVEL && features.fiveLevels);
    }
}
