package dev.sva4j.conformance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.spi.DeviceLink;
import dev.sva4j.spi.IommuDriver;
import dev.sva4j.spi.IommuHardware;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.PageResponse;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.TransactionKind;
import dev.sva4j.spi.TranslationContext;
import dev.sva4j.spi.UntaggedTraffic;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** The kit finds what is broken: the rules that a fault breaks fail, and no other. */
class KitTest {
    @Test
    void nothingFailsWhereNothingIsBroken() {
        assertBreaks(NothingBrokenTestCase.class, "", "");
    }

    /** Whatever changes mappings of a process that stays bound, or of a domain. */
    @Test
    void aSwallowedInvalidationIsFound() {
        assertBreaks(
                SwallowsInvalidationsTestCase.class,
                "1.6 1.7 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.5 6.5 7.1 7.2 7.3 7.4 7.5 7.6 8.2 10.3 10.5 10.8",
                "6.13 8.7");
    }

    /** Core invalidates whole pages, so only the rule that asks for single bytes can tell. */
    @Test
    void aRangeOneByteShortIsFound() {
        assertBreaks(CountsOneByteShortTestCase.class, "7.2", "");
    }

    /** Whatever looks at a PASID after exit and before unbind. */
    @Test
    void anEntryThatIsNeverQuiescedIsFound() {
        assertBreaks(
                NeverQuiescesTestCase.class, "1.8 2.1 2.4 5.1 5.2 5.3 5.4 5.6 5.7 5.10 5.13", "2.5 4.9 5.9 6.11 8.7");
    }

    /** Software drops the reports, so only entry, records and the answer to ATS tell. */
    @Test
    void anEntryThatIsEmptiedInsteadOfQuiescedIsFound() {
        assertBreaks(EmptiesInsteadOfQuiescingTestCase.class, "2.1 2.4 5.3 5.4", "");
    }

    /** Whatever looks at a PASID, or takes it again, after unbind. */
    @Test
    void anEntryThatIsNeverClearedIsFound() {
        assertBreaks(
                NeverClearsTestCase.class,
                "1.2 1.4 1.5 1.10 2.1 2.3 2.4 4.2 4.3 4.5 4.6 4.7 4.8 5.13 9.2",
                "4.9 6.12 8.7");
    }

    /** Whatever takes untagged traffic away from a domain or from a process that has died. */
    @Test
    void untaggedTrafficThatIsNeverBlockedIsFound() {
        assertBreaks(NeverBlocksUntaggedTestCase.class, "10.4 10.6", "");
    }

    /** The device keeps whatever it has ever been told: changes of mappings, exit, unbind and another domain alike. */
    @Test
    void aLostAtcInvalidationIsFound() {
        assertBreaks(
                LosesAtcInvalidationsTestCase.class,
                "1.2 1.6 1.7 1.8 1.10 2.1 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.2 4.3 4.5 4.6 4.7 4.8 5.1 5.2 5.3 5.6 5.7 5.9 5.10 5.12 5.13 6.5 7.1 7.2 7.3 7.4 7.5 7.6 8.2 10.3 10.4 10.5 10.6 10.7 10.8",
                "2.5 4.9 6.11 6.12 6.13 8.7");
    }

    /** Endpoint models ignore a second answer, so only rules that count answers themselves can tell. */
    @Test
    void aGroupAnsweredTwiceIsFound() {
        assertBreaks(AnswersTwiceTestCase.class, "5.5 6.6 6.8 6.9", "6.7");
    }

    /** The device stops sending page requests, which is more than it was told INVALID for. */
    @Test
    void aUserErrorAnsweredWithFailureIsFound() {
        assertBreaks(AnswersFailureTestCase.class, "5.5 6.3 6.8 6.9 6.10", "");
    }

    // Without PASIDs, where processes are bound to untagged traffic.

    @Test
    void nothingFailsOnUntaggedTrafficWhereNothingIsBroken() {
        assertBreaks(NothingBrokenUntaggedTestCase.class, "", "");
    }

    /** As with a PASID, but for rules about two processes of one device and about private PASIDs. */
    @Test
    void aSwallowedInvalidationOfUntaggedTrafficIsFound() {
        assertBreaks(
                SwallowsUntaggedInvalidationsTestCase.class,
                "1.7 3.4 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 4.5 6.5 7.1 7.2 7.3 7.4 7.5 7.6 8.2 10.3 10.5",
                "6.13 8.7");
    }

    /** As with a PASID, but for ATS, for other PASIDs, and for numbers. */
    @Test
    void untaggedTrafficThatIsNeverQuiescedIsFound() {
        assertBreaks(NeverQuiescesUntaggedTestCase.class, "1.8 2.1 2.4 5.1 5.2 5.3 5.7 5.10", "2.5 4.9 5.9 6.11 8.7");
    }

    static class NothingBrokenUntaggedTestCase extends BrokenSubject {
        @Override
        IommuVendor sound() {
            return new UntaggedSmmu(TransactionKind.ATOMIC, TransactionKind.STALL);
        }

        @Override
        public List<DeviceSpec> devices() {
            return List.of(StandardDevices.STALL.withPasidBits(0));
        }
    }

