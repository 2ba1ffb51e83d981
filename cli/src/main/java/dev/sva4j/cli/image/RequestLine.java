package dev.sva4j.cli.image;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Pasid;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** One request to {@code translate}: {@code DEVICE PASID|- ADDRESS r|w|x}. */
record RequestLine(int requester, int pasid, long address, Access access) {
    private static final Pattern BLANKS = Pattern.compile("[ \\t\\r]+");
    private static final int SHOWN = 40;

    /**
     * Reads a line.
     *
     * @throws BadRequestException saying which word is wrong
     */
    static RequestLine parse(String line) throws BadRequestException {
        String[] words = BLANKS.split(line.strip(), -1);
        if (words.length != 4) {
            throw new BadRequestException("a request is DEVICE PASID|- ADDRESS r|w|x, not '" + shown(line) + "'");
        }
        OptionalInt requester = Numbers.device(words[0]);
        if (requester.isEmpty()) {
            throw new BadRequestException("no device '" + shown(words[0]) + "': give bb:dd.f or a requester id");
        }
        OptionalLong address = Numbers.unsigned(words[2]);
        if (address.isEmpty()) {
            throw new BadRequestException("no address '" + shown(words[2]) + "': give 0x… or decimal, at most 64 bits");
        }
        return new RequestLine(requester.getAsInt(), pasid(words[1]), address.getAsLong(), access(words[3]));
    }

    private static int pasid(String word) throws BadRequestException {
        if (word.equals("-")) {
            return Pasid.NONE;
        }
        OptionalLong number = Numbers.unsigned(word);
        if (number.isEmpty() || Long.compareUnsigned(number.getAsLong(), Pasid.LAST) > 0) {
            throw new BadRequestException(
                    "no PASID '" + shown(word) + "': give 0 to " + Pasid.LAST + ", or - for none");
        }
        return (int) number.getAsLong();
    }

    private static Access access(String word) throws BadRequestException {
        return switch (word) {
            case "r" -> Access.READ;
            case "w" -> Access.WRITE;
            case "x" -> Access.EXECUTE;
            default -> throw new BadRequestException("no access '" + shown(word) + "': give r, w or x");
        };
    }

    private static String shown(String word) {
        return word.length() <= SHOWN ? word : word.substring(0, SHOWN) + "…";
    }
}
