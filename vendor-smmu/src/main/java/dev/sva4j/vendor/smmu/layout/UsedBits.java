package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.BitField;
import java.util.List;

/**
 * Which bits of an STE or CD hardware may look at in the state that the entry is in (IHI 0070 §5.2, §5.4).
 *
 * <p>An update that changes live bits of one word only can be made with the entry valid all along; bits that are not
 * used now can be prepared first, bits that are no longer used can be cleaned up last. The update itself is the
 * driver's.
 *
 * <p>More bits are live here than a driver that leaves MEV, CONT and the attribute overrides at 0 has to know of: for
 * such a driver nothing changes, and for one that sets them an early store would show hardware a mix.
 */
public final class UsedBits {

    private static final long STE0_VALID = bits(0, StreamTableEntry.V, StreamTableEntry.CONFIG);

    /** Live in every valid STE: page requests are answered by PPAR whatever Config says. */
    private static final long STE1_ALWAYS = bits(1, StreamTableEntry.PPAR);

    /** Live in every STE that lets transactions through. */
    private static final long STE1_PASSING = bits(
            1,
            StreamTableEntry.DRE,
            StreamTableEntry.CONT,
            StreamTableEntry.DCP,
            StreamTableEntry.MEV,
            StreamTableEntry.MEM_ATTR,
            StreamTableEntry.MTCFG,
            StreamTableEntry.ALLOCCFG,
            StreamTableEntry.NSCFG,
            StreamTableEntry.PRIVCFG,
            StreamTableEntry.INSTCFG);

    private static final long STE0_STAGE1 =
            bits(0, StreamTableEntry.S1_FMT, StreamTableEntry.S1_CONTEXT_PTR, StreamTableEntry.S1CD_MAX);

    private static final long STE1_STAGE1 = bits(
            1,
            StreamTableEntry.S1DSS,
            StreamTableEntry.S1CIR,
            StreamTableEntry.S1COR,
            StreamTableEntry.S1CSH,
            StreamTableEntry.S1PIE,
            StreamTableEntry.S1MPAM,
            StreamTableEntry.S1STALLD,
            StreamTableEntry.EATS,
            StreamTableEntry.STRW);

    private static final long STE1_STAGE2 = bits(
            1,
            StreamTableEntry.S2HWU59,
            StreamTableEntry.S2HWU60,
            StreamTableEntry.S2HWU61,
            StreamTableEntry.S2HWU62,
            StreamTableEntry.S2FWB,
            StreamTableEntry.EATS,
            StreamTableEntry.SHCFG);

    /** Stage 1 entries of NS-EL1 are tagged with the VMID even when stage 2 is off. */
    private static final long STE2_STAGE1 = bits(2, StreamTableEntry.S2VMID);

    private static final long STE2_STAGE2 = allOf(2);
    private static final long STE3_STAGE2 = allOf(3);

    private static final long CD0_TTB0 = bits(
            0,
            ContextDescriptor.T0SZ,
            ContextDescriptor.TG0,
            ContextDescriptor.IR0,
            ContextDescriptor.OR0,
            ContextDescriptor.SH0);

    private static final long CD0_TTB1 = bits(
            0,
            ContextDescriptor.T1SZ,
            ContextDescriptor.TG1,
            ContextDescriptor.IR1,
            ContextDescriptor.OR1,
            ContextDescriptor.SH1);

    private UsedBits() {}

    /**
     * The live bits of word {@code word} of an STE.
     *
     * @param word which word is asked about
     * @param word0 word 0 of the STE, which has V and Config
     * @param word1 word 1 of the STE, which has S1DSS
     */
    public static long ste(int word, long word0, long word1) {
        if (!StreamTableEntry.V.isSet(word0)) {
            return word == 0 ? StreamTableEntry.V.mask() : 0;
        }
        long config = StreamTableEntry.CONFIG.get(word0);
        boolean passing = config >= StreamTableEntry.CONFIG_BYPASS;
        boolean stage1 = config == StreamTableEntry.CONFIG_S1_TRANSLATE || config == StreamTableEntry.CONFIG_NESTED;
        boolean stage2 = config == StreamTableEntry.CONFIG_S2_TRANSLATE || config == StreamTableEntry.CONFIG_NESTED;
        return switch (word) {
            case 0 -> STE0_VALID | (stage1 ? STE0_STAGE1 : 0);
            case 1 ->
                STE1_ALWAYS
                        | (passing ? STE1_PASSING : 0)
                        | (stage1 ? STE1_STAGE1 : 0)
                        | (stage2 ? STE1_STAGE2 : 0)
                        | (usesShcfg(config, word1) ? StreamTableEntry.SHCFG.mask() : 0);
            case 2 -> (stage1 ? STE2_STAGE1 : 0) | (stage2 ? STE2_STAGE2 : 0);
            case 3 -> stage2 ? STE3_STAGE2 : 0;
            default -> 0;
        };
    }

    /** SHCFG matters where stage 1 is bypassed: in bypass, and for the traffic that S1DSS sends past stage 1. */
    private static boolean usesShcfg(long config, long word1) {
        return config == StreamTableEntry.CONFIG_BYPASS
                || (config == StreamTableEntry.CONFIG_S1_TRANSLATE
                        && StreamTableEntry.S1DSS.get(word1) == StreamTableEntry.S1DSS_BYPASS);
    }

    /**
     * The live bits of word {@code word} of a CD: all of a valid one, except the half that EPD0 or EPD1 switches off.
     *
     * @param word which word is asked about
     * @param word0 word 0 of the CD, which has V, EPD0 and EPD1
     */
    public static long cd(int word, long word0) {
        if (!ContextDescriptor.V.isSet(word0)) {
            return word == 0 ? ContextDescriptor.V.mask() : 0;
        }
        boolean half0 = !ContextDescriptor.EPD0.isSet(word0);
        boolean half1 = !ContextDescriptor.EPD1.isSet(word0);
        return switch (word) {
            case 0 -> ~((half0 ? 0 : CD0_TTB0) | (half1 ? 0 : CD0_TTB1));
            case 1 -> half0 ? -1L : ~ContextDescriptor.TTB0.mask();
            case 2 -> half1 ? -1L : ~ContextDescriptor.TTB1.mask();
            default -> -1L;
        };
    }

    private static long bits(int word, BitField... fields) {
        return List.of(fields).stream().mapToLong(field -> field.mask(word)).reduce(0, (a, b) -> a | b);
    }

    private static long allOf(int word) {
        return ~StreamTableEntry.LAYOUT.reservedMask(word);
    }
}
