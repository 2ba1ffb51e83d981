package dev.sva4j.api;

import org.apiguardian.api.API;

/**
 * What core has counted since the start; every figure is counted where it happens.
 *
 * @param faultsFromHardware unrecoverable fault records that driver halves read from hardware
 * @param faultsReported of those, handed to listeners as reports
 * @param faultsDropped of those, dropped because of the state of their PASID
 * @param pageRequests recoverable faults received, stop markers not counted
 * @param pageGroups groups closed
 * @param responsesSuccess groups answered SUCCESS
 * @param responsesInvalid groups answered INVALID
 * @param responsesFailure groups answered FAILURE
 * @param pageRequestsDiscarded members of groups that were dropped after an overflow or a removal
 * @param dmaAttempted DMA operations which device models have started
 * @param dmaCompleted of those, ended with all data transferred
 * @param dmaAborted of those, ended without
 * @param freeBytes memory that could be allocated now
 * @param totalBytes memory in all
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record SystemCounters(
        long faultsFromHardware,
        long faultsReported,
        long faultsDropped,
        long pageRequests,
        long pageGroups,
        long responsesSuccess,
        long responsesInvalid,
        long responsesFailure,
        long pageRequestsDiscarded,
        long dmaAttempted,
        long dmaCompleted,
        long dmaAborted,
        long freeBytes,
        long totalBytes) {}
