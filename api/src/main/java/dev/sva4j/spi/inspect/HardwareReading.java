package dev.sva4j.spi.inspect;

import dev.sva4j.api.Access;
import dev.sva4j.spi.DirectTranslation;
import dev.sva4j.spi.IommuInspector.Answer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A hardware half in front of an image: it gets the registers that the machine had, through its register port like any
 * driver would write them, and then answers as it answers a device. Queues and caches stay off. Thread-safe.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public final class HardwareReading {
    /**
     * The fault of a fetch that found nothing: an image lacks what was not dumped, which says something about the image and
     * nothing about the machine.
     */
    public static final String NOT_IN_DUMP = "not in dump";

    private final Supplier<DirectTranslation> start;
    private final IntFunction<String> faultName;

    /** Made at the first question; guarded by this. */
    private @Nullable DirectTranslation running;

    /**
     * A reading that has not begun.
     *
     * @param start makes the hardware half, on an {@link ImageHost}, and switches it on
     * @param faultName the name of a fault code that the half answers with
     */
    public HardwareReading(Supplier<DirectTranslation> start, IntFunction<String> faultName) {
        this.start = start;
        this.faultName = faultName;
    }

    /** Answers one request. */
    public Answer translate(int requester, int pasid, long address, Access access) {
        long result = running().translate(requester, pasid, address, access);
        return result >= 0 ? new Answer(result, null) : new Answer(0, faultName.apply((int) -result));
    }

    private synchronized DirectTranslation running() {
        DirectTranslation translation = running;
        if (translation == null) {
            translation = start.get();
            running = translation;
        }
        return translation;
    }
}
