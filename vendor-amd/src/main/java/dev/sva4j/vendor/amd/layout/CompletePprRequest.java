package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/**
 * COMPLETE_PPR_REQUEST (AMD-Vi 2.4): answers a group of page requests. PRGIndex and Response together are the
 * CompletionTag.
 */
public final class CompletePprRequest {

    static final int OPCODE = 7;

    /** The device may ask for the translation again. */
    public static final int RESPONSE_SUCCESS = 0;

    /** The pages are not there or not allowed. */
    public static final int RESPONSE_INVALID_REQUEST = 1;

    /** Something is wrong; the device stops sending page requests. Linux's core counts differently, PCIe says 0xF. */
    public static final int RESPONSE_FAILURE = 0xF;

    public static final StructLayout LAYOUT = CommandLayout.builder("COMPLETE_PPR_REQUEST")
            .field("DeviceID", 0, 15, 0, "device")
            .field("PASID", 0, 51, 32, "PASID, if GN")
            .bit("GN", 1, 2, "the response has a PASID")
            .field("PRGIndex", 1, 40, 32, "page request group")
            .field("Response", 1, 47, 44, "response code")
            .value(RESPONSE_SUCCESS, "Success")
            .value(RESPONSE_INVALID_REQUEST, "Invalid Request")
            .value(RESPONSE_FAILURE, "Response Failure")
            .build();

    public static final BitField DEVICE_ID = LAYOUT.field("DeviceID");
    public static final BitField PASID = LAYOUT.field("PASID");
    public static final BitField GN = LAYOUT.field("GN");
    public static final BitField PRG_INDEX = LAYOUT.field("PRGIndex");
    public static final BitField RESPONSE = LAYOUT.field("Response");

    private CompletePprRequest() {}

    /** First word; {@code pasid} is 0 without GN. */
    public static long word0(int deviceId, int pasid) {
        return CommandLayout.word0(OPCODE) | DEVICE_ID.encode(deviceId) | PASID.encode(pasid);
    }

    public static long word1(int prgIndex, int response, boolean gn) {
        return PRG_INDEX.encode(prgIndex) | RESPONSE.encode(response) | GN.encode(gn);
    }
}
