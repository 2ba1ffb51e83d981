package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The register map (VT-d 11.4). The fault recording registers and the pair IVA and IOTLB are missing: where they are, CAP and
 * ECAP say ({@link CapabilityRegister#faultRecordOffset}, {@link ExtendedCapabilityRegister#iotlbOffset}).
 */
public final class Registers {

    /** Size of the register set: one page. */
    public static final long BYTES = 0x1000;

    /** All registers at fixed places by rising offset. */
    public static final List<RegisterLayout> ALL = List.of(
            VersionRegister.VER,
            CapabilityRegister.CAP,
            ExtendedCapabilityRegister.ECAP,
            GlobalCommand.GCMD,
            GlobalCommand.GSTS,
            RootTableAddress.RTADDR,
            LegacyInvalidation.CCMD,
            FaultStatus.FSTS,
            EventRegisters.FECTL,
            EventRegisters.FEDATA,
            EventRegisters.FEADDR,
            EventRegisters.FEUADDR,
            AuxiliaryRegisters.PMEN,
            AuxiliaryRegisters.PLMBASE,
            AuxiliaryRegisters.PLMLIMIT,
            AuxiliaryRegisters.PHMBASE,
            AuxiliaryRegisters.PHMLIMIT,
            InvalidationQueue.IQH,
            InvalidationQueue.IQT,
            InvalidationQueue.IQA,
            InvalidationQueue.ICS,
            EventRegisters.IECTL,
            EventRegisters.IEDATA,
            EventRegisters.IEADDR,
            EventRegisters.IEUADDR,
            InvalidationQueue.IQERCD,
            AuxiliaryRegisters.IRTA,
            PageRequestQueueRegisters.PQH,
            PageRequestQueueRegisters.PQT,
            PageRequestQueueRegisters.PQA,
            PageRequestQueueRegisters.PRS,
            EventRegisters.PECTL,
            EventRegisters.PEDATA,
            EventRegisters.PEADDR,
            EventRegisters.PEUADDR);

    private static final Map<String, RegisterLayout> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(RegisterLayout::name, Function.identity()));

    private static final Map<Long, RegisterLayout> BY_OFFSET =
            ALL.stream().collect(Collectors.toUnmodifiableMap(RegisterLayout::offset, Function.identity()));

    private Registers() {}

    /** The register that starts at this offset, or null. */
    public static @Nullable RegisterLayout at(long offset) {
        return BY_OFFSET.get(offset);
    }

    /** The register of this name, without _REG, or null. */
    public static @Nullable RegisterLayout named(String name) {
        return BY_NAME.get(name);
    }
}
