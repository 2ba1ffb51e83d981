package dev.sva4j.core.fault;

import dev.sva4j.spi.PageRequest;
import java.util.List;

/**
 * A page-request group that is complete.
 *
 * @param router of the IOMMU that it came through: answers it
 * @param target what it is resolved against
 * @param members in the order of their arrival; the last one closed the group
 * @param damaged members were lost, so it cannot be answered SUCCESS
 */
record FaultGroup(FaultRouter router, FaultTarget target, List<PageRequest> members, boolean damaged) {
    PageRequest last() {
        return members.get(members.size() - 1);
    }
}
