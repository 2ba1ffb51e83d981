package dev.sva4j.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.function.Executable;

/** What it means that a call or an access was refused. */
final class Refusals {
    /** An access that was told so by the IOMMU or by software, and not because the device is gone or gave up. */
    static final Set<DmaStatus> ACCESS = EnumSet.of(
            DmaStatus.UNSUPPORTED_REQUEST,
            DmaStatus.ABORTED,
            DmaStatus.PAGE_REQUEST_INVALID,
            DmaStatus.PAGE_REQUEST_FAILURE);

    private Refusals() {}

    /** The call must be refused for this reason, with words for the person who made it. */
    static SvaException assertRefused(SvaError reason, Executable call) {
        SvaException refusal = assertThrows(SvaException.class, call);
        assertEquals(reason, refusal.error(), () -> "the reason of the refusal \"" + refusal.getMessage() + "\"");
        assertFalse(String.valueOf(refusal.getMessage()).isBlank(), "a refusal has a message");
        return refusal;
    }
}
