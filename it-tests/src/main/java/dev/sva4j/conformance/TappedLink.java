package dev.sva4j.conformance;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.ResponseCode;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What an IOMMU sends down to its devices. Answers to groups that a rule has sent itself stay here: the endpoint model knows nothing of
 * them.
 */
final class TappedLink implements DeviceLink {
    /** Rules number their own groups from here, beyond the credit of every endpoint; the index has nine bits. */
    static final int FIRST_OWN_GROUP = 0x180;

    private final DeviceLink to;
    private final Collection<Response> responses = new ConcurrentLinkedQueue<>();

    TappedLink(DeviceLink to) {
        this.to = to;
    }

    /** An answer that a function has received. */
    record Response(int requester, int pasid, int group, ResponseCode code) {}

    /** The answers to a group index, in the order of their arrival. */
    List<ResponseCode> responsesTo(int group) {
        return responses.stream()
                .filter(response -> response.group() == group)
                .map(Response::code)
                .toList();
    }

    /** Every answer to every function, in the order of their arrival. */
    List<Response> responses() {
        return List.copyOf(responses);
    }

    @Override
    public void invalidateAtc(int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
        to.invalidateAtc(requester, pasid, address, log2Bytes, global, tag);
    }

    @Override
    public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
        responses.add(new Response(requester, pasid, group, code));
        if (group < FIRST_OWN_GROUP) {
            to.pageGroupResponse(requester, pasid, group, code);
        }
    }
}
