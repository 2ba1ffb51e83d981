package dev.sva4j.vendor.smmu.driver;

import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.vendor.smmu.layout.AtsCommands;
import dev.sva4j.vendor.smmu.layout.PriResponse;
import dev.sva4j.vendor.smmu.layout.StallCommands;

/**
 * Answers to page requests. No CMD_SYNC: it would say nothing about them (IHI 0070 §4), and a device that gets no
 * answer in time is no worse off for a driver that waits.
 */
final class Responses {
    private final CommandQueue commands;

    Responses(CommandQueue commands) {
        this.commands = commands;
    }

    void send(PageResponse response) {
        if (response.kind() == PageRequest.Kind.PRI) {
            sendToFunction(response);
        } else {
            resume(response);
        }
    }

    /** With the PASID of the request: functions that want none in a response have not sent one. */
    private void sendToFunction(PageResponse response) {
        boolean tagged = response.pasid() != Pasid.NONE;
        commands.post(
                AtsCommands.priRespWord0(tagged, Bond.substreamOf(response.pasid()), stream(response)),
                AtsCommands.priRespWord1(response.group(), code(response.code())));
    }

    /** A transaction that is not resumed to try again ends with an abort. */
    private void resume(PageResponse response) {
        commands.post(
                response.code() == ResponseCode.SUCCESS
                        ? StallCommands.resumeRetryWord0(stream(response))
                        : StallCommands.resumeAbortWord0(stream(response)),
                StallCommands.resumeWord1(response.group()));
    }

    private static long stream(PageResponse response) {
        return Integer.toUnsignedLong(response.requester());
    }

    private static PriResponse code(ResponseCode code) {
        return switch (code) {
            case SUCCESS -> PriResponse.SUCCESS;
            case INVALID -> PriResponse.INVALID_REQUEST;
            case FAILURE -> PriResponse.RESPONSE_FAILURE;
        };
    }
}
