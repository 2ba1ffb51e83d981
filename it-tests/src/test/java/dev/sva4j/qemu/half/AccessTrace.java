package dev.sva4j.qemu.half;

import dev.sva4j.qemu.Qtest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a kind of IOMMU tells of accesses, on QEMU's standard error. */
abstract class AccessTrace {
    /** What {@code intel-hda} prints. */
    private static final Pattern WORD = Pattern.compile("intel_hda_corb_run: .* verb 0x(?<word>[0-9a-f]+)");

    private final List<String> arguments;
    private final Pattern lines;

    /**
     * A trace.
     *
     * @param arguments what has to be on to see everything
     * @param lines what matters of a line; the name of a group says what it means
     */
    AccessTrace(List<String> arguments, Pattern lines) {
        this.arguments = arguments;
        this.lines = lines;
    }

    /** What has to be on for {@link #read} to see everything. */
    final List<String> arguments() {
        return arguments;
    }

    /** Reads what QEMU has written to its standard error; lines that do not matter are skipped. */
    final AccessLog read(String text) {
        AccessLog log = AccessLog.empty();
        text.lines().forEach(line -> {
            Matcher word = WORD.matcher(line);
            Matcher other = lines.matcher(line);
            if (word.find()) {
                log.words().add(Integer.parseUnsignedInt(word.group("word"), 16));
            } else if (other.find()) {
                add(other, log);
            }
        });
        return log;
    }

    /** Whether there is nothing to be read, because the IOMMU is off and all accesses go where they say. */
    boolean isSilent(Qtest qtest, long registers) {
        return false;
    }

    /** Takes down what a line says. */
    abstract void add(Matcher line, AccessLog log);
}
