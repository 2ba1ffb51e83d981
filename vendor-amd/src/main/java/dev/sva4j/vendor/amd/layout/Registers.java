package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.RegisterLayout;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The register map (AMD-Vi 3.3). The manual has long names only; short ones are Linux's and QEMU's, put in one form.
 *
 * <p>64-bit registers may be accessed as two halves.
 */
public final class Registers {

    /** Size of the register set without performance counters. */
    public static final long BYTES = 0x4000;

    /** All registers by rising offset. */
    public static final List<RegisterLayout> ALL = Stream.of(
                    Stream.of(
                            DeviceTableBase.DEVTAB_BASE,
                            CommandBufferRegisters.CMDBUF_BASE,
                            EventLogRegisters.EVTLOG_BASE,
                            ControlRegister.CONTROL,
                            AuxiliaryRegisters.EXCL_BASE,
                            AuxiliaryRegisters.EXCL_LIMIT,
                            ExtendedFeatures.EXT_FEATURE,
                            PprLogRegisters.PPRLOG_BASE,
                            AuxiliaryRegisters.HWEVT_UPPER,
                            AuxiliaryRegisters.HWEVT_LOWER,
                            AuxiliaryRegisters.HWEVT_STATUS,
                            AuxiliaryRegisters.GALOG_BASE,
                            AuxiliaryRegisters.GALOG_TAIL_ADDRESS,
                            PprLogRegisters.PPRLOG_B_BASE,
                            EventLogRegisters.EVTLOG_B_BASE,
                            AuxiliaryRegisters.FEATURE_SPECIFIC,
                            AuxiliaryRegisters.CONTROL_SPECIFIC,
                            AuxiliaryRegisters.STATUS_SPECIFIC,
                            InterruptRegisters.MSI_VECTOR_0,
                            InterruptRegisters.MSI_VECTOR_1,
                            InterruptRegisters.MSI_CAPABILITY,
                            InterruptRegisters.MSI_ADDRESS_LO,
                            InterruptRegisters.MSI_ADDRESS_HI,
                            InterruptRegisters.MSI_DATA,
                            InterruptRegisters.XT_GENERAL,
                            InterruptRegisters.XT_PPR,
                            InterruptRegisters.XT_GA,
                            ExtendedFeatures2.EXT_FEATURE2,
                            CommandBufferRegisters.CMDBUF_HEAD,
                            CommandBufferRegisters.CMDBUF_TAIL,
                            EventLogRegisters.EVTLOG_HEAD,
                            EventLogRegisters.EVTLOG_TAIL,
                            StatusRegister.STATUS,
                            PprLogRegisters.PPRLOG_HEAD,
                            PprLogRegisters.PPRLOG_TAIL,
                            AuxiliaryRegisters.GALOG_HEAD,
                            AuxiliaryRegisters.GALOG_TAIL,
                            PprLogRegisters.PPRLOG_B_HEAD,
                            PprLogRegisters.PPRLOG_B_TAIL,
                            EventLogRegisters.EVTLOG_B_HEAD,
                            EventLogRegisters.EVTLOG_B_TAIL,
                            PprLogRegisters.PPR_AUTO_RESPONSE,
                            PprLogRegisters.PPR_OVERFLOW_EARLY,
                            PprLogRegisters.PPR_B_OVERFLOW_EARLY),
                    DeviceTableBase.SEGMENTS.stream(),
                    AuxiliaryRegisters.SMI_FILTERS.stream())
            .flatMap(Function.identity())
            .sorted(Comparator.comparingLong(RegisterLayout::offset))
            .toList();

    private static final Map<String, RegisterLayout> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(RegisterLayout::name, Function.identity()));

    private static final Map<Long, RegisterLayout> BY_OFFSET =
            ALL.stream().collect(Collectors.toUnmodifiableMap(RegisterLayout::offset, Function.identity()));

    private Registers() {}

    /** The register that starts at this offset, or null. */
    public static @Nullable RegisterLayout at(long offset) {
        return BY_OFFSET.get(offset);
    }

    /** The register of this name, or null. */
    public static @Nullable RegisterLayout named(String name) {
        return BY_NAME.get(name);
    }
}
