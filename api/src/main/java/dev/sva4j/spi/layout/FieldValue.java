package dev.sva4j.spi.layout;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A decoded field of a concrete structure, ready to print.
 *
 * @param field which field
 * @param value its value; the address itself for an address field
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public record FieldValue(LayoutField field, long value) {

    /** The manual's name of the field. */
    public String name() {
        return field.name();
    }

    /** The name of this particular value, if the field names it. */
    public @Nullable String valueName() {
        return field.values().get(value);
    }

    /** The value as a person would write it: hexadecimal from 10 upwards and for addresses, with its name if any. */
    public String text() {
        boolean hex = field.isAddress() || Long.compareUnsigned(value, 10) >= 0;
        String number = hex ? "0x" + Long.toHexString(value) : Long.toString(value);
        String named = valueName();
        return named == null ? number : number + " (" + named + ")";
    }

    @Override
    public String toString() {
        return name() + " = " + text();
    }
}
