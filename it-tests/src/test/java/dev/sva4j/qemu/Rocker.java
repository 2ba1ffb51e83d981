package dev.sva4j.qemu;

/**
 * QEMU's switch chip {@code rocker}, of which only the DMA test registers are used: a write to one of them makes the
 * device access memory at an address of our choice, within the register write.
 *
 * @param requester its requester id
 * @param bar address of its registers
 */
public record Rocker(int requester, long bar) {
    /** Longest access in bytes. */
    public static final int MAX_LENGTH = 0xffff;

    /** What {@link Operation#FILL} writes. */
    public static final byte FILLER = (byte) 0x96;

    private static final int TEST_DMA_ADDR = 0x28;
    private static final int TEST_DMA_SIZE = 0x30;
    private static final int TEST_DMA_CTRL = 0x34;

    private static final int BAR0 = 0x10;
    private static final int COMMAND = 4;
    private static final int MEMORY_AND_BUS_MASTER = 6;

    /** What the device can do to memory. */
    public enum Operation {
        /** Writes zeroes. */
        CLEAR(1),
        /** Writes {@link #FILLER}. */
        FILL(2),
        /**
         * Reads and writes back the complement. Bytes that could not be read count as 0xff, and their complement is
         * written where that is allowed.
         */
        INVERT(4);

        private final int code;

        Operation(int code) {
            this.code = code;
        }
    }

    /** Posts what makes the device answer at its register address and reach memory. */
    void enable(Qtest qtest, PciConfig config) {
        config.write32(qtest, requester, BAR0, (int) bar);
        // Without bus master the device drops its DMA.
        config.write32(qtest, requester, COMMAND, MEMORY_AND_BUS_MASTER);
    }

    /**
     * Posts an access to {@code length} bytes at {@code address}. A refused access is cut into 4-byte pieces that fault
     * one by one, so {@code length} should be 4.
     */
    public void access(Qtest qtest, Operation operation, long address, int length) {
        if (length < 1 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("1 to " + MAX_LENGTH + " bytes, not " + length);
        }
        qtest.write64(bar + TEST_DMA_ADDR, address);
        qtest.write32(bar + TEST_DMA_SIZE, length);
        qtest.write32(bar + TEST_DMA_CTRL, operation.code);
    }
}
