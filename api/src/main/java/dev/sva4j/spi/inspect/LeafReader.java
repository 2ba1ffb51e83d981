package dev.sva4j.spi.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector.LeafVisitor;
import dev.sva4j.spi.PhysicalMemory;
import dev.sva4j.spi.pagetable.MalformedPageTableException;
import dev.sva4j.spi.pagetable.Mapping;
import dev.sva4j.spi.pagetable.PageTableFormat;
import dev.sva4j.spi.pagetable.PageTableReader;
import dev.sva4j.spi.pagetable.PageTableVisitor;
import java.util.function.IntUnaryOperator;
import org.apiguardian.api.API;

/**
 * Shows the leaves of one page table to the visitor of an inspector.
 *
 * @param format how the table is read
 * @param memory where it is
 * @param root physical address of the top table
 * @param rights from attributes in effect to the {@link dev.sva4j.spi.pagetable.Rights} that a request has
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public record LeafReader(PageTableFormat format, PhysicalMemory memory, long root, IntUnaryOperator rights) {

    /**
     * Visits the leaves of a range.
     *
     * @param first first address, as the table has it
     * @param last last address
     * @param offset what is added to addresses of the table to make addresses of the device
     * @param owner whose tables these are, for the message: {@code StreamID 0x18, PASID 5}
     * @throws SvaException INVALID if the table contradicts itself
     */
    public void visit(long first, long last, long offset, String owner, LeafVisitor visitor) {
        try {
            new PageTableReader(format, memory, root).visit(first, last, new PageTableVisitor() {
                @Override
                public void leaf(Mapping leaf) {
                    visitor.leaf(offset + leaf.va(), leaf.oa(), leaf.size(), rights.applyAsInt(leaf.attributes()));
                }

                @Override
                public void notInMemory(int level, long start, long end, long tableAddress) {
                    visitor.notInImage(offset + start, end - start + 1, tableAddress);
                }
            });
        } catch (MalformedPageTableException malformed) {
            throw new SvaException(SvaError.INVALID, "tables of " + owner + ": " + malformed.getMessage(), malformed);
        }
    }
}
