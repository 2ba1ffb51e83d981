/** AMD-Vi: formats, both halves and decoders. Found as a service; nothing here is called by name. */
module dev.sva4j.vendor.amd {
    requires transitive dev.sva4j.api;

    exports dev.sva4j.vendor.amd;

    provides dev.sva4j.spi.IommuVendor with
            dev.sva4j.vendor.amd.AmdVendor;
}
