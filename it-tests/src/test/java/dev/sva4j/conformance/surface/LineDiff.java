package dev.sva4j.conformance.surface;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts in the manner of a unified diff; instead of context, the head of the block that a line belongs to. */
final class LineDiff {
    private final List<String> before;
    private final List<String> after;
    private final List<String> output = new ArrayList<>();
    private String block = "";
    private String printedBlock = "";

    private LineDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Empty if there is none. */
    static List<String> of(List<String> before, List<String> after) {
        LineDiff diff = new LineDiff(before, after);
        diff.run();
        return diff.output;
    }

    private void run() {
        int[][] common = commonLengths();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                enter(before.get(i));
                i++;
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                print('-', before.get(i++));
            } else {
                print('+', after.get(j++));
            }
        }
    }

    /** How many lines the rests from each pair of places have in common, in order. */
    private int[][] commonLengths() {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private void enter(String line) {
        if (!line.isEmpty() && !line.startsWith(" ")) {
            block = line;
        }
    }

    private void print(char sign, String line) {
        enter(line);
        if (!block.equals(line) && !block.equals(printedBlock)) {
            output.add("@@ " + block);
        }
        printedBlock = block;
        output.add(sign + line);
    }
}
