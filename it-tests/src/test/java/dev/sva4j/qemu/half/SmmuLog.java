package dev.sva4j.qemu.half;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What QEMU has said of the accesses since it was last asked: its trace of the SMMU and the print-outs of the devices.
 *
 * @param accesses how each access ended, in order
 * @param words what was read, in order; meaningless where the access was refused
 * @param lines interrupt lines that were pulsed, each once
 */
record SmmuLog(List<Access> accesses, List<Integer> words, Set<Integer> lines) {
    /** What has to be on for {@link #of} to see everything. */
    static final List<String> ARGUMENTS =
            List.of("-trace", "smmuv3_translate*", "-trace", "smmuv3_trigger_irq", "-d", "guest_errors");

    /** The name of one of the groups says what a line means. */
    private static final Pattern LINE =
            Pattern.compile("smmuv3_translate_success .*translated=0x(?<translated>[0-9a-f]+) "
                    + "|smmuv3_translate_(?:bypass|disable) .*iova:0x(?<untranslated>[0-9a-f]+) "
                    + "|(?<aborted>smmuv3_translate_abort )"
                    + "|(?<refused> translation failed for iova=)"
                    + "|intel_hda_corb_run: .* verb 0x(?<word>[0-9a-f]+)"
                    + "|smmuv3_trigger_irq irq=(?<line>[0-9]+)");

    /**
     * How the SMMU answered an access.
     *
     * @param passed whether it let it through
     * @param output where to; 0 if it did not
     */
    record Access(boolean passed, long output) {
        private static final Access REFUSED = new Access(false, 0);
    }

    /** Reads what QEMU has written to its standard error; lines that do not matter are skipped. */
    static SmmuLog of(String text) {
        SmmuLog log = new SmmuLog(new ArrayList<>(), new ArrayList<>(), new TreeSet<>());
        text.lines().map(LINE::matcher).filter(Matcher::find).forEach(log::add);
        return log;
    }

    private void add(Matcher line) {
        if (line.group("translated") != null) {
            accesses.add(new Access(true, Long.parseUnsignedLong(line.group("translated"), 16)));
        } else if (line.group("untranslated") != null) {
            accesses.add(new Access(true, Long.parseUnsignedLong(line.group("untranslated"), 16)));
        } else if (line.group("word") != null) {
            words.add(Integer.parseUnsignedInt(line.group("word"), 16));
        } else if (line.group("line") != null) {
            lines.add(Integer.valueOf(line.group("line")));
        } else {
            accesses.add(Access.REFUSED);
        }
    }
}
