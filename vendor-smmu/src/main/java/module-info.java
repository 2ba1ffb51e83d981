/** Arm SMMUv3: formats, driver half, hardware half and decoders. Found as a service; nothing here is called by name. */
module dev.sva4j.vendor.smmu {
    requires transitive dev.sva4j.api;

    exports dev.sva4j.vendor.smmu;

    provides dev.sva4j.spi.IommuVendor with
            dev.sva4j.vendor.smmu.SmmuVendor;
}
