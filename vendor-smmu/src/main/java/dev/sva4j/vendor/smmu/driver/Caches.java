package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.driver.CommandBatch;
import dev.sva4j.spi.driver.LeafTables;
import dev.sva4j.spi.driver.Unit;
import dev.sva4j.vendor.smmu.layout.ConfigurationCommands;
import dev.sva4j.vendor.smmu.layout.TlbiCommands;

/**
 * What caches have to forget. Every method returns when hardware has completed it.
 *
 * <p>Order within one change: configuration caches, TLBs, device TLBs, each with a CMD_SYNC of its own, for commands
 * between two CMD_SYNCs are unordered and an ATC would refill from a stale TLB (IHI 0070 §3.9).
 */
final class Caches {
    private final CommandQueue commands;
    private final AtcInvalidation atcs;
    private final TlbiPlan plan;

    Caches(Unit unit, CommandQueue commands, Features features) {
        this.commands = commands;
        this.atcs = new AtcInvalidation(unit, commands);
        this.plan = new TlbiPlan(features.hasRangeInvalidation());
    }

    /** Everything, before translation is switched on: caches are not reset with the SMMU. */
    void everything() {
        commands.execute(CommandBatch.of(ConfigurationCommands.cfgiAllWord0(), ConfigurationCommands.cfgiAllWord1()));
        commands.execute(CommandBatch.of(TlbiCommands.nsnhAllWord0(), 0));
    }

    /** The STE of a stream with its CDs, and the L1STD if that may be older than its table. */
    void stream(Device device) {
        LeafTables.Slot slot = device.ste();
        commands.execute(CommandBatch.of(
                ConfigurationCommands.cfgiSteWord0(device.stream()),
                ConfigurationCommands.cfgiSteWord1(slot.isSettled())));
        slot.settle();
    }

    /** One CD, and its L1CD if that may be older than its table. */
    void descriptor(Device device, int ssid, LeafTables.Slot slot) {
        commands.execute(CommandBatch.of(
                ConfigurationCommands.cfgiCdWord0(device.stream(), ssid),
                ConfigurationCommands.cfgiCdWord1(slot.isSettled())));
        slot.settle();
    }

    /** Every TLB entry of a context. */
    void translations(SmmuContext context) {
        commands.execute(TlbiPlan.asid(context.asid()));
    }

    /** Every translation that the ATC of a device got for a PASID; for untagged traffic, every translation. */
    void atc(Bond bond) {
        atcs.all(new AtcInvalidation.Target(bond.device(), bond.pasid()));
    }

    /** Every translation that the ATC of a device holds. */
    void wholeAtc(Device device) {
        atcs.all(new AtcInvalidation.Target(device, Pasid.NONE));
    }

    /**
     * Every translation of {@code [start, last]} in TLBs and ATCs.
     *
     * <p>Which ATCs there are is asked after the TLBs are clean: one that was added meanwhile may have been filled from
     * them.
     */
    void range(SmmuContext context, long start, long last, boolean tables) {
        if (context.bonds().list().isEmpty()) {
            // Nothing can walk the tables, and what the last bond left behind went with it.
            return;
        }
        commands.execute(plan.range(context.asid(), Formats.granule(context.format()), start, last, !tables));
        atcs.range(context.bonds().list(), start, last);
    }
}
