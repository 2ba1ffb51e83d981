package dev.sva4j.core.bond;

/** Who can have the untagged traffic of a device. {@code toString} is for messages. */
sealed interface UntaggedHolder permits Bond, UntaggedDomain {}
