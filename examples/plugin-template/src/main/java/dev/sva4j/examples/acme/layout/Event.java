package dev.sva4j.examples.acme.layout;

import dev.sva4j.api.Access;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** An event: a request that was refused, or stalled. */
public final class Event {
    /** Values of CODE. */
    public static final int BAD_DEVICE = 1;

    public static final int BAD_PASID = 2;
    public static final int NOT_PRESENT = 3;
    public static final int PERMISSION = 4;
    public static final int WALK_ABORT = 5;

    public static final StructLayout LAYOUT = StructLayout.builder("event", 2, "Acme, events")
            .field("CODE", 0, 3, 0, "why")
            .values("", "BAD_DEVICE", "BAD_PASID", "NOT_PRESENT", "PERMISSION", "WALK_ABORT")
            .bit("STALL", 0, 4, "the request waits for RESUME")
            .bit("TAGGED", 0, 5, "the request has a PASID")
            .field("ACCESS", 0, 7, 6, "what it wants to do")
            .values("read", "write", "execute")
            .field("PASID", 0, 27, 8, "its PASID")
            .field("REQUESTER", 0, 63, 32, "whose it is")
            .field("TAG", 1, 11, 0, "STALL: names the request")
            .address("ADDRESS", 1, 63, 12, "the page")
            .build();

    public static final BitField CODE = LAYOUT.field("CODE");
    public static final BitField STALL = LAYOUT.field("STALL");
    public static final BitField TAG = LAYOUT.field("TAG");
    public static final BitField ADDRESS = LAYOUT.field("ADDRESS");
    private static final BitField TAGGED = LAYOUT.field("TAGGED");
    private static final BitField ACCESS = LAYOUT.field("ACCESS");
    private static final BitField PASID = LAYOUT.field("PASID");
    private static final BitField REQUESTER = LAYOUT.field("REQUESTER");

    /** How many requests can be stalled at a time. */
    public static final int TAGS = 4096;

    private Event() {}

    /** Word 0 of a refusal. */
    public static long refusal(int code, int requester, int pasid, Access access) {
        boolean tagged = pasid != Pasid.NONE;
        return CODE.encode(code)
                | TAGGED.encode(tagged)
                | PASID.encode(tagged ? pasid : 0)
                | ACCESS.encode(access.ordinal())
                | REQUESTER.encode(Integer.toUnsignedLong(requester));
    }

    /** Word 1 of a refusal. */
    public static long page(long address) {
        return ADDRESS.getAddress(address);
    }

    /** Whose request it was. */
    public static int requester(long word0) {
        return (int) REQUESTER.get(word0);
    }

    /** Its PASID, or {@link Pasid#NONE}. */
    public static int pasid(long word0) {
        return TAGGED.isSet(word0) ? (int) PASID.get(word0) : Pasid.NONE;
    }

    /** What it wanted to do. */
    public static Access access(long word0) {
        return switch ((int) ACCESS.get(word0)) {
            case 0 -> Access.READ;
            case 1 -> Access.WRITE;
            default -> Access.EXECUTE;
        };
    }

    /** The name of a code. */
    public static String name(long code) {
        return CODE.values().getOrDefault(code, "code " + code);
    }
}
