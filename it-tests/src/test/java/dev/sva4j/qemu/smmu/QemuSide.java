package dev.sva4j.qemu.smmu;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.qemu.QemuMachine;
import dev.sva4j.qemu.Qtest;
import dev.sva4j.qemu.Rocker;

/** QEMU's SMMUv3. */
final class QemuSide implements Side {
    private static final long REGISTERS = 0x0905_0000L;

    private final QemuMachine machine;
    private final Qtest qtest;
    private boolean outstanding;

    QemuSide(QemuBinary binary) {
        machine = QemuMachine.smmuV3(binary, Bench.RAM.length(), Bench.slots());
        qtest = machine.qtest();
    }

    @Override
    public MappedMemory memory() {
        return machine.memory();
    }

    @Override
    public void store(long address, long value) {
        if (outstanding) {
            qtest.write64(address, value);
        } else {
            machine.memory().storeRelease(address, value);
        }
    }

    @Override
    public void write32(long offset, int value) {
        outstanding = true;
        qtest.write32(REGISTERS + offset, value);
    }

    @Override
    public void write64(long offset, long value) {
        outstanding = true;
        qtest.write64(REGISTERS + offset, value);
    }

    @Override
    public Value read32(long offset) {
        outstanding = true;
        return qtest.read32(REGISTERS + offset)::value;
    }

    @Override
    public void access(int device, Rocker.Operation operation, long address) {
        outstanding = true;
        machine.rockers().get(device).access(qtest, operation, address, Step.Probe.BYTES);
    }

    @Override
    public void await() {
        qtest.await();
        outstanding = false;
    }

    @Override
    public void close() {
        machine.close();
    }
}
