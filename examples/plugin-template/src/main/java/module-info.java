import org.jspecify.annotations.NullMarked;

/** A whole IOMMU plug-in, small enough to be read in one sitting: copy it and put your own architecture in its place. */
@NullMarked
module dev.sva4j.examples.acme {
    requires transitive dev.sva4j.api;

    exports dev.sva4j.examples.acme;

    provides dev.sva4j.spi.IommuVendor with
            dev.sva4j.examples.acme.AcmeVendor;
}
