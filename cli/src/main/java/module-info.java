/** The {@code sva4j} command. */
module dev.sva4j.cli {
    requires com.fasterxml.jackson.core;
    requires dev.sva4j.api;
    requires dev.sva4j.conformance;
    requires dev.sva4j.core;
    requires info.picocli;
    requires static org.jspecify;

    uses dev.sva4j.spi.IommuVendor;

    // Options are fields that picocli fills in.
    opens dev.sva4j.cli to
            info.picocli;
    opens dev.sva4j.cli.conformance to
            info.picocli;
    opens dev.sva4j.cli.demo to
            info.picocli;
    opens dev.sva4j.cli.image to
            info.picocli;
}
