package dev.sva4j.examples.acme.layout;

import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** The PASID table of a device: one page, one word per PASID. */
public final class PasidTable {
    /** Width of PASIDs. */
    public static final int BITS = 9;
    /** Entries of a table. */
    public static final int ENTRIES = 512;
    /** Size of a table. */
    public static final long BYTES = (long) ENTRIES * Long.BYTES;
    /** The entry that serves requests without a PASID; none that has one can reach it. */
    public static final int UNTAGGED = 0;
    /** Width of TAG. */
    public static final int TAG_BITS = 11;

    /** Values of MODE. */
    public static final int EMPTY = 0;

    public static final int TRANSLATED = 1;
    public static final int IDENTITY = 2;
    public static final int QUIET = 3;

    /** No entry has bit 63 set. */
    public static final StructLayout ENTRY = StructLayout.builder("PASID entry", 1, "Acme, PASID table")
            .field("MODE", 0, 1, 0, "what becomes of requests")
            .values("empty", "translated", "identity", "quiet")
            .bit("STALL", 0, 2, "translated: what lacks a page or a right waits for RESUME")
            .address("ROOT", 0, 51, 12, "translated: top table")
            .field("TAG", 0, 62, 52, "translated: names what is cached of the tables")
            .build();

    public static final BitField MODE = ENTRY.field("MODE");
    public static final BitField STALL = ENTRY.field("STALL");
    public static final BitField ROOT = ENTRY.field("ROOT");
    public static final BitField TAG = ENTRY.field("TAG");

    private PasidTable() {}

    /** Whether a PASID has an entry of its own in a table of which {@code 2^bits} entries are used. */
    public static boolean contains(int pasid, int bits) {
        return pasid > UNTAGGED && pasid < 1L << bits;
    }

    /** The entry that serves requests with this PASID, or {@link Pasid#NONE}. */
    public static int index(int pasid) {
        return pasid == Pasid.NONE ? UNTAGGED : pasid;
    }

    /** The requests that an entry serves: a PASID or {@link Pasid#NONE}. */
    public static int pasid(int index) {
        return index == UNTAGGED ? Pasid.NONE : index;
    }

    /** Address of an entry. */
    public static long entryAddress(long table, int index) {
        return table + (long) index * Long.BYTES;
    }

    /** An entry that translates. */
    public static long translated(long root, int tag, boolean stall) {
        return MODE.encode(TRANSLATED) | ROOT.encodeAddress(root) | TAG.encode(tag) | STALL.encode(stall);
    }
}
