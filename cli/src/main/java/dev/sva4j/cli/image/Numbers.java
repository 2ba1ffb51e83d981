package dev.sva4j.cli.image;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and device names as people write them. */
final class Numbers {
    /** Of a PCI function: segment, bus, device, function; the segment may be left out. */
    private static final Pattern PCI =
            Pattern.compile("(?:0{1,8}:)?([0-9a-f]{1,2}):([0-9a-f]{1,2})\\.([0-7])", Pattern.CASE_INSENSITIVE);

    private static final int LARGEST_DEVICE = 0x1f;
    private static final int LARGEST_PCI_REQUESTER = 0xffff;

    private Numbers() {}

    /** An unsigned number of at most 64 bits, {@code 0x…} or decimal. */
    static OptionalLong unsigned(String text) {
        try {
            return OptionalLong.of(
                    text.toLowerCase(Locale.ROOT).startsWith("0x")
                            ? Long.parseUnsignedLong(unsignedDigits(text.substring(2)), 16)
                            : Long.parseUnsignedLong(unsignedDigits(text)));
        } catch (NumberFormatException notOne) {
            return OptionalLong.empty();
        }
    }

    /** Java takes a sign and digits of other scripts; nobody who writes those here means what Java reads. */
    private static String unsignedDigits(String text) {
        if (!text.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0)) {
            throw new NumberFormatException(text);
        }
        return text;
    }

    /** A requester id: {@code 0000:bb:dd.f}, {@code bb:dd.f}, or a number of at most 32 bits. */
    static OptionalInt device(String text) {
        Matcher pci = PCI.matcher(text);
        if (pci.matches()) {
            int device = Integer.parseInt(pci.group(2), 16);
            return device > LARGEST_DEVICE
                    ? OptionalInt.empty()
                    : OptionalInt.of(
                            requester(Integer.parseInt(pci.group(1), 16), device, Integer.parseInt(pci.group(3))));
        }
        OptionalLong number = unsigned(text);
        return number.isPresent() && number.getAsLong() >>> Integer.SIZE == 0
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }

    private static int requester(int bus, int device, int function) {
        return (bus << 8) | (device << 3) | function;
    }

    /** A requester id as a PCI function of segment 0; as a hex number if it has more than 16 bits. */
    static String deviceName(int requester) {
        long id = Integer.toUnsignedLong(requester);
        return id > LARGEST_PCI_REQUESTER
                ? "0x" + Long.toHexString(id)
                : String.format("0000:%02x:%02x.%d", id >> 8, (id >> 3) & LARGEST_DEVICE, id & 7);
    }
}
