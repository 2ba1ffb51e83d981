package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.api.Access;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuInspector.Answer;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.hardware.SmmuHardware;
import dev.sva4j.vendor.smmu.layout.ControlRegisters;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import org.jspecify.annotations.Nullable;

/**
 * The hardware half in front of an image: it gets the registers that the machine had, through its register port like
 * any driver would write them, and then answers as it answers a device. Event queue and caches stay off.
 */
final class HardwareReading {
    /**
     * An image lacks what was not dumped: that a fetch finds nothing says something about the image, not about the
     * machine.
     */
    private static final String NOT_IN_DUMP = "not in dump";

    /** Config 0xx of the stream table entry: the abort that has no event and so no name in the manual. */
    private static final String BLOCKED = "STE.Config abort";

    private final PhysicalMemory memory;
    private final ImageRegisters registers;
    private @Nullable DirectTranslation running;

    HardwareReading(PhysicalMemory memory, ImageRegisters registers) {
        this.memory = memory;
        this.registers = registers;
    }

    Answer translate(int requester, int pasid, long address, Access access) {
        long result = running().translate(requester, pasid, address, access);
        return result >= 0 ? new Answer(result, null) : new Answer(0, nameOf((int) -result));
    }

    private synchronized DirectTranslation running() {
        DirectTranslation translation = running;
        if (translation == null) {
            translation = start();
            running = translation;
        }
        return translation;
    }

    private DirectTranslation start() {
        IommuHardware hardware = new SmmuHardware(new ImageHost(new UnchangedMemory(memory)), registers.ids());
        Mmio port = hardware.registers();
        port.write64(StreamTableRegisters.STRTAB_BASE.offset(), registers.strtabBase());
        port.write32(StreamTableRegisters.STRTAB_BASE_CFG.offset(), (int) registers.strtabBaseCfg());
        port.write32(ControlRegisters.CR0.offset(), (int) ControlRegisters.CR0_SMMUEN.encode(true));
        return hardware.directTranslation().orElseThrow();
    }

    private static String nameOf(int number) {
        if (number == SmmuHardware.NO_EVENT) {
            return BLOCKED;
        }
        EventId event = EventId.of(EventRecord.EVENT_NUMBER.encode(number));
        if (event == null) {
            throw new IllegalStateException(
                    "the hardware half answers with event " + number + ", which does not exist");
        }
        return switch (event) {
            case F_STE_FETCH, F_CD_FETCH, F_WALK_EABT -> NOT_IN_DUMP;
            default -> event.name();
        };
    }
}
