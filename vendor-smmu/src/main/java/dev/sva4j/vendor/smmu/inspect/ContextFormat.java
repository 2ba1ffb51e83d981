package dev.sva4j.vendor.smmu.inspect;

import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.Rights;
import dev.sva4j.spi.pagetable.Vmsav8_64;
import dev.sva4j.spi.pagetable.Vmsav8_64Layout;
import dev.sva4j.vendor.smmu.layout.AddressSize;

/**
 * VMSAv8-64 as a context descriptor modifies it: rights are those that a request has under that descriptor, not merely
 * what the entry says. For reading only.
 *
 * @param tables the format proper
 * @param outputBits effective IPS: what leads beyond it does not translate
 * @param flat HADx: tables take no rights away
 * @param unprivilegedDenied E0PDx
 * @param accessFlagFaults a leaf with AF = 0 faults
 * @param writableIsData WXN: what is writable is not executable
 */
record ContextFormat(
        Vmsav8_64 tables,
        int outputBits,
        boolean flat,
        boolean unprivilegedDenied,
        boolean accessFlagFaults,
        boolean writableIsData)
        implements PageTableFormat {

    @Override
    public String name() {
        return tables.name();
    }

    @Override
    public int levels() {
        return tables.levels();
    }

    @Override
    public int indexShift(int level) {
        return tables.indexShift(level);
    }

    @Override
    public int indexBits(int level) {
        return tables.indexBits(level);
    }

    @Override
    public int tableShift(int level) {
        return tables.tableShift(level);
    }

    @Override
    public int vaBits() {
        return tables.vaBits();
    }

    @Override
    public boolean signExtended() {
        return tables.signExtended();
    }

    @Override
    public int oaBits() {
        return outputBits;
    }

    @Override
    public boolean canBeLeaf(int level) {
        return tables.canBeLeaf(level);
    }

    @Override
    public boolean isPresent(int level, long entry) {
        return tables.isPresent(level, entry)
                && AddressSize.fits(
                        tables.isLeaf(level, entry)
                                ? tables.leafAddress(level, entry)
                                : tables.tableAddress(level, entry),
                        outputBits);
    }

    @Override
    public boolean isLeaf(int level, long entry) {
        return tables.isLeaf(level, entry);
    }

    @Override
    public long tableEntry(int level, long table) {
        return tables.tableEntry(level, table);
    }

    @Override
    public long tableAddress(int level, long entry) {
        return tables.tableAddress(level, entry);
    }

    @Override
    public int restrict(int level, long tableEntry, int attributes) {
        return flat ? attributes : tables.restrict(level, tableEntry, attributes);
    }

    @Override
    public long leafEntry(int level, long oa, int attributes) {
        return tables.leafEntry(level, oa, attributes);
    }

    @Override
    public long leafAddress(int level, long entry) {
        return tables.leafAddress(level, entry);
    }

    @Override
    public int leafAttributes(int level, long entry) {
        int attributes = tables.leafAttributes(level, entry);
        if (accessFlagFaults && !Vmsav8_64Layout.AF.isSet(entry)) {
            return attributes & ~Rights.ALL;
        }
        return unprivilegedDenied ? attributes & ~Rights.USER : attributes;
    }

    @Override
    public long withAttributes(int level, long entry, int attributes) {
        return tables.withAttributes(level, entry, attributes);
    }

    /** The {@link Rights} among attributes in effect, WXN applied: it looks at what tables above have left. */
    int rights(int attributes) {
        int rights = attributes & Rights.ALL;
        return writableIsData && (rights & Rights.WRITE) != 0 ? rights & ~Rights.EXECUTE : rights;
    }
}
