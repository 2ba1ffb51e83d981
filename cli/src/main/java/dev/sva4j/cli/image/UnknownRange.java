package dev.sva4j.cli.image;

/** Device addresses of which nothing is known, because a table is not in the dump. */
record UnknownRange(long iova, long size, long tableAddress) {}
