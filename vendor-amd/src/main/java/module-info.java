/** AMD-Vi: formats. Announces no vendor yet. */
module dev.sva4j.vendor.amd {
    requires transitive dev.sva4j.api;
}
