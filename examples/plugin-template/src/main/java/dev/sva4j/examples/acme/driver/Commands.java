package dev.sva4j.examples.acme.driver;

import dev.sva4j.examples.acme.layout.Command;
import dev.sva4j.examples.acme.layout.Registers;
import dev.sva4j.examples.acme.layout.Ring;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.TableMemory;
import dev.sva4j.spi.driver.Unit;

/** Issues commands and waits for them. Positions count commands since the start and never wrap. */
final class Commands {
    private final Unit unit;
    private final TableMemory memory;
    /** Set by {@link #start}, before any other call. */
    private long ring;
    /** Position of the next command; guarded by this, as are the stores to the ring and its tail. */
    private long produced;

    Commands(Unit unit, TableMemory memory) {
        this.unit = unit;
        this.memory = memory;
    }

    void start() {
        ring = memory.allocate(Ring.BYTES, "the command ring");
        unit.write(Registers.COMMAND_RING, Registers.ADDRESS.encodeAddress(ring));
        unit.write(Registers.COMMAND_TAIL, 0);
    }

    /** Issues commands and returns when they have taken effect and nothing that began before is in flight. */
    void execute(CommandBatch batch) {
        long deadline = unit.deadline();
        long end = append(batch.add(Command.waitForAccesses(), 0), deadline);
        boolean inTime = unit.await(() -> isPassed(end), deadline);
        checkForError();
        if (!inTime) {
            throw unit.timedOut("hardware did not pass the WAIT behind " + describe(batch));
        }
    }

    /** Issues a command that nobody waits for; waits itself only if the ring is full. */
    void post(long word0) {
        append(CommandBatch.of(word0, 0), unit.deadline());
    }

    private long append(CommandBatch batch, long deadline) {
        while (true) {
            synchronized (this) {
                if (hasRoom(batch.size())) {
                    return append(batch);
                }
            }
            if (!unit.await(() -> hasRoom(batch.size()), deadline)) {
                checkForError();
                throw unit.timedOut("no room in the command ring for " + describe(batch));
            }
        }
    }

    private long append(CommandBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            long at = Ring.entryAddress(ring, Ring.index(produced + i));
            memory.store(at, new long[] {batch.word0(i), batch.word1(i)});
        }
        produced += batch.size();
        unit.write(Registers.COMMAND_TAIL, Registers.INDEX.encode(Ring.index(produced)));
        return produced;
    }

    private synchronized boolean hasRoom(int commands) {
        return produced - consumed() + commands < Ring.ENTRIES;
    }

    private synchronized boolean isPassed(long position) {
        return consumed() >= position || Registers.ERROR.isSet(unit.read(Registers.COMMAND_HEAD));
    }

    private long consumed() {
        long head = Registers.INDEX.get(unit.read(Registers.COMMAND_HEAD));
        return produced - Ring.distance(head, Ring.index(produced));
    }

    private void checkForError() {
        long head = unit.read(Registers.COMMAND_HEAD);
        if (Registers.ERROR.isSet(head)) {
            throw new IllegalStateException(
                    unit.name() + ": hardware refused the command at index " + Registers.INDEX.get(head));
        }
    }

    private static String describe(CommandBatch batch) {
        return Command.OP.values().get(Command.OP.get(batch.word0(0)));
    }
}
