package dev.sva4j.qemu.half;

import dev.sva4j.spi.AddressType;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.HardwareHost;
import dev.sva4j.spi.InterruptSink;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.Transaction;
import dev.sva4j.spi.TransactionKind;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A hardware half that is an IOMMU of QEMU's.
 *
 * <p>QEMU does one thing at a time: a register access, or what a transaction does in one page. So when commands
 * have been completed, no access is in flight that used what went before it.
 *
 * <p>It keeps to no {@link dev.sva4j.spi.Behaviour}: what QEMU caches, and when it forgets, is its own affair.
 */
final class QemuHardware implements IommuHardware {
    private static final int PAGE = 4096;

    private final String name;
    private final BridgedMachine machine;
    private final DataPath dataPath;
    private final InterruptSink interrupts;
    private final Mmio registers = new Registers();

    /** Held while QEMU does one thing, which takes it no longer than a bounded number of exchanges. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by {@link #lock}. */
    private boolean closed;

    /** A hardware half that is the IOMMU of {@code machine}, and ends it. */
    QemuHardware(HardwareHost host, BridgedMachine machine) {
        this.name = host.name();
        this.machine = machine;
        this.dataPath = new DataPath(machine, host.memory(), this::settle);
        this.interrupts = host.interrupts();
    }

    @Override
    public Mmio registers() {
        return registers;
    }

    @Override
    public Set<TransactionKind> carries() {
        return Set.copyOf(QemuVendor.CARRIES);
    }

    @Override
    public void submit(Transaction transaction) {
        BridgedFunction function = admit(transaction);
        boolean passed = true;
        for (int done = 0; passed && done < transaction.length(); ) {
            int bytes = piece(transaction, done);
            passed = carryOut(function, transaction, done, bytes);
            done += bytes;
        }
        transaction.complete(passed ? CompletionStatus.SUCCESS : CompletionStatus.COMPLETER_ABORT);
    }

    private BridgedFunction admit(Transaction transaction) {
        if (transaction.pasid() != Pasid.NONE
                || transaction.addressType() != AddressType.UNTRANSLATED
                || transaction.operation().isAtomic()) {
            throw new IllegalArgumentException(
                    name + ": no device of QEMU sends PASIDs, ATS messages or atomic operations");
        }
        BridgedFunction function = machine.functions().get(transaction.requester());
        if (function == null) {
            throw new IllegalArgumentException(String.format(
                    "%s: QEMU has no device with requester id 0x%x, only %s",
                    name, transaction.requester(), machine.functions().keySet()));
        }
        if (transaction.operation().writes()) {
            for (int done = 0; done < transaction.length(); done += piece(transaction, done)) {
                if (piece(transaction, done) < MessageWriter.ACCESS) {
                    throw new IllegalArgumentException(String.format(
                            "%s: QEMU's device writes %d bytes or more of a page, not %d at 0x%x",
                            name, MessageWriter.ACCESS, piece(transaction, done), transaction.address() + done));
                }
            }
        }
        return function;
    }

    /** Bytes from {@code position} to the end of the page or of the transaction. */
    private static int piece(Transaction transaction, int position) {
        int toPageEnd = PAGE - (int) Math.floorMod(transaction.address() + position, (long) PAGE);
        return Math.min(toPageEnd, transaction.length() - position);
    }

    private boolean carryOut(BridgedFunction function, Transaction transaction, int position, int bytes) {
        long address = transaction.address() + position;
        int offset = transaction.offset() + position;
        return exclusively(() -> {
            if (closed) {
                return false;
            }
            // Without a PASID an instruction fetch is a read like any other.
            return transaction.operation().writes()
                    ? dataPath.write(function.writer(), address, transaction.data(), offset, bytes)
                    : dataPath.read(function.reader(), address, transaction.data(), offset, bytes);
        });
    }

    private <T> T exclusively(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for QEMU, and passes on the interrupts that came with what it did. The lock is held. */
    private AccessLog settle() {
        AccessLog log = machine.settle();
        log.lines().forEach(interrupts::wired);
        return log;
    }

    @Override
    public void pageRequest(PageRequest request) {
        throw new IllegalArgumentException(name + ": QEMU's IOMMUs take no page requests");
    }

    @Override
    public void atcInvalidationComplete(int requester, int tag) {
        throw new IllegalArgumentException(name + ": QEMU's IOMMUs send no ATC invalidations");
    }

    @Override
    public void close() {
        exclusively(() -> {
            closed = true;
            machine.close();
            return null;
        });
    }

    /** The registers, each access an exchange with QEMU. Reads interrupt nobody. */
    private final class Registers implements Mmio {
        @Override
        public int read32(long offset) {
            return exclusively(() -> {
                var answer = machine.qtest().read32(machine.registers() + offset);
                machine.qtest().await();
                return (int) answer.value();
            });
        }

        @Override
        public long read64(long offset) {
            return exclusively(() -> {
                var answer = machine.qtest().read64(machine.registers() + offset);
                machine.qtest().await();
                return answer.value();
            });
        }

        @Override
        public void write32(long offset, int value) {
            exclusively(() -> {
                machine.qtest().write32(machine.registers() + offset, value);
                return settle();
            });
        }

        @Override
        public void write64(long offset, long value) {
            exclusively(() -> {
                machine.qtest().write64(machine.registers() + offset, value);
                return settle();
            });
        }
    }
}
