package dev.sva4j.spi;

import org.apiguardian.api.API;

/**
 * Software's answer to one page-request group.
 *
 * @param requester requester id or StreamID
 * @param pasid as in the request
 * @param group as in the request
 * @param kind as in the request
 * @param code the answer
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record PageResponse(int requester, int pasid, int group, PageRequest.Kind kind, ResponseCode code) {

    /** The answer {@code code} to the group that {@code last} closes. */
    public static PageResponse to(PageRequest last, ResponseCode code) {
        return new PageResponse(last.requester(), last.pasid(), last.group(), last.kind(), code);
    }
}
