package dev.sva4j.qemu.smmu;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where cases are played: ours with each extreme of behaviour in turn, and a QEMU for each format of stream tables. */
final class Arena implements AutoCloseable {
    private static final List<Behaviour> BEHAVIOURS =
            List.of(Behaviour.TYPICAL, Behaviour.FORGETFUL, Behaviour.TENACIOUS);

    private final Totals totals = new Totals();
    private final List<ModelSide> models;
    private final List<Player> ours;

    // QEMU keeps the two-level format once it has seen it.
    private final Player linear;
    private final Player twoLevel;
    private final Capabilities capabilities;
    private int turn;

    Arena(QemuBinary binary) {
        MappedMemory memory = sparseMemory();
        models = BEHAVIOURS.stream()
                .map(behaviour -> new ModelSide(host -> new SmmuVendor().createHardware(host), memory, behaviour))
                .toList();
        ours = models.stream().map(Player::new).toList();
        linear = new Player(new QemuSide(binary));
        twoLevel = new Player(new QemuSide(binary));
        capabilities = Capabilities.of(linear);
    }

    private static MappedMemory sparseMemory() {
        try {
            Path shared = Path.of("/dev/shm");
            Path file = Files.isWritable(shared)
                    ? Files.createTempFile(shared, "sva4j", null)
                    : Files.createTempFile("sva4j", null);
            try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
                access.setLength(Bench.RAM.length());
                return MappedMemory.map(file, List.of(Bench.RAM));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Plays a case; returns what differs in a way that is not known, or null. */
    Comparison.@Nullable Difference compare(Case played) {
        nextBehaviour();
        return comparison(played, model(), totals).play(played);
    }

    /** How many behaviours of ours take turns. */
    static int behaviours() {
        return BEHAVIOURS.size();
    }

    /** Lets another one have its turn than it would. */
    void nextBehaviour() {
        turn++;
    }

    private int model() {
        return turn % models.size();
    }

    /** Plays a case, and makes it shorter if something differs. */
    void play(Case played) {
        Comparison.Difference difference = compare(played);
        int model = model();
        if (difference != null) {
            Totals uncounted = new Totals();
            Shrinker.Result result = Shrinker.shrink(
                    played,
                    difference,
                    shorter -> comparison(shorter, model, uncounted).play(shorter));
            throw new AssertionError(played.name() + " with " + BEHAVIOURS.get(model) + " differs, shrunk:\n" + result
                    + "\nbefore: " + difference.text());
        }
    }

    private Comparison comparison(Case played, int model, Totals into) {
        return new Comparison(
                models.get(model), ours.get(model), isTwoLevel(played) ? twoLevel : linear, capabilities, into);
    }

    private static boolean isTwoLevel(Case played) {
        return played.steps().stream()
                .anyMatch(step -> step instanceof Step.Write32 write
                        && write.offset() == StreamTableRegisters.STRTAB_BASE_CFG.offset()
                        && StreamTable.isTwoLevel(Integer.toUnsignedLong(write.value())));
    }

    /** Known deviations that this QEMU has, or is said to have, and that have not occurred. */
    Set<KnownDeviation> unseenDeviations() {
        Set<KnownDeviation> unseen = EnumSet.noneOf(KnownDeviation.class);
        Stream.of(KnownDeviation.values())
                .filter(deviation -> deviation.appliesTo(capabilities))
                .forEach(unseen::add);
        unseen.removeAll(totals.deviations());
        return unseen;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    Totals totals() {
        return totals;
    }

    @Override
    public void close() {
        Stream.concat(ours.stream(), Stream.of(linear, twoLevel)).forEach(Player::close);
    }
}
