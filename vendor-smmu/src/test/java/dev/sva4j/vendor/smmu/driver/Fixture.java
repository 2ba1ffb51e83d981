package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.DeviceAttachment;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import java.util.List;

/** A driver on a machine that is nothing but registers and memory, with the numbers of the sheet's examples. */
final class Fixture {
    static final int SID = 0x1234;
    static final int PASID = 0xC05;

    /** TTB0 of the sheet's examples lies beyond the memory of this machine, which the driver never looks at. */
    static final long ROOT = 0x8123_4000L;

    /** The first ASID that is given out. */
    static final long ASID = 1;

    final FakeHost host = new FakeHost();
    final ScriptedSmmu smmu = host.smmu;
    final SmmuDriver driver = new SmmuDriver(host);

    /** A PCI function with everything. */
    static DeviceAttachment function(int sid) {
        return new DeviceAttachment(sid, 20, false, true, true);
    }

    /** A platform device that can stall. */
    static DeviceAttachment stalling(int sid) {
        return new DeviceAttachment(sid, 6, true, false, false);
    }

    Fixture start() {
        driver.start();
        smmu.takeCommands();
        smmu.writes.clear();
        smmu.trace.clear();
        return this;
    }

    Fixture attach() {
        start();
        driver.attachDevice(function(SID));
        smmu.takeCommands();
        return this;
    }

    TranslationContext context() {
        return driver.openContext(Vmsav8_64.LINUX_4K, ROOT);
    }

    /** Attached, ATS on, one PASID live; commands forgotten. */
    TranslationContext bound() {
        attach();
        driver.setAts(SID, true);
        TranslationContext context = context();
        driver.setPasid(SID, PASID, context, false);
        smmu.takeCommands();
        return context;
    }

    /** The STE of a stream, found as hardware does it. */
    long steAddress(int sid) {
        long base = smmu.get(ScriptedSmmu.STRTAB_BASE) & 0x00ff_ffff_ffff_ffc0L;
        long cfg = smmu.get(ScriptedSmmu.STRTAB_BASE_CFG);
        if (cfg >> 16 == 0) {
            return base + sid * 64L;
        }
        long l1 = host.memory.load(base + (sid >> 8) * 8L);
        return (l1 & 0x00ff_ffff_ffff_ffc0L) + (sid & 0xff) * 64L;
    }

    long[] ste(int sid) {
        return host.memory.words(steAddress(sid), 8);
    }

    /** The CD of a substream, found as hardware does it. */
    long cdAddress(int sid, int ssid) {
        long w0 = ste(sid)[0];
        long table = w0 & 0x00ff_ffff_ffff_ffc0L;
        int format = (int) (w0 >> 4 & 3);
        if (w0 >>> 59 == 0 || format == 0) {
            return table + ssid * 64L;
        }
        int split = format == 1 ? 6 : 10;
        long l1 = host.memory.load(table + (ssid >> split) * 8L);
        return (l1 & 0x00ff_ffff_ffff_f000L) + (ssid & ((1 << split) - 1)) * 64L;
    }

    long[] cd(int sid, int ssid) {
        return host.memory.words(cdAddress(sid, ssid), 8);
    }

    List<Cmd> takeCommands() {
        return smmu.takeCommands();
    }
}
