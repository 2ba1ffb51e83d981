package dev.sva4j.qemu.half;

import dev.sva4j.qemu.half.AccessLog.Access;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The AMD IOMMU has one line for each translation, however it ended: the output page, of which no right is told, or 0. What
 * had no right went to QEMU's region of what is nowhere, and that region says so.
 */
final class AmdTrace extends AccessTrace {
    AmdTrace() {
        super(
                List.of("-trace", "amdvi_translation_result", "-d", "guest_errors,invalid_mem"),
                Pattern.compile("amdvi_translation_result .*hpa 0x(?<translated>[0-9a-f]+)"
                        + "|(?<refused>^Invalid (?:read|write) at addr )"));
    }

    @Override
    void add(Matcher line, AccessLog log) {
        if (line.group("translated") != null) {
            log.accesses().add(new Access(true, Long.parseUnsignedLong(line.group("translated"), 16)));
        } else if (!log.accesses().isEmpty()) {
            log.accesses().set(log.accesses().size() - 1, Access.REFUSED);
        }
        // Otherwise it was no device that went nowhere, but a register access from outside.
    }
}
