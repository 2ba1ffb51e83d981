package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static dev.sva4j.conformance.Domains.UNTAGGED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sva4j.api.AddressSpace;
import dev.sva4j.api.DeviceFeature;
import dev.sva4j.api.IoDomain;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.spi.TransactionKind;
import org.apiguardian.api.API;

/**
 * Chapter 10, domains: address spaces that no process stands behind, and what untagged traffic meets.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface DomainRules extends Subject {
    /**
     * Accesses a frame by its physical address, beside a process.
     *
     * <p>Invariant I12. Source: Linux {@code IOMMU_DOMAIN_IDENTITY}; Arm IHI 0070, STE.S1DSS.
     *
     * <p>If this fails, check that what bypasses translation is untagged traffic, all of it and nothing else.
     */
    @Rule(
            value = "10.1",
            text =
                    "In an identity domain, untagged accesses MUST reach the physical address that they name, and tagged ones MUST be "
                            + "translated as before.",
            invariants = "I12")
    default void identityNamesPhysicalAddresses(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Accelerator device = machine.accelerator();
                long frame = domains.frame(77);

                domains.attach(device, domains.create(IoDomain.Kind.IDENTITY));

                device.dma().mustLoad(UNTAGGED, frame, 77);
                device.dma().mustStore(UNTAGGED, frame, 78);
                assertEquals(78, domains.word(frame), "what is in memory");
                if (bench.spec().pasidBits() > 0) {
                    BoundProcess app = machine.bound("app");
                    device.dma().mustLoad(app.pasid(), PAGE, WORD);
                    device.dma().mustNotReach(app.pasid(), frame);
                }
            }
        });
    }

    /**
     * Maps pages with different rights and accesses them, and their neighbours.
     *
     * <p>Invariant I12. Source: Linux {@code iommu_map}, {@code IOMMU_READ}, {@code IOMMU_WRITE}.
     *
     * <p>If this fails, check how the entry for untagged traffic names tables, their format and their size.
     */
    @Rule(
            value = "10.2",
            text =
                    "In a paging domain, untagged accesses MUST reach what is mapped, with its rights, and nothing else.",
            invariants = "I12")
    default void mappingsAreAllThereIs(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Channel dma = machine.dma();
                long writable = domains.frame(1);
                long readable = domains.frame(2);
                IoDomain domain = domains.create(IoDomain.Kind.PAGING);
                domain.map(PAGE, writable, Machine.PAGE_SIZE, Protection.READ_WRITE);

                domains.attach(machine.accelerator(), domain);
                domain.map(PAGE + Machine.PAGE_SIZE, readable, Machine.PAGE_SIZE, Protection.READ);

                dma.mustLoad(UNTAGGED, PAGE, 1);
                dma.mustStore(UNTAGGED, PAGE, 11);
                dma.mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);
                dma.mustNotStore(UNTAGGED, PAGE + Machine.PAGE_SIZE);
                dma.mustNotReach(UNTAGGED, PAGE + 2 * Machine.PAGE_SIZE);
                dma.mustNotReach(UNTAGGED, writable);
                assertEquals(11, domains.word(writable), "what is in the writable page");
                assertEquals(2, domains.word(readable), "what is in the readable page");
            }
        });
    }

    /**
     * Unmaps one of two pages that a device uses, and maps it to another frame.
     *
     * <p>Invariants I15, I16. Source: Linux {@code iommu_unmap}.
     *
     * <p>If this fails, check that an invalidation of a domain's context reaches the caches of untagged traffic.
     */
    @Rule(
            value = "10.3",
            text =
                    "When unmap of a domain has returned, the device MUST NOT reach the range any more, and MUST reach the rest.",
            invariants = {"I15", "I16"})
    default void domainUnmapHoldsOnReturn(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Channel dma = machine.dma();
                IoDomain domain = domains.create(IoDomain.Kind.PAGING);
                domain.map(PAGE, domains.frame(1), Machine.PAGE_SIZE, Protection.READ_WRITE);
                domain.map(PAGE + Machine.PAGE_SIZE, domains.frame(2), Machine.PAGE_SIZE, Protection.READ_WRITE);
                domains.attach(machine.accelerator(), domain);
                dma.mustLoad(UNTAGGED, PAGE, 1);
                dma.mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);

                long bytes = domain.unmap(PAGE, Machine.PAGE_SIZE);

                assertEquals(Machine.PAGE_SIZE, bytes, "bytes that were mapped");
                dma.mustNotReach(UNTAGGED, PAGE);
                dma.mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);
                domain.map(PAGE, domains.frame(3), Machine.PAGE_SIZE, Protection.READ_WRITE);
                dma.mustLoad(UNTAGGED, PAGE, 3);
            }
        });
    }

    /**
     * Blocks untagged traffic that could reach memory before.
     *
     * <p>Invariant I1. Source: Linux {@code include/linux/iommu.h} (blocking domain).
     *
     * <p>If this fails, check that a change of the entry for untagged traffic is followed by invalidations, of the ATC too.
     */
    @Rule(
            value = "10.4",
            text =
                    "In a blocked domain, and without any, untagged accesses MUST NOT reach memory, whatever they could reach before.",
            invariants = "I1")
    default void blockedIsBlocked(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Accelerator device = machine.accelerator();
                long frame = domains.frame(1);
                IoDomain mapped = domains.create(IoDomain.Kind.PAGING);
                mapped.map(frame, frame, Machine.PAGE_SIZE, Protection.READ_WRITE);
                IoDomain blocked = domains.create(IoDomain.Kind.BLOCKED);

                for (IoDomain open : new IoDomain[] {mapped, domains.create(IoDomain.Kind.IDENTITY)}) {
                    domains.attach(device, open);
                    device.dma().mustLoad(UNTAGGED, frame, 1);
                    domains.attach(device, blocked);
                    device.dma().mustNotReach(UNTAGGED, frame);

                    domains.attach(device, open);
                    device.dma().mustLoad(UNTAGGED, frame, 1);
                    device.driver().attachUntagged(null);
                    device.dma().mustNotReach(UNTAGGED, frame);
                }
                assertEquals(1, domains.word(frame), "what is in memory");
            }
        });
    }

    /**
     * Unmaps a page that two devices use through one domain, and takes one of them out of it.
     *
     * <p>Invariants I14, I15. Source: "iommu/amd: Invalidate cache before removing device from domain list".
     *
     * <p>If this fails, check that the list of devices which an invalidation has to reach holds those of untagged traffic.
     */
    @Rule(
            value = "10.5",
            text =
                    "A change of a domain MUST hold for every device that it is attached to, whichever of them come and go.",
            invariants = {"I14", "I15"})
    default void everyDeviceOfADomainIsTold(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Accelerator first = machine.accelerator();
                Accelerator second = machine.another();
                IoDomain domain = domains.create(IoDomain.Kind.PAGING);
                domain.map(PAGE, domains.frame(1), Machine.PAGE_SIZE, Protection.READ_WRITE);
                domain.map(PAGE + Machine.PAGE_SIZE, domains.frame(2), Machine.PAGE_SIZE, Protection.READ_WRITE);
                for (Accelerator device : new Accelerator[] {first, second}) {
                    domains.attach(device, domain);
                    device.dma().mustLoad(UNTAGGED, PAGE, 1);
                    device.dma().mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);
                }

                domain.unmap(PAGE, Machine.PAGE_SIZE);
                first.dma().mustNotReach(UNTAGGED, PAGE);
                second.dma().mustNotReach(UNTAGGED, PAGE);

                first.driver().attachUntagged(null);
                second.dma().mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);
                domain.unmap(PAGE + Machine.PAGE_SIZE, Machine.PAGE_SIZE);
                second.dma().mustNotReach(UNTAGGED, PAGE + Machine.PAGE_SIZE);
            }
        });
    }

    /**
     * Binds one process to untagged traffic and another one to a PASID of the same device, and lets the first one die.
     *
     * <p>Invariants I4, I20. Source: PCI Express Base Specification, "PASID"; Arm IHI 0070, STE.S1DSS; Intel VT-d, RID_PASID.
     *
     * <p>If this fails, check that untagged traffic and a PASID share neither an entry nor a tag in any cache.
     */
    @Rule(
            value = "10.6",
            text =
                    "Processes behind untagged traffic and behind a PASID of one device MUST be kept apart, in life and in death.",
            invariants = {"I4", "I20"})
    default void untaggedAndTaggedAreKeptApart(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.needsPasids();
        bench.run(machine -> {
            Accelerator device = machine.acceleratorWith(DeviceFeature.NO_PASID);
            AddressSpace bare = machine.process("bare");
            Machine.give(bare, PAGE, 1);
            Machine.poke(bare, PAGE, 2);
            SvaBond untagged = device.driver().bindUntagged(bare, null);
            BoundProcess app = machine.bound("app");

            device.dma().mustLoad(UNTAGGED, PAGE, 2);
            device.dma().mustStore(UNTAGGED, PAGE, 3);
            device.dma().mustLoad(app.pasid(), PAGE, WORD);
            assertEquals(3, Machine.peek(bare, PAGE), "what the process without a PASID sees");

            bare.exit();
            device.dma().mustNotReach(UNTAGGED, PAGE);
            device.dma().mustStore(app.pasid(), PAGE, 4);
            untagged.unbind();
            device.dma().mustNotReach(UNTAGGED, PAGE);
            device.dma().mustLoad(app.pasid(), PAGE, 4);
        });
    }

    /**
     * Lets one domain take the place of another that maps the same address.
     *
     * <p>Invariants I1, I4. Source: "iommu/vt-d: Fix race condition during PASID entry replacement"; Linux {@code iommu_attach_device}.
     *
     * <p>If this fails, the new context was used while a cache still had what the old one had left there.
     */
    @Rule(
            value = "10.7",
            text =
                    "When a domain has taken the place of another, untagged accesses MUST reach what the new one maps and "
                            + "nothing of the old one.",
            invariants = {"I1", "I4"})
    default void newDomainIsTheOnlyOne(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Accelerator device = machine.accelerator();
                IoDomain before = domains.create(IoDomain.Kind.PAGING);
                IoDomain after = domains.create(IoDomain.Kind.PAGING);
                before.map(PAGE, domains.frame(1), Machine.PAGE_SIZE, Protection.READ_WRITE);
                before.map(PAGE + Machine.PAGE_SIZE, domains.frame(2), Machine.PAGE_SIZE, Protection.READ_WRITE);
                after.map(PAGE, domains.frame(3), Machine.PAGE_SIZE, Protection.READ_WRITE);
                domains.attach(device, before);
                device.dma().mustLoad(UNTAGGED, PAGE, 1);
                device.dma().mustLoad(UNTAGGED, PAGE + Machine.PAGE_SIZE, 2);

                domains.attach(device, after);

                device.dma().mustLoad(UNTAGGED, PAGE, 3);
                device.dma().mustNotReach(UNTAGGED, PAGE + Machine.PAGE_SIZE);
            }
        });
    }

    /**
     * Unmaps a page of a private address space beside a process that has the same address.
     *
     * <p>Invariant I15. Source: Linux {@code iommu_attach_device_pasid}, {@code iommu_unmap}.
     *
     * <p>If this fails, check that a private PASID is among the entries which an invalidation of its context reaches.
     */
    @Rule(
            value = "10.8",
            text =
                    "When unmap of a private address space has returned, accesses with its PASID MUST NOT reach the range any more; "
                            + "others MUST be as before.",
            invariants = "I15")
    default void privateUnmapHoldsOnReturn(Bench bench) {
        bench.needsPasids();
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                Accelerator device = machine.acceleratorWith(DeviceFeature.PRIVATE_PASID);
                BoundProcess app = machine.bound("app");
                IoDomain domain = domains.keep(device.driver().openPrivateDomain("private"));
                domain.map(PAGE, domains.frame(1), Machine.PAGE_SIZE, Protection.READ_WRITE);
                device.dma().mustLoad(domain.pasid(), PAGE, 1);

                domain.unmap(PAGE, Machine.PAGE_SIZE);

                device.dma().mustNotReach(domain.pasid(), PAGE);
                device.dma().mustLoad(app.pasid(), PAGE, WORD);
            }
        });
    }

    /**
     * Accesses what a domain does not map.
     *
     * <p>Invariant I28. Source: Linux {@code report_iommu_fault}.
     *
     * <p>If this fails, check that faults of untagged traffic are recorded, and decoded as having no PASID.
     */
    @Rule(
            value = "10.9",
            text = "An untagged access to what its domain does not map MUST be refused and reported.",
            invariants = "I28")
    default void strayUntaggedAccessIsReported(Bench bench) {
        bench.needs(TransactionKind.UNTAGGED);
        bench.run(machine -> {
            try (Domains domains = new Domains(machine)) {
                domains.attach(machine.accelerator(), domains.create(IoDomain.Kind.PAGING));

                machine.dma().mustNotReach(UNTAGGED, PAGE);
                machine.mustBeReported(UNTAGGED);
            }
        });
    }
}
