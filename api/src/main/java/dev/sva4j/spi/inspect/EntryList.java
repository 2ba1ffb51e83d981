package dev.sva4j.spi.inspect;

import dev.sva4j.api.SvaError;
import dev.sva4j.api.SvaException;
import dev.sva4j.spi.IommuInspector.Entry;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Collects what an inspector lists, with the words that {@link Entry#kind()} is made of. Bounded. Used by one thread.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class EntryList {
    /** Requests go through page tables. */
    public static final String TRANSLATED = "translated";

    /** Arm: requests pass because the stream is not translated. */
    public static final String BYPASS = "bypass";

    /** VT-d, AMD-Vi: requests pass because the entry says so. */
    public static final String PASS_THROUGH = "passthrough";

    /** The device translates, but the entry that its requests would need is not there. */
    public static final String NO_PASID_ENTRY = "no-pasid-entry";

    /** Requests abort in silence: what a driver leaves behind when a process dies before its unbind. */
    public static final String QUIESCED = "quiesced";

    /** Valid, but hardware refuses it. */
    public static final String BAD_ENTRY = "bad-entry";

    private static final int MOST = 1 << 20;

    private final String table;
    private final List<Entry> entries = new ArrayList<>();

    /**
     * An empty list.
     *
     * @param table what leads to the entries, for the message: {@code the stream table}
     */
    public EntryList(String table) {
        this.table = table;
    }

    /**
     * Adds an entry.
     *
     * @throws SvaException INVALID if there are more than 2<sup>20</sup>
     */
    public void add(Entry entry) {
        if (entries.size() == MOST) {
            throw new SvaException(
                    SvaError.INVALID,
                    table + " has more than " + MOST
                            + " entries with a meaning; registers and image do not belong together");
        }
        entries.add(entry);
    }

    /** How many there are. */
    public int size() {
        return entries.size();
    }

    /** The entries in the order in which they were added. */
    public List<Entry> toList() {
        return List.copyOf(entries);
    }
}
