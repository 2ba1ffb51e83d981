package dev.sva4j.examples.acme.hardware;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sva4j.examples.acme.layout.Command;
import dev.sva4j.examples.acme.layout.DeviceTable;
import dev.sva4j.examples.acme.layout.PasidTable;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.examples.acme.layout.Ring;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.inspect.ImageHost;
import dev.sva4j.spi.layout.RegisterLayout;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Completion means quiescence: looked at from the middle of an access, where no rule of the kit gets. */
class CompletionTest {
    private static final long DEVICES = 0x1_0000;
    private static final long PASIDS = 0x2_0000;
    private static final long COMMANDS = 0x3_0000;
    private static final int REQUESTER = 0x30;
    private static final int PASID = 5;
    private static final long INVALIDATED = 1;
    private static final long PASSED = 2;

    private final Map<Long, Long> words = new HashMap<>();
    private final AcmeHardware hardware = new AcmeHardware(new ImageHost(memory()));
    private Runnable duringAccess = () -> {};
    private long headDuringAccess;

    @Test
    void waitIsNotPassedWhileAnEarlierAccessIsInFlight() {
        issueInTheMiddleOfAnAccess();

        assertEquals(INVALIDATED, headDuringAccess);
    }

    @Test
    void waitIsPassedWhenTheAccessHasEnded() {
        issueInTheMiddleOfAnAccess();

        assertEquals(PASSED, read(Registers.COMMAND_HEAD));
    }

    private void issueInTheMiddleOfAnAccess() {
        words.put(DeviceTable.entryAddress(DEVICES, REQUESTER), DeviceTable.entry(PASIDS));
        words.put(PasidTable.entryAddress(PASIDS, PASID), PasidTable.MODE.encode(PasidTable.IDENTITY));
        words.put(Ring.entryAddress(COMMANDS, 0), Command.invalidatePasid(REQUESTER, PASID));
        words.put(Ring.entryAddress(COMMANDS, 1), Command.waitForAccesses());
        write(Registers.DEVICE_TABLE, DEVICES);
        write(Registers.COMMAND_RING, COMMANDS);
        write(Registers.CONTROL, Registers.ENABLE.encode(true));
        duringAccess = () -> {
            write(Registers.COMMAND_TAIL, PASSED);
            headDuringAccess = read(Registers.COMMAND_HEAD);
        };
        Transaction access = new Transaction() {
            @Override
            protected void completed() {}
        };
        access.memory(REQUESTER, PASID, AddressType.UNTRANSLATED, Operation.READ, 0x4000, new byte[8], 0, 8, 0);
        hardware.submit(access);
    }

    private long read(RegisterLayout register) {
        return hardware.registers().read64(register.offset());
    }

    private void write(RegisterLayout register, long value) {
        hardware.registers().write64(register.offset(), value);
    }

    /** Memory of a few words; a device's read of a block is where it looks. */
    private PhysicalMemory memory() {
        Class<?>[] memory = {PhysicalMemory.class};
        return (PhysicalMemory) Proxy.newProxyInstance(
                getClass().getClassLoader(), memory, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "loadAcquire" -> {
                            return words.getOrDefault((Long) arguments[0], 0L);
                        }
                        case "read" -> {
                            duringAccess.run();
                            return null;
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                });
    }
}
