package dev.sva4j.conformance.zoo;

import static dev.sva4j.conformance.zoo.Habitat.SMMU;
import static dev.sva4j.conformance.zoo.Habitat.UNTAGGED_SMMU;
import static dev.sva4j.conformance.zoo.Habitat.VTD;

import java.util.List;
import java.util.stream.Stream;

/** All animals, in the order of {@code SPECIFICATION.md}. */
final class Zoo {
    private Zoo() {}

    /** Plug-ins with a bug. */
    static List<Animal> broken() {
        return List.of(
                new SwallowsInvalidations(SMMU),
                new SwallowsInvalidations(UNTAGGED_SMMU),
                new CountsOneByteShort(SMMU),
                new CountsOnePageShort(VTD),
                new FlushesNothingUpToTheTop(VTD),
                new KeepsWalkerCaches(VTD),
                new TellsTheAtcFirst(VTD),
                new LosesAtcInvalidations(SMMU),
                new ForgetsTheAtcOfAnEntry(VTD),
                new ClearsWithoutFlushing(VTD),
                new FlushesWithSwappedArguments(VTD),
                new SharesOneTag(SMMU),
                new PresentFirst(VTD),
                new TearsDownWhilePresent(VTD),
                new NeverClears(SMMU),
                new NeverBlocksUntagged(SMMU),
                new NeverQuiesces(SMMU),
                new NeverQuiesces(UNTAGGED_SMMU),
                new EmptiesInsteadOfQuiescing(SMMU),
                new SilencesTheWholeDevice(VTD),
                new AnswersEveryMember(SMMU),
                new AnswersFailure(SMMU),
                new AnswersStaleSuccess(SMMU),
                new NeverAcknowledgesOverflow(SMMU),
                new ClearsOverflowAtOnce(VTD),
                new DisablesWhatItDidNotEnable(VTD),
                new KeepsEntryOfRefusedBind(SMMU),
                new IgnoresQuiet(VTD),
                new CachesWhatIsNotThere(VTD));
    }

    /** Plug-ins that are unusual and right. */
    static List<Animal> unusual() {
        return List.of(
                new InvalidatesEverything(SMMU),
                new LeavesTagsOut(SMMU),
                new AnswersLate(VTD),
                new NeverCaches(SMMU),
                new NeverCaches(UNTAGGED_SMMU));
    }

    static Animal byName(String name) {
        return Stream.concat(broken().stream(), unusual().stream())
                .filter(animal -> animal.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
