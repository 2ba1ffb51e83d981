package dev.sva4j.qemu.smmu;

import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_CMDQEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_EVENTQEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR0_SMMUEN;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2;
import static dev.sva4j.vendor.smmu.layout.ControlRegisters.CR2_RECINVSID;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERROR;
import static dev.sva4j.vendor.smmu.layout.InterruptRegisters.GERRORN;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_BASE;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_CONS;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_CONS_ERR;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.CMDQ_PROD;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_BASE;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_CONS;
import static dev.sva4j.vendor.smmu.layout.QueueRegisters.EVENTQ_PROD;

import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.QueuePointer;
import dev.sva4j.vendor.smmu.layout.SyncCommand;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;
import java.util.ArrayList;
import java.util.List;

/** Plays cases on one side, one after the other, as software and devices would. */
final class Player implements AutoCloseable {
    /** The queues run, the SMMU translates nothing. */
    private static final int QUEUES_ONLY = (int) (CR0_EVENTQEN.encode(true) | CR0_CMDQEN.encode(true));

    /** The SMMU translates, its queues run. */
    static final int ENABLED = (int) CR0_SMMUEN.encode(true) | QUEUES_ONLY;

    private final Side side;
    private long commands;
    private long events;

    Player(Side side) {
        this.side = side;
        side.write64(CMDQ_BASE.offset(), QueuePointer.encodeBase(Bench.CMDQ, Bench.LOG2_COMMANDS, false));
        side.write64(EVENTQ_BASE.offset(), QueuePointer.encodeBase(Bench.EVENTQ, Bench.LOG2_EVENTS, false));
        side.write32(CMDQ_PROD.offset(), 0);
        side.write32(CMDQ_CONS.offset(), 0);
        side.write32(EVENTQ_PROD.offset(), 0);
        side.write32(EVENTQ_CONS.offset(), 0);
        side.write32(CR2.offset(), (int) CR2_RECINVSID.encode(true));
        side.write32(CR0.offset(), QUEUES_ONLY);
        side.await();
    }

    PhysicalMemory memory() {
        return side.memory();
    }

    /** Plays a case; what it leaves in memory stays there. */
    Observation play(Case played) {
        // Before anything is outstanding, so that tables go into memory directly.
        int first = storeTables(played);
        side.write32(CR0.offset(), QUEUES_ONLY);
        command(ConfigurationCommands.cfgiAllWord0(), ConfigurationCommands.cfgiAllWord1());
        command(TlbiCommands.nsnhAllWord0(), 0);
        command(SyncCommand.noneWord0(), 0);

        List<Side.Value> producer = new ArrayList<>();
        for (Step step : played.steps().subList(first, played.steps().size())) {
            carryOut(step);
            if (step instanceof Step.Probe) {
                producer.add(side.read32(EVENTQ_PROD.offset()));
            }
        }
        Side.Value consumer = side.read32(CMDQ_CONS.offset());
        Side.Value errors = side.read32(GERROR.offset());
        Side.Value acknowledged = side.read32(GERRORN.offset());
        side.await();

        List<List<Observation.Event>> seen =
                producer.stream().map(prod -> takeEvents(prod.get())).toList();
        side.write32(EVENTQ_CONS.offset(), (int) events);
        long error = errors.get() == acknowledged.get() ? 0 : CMDQ_CONS_ERR.get(consumer.get());
        if (error != 0) {
            skipBadCommand(consumer.get(), errors.get());
        }
        side.await();
        return new Observation(seen, error, QueuePointer.used(commands, consumer.get(), Bench.LOG2_COMMANDS));
    }

    private int storeTables(Case played) {
        int index = 0;
        while (index < played.steps().size() && played.steps().get(index) instanceof Step.Store store) {
            side.store(store.address(), store.value());
            index++;
        }
        return index;
    }

    private void carryOut(Step step) {
        if (step instanceof Step.Store store) {
            side.store(store.address(), store.value());
        } else if (step instanceof Step.Write32 write) {
            side.write32(write.offset(), write.value());
        } else if (step instanceof Step.Write64 write) {
            side.write64(write.offset(), write.value());
        } else if (step instanceof Step.Command command) {
            command(command.word0(), command.word1());
        } else if (step instanceof Step.Probe probe) {
            side.access(probe.device(), probe.operation(), probe.address());
        }
    }

    private void command(long word0, long word1) {
        long at = Bench.command(commands);
        side.store(at, word0);
        side.store(at + Long.BYTES, word1);
        commands = QueuePointer.next(commands, Bench.LOG2_COMMANDS);
        side.write32(CMDQ_PROD.offset(), (int) commands);
    }

    private List<Observation.Event> takeEvents(long prod) {
        List<Observation.Event> taken = new ArrayList<>();
        PhysicalMemory memory = side.memory();
        while (!QueuePointer.isEmpty(prod, events, Bench.LOG2_EVENTS)) {
            long at = Bench.event(events);
            taken.add(new Observation.Event(
                    memory.loadAcquire(at), memory.load(at + 8), memory.load(at + 16), memory.load(at + 24)));
            events = QueuePointer.next(events, Bench.LOG2_EVENTS);
        }
        return taken;
    }

    /** As Linux does: the command becomes a CMD_SYNC, and the error is acknowledged. */
    private void skipBadCommand(long cons, long errors) {
        side.store(Bench.command(cons), SyncCommand.noneWord0());
        side.store(Bench.command(cons) + Long.BYTES, 0);
        side.write32(GERRORN.offset(), (int) errors);
    }

    @Override
    public void close() {
        side.close();
    }
}
