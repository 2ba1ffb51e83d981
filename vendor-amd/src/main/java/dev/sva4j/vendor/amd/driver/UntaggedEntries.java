package dev.sva4j.vendor.amd.driver;

/** What a device table entry says of requests without PASID. Core serialises the calls for one device. */
interface UntaggedEntries {
    /** Nothing gets through. Returns when nothing is left of what was said before. */
    void block(Device device);

    /** Device addresses are physical addresses. It was blocked before. */
    void pass(Device device);

    /** Whatever can be refused of {@link #translate} is refused here, with nothing changed. */
    void reserve(Device device, AmdContext context);

    /** Page tables. It was blocked before. */
    void translate(Device device, AmdContext context);

    /** Silence while DMA goes on. It was translated before. */
    void quiesce(Device device);
}
