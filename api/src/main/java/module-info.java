/**
 * The published surface of sva4j: {@code api} for device drivers and device models, {@code spi} for IOMMU plug-ins.
 */
module dev.sva4j.api {
    requires static transitive org.apiguardian.api;
    requires static transitive org.jspecify;

    exports dev.sva4j.api;
    exports dev.sva4j.spi;
    exports dev.sva4j.spi.inspect;
    exports dev.sva4j.spi.hardware;
    exports dev.sva4j.spi.layout;
    exports dev.sva4j.spi.pagetable;

    uses dev.sva4j.spi.CoreProvider;
    uses dev.sva4j.spi.IommuVendor;
}
