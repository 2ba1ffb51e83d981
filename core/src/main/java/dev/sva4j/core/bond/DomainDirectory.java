package dev.sva4j.core.bond;

import dev.sva4j.api.IoDomain;
import dev.sva4j.spi.pagetable.PageTableFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The domains for untagged traffic of a system that are open. Thread-safe. */
public final class DomainDirectory {
    private final BondServices services;
    private final Set<UntaggedDomain> open = ConcurrentHashMap.newKeySet();

    public DomainDirectory(BondServices services) {
        this.services = services;
    }

    /** A new one; {@code format} is asked for if there are tables to write. */
    public IoDomain create(IoDomain.Kind kind, String name, Supplier<PageTableFormat> format) {
        UntaggedDomain created = UntaggedDomain.create(kind, name, format, services, open::remove);
        open.add(created);
        return created;
    }

    /** Closes what was left open. No device is attached any more. */
    public void close() {
        open.forEach(UntaggedDomain::close);
    }
}
