package dev.sva4j.steptest.model;

/**
 * What the slots of an operation stand for, as things were when its step began.
 *
 * @param skip there is nothing to call, or no slot for what it would make
 * @param process id of the process, or -1
 * @param fresh id of the process or device that it makes
 * @param device id of the device
 * @param slot where a process goes that it makes
 */
public record Target(boolean skip, int process, int fresh, int device, int slot) {
    static final Target SKIP = new Target(true, -1, -1, -1, -1);

    /** A process and a device that are there, or -1. */
    public static Target of(int process, int device) {
        return new Target(false, process, -1, device, -1);
    }
}
