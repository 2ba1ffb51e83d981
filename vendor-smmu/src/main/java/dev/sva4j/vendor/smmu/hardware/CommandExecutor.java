package dev.sva4j.vendor.smmu.hardware;

import static dev.sva4j.vendor.smmu.layout.Command.AB;
import static dev.sva4j.vendor.smmu.layout.Command.AC;
import static dev.sva4j.vendor.smmu.layout.Command.ADDRESS;
import static dev.sva4j.vendor.smmu.layout.Command.ASID;
import static dev.sva4j.vendor.smmu.layout.Command.ATC_SIZE;
import static dev.sva4j.vendor.smmu.layout.Command.GLOBAL;
import static dev.sva4j.vendor.smmu.layout.Command.LEAF;
import static dev.sva4j.vendor.smmu.layout.Command.NUM;
import static dev.sva4j.vendor.smmu.layout.Command.OPCODE;
import static dev.sva4j.vendor.smmu.layout.Command.PRG_INDEX;
import static dev.sva4j.vendor.smmu.layout.Command.SCALE;
import static dev.sva4j.vendor.smmu.layout.Command.SSEC;
import static dev.sva4j.vendor.smmu.layout.Command.SSV;
import static dev.sva4j.vendor.smmu.layout.Command.STAG;
import static dev.sva4j.vendor.smmu.layout.Command.STREAMID;
import static dev.sva4j.vendor.smmu.layout.Command.SUBSTREAMID;
import static dev.sva4j.vendor.smmu.layout.Command.TTL;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.STALL_MODEL_TERMINATE_ONLY;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.AtcInvalidations;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import dev.sva4j.vendor.smmu.layout.CommandOpcode;
import dev.sva4j.vendor.smmu.layout.Granule;
import dev.sva4j.vendor.smmu.layout.PriResponse;
import dev.sva4j.vendor.smmu.layout.TlbiRange;
import org.jspecify.annotations.Nullable;

/** What each command does (§4), but for CMD_SYNC. Called by the consumer of the queue only; has no state. */
final class CommandExecutor {
    private static final int LOG2_ATC_UNIT = 12;

    private final Control control;
    private final Features features;
    private final StreamTableWalk streams;
    private final ContextFetch contexts;
    private final TranslationCaches caches;
    private final AtcInvalidations atc;
    private final DeviceLink devices;
    private final DataPath dataPath;

    /** Commands by opcode: the look-up for every command consumed. */
    private final @Nullable CommandOpcode[] opcodes = new CommandOpcode[(int) OPCODE.max() + 1];

    CommandExecutor(
            Control control,
            Features features,
            StreamTableWalk streams,
            ContextFetch contexts,
            TranslationCaches caches,
            AtcInvalidations atc,
            DeviceLink devices,
            DataPath dataPath) {
        this.control = control;
        this.features = features;
        this.streams = streams;
        this.contexts = contexts;
        this.caches = caches;
        this.atc = atc;
        this.devices = devices;
        this.dataPath = dataPath;
        for (CommandOpcode opcode : CommandOpcode.values()) {
            opcodes[opcode.code()] = opcode;
        }
    }

    /** The command that this word starts, or null if it is none for this queue. */
    @Nullable
    CommandOpcode decode(long word0) {
        return SSEC.isSet(word0) ? null : opcodes[(int) OPCODE.get(word0)];
    }

    /** Carries out a command; returns false if it is illegal here (CERROR_ILL). */
    boolean execute(CommandOpcode opcode, long word0, long word1) {
        return switch (opcode) {
            case CMD_PREFETCH_CONFIG, CMD_PREFETCH_ADDR -> true;
            case CMD_CFGI_STE -> invalidateStream(word0, word1);
            case CMD_CFGI_STE_RANGE -> invalidateStreams(word0, word1);
            case CMD_CFGI_CD, CMD_CFGI_CD_ALL -> features.stage1 && invalidateContexts(opcode, word0, word1);
            case CMD_TLBI_NH_ALL, CMD_TLBI_NH_ASID, CMD_TLBI_NH_VA, CMD_TLBI_NH_VAA ->
                features.stage1 && invalidateTlb(opcode, word0, word1);
            case CMD_TLBI_NSNH_ALL -> {
                caches.invalidateAll();
                yield true;
            }
            case CMD_ATC_INV -> features.ats && invalidateAtc(word0, word1);
            case CMD_PRI_RESP -> features.pri && respond(word0, word1);
            case CMD_RESUME -> stalls() && resume(word0, word1);
            case CMD_STALL_TERM -> {
                if (stalls()) {
                    dataPath.abortStalled(STREAMID.get(word0));
                }
                yield stalls();
            }
            // Neither EL2 (IDR0.HYP) nor stage 2 (IDR0.S2P). CMD_SYNC does not come here.
            case CMD_TLBI_EL2_ALL,
                    CMD_TLBI_EL2_ASID,
                    CMD_TLBI_EL2_VA,
                    CMD_TLBI_EL2_VAA,
                    CMD_TLBI_S12_VMALL,
                    CMD_TLBI_S2_IPA,
                    CMD_SYNC -> false;
        };
    }

