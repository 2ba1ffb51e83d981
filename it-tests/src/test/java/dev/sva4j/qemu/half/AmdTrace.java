package dev.sva4j.qemu.half;

import dev.sva4j.qemu.Qtest;
import dev.sva4j.qemu.half.AccessLog.Access;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The AMD IOMMU has one line for each translation, however it ended: the output page, small or large, of which no right is
 * told, or 0. What had no right went to QEMU's region of what is nowhere, and that region says so. What is not translated
 * because the IOMMU is off has no line.
 */
final class AmdTrace extends AccessTrace {
    // AMD-Vi 3.3
    private static final int CONTROL = 0x18;
    private static final int CONTROL_IOMMU_EN = 1;

    AmdTrace() {
        super(
                List.of("-trace", "amdvi_translation_result", "-d", "guest_errors,invalid_mem"),
                Pattern.compile("amdvi_translation_result .*hpa 0x(?<translated>[0-9a-f]+)"
                        + "|^Invalid (?:read|write) at addr 0x(?<nowhere>[0-9A-F]+), "));
    }

    @Override
    boolean isSilent(Qtest qtest, long registers) {
        Qtest.Answer control = qtest.read64(registers + CONTROL);
        qtest.await();
        return (control.value() & CONTROL_IOMMU_EN) == 0;
    }

    @Override
    void add(Matcher line, AccessLog log) {
        if (line.group("translated") != null) {
            log.accesses().add(new Access(true, Long.parseUnsignedLong(line.group("translated"), 16)));
        } else if (!log.accesses().isEmpty()) {
            log.accesses()
                    .set(
                            log.accesses().size() - 1,
                            new Access(false, Long.parseUnsignedLong(line.group("nowhere"), 16)));
        }
        // Otherwise it was no device that went nowhere, but a register access from outside.
    }
}
