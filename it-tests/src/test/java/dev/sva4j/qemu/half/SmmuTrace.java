package dev.sva4j.qemu.half;

import dev.sva4j.qemu.half.AccessLog.Access;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SMMUv3 has a line for each way in which a translation can end, and one for each pulse of an interrupt line. */
final class SmmuTrace extends AccessTrace {
    SmmuTrace() {
        super(
                List.of("-trace", "smmuv3_translate*", "-trace", "smmuv3_trigger_irq", "-d", "guest_errors"),
                Pattern.compile("smmuv3_translate_success .*translated=0x(?<translated>[0-9a-f]+) "
                        + "|smmuv3_translate_(?:bypass|disable) .*iova:0x(?<untranslated>[0-9a-f]+) "
                        + "|(?<aborted>smmuv3_translate_abort )"
                        + "|(?<refused> translation failed for iova=)"
                        + "|smmuv3_trigger_irq irq=(?<line>[0-9]+)"));
    }

    @Override
    void add(Matcher line, AccessLog log) {
        if (line.group("translated") != null) {
            log.accesses().add(new Access(true, Long.parseUnsignedLong(line.group("translated"), 16)));
        } else if (line.group("untranslated") != null) {
            log.accesses().add(new Access(true, Long.parseUnsignedLong(line.group("untranslated"), 16)));
        } else if (line.group("line") != null) {
            log.lines().add(Integer.valueOf(line.group("line")));
        } else {
            log.accesses().add(Access.REFUSED);
        }
    }
}