    private boolean stalls() {
        return features.stallModel != STALL_MODEL_TERMINATE_ONLY;
    }

    private boolean invalidateStream(long word0, long word1) {
        long sid = STREAMID.get(word0);
        streams.invalidate(control.settings(), sid, LEAF.isSet(word1));
        contexts.invalidateStream(sid);
        return true;
    }

    private boolean invalidateStreams(long word0, long word1) {
        streams.invalidateRange(word0, word1);
        contexts.invalidateRange(word0, word1);
        return true;
    }

    private boolean invalidateContexts(CommandOpcode opcode, long word0, long word1) {
        long sid = STREAMID.get(word0);
        if (opcode == CommandOpcode.CMD_CFGI_CD) {
            contexts.invalidate(sid, (int) SUBSTREAMID.get(word0), LEAF.isSet(word1));
        } else {
            contexts.invalidateStream(sid);
        }
        return true;
    }

    /** Without stage 2 there is no VMID. */
    private boolean invalidateTlb(CommandOpcode opcode, long word0, long word1) {
        switch (opcode) {
            case CMD_TLBI_NH_ALL -> caches.invalidateAll();
            case CMD_TLBI_NH_ASID -> caches.invalidateAsid((int) ASID.get(word0));
            default -> {
                Granule granule = features.rangeInvalidation ? TlbiRange.granule(word1) : null;
                if (granule != null && isReservedRange(granule, word0, word1)) {
                    return false;
                }
                int asid = opcode == CommandOpcode.CMD_TLBI_NH_VA ? (int) ASID.get(word0) : Iotlb.ANY_ASID;
                long bytes = granule == null ? 1 : TlbiRange.bytes(word0, granule);
                caches.invalidate(asid, ADDRESS.getAddress(word1), bytes, LEAF.isSet(word1));
            }
        }
        return true;
    }

    /** A single granule without a level, and level 1 of 16 KiB tables, where there are no blocks (§4.4.1). */
    private static boolean isReservedRange(Granule granule, long word0, long word1) {
        return TlbiRange.isReserved(word0, word1)
                || (granule == Granule.KIB_16 && TTL.get(word1) == 1 && NUM.get(word0) == 0 && SCALE.get(word0) == 0);
    }

    private boolean invalidateAtc(long word0, long word1) {
        int size = (int) ATC_SIZE.get(word1);
        if (size > AtsCommands.SIZE_ALL) {
            return false;
        }
        if (control.settings().enabled()) {
            boolean tagged = SSV.isSet(word0);
            int log2Bytes = size + LOG2_ATC_UNIT;
            long address = ADDRESS.getAddress(word1);
            long region = size == AtsCommands.SIZE_ALL ? 0 : address - Leaf.offset(address, log2Bytes);
            atc.send(sid(word0), ssid(word0), region, log2Bytes, tagged && GLOBAL.isSet(word0));
        }
        return true;
    }

    private boolean respond(long word0, long word1) {
        PriResponse response = PriResponse.of(word1);
        if (response == null) {
            return false;
        }
        if (control.settings().enabled()) {
            ResponseCode code = switch (response) {
                case SUCCESS -> ResponseCode.SUCCESS;
                case INVALID_REQUEST -> ResponseCode.INVALID;
                case RESPONSE_FAILURE -> ResponseCode.FAILURE;
            };
            devices.pageGroupResponse(sid(word0), ssid(word0), (int) PRG_INDEX.get(word1), code);
        }
        return true;
    }

    private boolean resume(long word0, long word1) {
        DataPath.Resume how = DataPath.Resume.RETRY;
        if (!AC.isSet(word0)) {
            how = AB.isSet(word0) || features.abortOnly ? DataPath.Resume.ABORT : DataPath.Resume.RAZ_WI;
        }
        dataPath.resume(STREAMID.get(word0), STAG.get(word1), how);
        return true;
    }

    private static int sid(long word0) {
        return (int) STREAMID.get(word0);
    }

    private static int ssid(long word0) {
        return SSV.isSet(word0) ? (int) SUBSTREAMID.get(word0) : Pasid.NONE;
    }
}
