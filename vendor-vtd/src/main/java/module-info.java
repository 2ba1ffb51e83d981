/** Intel VT-d: formats. Announces no vendor yet. */
module dev.sva4j.vendor.vtd {
    requires transitive dev.sva4j.api;
}
