package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.UntaggedTraffic;
import dev.sva4j.vendor.smmu.layout.Cacheability;
import dev.sva4j.vendor.smmu.layout.Shareability;
import dev.sva4j.vendor.smmu.layout.StreamTableEntry;

/** The STEs that a stream goes through (IHI 0070 §5.2; {@code arm_smmu_make_cdtable_ste} and its siblings). */
final class SteValues {
    private final Features features;

    SteValues(Features features) {
        this.features = features;
    }

    /** Everything aborts in silence: a stream that nobody has attached. */
    static long[] abort() {
        return valid(StreamTableEntry.CONFIG_ABORT);
    }

    /**
     * The STE of an attached device.
     *
     * <p>What S1DSS says only counts with a table of several CDs. Without one, identity takes an STE that bypasses
     * translation, and blocked traffic meets a CD that is empty: it is recorded, as it would be by S1DSS.
     */
    long[] attached(Device device, UntaggedTraffic.Mode untagged, boolean ats) {
        if (untagged == UntaggedTraffic.Mode.IDENTITY && !device.descriptors().hasSubstreams()) {
            return bypass();
        }
        return stage1(device, untagged, ats);
    }

    private static long[] bypass() {
        long[] ste = valid(StreamTableEntry.CONFIG_BYPASS);
        StreamTableEntry.SHCFG.encodeInto(ste, StreamTableEntry.SHCFG_USE_INCOMING);
        return ste;
    }

    private long[] stage1(Device device, UntaggedTraffic.Mode untagged, boolean ats) {
        CdTable table = device.descriptors();
        long[] ste = valid(StreamTableEntry.CONFIG_S1_TRANSLATE);
        StreamTableEntry.S1_FMT.encodeInto(ste, table.format());
        StreamTableEntry.S1_CONTEXT_PTR.encodeInto(ste, table.root());
        StreamTableEntry.S1CD_MAX.encodeInto(ste, table.log2Count());
        StreamTableEntry.S1CIR.encodeInto(ste, Cacheability.FETCH_WB_RA);
        StreamTableEntry.S1COR.encodeInto(ste, Cacheability.FETCH_WB_RA);
        StreamTableEntry.S1CSH.encodeInto(ste, Shareability.ISH);
        StreamTableEntry.S1STALLD.encodeInto(ste, features.canForbidStall() && !device.stalls() ? 1 : 0);
        StreamTableEntry.EATS.encodeInto(ste, ats ? StreamTableEntry.EATS_FULL : StreamTableEntry.EATS_OFF);
        StreamTableEntry.STRW.encodeInto(ste, StreamTableEntry.STRW_NS_EL1);
        if (table.hasSubstreams()) {
            StreamTableEntry.S1DSS.encodeInto(ste, s1dss(untagged));
            if (untagged == UntaggedTraffic.Mode.IDENTITY) {
                StreamTableEntry.SHCFG.encodeInto(ste, StreamTableEntry.SHCFG_USE_INCOMING);
            }
        }
        return ste;
    }

    private static int s1dss(UntaggedTraffic.Mode untagged) {
        return switch (untagged) {
            case BLOCKED -> StreamTableEntry.S1DSS_TERMINATE;
            case IDENTITY -> StreamTableEntry.S1DSS_BYPASS;
            case TRANSLATED, QUIESCED -> StreamTableEntry.S1DSS_SUBSTREAM0;
        };
    }

    private static long[] valid(int config) {
        long[] ste = new long[StreamTableEntry.LAYOUT.words()];
        StreamTableEntry.V.encodeInto(ste, 1);
        StreamTableEntry.CONFIG.encodeInto(ste, config);
        return ste;
    }
}
