package dev.sva4j.vendor.vtd.driver;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.vendor.vtd.layout.PageGroupResponse;

/**
 * Answers to page requests (VT-d 7.7). No inv_wait: it would say that the response has left, and nobody needs to know. A
 * drain orders them before it looks.
 */
final class Responses {
    private final CompletionQueue queue;

    Responses(CompletionQueue queue) {
        this.queue = queue;
    }

    /** Requester, PASID and group as in the request. */
    void send(PageResponse response) {
        if (response.kind() != PageRequest.Kind.PRI) {
            throw new IllegalArgumentException("VT-d stalls no transaction that could be resumed: " + response);
        }
        boolean tagged = response.pasid() != Pasid.NONE;
        queue.post(
                PageGroupResponse.word0(
                        Integer.toUnsignedLong(response.requester()),
                        tagged,
                        Bond.entryOf(response.pasid()),
                        code(response.code())),
                PageGroupResponse.word1(response.group()));
    }

    private static int code(ResponseCode code) {
        return switch (code) {
            case SUCCESS -> PageGroupResponse.RC_SUCCESS;
            case INVALID -> PageGroupResponse.RC_INVALID_REQUEST;
            case FAILURE -> PageGroupResponse.RC_RESPONSE_FAILURE;
        };
    }
}
