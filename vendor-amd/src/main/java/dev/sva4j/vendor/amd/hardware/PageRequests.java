package dev.sva4j.vendor.amd.hardware;

import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.PageRequest;
import dev.sva4j.spi.Pasid;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.hardware.RegisterFile;
import dev.sva4j.vendor.amd.layout.CompletePprRequest;
import dev.sva4j.vendor.amd.layout.ControlRegister;
import dev.sva4j.vendor.amd.layout.PprLogEntry;
import dev.sva4j.vendor.amd.layout.PprLogRegisters;

/**
 * Page requests on their way into the PPR log (AMD-Vi 2.6), and the answers that hardware gives by itself.
 *
 * <p>A request that the device may not send, or that finds page requests or guest translation off, is an
 * INVALID_PPR_REQUEST; that it is answered Response Failure is no more than likely. One that finds the log full or
 * stopped is lost, and has no answer unless automatic responses are on: software makes the log large enough for all
 * requests that can be outstanding. GCR3 tables are not looked at. Only the last request of a group is answered, and no
 * stop marker.
 */
final class PageRequests {
    private final Control control;
    private final Features features;
    private final InFlightSections sections;
    private final Translator translator;
    private final Events events;
    private final Log log;
    private final DeviceLink devices;

    /** PPR_AUTO_RESPONSE; any thread writes it. */
    private volatile long autoResponse;

    PageRequests(
            Control control,
            Features features,
            InFlightSections sections,
            Translator translator,
            Events events,
            Log log,
            DeviceLink devices) {
        this.control = control;
        this.features = features;
        this.sections = sections;
        this.translator = translator;
        this.events = events;
        this.log = log;
        this.devices = devices;
    }

    /** Defines the registers, which are reserved without PPRSup. */
    void defineRegisters(RegisterFile registers) {
        log.defineRegisters(
                registers, PprLogRegisters.PPRLOG_BASE, PprLogRegisters.PPRLOG_HEAD, PprLogRegisters.PPRLOG_TAIL);
        if (features.autoResponses) {
            registers.define(
                    PprLogRegisters.PPR_AUTO_RESPONSE,
                    () -> autoResponse,
                    value -> autoResponse = PprLogRegisters.PPR_AUTO_RESPONSE.afterWrite(autoResponse, value));
        }
    }

    /**
     * Takes a page request. All of it happens in a section, the answer included: COMPLETION_WAIT completes after what
     * arrived before.
     */
    void request(PageRequest request) {
        int section = sections.enter();
        try {
            take(request);
        } finally {
            sections.exit(section);
        }
    }

    private void take(PageRequest request) {
        DeviceEntry device = translator.device(request.requester());
        if (device == null) {
            answer(request, request.pasid(), ResponseCode.FAILURE);
            return;
        }
        int pasid = device.responsesTagged ? request.pasid() : Pasid.NONE;
        long settings = control.settings().control();
        if (!mayAsk(device, request, settings)) {
            events.invalidPageRequest(request);
            answer(request, pasid, ResponseCode.FAILURE);
            return;
        }
        if (features.autoResponses && ControlRegister.PPR_AUTO_RSP_AON.isSet(settings)) {
            answer(request, pasid, automatic());
            return;
        }
        Log.Written written = log.write(word0(request), PprLogEntry.word1(request.address()));
        boolean lost = written != Log.Written.DONE;
        if (lost && features.autoResponses && ControlRegister.PPR_AUTO_RSP_EN.isSet(settings)) {
            answer(request, pasid, automatic());
        }
    }

    private boolean mayAsk(DeviceEntry device, PageRequest request, long settings) {
        // A log that is switched off for a moment, to get it going again, is one that cannot take the request.
        boolean answered = features.autoResponses && ControlRegister.PPR_AUTO_RSP_EN.isSet(settings);
        boolean on = ControlRegister.PPR_EN.isSet(settings) && (ControlRegister.PPR_LOG_EN.isSet(settings) || answered);
        boolean known = request.pasid() == Pasid.NONE || ControlRegister.GT_EN.isSet(settings);
        boolean allowed = device.pageRequestsAllowed || !features.enhancedPageRequests;
        return on && known && device.fault == 0 && device.valid && allowed;
    }

    private static long word0(PageRequest request) {
        int device = request.requester();
        long word = request.pasid() == Pasid.NONE
                ? PprLogEntry.word0(device, request.group(), request.last())
                : PprLogEntry.word0(device, request.group(), request.last(), request.pasid());
        return word
                | PprLogEntry.RD.encode(request.read())
                | PprLogEntry.WR.encode(request.write())
                | PprLogEntry.EX.encode(request.execute())
                | PprLogEntry.US.encode(!request.privileged());
    }

    private ResponseCode automatic() {
        return response((int) PprLogRegisters.PPR_AUTO_RSP_CODE.get(autoResponse));
    }

    /** What a device makes of a response code: PCIe has others than these mean Response Failure. */
    static ResponseCode response(int code) {
        return switch (code) {
            case CompletePprRequest.RESPONSE_SUCCESS -> ResponseCode.SUCCESS;
            case CompletePprRequest.RESPONSE_INVALID_REQUEST -> ResponseCode.INVALID;
            default -> ResponseCode.FAILURE;
        };
    }

    private void answer(PageRequest request, int pasid, ResponseCode code) {
        if (request.last() && !request.isStopMarker()) {
            devices.pageGroupResponse(request.requester(), pasid, request.group(), code);
        }
    }
}
