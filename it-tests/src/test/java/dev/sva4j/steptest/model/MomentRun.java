package dev.sva4j.steptest.model;

/** Operations that take effect at one moment. */
final class MomentRun extends Run {
    MomentRun(Event event) {
        super(event, 0);
    }

    @Override
    void step(World world, Branches to) {
        World next = world.copy();
        boolean legal = switch (op().kind()) {
            case RETURN_FROM_CALLBACK -> returnFromCallback(next);
            case INIT_DEVICE -> initialise(next);
            case REMOVE_DEVICE -> remove(next);
            case ADD_DEVICE -> add(next);
            case EAT_MEMORY -> eat(next, true);
            case FREE_MEMORY -> eat(next, false);
            default -> throw new IllegalArgumentException(op().toString());
        };
        if (legal) {
            to.to(next, null);
        }
    }

    private boolean returnFromCallback(World next) {
        Bond bond = next.bonds.get(event.seen().serial());
        if (bond == null || bond.callback() != Bond.Callback.WAITING) {
            return false;
        }
        next.put(bond.in(Bond.Callback.RETURNED));
        return saw(Outcome.OK);
    }

    /** Which of several conditions is looked at first is nobody's promise. */
    private boolean initialise(World next) {
        Device device = device(next);
        Device ready = device.initialised(event.seen().serial(), op());
        boolean gone = !device.present();
        boolean taken = device.state() != Device.State.OFF;
        boolean cannot = op().wantsFaults() && !device.kind().canRecover();
        boolean outside = ready.maxPasid() < ready.limits().min;
        return switch (event.seen().outcome()) {
            case OK -> {
                next.put(ready);
                yield !gone && !taken && !cannot && !outside;
            }
            case NO_DEVICE -> gone;
            case EXISTS -> taken;
            case UNSUPPORTED -> cannot;
            case RANGE -> outside;
            case NO_MEMORY -> next.pressure;
            default -> false;
        };
    }

    private boolean remove(World next) {
        next.put(device(next).gone());
        return saw(Outcome.OK);
    }

    private boolean add(World next) {
        int fresh = event.target().fresh();
        if (saw(Outcome.OK)) {
            next.put(Device.attached(fresh, device(next).kind()));
            next.deviceSlots[op().device()] = fresh;
        }
        return saw(Outcome.OK) || (saw(Outcome.NO_MEMORY) && next.pressure);
    }

    private boolean eat(World next, boolean eaten) {
        next.pressure = eaten;
        return saw(Outcome.OK);
    }
}
