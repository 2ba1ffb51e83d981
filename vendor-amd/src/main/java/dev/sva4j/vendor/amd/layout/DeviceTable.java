package dev.sva4j.vendor.amd.layout;

/**
 * Where the entry of a device is (AMD-Vi 2.2.2). With segments, the upper bits of the DeviceID select one and the
 * others are the index in its table (DevTblSegEn; VirtualBox {@code DevIommuAmd}).
 */
public final class DeviceTable {

    /** DeviceIDs there are. */
    public static final int DEVICES = 1 << 16;

    private static final int DEVICE_ID_BITS = 16;

    private DeviceTable() {}

    /** Segment of a device; {@code devTblSegEn} is the field of the Control register. */
    public static int segment(int deviceId, long devTblSegEn) {
        return deviceId >>> (DEVICE_ID_BITS - (int) devTblSegEn);
    }

    /** Index of a device in the table of its segment. */
    public static int index(int deviceId, long devTblSegEn) {
        return deviceId & ((DEVICES >>> (int) devTblSegEn) - 1);
    }

    /** The device of an entry. */
    public static int deviceId(int segment, int index, long devTblSegEn) {
        return segment << (DEVICE_ID_BITS - (int) devTblSegEn) | index;
    }

    /** Address of entry {@code index} of the table that a Device Table Base register points to. */
    public static long entryAddress(long devtabBase, int index) {
        return DeviceTableBase.DEV_TAB_BASE.getAddress(devtabBase) + (long) index * DeviceTableEntry.LAYOUT.bytes();
    }

    /** Whether the table has an entry {@code index}. */
    public static boolean contains(long devtabBase, int index) {
        return index < DeviceTableBase.entries(devtabBase);
    }
}
