package dev.sva4j.qemu.smmu;

import dev.sva4j.core.memory.MappedMemory;
import dev.sva4j.qemu.QemuBinary;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.vendor.smmu.SmmuVendor;
import dev.sva4j.vendor.smmu.hardware.IdRegisters;
import dev.sva4j.vendor.smmu.hardware.SmmuHardware;
import dev.sva4j.vendor.smmu.layout.StreamTable;
import dev.sva4j.vendor.smmu.layout.StreamTableRegisters;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where cases are played: ours with each extreme of behaviour in turn, and a QEMU for each format of stream tables. */
final class Arena implements AutoCloseable {
    private static final List<Behaviour> BEHAVIOURS =
            List.of(Behaviour.TYPICAL, Behaviour.FORGETFUL, Behaviour.TENACIOUS);

    private final Totals totals = new Totals();

    /** Ours as it is, with each behaviour. */
    private final List<ModelSide> models = new ArrayList<>();

    /** Ours with the ID registers of QEMU's, with each behaviour. */
    private final List<ModelSide> identicals = new ArrayList<>();

    private final Map<ModelSide, Player> ours = new HashMap<>();

    // QEMU keeps the two-level format once it has seen it.
    private final Player linear;
    private final Player twoLevel;
    private final Capabilities capabilities;
    private int turn;

    Arena(QemuBinary binary) {
        QemuSide qemu = new QemuSide(binary);
        linear = new Player(qemu);
        twoLevel = new Player(new QemuSide(binary));
        capabilities = Capabilities.of(linear);
        IdRegisters ids = qemu.idRegisters();
        MappedMemory memory = sparseMemory();
        for (Behaviour behaviour : BEHAVIOURS) {
            models.add(new ModelSide(host -> new SmmuVendor().createHardware(host), memory, behaviour));
            identicals.add(new ModelSide(host -> new SmmuHardware(host, ids), memory, behaviour));
        }
        Stream.of(models, identicals).flatMap(List::stream).forEach(side -> ours.put(side, new Player(side)));
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
        return comparison(played, turn++ % BEHAVIOURS.size(), totals).play(played);
    }

    /** Plays a case, and makes it shorter if something differs. */
    void play(Case played) {
        int behaviour = turn % BEHAVIOURS.size();
        Comparison.Difference difference = compare(played);
        if (difference != null) {
            Totals uncounted = new Totals();
            Shrinker.Result result = Shrinker.shrink(
                    played,
                    difference,
                    shorter -> comparison(shorter, behaviour, uncounted).play(shorter));
            throw new AssertionError(played.name() + " with " + BEHAVIOURS.get(behaviour) + " differs, shrunk:\n"
                    + result + "\nbefore: " + difference.text());
        }
    }

    /** Plays a case with each behaviour of ours. */
    void playWithEachBehaviour(Case played) {
        for (int i = 0; i < BEHAVIOURS.size(); i++) {
            play(played);
        }
    }

    private Comparison comparison(Case played, int behaviour, Totals into) {
        ModelSide model = (played.identical() ? identicals : models).get(behaviour);
        return new Comparison(model, ours.get(model), isTwoLevel(played) ? twoLevel : linear, capabilities, into);
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

    Totals totals() {
        return totals;
    }

    @Override
    public void close() {
        Stream.concat(ours.values().stream(), Stream.of(linear, twoLevel)).forEach(Player::close);
    }
}