    static class SwallowsUntaggedInvalidationsTestCase extends NothingBrokenUntaggedTestCase {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void invalidate(TranslationContext context, long start, long last, boolean tables) {}
            };
        }
    }

    static class NeverQuiescesUntaggedTestCase extends NothingBrokenUntaggedTestCase {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void setUntagged(int requester, UntaggedTraffic traffic) {
                    if (traffic.mode() != UntaggedTraffic.Mode.QUIESCED) {
                        super.setUntagged(requester, traffic);
                    }
                }
            };
        }
    }

    static class NothingBrokenTestCase extends BrokenSubject {}

    static class SwallowsInvalidationsTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void invalidate(TranslationContext context, long start, long last, boolean tables) {}
            };
        }
    }

    static class CountsOneByteShortTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void invalidate(TranslationContext context, long start, long last, boolean tables) {
                    super.invalidate(context, start, last == start ? last : last - 1, tables);
                }
            };
        }
    }

    static class NeverQuiescesTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void quiescePasid(int requester, int pasid) {}
            };
        }
    }

    static class EmptiesInsteadOfQuiescingTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                private final Set<Long> cleared = ConcurrentHashMap.newKeySet();

                @Override
                public void quiescePasid(int requester, int pasid) {
                    super.clearPasid(requester, pasid);
                    cleared.add(key(requester, pasid));
                }

                private long key(int requester, int pasid) {
                    return (long) requester << Integer.SIZE | pasid;
                }

                @Override
                public void clearPasid(int requester, int pasid) {
                    if (!cleared.remove(key(requester, pasid))) {
                        super.clearPasid(requester, pasid);
                    }
                }
            };
        }
    }

    static class NeverClearsTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void clearPasid(int requester, int pasid) {}
            };
        }
    }

    static class NeverBlocksUntaggedTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void setUntagged(int requester, UntaggedTraffic traffic) {
                    switch (traffic.mode()) {
                        case TRANSLATED, IDENTITY -> super.setUntagged(requester, traffic);
                        case BLOCKED, QUIESCED -> {}
                    }
                }
            };
        }
    }

    static class LosesAtcInvalidationsTestCase extends BrokenSubject {
        @Override
        DeviceLink broken(DeviceLink devices, Supplier<IommuHardware> hardware) {
            return new DeviceLink() {
                @Override
                public void invalidateAtc(
                        int requester, int pasid, long address, int log2Bytes, boolean global, int tag) {
                    hardware.get().atcInvalidationComplete(requester, tag);
                }

                @Override
                public void pageGroupResponse(int requester, int pasid, int group, ResponseCode code) {
                    devices.pageGroupResponse(requester, pasid, group, code);
                }
            };
        }
    }

    static class AnswersTwiceTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void respond(PageResponse response) {
                    super.respond(response);
                    super.respond(response);
                }
            };
        }
    }

    static class AnswersFailureTestCase extends BrokenSubject {
        @Override
        IommuDriver broken(IommuDriver driver) {
            return new ForwardingDriver(driver) {
                @Override
                public void respond(PageResponse response) {
                    super.respond(response.code() == ResponseCode.SUCCESS ? response : failure(response));
                }
            };
        }

        private static PageResponse failure(PageResponse to) {
            return new PageResponse(to.requester(), to.pasid(), to.group(), to.kind(), ResponseCode.FAILURE);
        }
    }

    /**
     * Runs the kit on {@code subject}.
     *
     * @param surely the rules that have to fail
     * @param maybe rules about things that happen at the same time, which see the fault in some schedules only
     */
    private static void assertBreaks(Class<?> subject, String surely, String maybe) {
        Set<String> must = rules(surely);
        Map<String, List<String>> failed = failuresByRule(subject);

        assertThat(failed.keySet()).as("rules that have to fail").containsAll(must);
        failed.keySet().removeAll(must);
        failed.keySet().removeAll(rules(maybe));
        assertThat(failed).as("rules that fail without being named").isEmpty();
    }

    private static Set<String> rules(String ids) {
        return Arrays.stream(ids.split(" ")).filter(id -> !id.isEmpty()).collect(Collectors.toSet());
    }

    /** The messages, by rule. */
    private static Map<String, List<String>> failuresByRule(Class<?> subject) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(subject))
                .execute();
        assertThat(results.testEvents().started().count())
                .isGreaterThanOrEqualTo(Rules.all().size());
        return results.testEvents().failed().stream()
                .collect(groupingBy(KitTest::ruleOf, TreeMap::new, mapping(KitTest::failureOf, toList())));
    }

    private static String failureOf(Event event) {
        Optional<Throwable> cause =
                event.getRequiredPayload(TestExecutionResult.class).getThrowable();
        return event.getTestDescriptor().getDisplayName() + ": "
                + cause.map(Throwable::toString).orElse("no cause");
    }

    private static String ruleOf(Event event) {
        MethodSource source =
                (MethodSource) event.getTestDescriptor().getSource().orElseThrow();
        return source.getJavaMethod().getAnnotation(Rule.class).value();
    }
}
