package dev.sva4j.spi.pagetable;

import org.apiguardian.api.API;

/**
 * What an access may do, as a set of bits in an {@code int}. The low four bits of {@link Attributes}.
 *
 * @since 0.0.1
 */
@API(status = API.Status.STABLE, since = "0.1.0")
public final class Rights {
    /** No right at all. */
    public static final int NONE = 0;

    /** Data may be read. */
    public static final int READ = 1;

    /** Data may be written, now or after hardware has recorded that it is dirty. */
    public static final int WRITE = 1 << 1;

    /** Instructions may be fetched: by unprivileged requests if {@link #USER} is set, else by privileged ones. */
    public static final int EXECUTE = 1 << 2;

    /** Unprivileged requests may use the other rights; without it only privileged ones may. */
    public static final int USER = 1 << 3;

    /** All of them. */
    public static final int ALL = READ | WRITE | EXECUTE | USER;

    private Rights() {}

    /** Letters for the four rights in the order {@code rwxu}, {@code -} for a missing one. Other bits are ignored. */
    public static String toString(int rights) {
        char[] text = {
            (rights & READ) != 0 ? 'r' : '-',
            (rights & WRITE) != 0 ? 'w' : '-',
            (rights & EXECUTE) != 0 ? 'x' : '-',
            (rights & USER) != 0 ? 'u' : '-'
        };
        return new String(text);
    }
}
