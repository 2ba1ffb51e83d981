package dev.sva4j.vendor.smmu.layout;

/** Shareability values, the same in registers, descriptors and commands except SHCFG, where 1 is "use incoming". */
public final class Shareability {

    public static final int NSH = 0;
    public static final int OSH = 2;
    public static final int ISH = 3;

    private Shareability() {}
}
