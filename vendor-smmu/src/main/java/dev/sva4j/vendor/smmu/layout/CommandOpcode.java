package dev.sva4j.vendor.smmu.layout;

import static dev.sva4j.vendor.smmu.layout.Command.AB;
import static dev.sva4j.vendor.smmu.layout.Command.AC;
import static dev.sva4j.vendor.smmu.layout.Command.ADDRESS;
import static dev.sva4j.vendor.smmu.layout.Command.ASID;
import static dev.sva4j.vendor.smmu.layout.Command.ATC_SIZE;
import static dev.sva4j.vendor.smmu.layout.Command.CS;
import static dev.sva4j.vendor.smmu.layout.Command.GLOBAL;
import static dev.sva4j.vendor.smmu.layout.Command.IPA;
import static dev.sva4j.vendor.smmu.layout.Command.LEAF;
import static dev.sva4j.vendor.smmu.layout.Command.MSH;
import static dev.sva4j.vendor.smmu.layout.Command.MSI_ADDRESS;
import static dev.sva4j.vendor.smmu.layout.Command.MSI_ATTR;
import static dev.sva4j.vendor.smmu.layout.Command.MSI_DATA;
import static dev.sva4j.vendor.smmu.layout.Command.NUM;
import static dev.sva4j.vendor.smmu.layout.Command.OPCODE;
import static dev.sva4j.vendor.smmu.layout.Command.PREFETCH_SIZE;
import static dev.sva4j.vendor.smmu.layout.Command.PREFETCH_STRIDE;
import static dev.sva4j.vendor.smmu.layout.Command.PRG_INDEX;
import static dev.sva4j.vendor.smmu.layout.Command.RANGE;
import static dev.sva4j.vendor.smmu.layout.Command.RESP;
import static dev.sva4j.vendor.smmu.layout.Command.SCALE;
import static dev.sva4j.vendor.smmu.layout.Command.SSEC;
import static dev.sva4j.vendor.smmu.layout.Command.SSV;
import static dev.sva4j.vendor.smmu.layout.Command.STAG;
import static dev.sva4j.vendor.smmu.layout.Command.STREAMID;
import static dev.sva4j.vendor.smmu.layout.Command.SUBSTREAMID;
import static dev.sva4j.vendor.smmu.layout.Command.TG;
import static dev.sva4j.vendor.smmu.layout.Command.TTL;
import static dev.sva4j.vendor.smmu.layout.Command.TTL128;
import static dev.sva4j.vendor.smmu.layout.Command.VMID;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the Non-secure Command queue and the fields of each (IHI 0070 §4).
 *
 * <p>Opcodes of other queues and of extensions that are not modelled (MPAM, DPT) are absent: to hardware they are
 * unknown, which is CERROR_ILL.
 */
public enum CommandOpcode {
    CMD_PREFETCH_CONFIG(0x01, SSV, SUBSTREAMID, STREAMID),
    CMD_PREFETCH_ADDR(0x02, SSV, SUBSTREAMID, STREAMID, PREFETCH_SIZE, PREFETCH_STRIDE, ADDRESS),
    CMD_CFGI_STE(0x03, STREAMID, LEAF),
    /** With Range 31 the manual calls it CMD_CFGI_ALL. */
    CMD_CFGI_STE_RANGE(0x04, STREAMID, RANGE),
    /** The descriptor is found by its index; there is no SSV. */
    CMD_CFGI_CD(0x05, SUBSTREAMID, STREAMID, LEAF),
    CMD_CFGI_CD_ALL(0x06, STREAMID),
    CMD_TLBI_NH_ALL(0x10, VMID),
    CMD_TLBI_NH_ASID(0x11, VMID, ASID),
    CMD_TLBI_NH_VA(0x12, NUM, SCALE, VMID, ASID, LEAF, TTL128, TTL, TG, ADDRESS),
    CMD_TLBI_NH_VAA(0x13, NUM, SCALE, VMID, LEAF, TTL128, TTL, TG, ADDRESS),
    CMD_TLBI_EL2_ALL(0x20),
    CMD_TLBI_EL2_ASID(0x21, ASID),
    CMD_TLBI_EL2_VA(0x22, NUM, SCALE, ASID, LEAF, TTL128, TTL, TG, ADDRESS),
    CMD_TLBI_EL2_VAA(0x23, NUM, SCALE, LEAF, TTL128, TTL, TG, ADDRESS),
    CMD_TLBI_S12_VMALL(0x28, VMID),
    CMD_TLBI_S2_IPA(0x2A, NUM, SCALE, VMID, LEAF, TTL128, TTL, TG, IPA),
    CMD_TLBI_NSNH_ALL(0x30),
    CMD_ATC_INV(0x40, GLOBAL, SSV, SUBSTREAMID, STREAMID, ATC_SIZE, ADDRESS),
    CMD_PRI_RESP(0x41, SSV, SUBSTREAMID, STREAMID, PRG_INDEX, RESP),
    CMD_RESUME(0x44, AC, AB, STREAMID, STAG),
    CMD_STALL_TERM(0x45, STREAMID),
    CMD_SYNC(0x46, CS, MSH, MSI_ATTR, MSI_DATA, MSI_ADDRESS);

    private static final Map<Integer, CommandOpcode> BY_CODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(CommandOpcode::code, Function.identity()));

    private final int code;

    // A StructLayout is immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout layout;

    CommandOpcode(int code, BitField... fields) {
        this.code = code;
        this.layout = StructLayout.builder(name(), Command.WORDS, "IHI 0070 §4")
                .include(OPCODE, SSEC)
                .include(fields)
                .inBitOrder()
                .build();
    }

    /** The command that this first word starts, or null for an unknown opcode. */
    public static @Nullable CommandOpcode of(long word0) {
        return BY_CODE.get((int) OPCODE.get(word0));
    }

    /** The opcode. */
    public int code() {
        return code;
    }

    /** The fields of the command. */
    public StructLayout layout() {
        return layout;
    }

    /** A first word with nothing but the opcode. */
    public long word0() {
        return OPCODE.encode(code);
    }
}
