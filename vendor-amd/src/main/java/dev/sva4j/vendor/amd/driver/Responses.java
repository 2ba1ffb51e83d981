package dev.sva4j.vendor.amd.driver;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.driver.CompletionQueue;
import dev.sva4j.vendor.amd.layout.CompletePprRequest;

/** Answers to page requests (AMD-Vi 2.4). No COMPLETION_WAIT: nobody needs to know when the response has left. */
final class Responses {
    private final CompletionQueue queue;

    Responses(CompletionQueue queue) {
        this.queue = queue;
    }

    /**
     * Requester, PASID and group as in the request. Linux leaves out a PASID if the PRI capability of the function does not ask
     * for it; that is in configuration space, which is core's, and a function that does not ask ignores it.
     */
    void send(PageResponse response) {
        if (response.kind() != PageRequest.Kind.PRI) {
            throw new IllegalArgumentException("AMD-Vi stalls no transaction that could be resumed: " + response);
        }
        boolean tagged = response.pasid() != Pasid.NONE;
        queue.post(
                CompletePprRequest.word0(response.requester(), Bond.entryOf(response.pasid())),
                CompletePprRequest.word1(response.group(), code(response.code()), tagged));
    }

    private static int code(ResponseCode code) {
        return switch (code) {
            case SUCCESS -> CompletePprRequest.RESPONSE_SUCCESS;
            case INVALID -> CompletePprRequest.RESPONSE_INVALID_REQUEST;
            case FAILURE -> CompletePprRequest.RESPONSE_FAILURE;
        };
    }
}
