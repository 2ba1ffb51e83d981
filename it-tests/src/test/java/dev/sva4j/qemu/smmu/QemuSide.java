package dev.sva4j.qemu.smmu;

import static dev.sva4j.vendor.smmu.layout.IdRegisters.AIDR;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR0;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR1;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR3;
import static dev.sva4j.vendor.smmu.layout.IdRegisters.IDR5;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.qemu.QemuMachine;
import dev.sva4j.qemu.Qtest;
import dev.sva4j.qemu.Rocker;
import dev.sva4j.vendor.smmu.hardware.IdRegisters;

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

    /** Its ID registers. */
    IdRegisters idRegisters() {
        Value idr0 = read32(IDR0.offset());
        Value idr1 = read32(IDR1.offset());
        Value idr3 = read32(IDR3.offset());
        Value idr5 = read32(IDR5.offset());
        Value aidr = read32(AIDR.offset());
        await();
        return new IdRegisters(idr0.get(), idr1.get(), idr3.get(), idr5.get(), aidr.get());
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
