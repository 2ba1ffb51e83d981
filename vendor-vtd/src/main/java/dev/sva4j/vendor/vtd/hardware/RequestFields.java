package dev.sva4j.vendor.vtd.hardware;

import dev.sva4j.spi.hardware.Request;
import dev.sva4j.vendor.vtd.layout.FaultRecord;
import dev.sva4j.vendor.vtd.layout.RequestType;

/** What a fault record says of the kind of a request. */
final class RequestFields {
    private RequestFields() {}

    /** T1 and T2 of a fault record. */
    static RequestType type(int request) {
        if (Request.has(request, Request.PAGE_REQUEST)) {
            return RequestType.PAGE_REQUEST;
        }
        if (!Request.has(request, Request.WRITE)) {
            return RequestType.READ;
        }
        return Request.has(request, Request.READ) ? RequestType.ATOMIC_OP : RequestType.WRITE;
    }

    /** AT of a fault record. A page request is a message and has none. */
    static int addressType(int request) {
        if (Request.has(request, Request.TRANSLATION)) {
            return FaultRecord.AT_TRANSLATION_REQUEST;
        }
        return Request.has(request, Request.TRANSLATED) ? FaultRecord.AT_TRANSLATED : FaultRecord.AT_UNTRANSLATED;
    }
}
