package dev.sva4j.core.mm;

import dev.sva4j.api.Protection;

/**
 * A mapped range of anonymous memory.
 *
 * @param start first address, page-aligned
 * @param last last address
 * @param protection rights of user mode
 */
record Vma(long start, long last, Protection protection) {
    Vma withStart(long address) {
        return new Vma(address, last, protection);
    }

    Vma withLast(long address) {
        return new Vma(start, address, protection);
    }

    Vma with(Protection other) {
        return new Vma(start, last, other);
    }
}
