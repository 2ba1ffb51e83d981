package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.X86_64;
import dev.sva4j.testing.FakeMemory;
import java.util.ArrayList;
import java.util.List;

/** A driver on a machine that is nothing but registers and memory, with the numbers of the vectors. */
final class Fixture {
    /** Function 03:00.0. */
    static final int DEVICE = 0x300;

    static final int PASID = 0x12345;

    /** Beyond the memory of this machine; the driver never looks at it. */
    static final long ROOT = 0x1_0842_3000L;

    /** Devices that are attached before, so that {@link #DEVICE} is of domain 7. */
    private static final int OTHERS = 6;

    final FakeHost host;
    final ScriptedAmd amd;
    final AmdDriver driver;

    Fixture() {
        this(AmdDriver.DUMMY_ROOT);
    }

    Fixture(String quiesceStrategy) {
        host = new FakeHost(quiesceStrategy);
        amd = host.amd;
        driver = new AmdDriver(host);
    }

    /** A function with everything. Its 18 bits of PASID make a GCR3 table of two levels. */
    static DeviceAttachment function(int device) {
        return new DeviceAttachment(device, 18, false, true, true);
    }

    Fixture start() {
        driver.start();
        amd.take();
        amd.trace.clear();
        return this;
    }

    Fixture attach() {
        start();
        for (int i = 0; i < OTHERS; i++) {
            driver.attachDevice(new DeviceAttachment(DEVICE + 1 + i, 0, false, false, false));
        }
        driver.attachDevice(function(DEVICE));
        amd.take();
        return this;
    }

    TranslationContext context() {
        return driver.openContext(X86_64.FOUR_LEVELS, ROOT);
    }

    /** Attached, ATS and page requests on, one PASID present; commands forgotten. */
    TranslationContext bound() {
        attach();
        driver.setAts(DEVICE, true);
        driver.setPageRequests(DEVICE, true);
        TranslationContext context = context();
        driver.setPasid(DEVICE, PASID, context, false);
        amd.take();
        return context;
    }

    long load(long pa) {
        return host.memory.load(pa);
    }

    long deviceEntryAddress() {
        return (amd.get(ScriptedAmd.DEVTAB) & -4096) + DEVICE * 32L;
    }

    long[] deviceEntry() {
        return host.memory.words(deviceEntryAddress(), 4);
    }

    /** Found as hardware does it: three pieces. */
    long gcr3Root() {
        long[] entry = deviceEntry();
        return (entry[0] >>> 58 & 7) << 12 | (entry[1] >>> 16 & 0xffff) << 15 | entry[1] >>> 43 << 31;
    }

    /** Of a table of two levels. */
    long gcr3EntryAddress(int pasid) {
        return (load(gcr3Root() + (pasid >> 9) * 8L) & -4096) + (pasid & 0x1ff) * 8L;
    }

    /** The entry without the GCR3 root, which is where there was memory. */
    String deviceEntryWithoutRoot() {
        long[] entry = deviceEntry();
        return String.format("%x %x %x %x", entry[0] & ~(7L << 58), entry[1] & 0x7ff_0000_ffffL, entry[2], entry[3]);
    }

    /** Stores to some words as "word=value", and commands, from now on. */
    List<String> watch(long address, int words) {
        List<String> stores = new ArrayList<>();
        host.memory.listener = new FakeMemory.Listener() {
            @Override
            public void stored(long pa, long value) {
                if (pa >= address && pa < address + words * 8L) {
                    stores.add(String.format("%d=%x", (pa - address) / 8, value));
                }
            }
        };
        amd.stuck = word0 -> {
            stores.add(word0 >>> 60 == 1 ? "wait" : String.format("%016x", word0));
            return false;
        };
        return stores;
    }
}
