package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.X86_64;
import java.util.List;

/** A driver on a machine that is nothing but registers and memory, with the numbers of the sheet's vectors. */
final class Fixture {
    /** Function 3a:00.0. */
    static final int SID = 0x3A00;

    static final int PASID = 0x12345;

    /** The PML4 of the vectors lies beyond the memory of this machine, which the driver never looks at. */
    static final long ROOT = 0x1004_0000L;

    final FakeHost host = new FakeHost();
    final ScriptedVtd vtd = host.vtd;
    final VtdDriver driver = new VtdDriver(host);

    /** A function with everything. */
    static DeviceAttachment function(int sid) {
        return new DeviceAttachment(sid, 20, false, true, true);
    }

    Fixture start() {
        driver.start();
        vtd.takeAll();
        vtd.trace.clear();
        return this;
    }

    Fixture attach() {
        start();
        driver.attachDevice(function(SID));
        vtd.takeAll();
        return this;
    }

    /** The first context has domain 2. */
    TranslationContext context() {
        return driver.openContext(X86_64.FOUR_LEVELS, ROOT);
    }

    /** Attached, ATS and page requests on, one PASID present; descriptors forgotten. */
    TranslationContext bound() {
        attach();
        driver.setAts(SID, true);
        driver.setPageRequests(SID, true);
        TranslationContext context = context();
        driver.setPasid(SID, PASID, context, false);
        vtd.takeAll();
        return context;
    }

    long load(long pa) {
        return host.memory.load(pa);
    }

    /** A half of the root entry of a function's bus, found as hardware does it. */
    long rootHalf(int sid) {
        long root = vtd.get(ScriptedVtd.RTADDR) & -4096;
        return load(root + (sid >> 8) * 16L + ((sid & 0x80) != 0 ? 8 : 0));
    }

    long contextEntryAddress(int sid) {
        return (rootHalf(sid) & -4096) + (sid & 0x7f) * 32L;
    }

    long directoryEntryAddress(int sid, int pasid) {
        return (load(contextEntryAddress(sid)) & -4096) + (pasid >> 6) * 8L;
    }

    long pasidEntryAddress(int sid, int pasid) {
        return (load(directoryEntryAddress(sid, pasid)) & -4096) + (pasid & 0x3f) * 64L;
    }

    long[] pasidEntry(int sid, int pasid) {
        return host.memory.words(pasidEntryAddress(sid, pasid), 8);
    }

    List<Descriptor> takeDescriptors() {
        return vtd.takeDescriptors();
    }
}
