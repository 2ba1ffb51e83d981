package dev.sva4j.steptest.model;

import java.util.List;

/**
 * What can be seen when nothing goes on any more.
 *
 * @param pasids numbers in use
 */
public record Snapshot(List<ProcessView> processes, List<BondView> bonds, int pasids) {
    /**
     * A process.
     *
     * @param resident extents that have frames, one bit each
     */
    public record ProcessView(int id, boolean exiting, boolean reclaimed, int resident) {}

    /**
     * A bond.
     *
     * @param starts how often its callback has started
     * @param returns how often it has returned
     */
    public record BondView(int serial, String state, int starts, int returns) {}

    /** What does not fit, or null. */
    String mismatch(World world) {
        for (ProcessView view : processes) {
            Process process = world.processes.get(view.id);
            boolean reclaimed = process.life == Process.Life.DEAD && process.reaper != Process.Reaper.RUNNING;
            if (process.exiting != view.exiting || reclaimed != view.reclaimed) {
                return view + ", expected exiting " + process.exiting + ", reclaimed " + reclaimed;
            }
            int resident = 0;
            for (int extent = 0; extent < Layout.COUNT; extent++) {
                resident |= process.pages[extent].isResident() ? 1 << extent : 0;
            }
            if (resident != view.resident) {
                return String.format(
                        "process %d has frames behind the extents %#x, expected %#x", view.id, view.resident, resident);
            }
        }
        for (BondView view : bonds) {
            String wrong = mismatch(world.bonds.get(view.serial), view);
            if (wrong != null) {
                return wrong;
            }
        }
        long held = world.processes.values().stream()
                .filter(process -> process.pasid != Process.NO_PASID)
                .count();
        return held == pasids ? null : pasids + " PASIDs in use, expected " + held;
    }

    private static String mismatch(Bond bond, BondView view) {
        if (bond == null) {
            return view + ", but there was no such bond";
        }
        String state = bond.state() == Bond.State.OVER ? "NONE" : bond.state().name();
        int starts = bond.callback().hasStarted() ? 1 : 0;
        int returns = bond.callback().hasReturned() ? 1 : 0;
        return state.equals(view.state) && starts == view.starts && returns == view.returns
                ? null
                : view + ", expected " + state + ", callback " + bond.callback();
    }
}
