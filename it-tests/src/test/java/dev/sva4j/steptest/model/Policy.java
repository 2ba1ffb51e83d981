package dev.sva4j.steptest.model;

/** Who ends a bond after its process has died; names are those of the code under test. */
public enum Policy {
    EXPLICIT_UNBIND,
    RELEASE_ON_RETURN,
    RELEASE_ON_RETURN_INLINE
}
