package dev.sva4j.qemu.smmu;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.qemu.Rocker;
import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Operation;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import java.util.Arrays;
import java.util.Set;

/** Our SMMUv3, with devices that access memory as QEMU's do. */
final class ModelSide implements Side {
    private final ModelHost host;
    private final IommuHardware hardware;

    /**
     * @param memory shared with other instances that are not used at the same time
     */
    ModelSide(Hardware hardware, MappedMemory memory, Behaviour behaviour) {
        this.host = new ModelHost(memory, behaviour);
        this.hardware = hardware.create(host);
    }

    /** Where the hardware half comes from. */
    interface Hardware {
        IommuHardware create(ModelHost host);
    }

    /** The words that devices have written since the last call. */
    Set<Long> takeWritten() {
        return host.memory().takeWritten();
    }

    @Override
    public WrittenMemory memory() {
        return host.memory();
    }

    @Override
    public void store(long address, long value) {
        host.memory().storeRelease(address, value);
    }

    @Override
    public void write32(long offset, int value) {
        hardware.registers().write32(offset, value);
        host.runTasks();
    }

    @Override
    public void write64(long offset, long value) {
        hardware.registers().write64(offset, value);
        host.runTasks();
    }

    @Override
    public Value read32(long offset) {
        long value = Integer.toUnsignedLong(hardware.registers().read32(offset));
        return () -> value;
    }

    @Override
    public void access(int device, Rocker.Operation operation, long address) {
        int requester = Bench.requester(device);
        byte[] data = new byte[Step.Probe.BYTES];
        switch (operation) {
            case CLEAR -> submit(requester, Operation.WRITE, address, data);
            case FILL -> {
                Arrays.fill(data, Rocker.FILLER);
                submit(requester, Operation.WRITE, address, data);
            }
            case INVERT -> {
                if (!submit(requester, Operation.READ, address, data)) {
                    Arrays.fill(data, (byte) -1);
                }
                for (int i = 0; i < data.length; i++) {
                    data[i] = (byte) ~data[i];
                }
                submit(requester, Operation.WRITE, address, data);
            }
        }
    }

    private boolean submit(int requester, Operation operation, long address, byte[] data) {
        Ended transaction = new Ended();
        transaction.memory(
                requester, Pasid.NONE, AddressType.UNTRANSLATED, operation, address, data, 0, data.length, 0);
        hardware.submit(transaction);
        if (!transaction.ended) {
            throw new AssertionError("a transaction stalls at 0x" + Long.toHexString(address));
        }
        return transaction.status() == CompletionStatus.SUCCESS;
    }

    private static final class Ended extends Transaction {
        boolean ended;

        @Override
        protected void completed() {
            ended = true;
        }
    }

    @Override
    public void await() {
        host.runTasks();
    }

    @Override
    public void close() {
        hardware.close();
    }
}
