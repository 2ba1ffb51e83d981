package dev.sva4j.spi.layout;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A memory-mapped register: where it is, how wide, who may write it, and its fields.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class RegisterLayout {

    private final StructLayout layout;
    private final long offset;
    private final int width;
    private final RegisterAccess access;
    private final long writable;
    private final long cleared;

    private RegisterLayout(
            StructLayout layout, long offset, int width, RegisterAccess access, long writable, long cleared) {
        this.layout = layout;
        this.offset = offset;
        this.width = width;
        this.access = access;
        this.writable = writable;
        this.cleared = cleared;
    }

    /**
     * Starts the declaration of a register.
     *
     * @param name the manual's name
     * @param offset byte offset in the register space of the IOMMU
     * @param width 32 or 64 bits
     * @param access what software may do with fields that say nothing else
     * @param citation where the manual describes it
     */
    public static Builder builder(String name, long offset, int width, RegisterAccess access, String citation) {
        return new Builder(name, offset, width, access, citation);
    }

    /** The manual's name. */
    public String name() {
        return layout.name();
    }

    /** Byte offset in the register space of the IOMMU. */
    public long offset() {
        return offset;
    }

    /** 32 or 64 bits. */
    public int width() {
        return width;
    }

    /** What software may do with the register as a whole. */
    public RegisterAccess access() {
        return access;
    }

    /** Where the manual describes the register. */
    public String citation() {
        return layout.citation();
    }

    /** All fields, in the manual's order. */
    public List<LayoutField> fields() {
        return layout.fields();
    }

    /**
     * The field of this name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public BitField field(String fieldName) {
        return layout.field(fieldName);
    }

    /** The bits of the register that no field covers. */
    public long reservedMask() {
        return layout.reservedMask(0);
    }

    /** Every field with its value, in the manual's order. */
    public List<FieldValue> describe(long value) {
        return layout.describe(value);
    }

    /**
     * What the register holds after software wrote {@code written} over {@code old}, by the access kinds alone; bits of
     * no field stay. Side effects and conditions ("only while disabled") are the hardware's to add.
     */
    public long afterWrite(long old, long written) {
        return (old & ~writable & ~(cleared & written)) | (written & writable);
    }

    /** A register with the same fields elsewhere, such as an acknowledge register; one access kind holds for all of them. */
    public RegisterLayout mirror(String name, long mirrorOffset, RegisterAccess mirrorAccess) {
        Builder mirror = new Builder(name, mirrorOffset, width, mirrorAccess, citation());
        for (LayoutField field : fields()) {
            mirror.struct.include(((BitField) field).in(name));
        }
        return mirror.build();
    }

    /** The register as a table for documentation. */
    public String toMarkdown() {
        return layout.markdown(
                name() + " at 0x" + Long.toHexString(offset) + ", " + width + " bits, " + access.label(), false);
    }

    @Override
    public String toString() {
        return name() + " at 0x" + Long.toHexString(offset);
    }

    /**
     * Collects the fields of a register.
     *
     * @since 0.0.1
     */
    @API(status = API.Status.STABLE, since = "0.1.0")
    public static final class Builder {

        private final StructLayout.Builder struct;
        private final Map<String, RegisterAccess> exceptions = new HashMap<>();
        private @Nullable String lastField;
        private final long offset;
        private final int width;
        private final RegisterAccess access;

        private Builder(String name, long offset, int width, RegisterAccess access, String citation) {
            if (width != 32 && width != 64) {
                throw new IllegalArgumentException(name + ": a register has 32 or 64 bits, not " + width);
            }
            if (offset < 0 || offset % (width / Byte.SIZE) != 0) {
                throw new IllegalArgumentException(name + ": offset 0x" + Long.toHexString(offset) + " is misaligned");
            }
            this.struct = StructLayout.builderOfOneWord(name, width, citation);
            this.offset = offset;
            this.width = width;
            this.access = access;
        }

        /** Adds a single-bit field. */
        public Builder bit(String fieldName, int bit, String meaning) {
            struct.bit(fieldName, 0, bit, meaning);
            lastField = fieldName;
            return this;
        }

        /** Adds a field that holds a number. */
        public Builder field(String fieldName, int hi, int lo, String meaning) {
            struct.field(fieldName, 0, hi, lo, meaning);
            lastField = fieldName;
            return this;
        }

        /** Adds a field that holds bits {@code [hi:lo]} of an address in place. */
        public Builder address(String fieldName, int hi, int lo, String meaning) {
            struct.address(fieldName, 0, hi, lo, meaning);
            lastField = fieldName;
            return this;
        }

        /** Names one value of the field added last. */
        public Builder value(long value, String valueName) {
            struct.value(value, valueName);
            return this;
        }

        /** Names the values 0, 1, 2 ... of the field added last; an empty name skips a value. */
        public Builder values(String... valueNames) {
            struct.values(valueNames);
            return this;
        }

        /** Says that the field added last differs from the register as a whole. */
        public Builder access(RegisterAccess fieldAccess) {
            if (lastField == null) {
                throw new IllegalStateException("a field's access needs a field before it");
            }
            exceptions.put(lastField, fieldAccess);
            return this;
        }

        /**
         * Checks the fields against each other.
         *
         * @throws IllegalArgumentException if a field leaves the register, overlaps another or repeats a name
         */
        public RegisterLayout build() {
            StructLayout layout = struct.build();
            long writable = 0;
            long cleared = 0;
            for (LayoutField field : layout.fields()) {
                switch (exceptions.getOrDefault(field.name(), access)) {
                    case READ_WRITE, WRITE_ONLY -> writable |= field.mask(0);
                    case WRITE_ONE_TO_CLEAR -> cleared |= field.mask(0);
                    case READ_ONLY -> {}
                }
            }
            return new RegisterLayout(layout, offset, width, access, writable, cleared);
        }
    }
}
