/**
 * The conformance kit: rules that every IOMMU plug-in keeps, as JUnit tests.
 */
module dev.sva4j.conformance {
    requires transitive dev.sva4j.api;
    requires transitive org.junit.jupiter.api;
    requires org.junit.platform.launcher;
    requires static transitive org.apiguardian.api;
    requires static transitive org.jspecify;

    exports dev.sva4j.conformance;

    opens dev.sva4j.conformance to
            org.junit.platform.commons;
}
