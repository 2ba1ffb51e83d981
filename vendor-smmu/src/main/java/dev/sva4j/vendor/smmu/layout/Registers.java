package dev.sva4j.vendor.smmu.layout;

import dev.sva4j.spi.layout.RegisterLayout;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The register map (IHI 0070 §6): two pages of 64 KiB, page 1 for the indexes of the Event and PRI queues. */
public final class Registers {

    /** Size of the Non-secure programming interface. */
    public static final long BYTES = 0x20000;

    /** All registers by rising offset. */
    public static final List<RegisterLayout> ALL = Stream.concat(
                    Stream.of(
                            IdRegisters.IDR0,
                            IdRegisters.IDR1,
                            IdRegisters.IDR2,
                            IdRegisters.IDR3,
                            IdRegisters.IDR4,
                            IdRegisters.IDR5,
                            IdRegisters.IIDR,
                            IdRegisters.AIDR,
                            ControlRegisters.CR0,
                            ControlRegisters.CR0ACK,
                            ControlRegisters.CR1,
                            ControlRegisters.CR2,
                            ControlRegisters.STATUSR,
                            ControlRegisters.GBPA,
                            ControlRegisters.AGBPA,
                            InterruptRegisters.IRQ_CTRL,
                            InterruptRegisters.IRQ_CTRLACK,
                            InterruptRegisters.GERROR,
                            InterruptRegisters.GERRORN,
                            InterruptRegisters.GERROR_IRQ_CFG0,
                            InterruptRegisters.GERROR_IRQ_CFG1,
                            InterruptRegisters.GERROR_IRQ_CFG2,
                            StreamTableRegisters.STRTAB_BASE,
                            StreamTableRegisters.STRTAB_BASE_CFG,
                            QueueRegisters.CMDQ_BASE,
                            QueueRegisters.CMDQ_PROD,
                            QueueRegisters.CMDQ_CONS,
                            QueueRegisters.EVENTQ_BASE,
                            InterruptRegisters.EVENTQ_IRQ_CFG0,
                            InterruptRegisters.EVENTQ_IRQ_CFG1,
                            InterruptRegisters.EVENTQ_IRQ_CFG2,
                            QueueRegisters.PRIQ_BASE,
                            InterruptRegisters.PRIQ_IRQ_CFG0,
                            InterruptRegisters.PRIQ_IRQ_CFG1,
                            InterruptRegisters.PRIQ_IRQ_CFG2,
                            AuxiliaryRegisters.GATOS_CTRL,
                            AuxiliaryRegisters.GATOS_SID,
                            AuxiliaryRegisters.GATOS_ADDR,
                            AuxiliaryRegisters.GATOS_PAR),
                    Stream.concat(
                            AuxiliaryRegisters.IDENTIFICATION.stream(),
                            Stream.of(
                                    QueueRegisters.EVENTQ_PROD,
                                    QueueRegisters.EVENTQ_CONS,
                                    QueueRegisters.PRIQ_PROD,
                                    QueueRegisters.PRIQ_CONS)))
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

    /** The register of this name, without the SMMU_ prefix, or null. */
    public static @Nullable RegisterLayout named(String name) {
        return BY_NAME.get(name);
    }
}
