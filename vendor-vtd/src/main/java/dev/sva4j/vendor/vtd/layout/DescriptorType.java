package dev.sva4j.vendor.vtd.layout;

import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;
import java.util.List;
import java.util.Map;

/** The type of an invalidation descriptor (VT-d 6.5.2): seven bits, in two places of word 0. */
public final class DescriptorType {

    public static final SplitField FIELD = new SplitField(
            "descriptor",
            "Type",
            false,
            "which descriptor",
            Map.of(),
            List.of(new SplitField.Piece(0, 3, 0, 0), new SplitField.Piece(0, 11, 9, 4)));

    private DescriptorType() {}

    /** A first word with nothing but the type. */
    static long word0(int type) {
        return FIELD.put(0, 0, type);
    }

    /** Starts the layout of a descriptor. */
    static StructLayout.Builder layout(String name) {
        return StructLayout.builder(name, InvalidationDescriptor.WORDS, "VT-d 6.5.2")
                .include(FIELD);
    }
}
