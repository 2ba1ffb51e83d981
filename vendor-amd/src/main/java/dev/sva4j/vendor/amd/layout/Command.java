package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.StructLayout;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commands of the command buffer and the fields of each (AMD-Vi 2.4).
 *
 * <p>INSERT_GUEST_EVENT (9) and RESET_VMMIO (0xA) are absent, as virtual IOMMUs are not modelled: to hardware they
 * are unknown, which is an ILLEGAL_COMMAND_ERROR.
 */
public enum Command {
    COMPLETION_WAIT(CompletionWait.LAYOUT, CompletionWait.OPCODE),
    INVALIDATE_DEVTAB_ENTRY(InvalidateDevtabEntry.LAYOUT, InvalidateDevtabEntry.OPCODE),
    INVALIDATE_IOMMU_PAGES(InvalidateIommuPages.LAYOUT, InvalidateIommuPages.OPCODE),
    /** Needs IotlbSup in the {@link CapabilityHeader}. */
    INVALIDATE_IOTLB_PAGES(InvalidateIotlbPages.LAYOUT, InvalidateIotlbPages.OPCODE),
    INVALIDATE_INTERRUPT_TABLE(InvalidateInterruptTable.LAYOUT, InvalidateInterruptTable.OPCODE),
    /** Needs EFR.PreFSup. */
    PREFETCH_IOMMU_PAGES(PrefetchIommuPages.LAYOUT, PrefetchIommuPages.OPCODE),
    /** Needs EFR.PPRSup. */
    COMPLETE_PPR_REQUEST(CompletePprRequest.LAYOUT, CompletePprRequest.OPCODE),
    /** Needs EFR.IASup. */
    INVALIDATE_IOMMU_ALL(InvalidateIommuAll.LAYOUT, InvalidateIommuAll.OPCODE);

    /** Size of a command in words. */
    public static final int WORDS = 2;

    private static final Map<Integer, Command> BY_OPCODE =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Command::opcode, Function.identity()));

    // A StructLayout is immutable, but only an annotation that the api does not depend on could tell the checker.
    @SuppressWarnings("ImmutableEnumChecker")
    private final StructLayout layout;

    private final int opcode;

    Command(StructLayout layout, int opcode) {
        this.layout = layout;
        this.opcode = opcode;
    }

    /** The command that this first word starts, or null for an unknown opcode. */
    public static @Nullable Command of(long word0) {
        return BY_OPCODE.get((int) CommandLayout.OPCODE.get(word0));
    }

    /** The opcode. */
    public int opcode() {
        return opcode;
    }

    /** The fields of the command. */
    public StructLayout layout() {
        return layout;
    }
}
