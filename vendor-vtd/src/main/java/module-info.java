/** Intel VT-d: formats and hardware half. Announces no vendor yet. */
module dev.sva4j.vendor.vtd {
    requires transitive dev.sva4j.api;

    exports dev.sva4j.vendor.vtd;
}
