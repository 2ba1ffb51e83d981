package dev.sva4j.steptest;

import dev.sva4j.api.Access;
import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.DeviceOptions;
import dev.sva4j.api.ExitPolicy;
import dev.sva4j.api.PasidRange;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.SvaDevice;
import dev.sva4j.api.SvaException;
import dev.sva4j.steptest.model.Layout;
import dev.sva4j.steptest.model.Observation;
import dev.sva4j.steptest.model.Op;
import dev.sva4j.steptest.model.OpKind;
import dev.sva4j.steptest.model.Outcome;
import dev.sva4j.steptest.model.Target;
import java.time.Duration;

/** Carries out operations on the system under test, and says what was seen. */
final class Caller {
    /** By the virtual clock: much longer than anything takes that is not told to wait. */
    private static final Duration CALLBACK_PATIENCE = Duration.ofMillis(20);

    private static final Observation OK = Observation.of(Outcome.OK);
    private static final Observation SKIPPED = Observation.of(Outcome.SKIPPED);

    private final Machine machine;
    private final DmaCaller dma;

    Caller(Machine machine) {
        this.machine = machine;
        this.dma = new DmaCaller(machine);
    }

    /** {@code freeFrames} is -1 if other lanes run at the same time. */
    Observation call(int lane, Op op, Target target, long freeFrames) {
        if (target.skip()) {
            return SKIPPED;
        }
        if (op.kind().isDma()) {
            return dma.call(lane, op, target).withFreeFrames(freeFrames);
        }
        return dispatch(op, target).withFreeFrames(freeFrames);
    }

    /** A refusal, in the model's words. */
    static Observation refusal(SvaException e) {
        return Observation.of(Outcome.valueOf(e.error().name()));
    }

    private Observation dispatch(Op op, Target target) {
        return switch (op.kind()) {
            case UNBIND -> unbind(machine.latest(target.device(), target.process()));
            case BIND -> bind(op, target, machine.initialisation(target.device(), 0));
            case BIND_CLOSED_DEVICE -> bind(op, target, machine.initialisation(target.device(), 1));
            case INIT_DEVICE -> initialise(op, target.device());
            case CLOSE_DEVICE -> close(machine.initialisation(target.device(), 0));
            case CLOSE_DEVICE_AGAIN -> close(machine.initialisation(target.device(), 1));
            case RETURN_FROM_CALLBACK -> returnFromCallback(machine.latest(target.device(), target.process()));
            case EAT_MEMORY -> machine.eat(op.mode());
            case FREE_MEMORY -> machine.freeMemory();
            default -> {
                try {
                    yield perform(op, target);
                } catch (SvaException e) {
                    yield refusal(e);
                }
            }
        };
    }

    private Observation perform(Op op, Target target) {
        AddressSpace mm = machine.processes.get(target.process());
        long size = op.kind() == OpKind.CREATE ? 0 : Layout.size(op.first(), op.last());
        switch (op.kind()) {
            case CREATE -> adopt(target, machine.system.createAddressSpace("p" + target.fresh()));
            case FORK -> adopt(target, mm.fork("p" + target.fresh()));
            case EXEC -> adopt(target, mm.exec("p" + target.fresh()));
            case MAP -> mm.map(op.address(), size, protection(op));
            case MAP_HUGE -> mm.mapHuge(op.address(), size, protection(op));
            case UNMAP -> mm.unmap(op.address(), size);
            case PROTECT -> mm.protect(op.address(), size, protection(op));
            case DISCARD -> mm.discard(op.address(), size);
            case POPULATE -> mm.populate(op.address(), size, access(op));
            case CPU_WRITE -> mm.write(op.address(), op.data(), 0, op.length());
            case CPU_READ -> {
                byte[] data = new byte[op.length()];
                mm.read(op.address(), data, 0, data.length);
                return OK.withData(data);
            }
            case EXIT -> mm.exit();
            case OOM_KILL -> mm.oomKill();
            case CLOSE -> mm.close();
            case REMOVE_DEVICE -> machine.endpoint(target.device()).surpriseRemove();
            case ADD_DEVICE -> machine.add(target.fresh(), target.device());
            default -> throw new IllegalArgumentException(op.toString());
        }
        return OK;
    }

    private void adopt(Target target, AddressSpace fresh) {
        machine.processes.put(target.fresh(), fresh);
    }

    private static Protection protection(Op op) {
        return Protection.valueOf(op.prot().name());
    }

    static Access access(Op op) {
        return Access.values()[Math.floorMod(op.mode(), Access.values().length)];
    }

    private Observation bind(Op op, Target target, Machine.Initialised through) {
        if (through == null) {
            return SKIPPED;
        }
        CallbackPlan plan = new CallbackPlan(op.mode(), through.inline(), machine.system.scheduler());
        try {
            SvaBond bond = through.device().bind(machine.processes.get(target.process()), plan);
            Machine.Bonded bonded = machine.bonded(target.device(), target.process(), bond);
            if (bonded.plan() != bond.drvdata()) {
                throw new AssertionError("drvdata of " + bond + " has changed");
            }
            return OK.withSerial(bonded.serial())
                    .withNumber(bond.pasid())
                    .withValue(through.number())
                    .withData(new byte[] {(byte) bonded.plan().way});
        } catch (SvaException e) {
            return refusal(e).withValue(through.number());
        }
    }

    private static Observation unbind(Machine.Bonded bonded) {
        if (bonded == null) {
            return SKIPPED;
        }
        try {
            bonded.bond().unbind();
            return OK.withSerial(bonded.serial());
        } catch (SvaException e) {
            return refusal(e).withSerial(bonded.serial());
        }
    }

    private static Observation returnFromCallback(Machine.Bonded bonded) {
        return bonded != null && bonded.plan().letReturn() ? OK.withSerial(bonded.serial()) : SKIPPED;
    }

    private Observation initialise(Op op, int device) {
        DeviceOptions options = DeviceOptions.DEFAULT
                .withPasids(new PasidRange(op.limits().min, op.limits().max))
                .withExitPolicy(ExitPolicy.valueOf(op.policy().name()))
                .withMmExit(bond -> ((CallbackPlan) bond.drvdata()).run(bond));
        options = op.wantsFaults() ? options.withFeatures(DeviceFeature.PAGE_FAULTS) : options.withFeatures();
        try {
            SvaDevice ready =
                    machine.system.initDevice(machine.stations.get(device).spec.name(), options);
            boolean inline = options.exitPolicy() == ExitPolicy.RELEASE_ON_RETURN_INLINE;
            return OK.withSerial(machine.initialised(device, ready, inline));
        } catch (SvaException e) {
            return refusal(e);
        }
    }

    private Observation close(Machine.Initialised through) {
        if (through == null) {
            return SKIPPED;
        }
        try {
            machine.closed(through);
            through.device().close(CALLBACK_PATIENCE);
            return OK.withSerial(through.number());
        } catch (SvaException e) {
            return refusal(e).withSerial(through.number());
        }
    }
}
