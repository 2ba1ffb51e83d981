package dev.sva4j.steptest.model;

/** What a step may do. */
public enum OpKind {
    CREATE,
    MAP,
    MAP_HUGE,
    UNMAP,
    PROTECT,
    DISCARD,
    POPULATE,
    FORK,
    EXEC,
    CPU_READ,
    CPU_WRITE,
    DMA_READ,
    DMA_WRITE,
    DMA_FETCH_ADD,
    DMA_COMPARE_AND_SWAP,
    DMA_PREFETCH,
    DMA_UNTAGGED,
    DMA_BEYOND_WIDTH,
    BIND,
    BIND_CLOSED_DEVICE,
    UNBIND,
    EXIT,
    OOM_KILL,
    CLOSE,
    RETURN_FROM_CALLBACK,
    INIT_DEVICE,
    CLOSE_DEVICE,
    CLOSE_DEVICE_AGAIN,
    REMOVE_DEVICE,
    ADD_DEVICE,
    EAT_MEMORY,
    FREE_MEMORY;

    /** Whether a device does it. */
    public boolean isDma() {
        return ordinal() >= DMA_READ.ordinal() && ordinal() <= DMA_BEYOND_WIDTH.ordinal();
    }

    /** Whether it changes who has how much memory, so that it cannot be one of several things that go on at a time. */
    public boolean isAlone() {
        return this == EAT_MEMORY || this == FREE_MEMORY;
    }

    boolean makesProcess() {
        return this == CREATE || this == FORK || this == EXEC;
    }
}
