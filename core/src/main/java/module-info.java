/**
 * The core of sva4j. Users reach it through {@code dev.sva4j.api}; nothing but tools of this project sees its packages.
 */
// The tools it exports to are compiled after it.
@SuppressWarnings("module")
module dev.sva4j.core {
    requires transitive dev.sva4j.api;
    requires com.google.guice;
    // Guice needs both at run time and, being an automatic module, does not pull them into the module graph.
    requires com.google.common;
    requires jakarta.inject;
    requires static org.jspecify;

    exports dev.sva4j.core.memory to
            dev.sva4j.cli,
            dev.sva4j.benchmarks;

    opens dev.sva4j.core.system to
            com.google.guice;

    provides dev.sva4j.spi.CoreProvider with
            dev.sva4j.core.SvaCore;
}
