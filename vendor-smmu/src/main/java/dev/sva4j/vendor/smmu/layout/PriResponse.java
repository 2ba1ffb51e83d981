package dev.sva4j.vendor.smmu.layout;

import org.jspecify.annotations.Nullable;

/** The answer to a page request group, as CMD_PRI_RESP and as the PCIe message to the device code it (IHI 0070 §8). */
public enum PriResponse {
    /** Something is wrong; the device stops sending page requests. */
    RESPONSE_FAILURE(0, 0b1111),
    /** The pages are not there or not allowed. */
    INVALID_REQUEST(1, 0b0001),
    /** The device may ask for the translation again. */
    SUCCESS(2, 0b0000);

    private final int code;
    private final int pcieCode;

    PriResponse(int code, int pcieCode) {
        this.code = code;
        this.pcieCode = pcieCode;
    }

    /** The answer in this second word of CMD_PRI_RESP, or null for 3, which is CERROR_ILL. */
    public static @Nullable PriResponse of(long word1) {
        return switch ((int) Command.RESP.get(word1)) {
            case 0 -> RESPONSE_FAILURE;
            case 1 -> INVALID_REQUEST;
            case 2 -> SUCCESS;
            default -> null;
        };
    }

    /** The code in CMD_PRI_RESP.Resp. */
    public int code() {
        return code;
    }

    /** The response code of the PCIe Page Request Group Response. */
    public int pcieCode() {
        return pcieCode;
    }
}
