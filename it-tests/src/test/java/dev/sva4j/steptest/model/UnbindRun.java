package dev.sva4j.steptest.model;

/** unbind of the bond whose number was seen. */
final class UnbindRun extends Run {
    UnbindRun(Event event, int stage) {
        super(event, stage);
    }

    @Override
    void step(World world, Branches to) {
        Bond bond = world.bonds.get(event.seen().serial());
        if (stage == 1) {
            World next = world.copy();
            over(next, bond);
            to.to(next, null);
        } else if (bond == null || !bond.isLive()) {
            if (saw(Outcome.STALE)) {
                to.to(world, null);
            }
        } else if (saw(Outcome.OK)) {
            World next = world.copy();
            boolean last = less(next, bond);
            to.to(next, last ? new UnbindRun(event, 1) : null);
        }
    }

    /** One bind less; whether it was the last one. */
    static boolean less(World copy, Bond bond) {
        Bond left = bond.counting(bond.count() - 1);
        copy.put(left.count() == 0 ? left.in(Bond.State.DRAINING) : left);
        return left.count() == 0;
    }

    static void over(World copy, Bond bond) {
        copy.put(bond.in(Bond.State.OVER));
        copy.forgetIfUnreferenced(bond.process());
    }
}
