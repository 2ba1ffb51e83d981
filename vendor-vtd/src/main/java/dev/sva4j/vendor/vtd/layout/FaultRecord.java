package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * A fault recording register, FRCD (VT-d 11.4). Hardware writes F last; software clears it by writing 1.
 *
 * <p>Where the registers are, {@link CapabilityRegister#faultRecordOffset} says. F is bit 31 of the dword at
 * {@link #LAST_DWORD}.
 */
public final class FaultRecord {

    /** Offset of the dword that holds F. */
    public static final int LAST_DWORD = 12;

    /** That dword with nothing but F, which is what software writes to free the record. */
    public static final long F_IN_LAST_DWORD = 0x8000_0000L;

    public static final int AT_UNTRANSLATED = 0;
    public static final int AT_TRANSLATION_REQUEST = 1;
    public static final int AT_TRANSLATED = 2;

    public static final StructLayout LAYOUT = StructLayout.builder("FRCD", 2, "VT-d 11.4")
            .address("FI", 0, 63, 12, "page of the request")
            .field("SID", 1, 15, 0, "requester")
            .bit("T2", 1, 28, "type of the request, see T1")
            .bit("PRIV", 1, 29, "privileged, if PP")
            .bit("EXE", 1, 30, "execute, if PP and a read")
            .bit("PP", 1, 31, "PASID present")
            .field("FR", 1, 39, 32, "fault reason")
            .field("PV", 1, 59, 40, "PASID, if PP")
            .field("AT", 1, 61, 60, "address type")
            .values("untranslated", "translation request", "translated")
            .bit("T1", 1, 62, "T1, T2: 00 write, 01 page request, 10 read, 11 AtomicOp")
            .bit("F", 1, 63, "the record is valid")
            .build();

    public static final BitField FI = LAYOUT.field("FI");
    public static final BitField SID = LAYOUT.field("SID");
    public static final BitField T2 = LAYOUT.field("T2");
    public static final BitField PRIV = LAYOUT.field("PRIV");
    public static final BitField EXE = LAYOUT.field("EXE");
    public static final BitField PP = LAYOUT.field("PP");
    public static final BitField FR = LAYOUT.field("FR");
    public static final BitField PV = LAYOUT.field("PV");
    public static final BitField AT = LAYOUT.field("AT");
    public static final BitField T1 = LAYOUT.field("T1");
    public static final BitField F = LAYOUT.field("F");

    private FaultRecord() {}

    /** First word for an address, whose offset in its page is dropped. */
    public static long word0(long address) {
        return FI.getAddress(address);
    }

    /** Second word, with F, of a request without PASID. */
    public static long word1(int reason, long sid, RequestType type, int addressType) {
        return F.encode(true) | type.word1() | AT.encode(addressType) | FR.encode(reason) | SID.encode(sid);
    }

    /** Second word, with F, of a request with PASID. */
    public static long word1(int reason, long sid, RequestType type, int addressType, int pasid, boolean privileged) {
        return word1(reason, sid, type, addressType) | PP.encode(true) | PV.encode(pasid) | PRIV.encode(privileged);
    }

    /** The dword of the second word that is not at {@link #LAST_DWORD}. */
    public static long firstDword(long word1) {
        return word1 & 0xffff_ffffL;
    }

    /** The dword of the second word that holds F, as at {@link #LAST_DWORD}. */
    public static long lastDword(long word1) {
        return word1 >>> Integer.SIZE;
    }
}
