package dev.sva4j.conformance;

import static dev.sva4j.conformance.BoundProcess.PAGE;
import static dev.sva4j.conformance.BoundProcess.WORD;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.api.Access;
import dev.sva4j.api.DmaStatus;
import dev.sva4j.api.Protection;
import dev.sva4j.api.SvaBond;
import dev.sva4j.api.TraceEvent;
import dev.sva4j.spi.CompletionStatus;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuInspector.EntryState;
import dev.sva4j.spi.pagetable.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apiguardian.api.API;

/**
 * Chapter 2, formats: what is in memory means what the life cycle says, to the decoder and to the hardware alike.
 *
 * @since 0.0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.0.1")
public interface FormatRules extends Subject {
    /**
     * Takes a bond through its life and compares, in each state, what the decoder says with what an access meets.
     *
     * <p>Invariants I19, I28. Source: State machine of the life of a bond in the specification.
     *
     * <p>If this fails, one of decoder, driver half and hardware half reads the manual differently; the raw entry decides.
     */
    @Rule(
            value = "2.1",
            text =
                    "In every state of a bond the decoded entry MUST say what an access meets: EMPTY where it is reported, LIVE where it "
                            + "goes through, QUIESCED where it aborts in silence.",
            invariants = {"I19", "I28"})
    default void decodedStateIsWhatAnAccessMeets(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Decoder decoder = Decoder.of(machine, this);
            int pasid = app.pasid();

            assertEquals(EntryState.LIVE, decoder.state(pasid), "decoded while bound");
            machine.dma().mustLoad(pasid, PAGE, WORD);

            app.mm().exit();
            EntryState afterExit = decoder.state(pasid);
            assertTrue(decoder.isSilent(afterExit), () -> "decoded after exit: " + afterExit);
            machine.dma().mustNotReach(pasid, PAGE);
            machine.mustBeRefused(pasid, PAGE);
            machine.awaitReports();
            assertEquals(0, machine.log().reportsOf(pasid), "reports after exit");

            app.bond().unbind();
            assertEquals(EntryState.EMPTY, decoder.state(pasid), "decoded after unbind");
            machine.dma().mustNotReach(pasid, PAGE);
            machine.mustBeUnbound(pasid);
        });
    }

    /**
     * Decodes the tables of a process with pages of all kinds.
     *
     * <p>Invariant I12. Source: Linux {@code drivers/iommu/generic_pt}.
     *
     * <p>If this fails, compare the rights in the leaf with those that the manual gives to unprivileged reads, writes and fetches.
     */
    @Rule(
            value = "2.2",
            text = "The decoded mappings of a bound PASID MUST be the resident pages of the process, with those of its "
                    + "rights that a device can use.",
            invariants = "I12")
    default void decodedMappingsAreThoseOfTheProcess(Bench bench) {
        bench.run(machine -> {
            BoundProcess app = machine.bound("app");
            Decoder decoder = Decoder.of(machine, this);
            long size = Machine.PAGE_SIZE;
            long readable = PAGE + 4 * size;
            long code = PAGE + 8 * size;
            app.mm().map(readable, size, Protection.READ);
            app.mm().map(code, size, Protection.READ_EXECUTE);
            app.mm().map(PAGE + 12 * size, size, Protection.NONE);
            app.mm().map(PAGE + 16 * size, size, Protection.READ_WRITE);
            app.mm().populate(readable, size, Access.READ);
            app.mm().populate(code, size, Access.READ);

            // Not every architecture has requests that fetch instructions: VT-d has none any more.
            boolean canFetch = new Probe(machine).fetch(app.pasid(), code) == CompletionStatus.SUCCESS;
            int execute = canFetch ? Rights.EXECUTE : 0;
            Map<Long, String> expected = new TreeMap<>(Map.of(
                    PAGE, Rights.toString(Rights.READ | Rights.WRITE | Rights.USER),
                    readable, Rights.toString(Rights.READ | Rights.USER),
                    code, Rights.toString(Rights.READ | execute | Rights.USER)));
            assertEquals(expected, mappings(decoder, app.pasid()), "page and rights");
            assertEquals(WORD, decoder.word(machine, app.pasid(), PAGE), "the word at the decoded address");
        });
    }

    private static Map<Long, String> mappings(Decoder decoder, int pasid) {
        Map<Long, String> found = new TreeMap<>();
        IommuInspector.Entry entry = decoder.inspector().entries().stream()
                .filter(each -> each.requester() == decoder.requester() && each.pasid() == pasid)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the decoder finds no entry of PASID " + pasid));
        decoder.inspector().mappings(entry, new IommuInspector.LeafVisitor() {
            @Override
            public void leaf(long iova, long pa, long size, int rights) {
                for (long at = iova; at < iova + size; at += Machine.PAGE_SIZE) {
                    found.put(at, Rights.toString(rights));
                }
            }

            @Override
            public void notInImage(long iova, long size, long tableAddress) {
                throw new AssertionError(String.format("a table at 0x%x is not in memory", tableAddress));
            }
        });
        return found;
    }

    /**
     * Looks at the entry after every single store of the driver half while a bond begins.
     *
     * <p>Invariants I10, I11. Source: "iommu/vt-d: Flush cache for PASID table before using it"; "iommu/arm-smmu-v3: Put writing the
     * context descriptor in the right order".
     *
     * <p>If this fails, check the order of stores: everything that the entry points to first, the valid bit last.
     */
    @Rule(
            value = "2.3",
            text = "While a bond begins, the entry MUST be empty or complete after every store.",
            invariants = {"I10", "I11"})
    default void entryBeginsWhole(Bench bench) {
        Recorder recorder = new Recorder();
        bench.run(builder -> builder.trace(recorder), machine -> {
            BoundProcess app = machine.bound("app");
            Decoder decoder = Decoder.of(machine, this);
            app.bond().unbind();

            List<String> seen = watch(
                    recorder,
                    machine,
                    decoder,
                    app.pasid(),
                    () -> machine.accelerator().bind(app.mm()));

            String empty = decoder.isSilent(EntryState.EMPTY) ? "SILENT" : "EMPTY";
            assertTrue(
                    String.join(" ", seen).matches("(" + empty + " )*(LIVE:[0-9a-f]+ ?)+"),
                    () -> "states seen one store after the other: " + seen);
            assertEquals(
                    1,
                    seen.stream()
                            .filter(state -> state.startsWith("LIVE"))
                            .distinct()
                            .count(),
                    () -> "words: " + seen);
        });
    }

    /**
     * Looks at the entry after every single store of the driver half while a process exits, and then while it is unbound.
     *
     * <p>Invariants I10, I20. Source: "iommu/vt-d: Clear Present bit before tearing down PASID entry"; Linux {@code arm-smmu-v3-sva.c}
     * (quiet CD).
     *
     * <p>If this fails, check that one store changes LIVE to QUIESCED, and one store QUIESCED to EMPTY.
     */
    @Rule(
            value = "2.4",
            text =
                    "From exit to the end of unbind, the entry MUST go from LIVE to QUIESCED to EMPTY, with nothing else after any store.",
            invariants = {"I10", "I20"})
    default void entryEndsWhole(Bench bench) {
        Recorder recorder = new Recorder();
        bench.run(builder -> builder.trace(recorder), machine -> {
            BoundProcess app = machine.bound("app");
            Decoder decoder = Decoder.of(machine, this);
            SvaBond bond = app.bond();

            List<String> atExit = watch(recorder, machine, decoder, app.pasid(), app.mm()::exit);
            List<String> atUnbind = watch(recorder, machine, decoder, app.pasid(), bond::unbind);

            assertTrue(
                    String.join(" ", atExit).matches("(LIVE:[0-9a-f]+ )*(SILENT ?)+"),
                    () -> "states seen during exit: " + atExit);
            assertTrue(
                    String.join(" ", atUnbind).matches("(SILENT ?)*(EMPTY ?)*"),
                    () -> "states seen during unbind: " + atUnbind);
            assertEquals(EntryState.EMPTY, decoder.state(app.pasid()), "the entry in the end");
        });
    }

    private static List<String> watch(Recorder recorder, Machine machine, Decoder decoder, int pasid, Runnable action) {
        List<String> states = new ArrayList<>();
        recorder.during(action, event -> {
            if (event.kind() == TraceEvent.Kind.DRIVER_STORE) {
                synchronized (states) {
                    states.add(describe(machine, decoder, pasid));
                }
            }
        });
        return states;
    }

    private static String describe(Machine machine, Decoder decoder, int pasid) {
        EntryState state = decoder.state(pasid);
        if (state == EntryState.LIVE) {
            return "LIVE:" + Long.toHexString(decoder.word(machine, pasid, PAGE));
        }
        return decoder.isSilent(state) ? "SILENT" : state.name();
    }

    /**
     * Exits while the device reads in a loop.
     *
     * <p>Invariants I10, I20. Source: "iommu/vt-d: Fix race condition during PASID entry replacement".
     *
     * <p>If this fails, the hardware half has fetched an entry in pieces of which some were old and some new, or the driver half left it
     * invalid for a moment.
     */
    @Rule(
            value = "2.5",
            text =
                    "While an entry changes under running DMA, every access MUST go through as before or be refused as after, unreported.",
            invariants = {"I10", "I20"})
    default void changeUnderTrafficIsClean(Bench bench) {
        bench.race(machine -> {
            BoundProcess app = machine.bound("app");
            Traffic traffic = Traffic.of(machine, channel -> {
                DmaStatus status = channel.load(app.pasid(), PAGE);
                return status != DmaStatus.OK || channel.loaded() == WORD;
            });

            app.mm().exit();
            traffic.stop();

            assertTrue(traffic.isGood(), "every word read was that of the process");
            machine.awaitReports();
            assertEquals(0, machine.log().reportsOf(app.pasid()), "reports of the PASID");
        });
    }
}
