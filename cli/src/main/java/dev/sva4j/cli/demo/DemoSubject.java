package dev.sva4j.cli.demo;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.api.SvaSystemBuilder;
import dev.sva4j.spi.TransactionKind;
import java.util.List;

/**
 * What is demonstrated: a driver half and a hardware half.
 *
 * @param driver id of the plug-in with the driver half
 * @param hardware id of the plug-in with the hardware half
 * @param quiesce mechanism by which the driver half silences a PASID
 * @param carries what the hardware half can carry
 */
record DemoSubject(String driver, String hardware, String quiesce, List<TransactionKind> carries) {
    DemoSubject {
        carries = List.copyOf(carries);
    }

    String name() {
        return driver.equals(hardware) ? driver : driver + "+" + hardware;
    }

    SvaSystemBuilder builder() {
        return SvaSystem.builder().driver(driver).hardware(hardware).quiesceStrategy(quiesce);
    }

    boolean canCarry(TransactionKind kind) {
        return carries.contains(kind);
    }
}
