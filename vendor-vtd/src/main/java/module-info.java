/** Place holder for Intel VT-d: holds no code and announces no vendor yet. */
module dev.sva4j.vendor.vtd {}
