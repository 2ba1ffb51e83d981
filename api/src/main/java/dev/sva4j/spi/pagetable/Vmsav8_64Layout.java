package dev.sva4j.spi.pagetable;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Stage 1 descriptors of VMSAv8-64, shared by Arm CPUs and the SMMU.
 *
 * <p>Arm DDI 0487, D8.3 "Translation table descriptor formats". Fields that only the Secure state or optional
 * extensions use are named where they occupy bits that would otherwise look reserved.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class Vmsav8_64Layout {
    private static final String DESCRIPTOR = "descriptor";

    /** 0: the descriptor is invalid, whatever else it holds. */
    public static final BitField VALID = BitField.bit(DESCRIPTOR, "valid", 0, 0, "valid");

    /** 1: table, or page at level 3. 0: block, or reserved at level 3. */
    public static final BitField TYPE = BitField.bit(DESCRIPTOR, "type", 0, 1, "table or page, not block");

    /** Which byte of MAIR has the memory type. */
    public static final BitField ATTR_INDX = BitField.of(DESCRIPTOR, "AttrIndx", 0, 4, 2, "index into MAIR");

    /** Non-secure; Secure state only. */
    public static final BitField NS = BitField.bit(DESCRIPTOR, "NS", 0, 5, "non-secure");

    /** 1: unprivileged accesses allowed. */
    public static final BitField AP1 = BitField.bit(DESCRIPTOR, "AP[1]", 0, 6, "unprivileged access");

    /** 1: read-only. */
    public static final BitField AP2 = BitField.bit(DESCRIPTOR, "AP[2]", 0, 7, "read-only");

    /** Shareability; with LPA2 bits 51:50 of the address stand here. */
    public static final BitField SH = BitField.of(DESCRIPTOR, "SH", 0, 9, 8, "shareability")
            .withValue(0, "non-shareable")
            .withValue(2, "outer shareable")
            .withValue(3, "inner shareable");

    /** Access flag. */
    public static final BitField AF = BitField.bit(DESCRIPTOR, "AF", 0, 10, "access flag");

    /** 1: tagged with the ASID. */
    public static final BitField NG = BitField.bit(DESCRIPTOR, "nG", 0, 11, "not global");

    /** Block only: TLBs should not hold it (FEAT_BBM level 1). */
    public static final BitField NT = BitField.bit(DESCRIPTOR, "nT", 0, 16, "no TLB entry for the block");

    /** Guarded page; branch target identification. */
    public static final BitField GP = BitField.bit(DESCRIPTOR, "GP", 0, 50, "guarded page");

    /** Dirty bit modifier: hardware may clear AP[2] on a write. */
    public static final BitField DBM = BitField.bit(DESCRIPTOR, "DBM", 0, 51, "dirty bit modifier");

    /** Hint: one of a run of neighbours with consecutive addresses. */
    public static final BitField CONTIGUOUS = BitField.bit(DESCRIPTOR, "Contiguous", 0, 52, "one of a run");

    /** Privileged execute-never. */
    public static final BitField PXN = BitField.bit(DESCRIPTOR, "PXN", 0, 53, "privileged execute-never");

    /** Unprivileged execute-never. */
    public static final BitField UXN = BitField.bit(DESCRIPTOR, "UXN", 0, 54, "unprivileged execute-never");

    /** The bit for software in which Linux keeps that a page is dirty although it is read-only. */
    public static final BitField SOFTWARE_DIRTY = BitField.bit(DESCRIPTOR, "software dirty", 0, 55, "Linux: PTE_DIRTY");

    /** The other bits for software. */
    public static final BitField SOFTWARE = BitField.of(DESCRIPTOR, "ignored", 0, 58, 56, "for software");

    /** Table only: privileged execute-never below. */
    public static final BitField PXN_TABLE =
            BitField.bit(DESCRIPTOR, "PXNTable", 0, 59, "privileged execute-never below");

    /** Table only: unprivileged execute-never below. */
    public static final BitField UXN_TABLE =
            BitField.bit(DESCRIPTOR, "UXNTable", 0, 60, "unprivileged execute-never below");

    /** Table only: no unprivileged access below. */
    public static final BitField AP_TABLE_0 =
            BitField.bit(DESCRIPTOR, "APTable[0]", 0, 61, "no unprivileged access below");

    /** Table only: no write below. */
    public static final BitField AP_TABLE_1 = BitField.bit(DESCRIPTOR, "APTable[1]", 0, 62, "no write below");

    /** Table only; Secure state only. */
    public static final BitField NS_TABLE = BitField.bit(DESCRIPTOR, "NSTable", 0, 63, "non-secure below");

    /** Address of up to 48 bits; what of it counts depends on granule and level. */
    public static final BitField ADDRESS = BitField.address(DESCRIPTOR, "address", 0, 47, 12, "address");

    /** 64 KiB granule with 52 bits (FEAT_LPA): bits 51:48 stand below the others. */
    public static final SplitField ADDRESS_LPA = new SplitField(
            DESCRIPTOR,
            "address",
            true,
            "address",
            Map.of(),
            List.of(new SplitField.Piece(0, 47, 16, 16), new SplitField.Piece(0, 15, 12, 48)));

    /** 4 and 16 KiB granules with 52 bits (FEAT_LPA2): bits 49:48 in place, bits 51:50 in the place of SH. */
    public static final SplitField ADDRESS_LPA2 = new SplitField(
            DESCRIPTOR,
            "address",
            true,
            "address",
            Map.of(),
            List.of(new SplitField.Piece(0, 49, 12, 12), new SplitField.Piece(0, 9, 8, 50)));

    /** A table descriptor (levels -1 to 2). */
    public static final StructLayout TABLE = StructLayout.of(
            "table descriptor",
            1,
            "DDI 0487 D8.3.1",
            VALID,
            TYPE,
            ADDRESS,
            PXN_TABLE,
            UXN_TABLE,
            AP_TABLE_0,
            AP_TABLE_1,
            NS_TABLE);

    /** A block or page descriptor without the 52-bit extensions; nT means something in blocks only. */
    public static final StructLayout LEAF = StructLayout.of(
            "block or page descriptor",
            1,
            "DDI 0487 D8.3.1",
            VALID,
            TYPE,
            ATTR_INDX,
            NS,
            AP1,
            AP2,
            SH,
            AF,
            NG,
            ADDRESS,
            GP,
            DBM,
            CONTIGUOUS,
            PXN,
            UXN,
            SOFTWARE_DIRTY,
            SOFTWARE);

    private Vmsav8_64Layout() {}
}
