package dev.sva4j.qemu.smmu;

import dev.sva4j.qemu.Rocker;

/** What happens to an SMMU in the course of a {@link Case}. */
sealed interface Step {
    /** Software stores a word of a table. */
    record Store(long address, long value) implements Step {
        @Override
        public String toString() {
            return String.format("store 0x%x 0x%x", address, value);
        }
    }

    /** Software writes a register of 32 bits. */
    record Write32(long offset, int value) implements Step {
        @Override
        public String toString() {
            return String.format("write32 0x%x 0x%x", offset, value);
        }
    }

    /** Software writes a register of 64 bits. */
    record Write64(long offset, long value) implements Step {
        @Override
        public String toString() {
            return String.format("write64 0x%x 0x%x", offset, value);
        }
    }

    /** Software issues a command. */
    record Command(long word0, long word1) implements Step {
        @Override
        public String toString() {
            return String.format("command 0x%x 0x%x", word0, word1);
        }
    }

    /**
     * A device accesses four bytes.
     *
     * @param device index of the device
     */
    record Probe(int device, Rocker.Operation operation, long address) implements Step {
        static final int BYTES = 4;

        @Override
        public String toString() {
            return String.format("probe %d %s 0x%x", device, operation, address);
        }
    }

    /** The step of this line, the other side of {@link #toString}. */
    static Step parse(String line) {
        String[] words = line.strip().split(" +");
        return switch (words[0]) {
            case "store" -> new Store(number(words[1]), number(words[2]));
            case "write32" -> new Write32(number(words[1]), (int) number(words[2]));
            case "write64" -> new Write64(number(words[1]), number(words[2]));
            case "command" -> new Command(number(words[1]), number(words[2]));
            case "probe" -> new Probe(Integer.parseInt(words[1]), Rocker.Operation.valueOf(words[2]), number(words[3]));
            default -> throw new IllegalArgumentException("no step: " + line);
        };
    }

    private static long number(String hex) {
        return Long.parseUnsignedLong(hex.substring(2), 16);
    }
}
