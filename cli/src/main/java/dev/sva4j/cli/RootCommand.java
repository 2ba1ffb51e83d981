package dev.sva4j.cli;

import picocli.CommandLine.Command;

/** {@code sva4j} itself: without one of its commands it has nothing to do. */
@Command(
        name = "sva4j",
        synopsisSubcommandLabel = "COMMAND",
        description = "Shared Virtual Addressing: a reference model of IOMMUs, and tools for their tables.",
        footer = {"", "Exit code: 0 done, 1 a check failed, 2 bad usage or input (one line on standard error)."})
final class RootCommand {}
