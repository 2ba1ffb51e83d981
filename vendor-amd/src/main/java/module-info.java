/** Place holder for AMD-Vi: holds no code and announces no vendor yet. */
module dev.sva4j.vendor.amd {}
