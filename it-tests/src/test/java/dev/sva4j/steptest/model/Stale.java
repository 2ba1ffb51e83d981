package dev.sva4j.steptest.model;

/**
 * An entry that an operation has changed but not yet invalidated everywhere: until that operation returns, a device may use the old one.
 *
 * @param extent where
 * @param old what was there
 * @param owner number of the operation
 * @param removed whether the entry was taken out, so that the frame counts as mapped until the operation returns
 * @param usable whether a device may still use it: not after another operation on the same extent has returned
 */
record Stale(int extent, Page old, int owner, boolean removed, boolean usable) {}
