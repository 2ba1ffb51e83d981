package dev.sva4j.examples.acme.driver;

import dev.sva4j.spi.TranslationContext;

/** An address space with the TAG that no other open one has. */
final class AcmeContext implements TranslationContext {
    private final AcmeDriver owner;
    private final long root;
    private final int number;
    /** Entries that caches may still know; guarded by this. */
    private int entries;

    AcmeContext(AcmeDriver owner, long root, int number) {
        this.owner = owner;
        this.root = root;
        this.number = number;
    }

    AcmeDriver owner() {
        return owner;
    }

    int number() {
        return number;
    }

    /** An entry is about to refer to it. */
    synchronized void enter() {
        entries++;
    }

    /** No cache knows anything any more of an entry that did. */
    synchronized void leave() {
        entries--;
    }

    /** Not so if an entry could not be cleared in time: then its tag is never used again. */
    synchronized boolean isForgotten() {
        return entries == 0;
    }

    @Override
    public long root() {
        return root;
    }

    @Override
    public String tag() {
        return "TAG " + number;
    }
}
