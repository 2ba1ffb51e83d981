package dev.sva4j.spi.hardware;

import dev.sva4j.spi.Mmio;
import dev.sva4j.spi.layout.RegisterLayout;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A region of registers: finds the register of an access and leaves the rest to the part that owns it.
 *
 * <p>Unknown offsets read 0 and ignore writes. 64-bit registers may be accessed by halves; a 64-bit access to two
 * 32-bit registers is two accesses, low one first. {@link #define} is for construction only; afterwards this is
 * immutable.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class RegisterFile implements Mmio {
    private static final int WORD = Integer.BYTES;

    /** The register of each 32-bit word of the region. */
    private final @Nullable Register[] slots;

    /** An empty region of so many bytes, a multiple of 4. */
    public RegisterFile(long bytes) {
        slots = new Register[slot(bytes)];
    }

    /** Adds a register that software can only read. */
    public void define(RegisterLayout layout, LongSupplier read) {
        define(layout, read, value -> {});
    }

    /** Adds a register; the writer is given what was written, not what the register will hold. */
    public void define(RegisterLayout layout, LongSupplier read, LongConsumer write) {
        define(layout.offset(), layout.width(), read, write);
    }

    /** The same for a register whose place is only known from another. {@code width} is 32 or 64. */
    public void define(long offset, int width, LongSupplier read, LongConsumer write) {
        Register register = new Register(offset, width == Long.SIZE, read, write);
        for (long part = 0; part < width / Byte.SIZE; part += WORD) {
            slots[slot(offset + part)] = register;
        }
    }

    @Override
    public int read32(long offset) {
        Register register = at(offset, WORD);
        if (register == null) {
            return 0;
        }
        long value = register.read.getAsLong();
        return offset == register.offset ? (int) value : highHalf(value);
    }

    @Override
    public long read64(long offset) {
        Register register = at(offset, Long.BYTES);
        if (register != null && register.wide) {
            return register.read.getAsLong();
        }
        long low = Integer.toUnsignedLong(read32(offset));
        return join(low, read32(offset + WORD));
    }

    @Override
    public void write32(long offset, int value) {
        Register register = at(offset, WORD);
        if (register == null) {
            return;
        }
        if (!register.wide) {
            register.write.accept(Integer.toUnsignedLong(value));
            return;
        }
        // Two threads that write the halves of one register at a time get what they would get from a bus: either order.
        long old = register.read.getAsLong();
        long low = offset == register.offset ? Integer.toUnsignedLong(value) : Integer.toUnsignedLong((int) old);
        register.write.accept(join(low, offset == register.offset ? highHalf(old) : value));
    }

    @Override
    public void write64(long offset, long value) {
        Register register = at(offset, Long.BYTES);
        if (register != null && register.wide) {
            register.write.accept(value);
            return;
        }
        write32(offset, (int) value);
        write32(offset + WORD, highHalf(value));
    }

    private @Nullable Register at(long offset, int bytes) {
        if (offset % bytes != 0) {
            throw new IllegalArgumentException(
                    "register access at 0x" + Long.toHexString(offset) + " is not aligned to " + bytes);
        }
        return offset < 0 || offset / WORD >= slots.length ? null : slots[slot(offset)];
    }

    private static int slot(long offset) {
        return (int) (offset / WORD);
    }

    private static int highHalf(long value) {
        return (int) (value >>> Integer.SIZE);
    }

    private static long join(long low, int high) {
        return low + ((long) high << Integer.SIZE);
    }

    private record Register(long offset, boolean wide, LongSupplier read, LongConsumer write) {}
}
