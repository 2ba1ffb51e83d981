package dev.sva4j.qemu.smmu;

import dev.sva4j.vendor.smmu.layout.ContextDescriptor;
import dev.sva4j.vendor.smmu.layout.EventId;
import dev.sva4j.vendor.smmu.layout.EventRecord;
import dev.sva4j.vendor.smmu.layout.L1StreamTableDescriptor;
import java.util.List;

/**
 * Where QEMU differs from the manual and we do not follow it. Each is as narrow as it can be, and is counted: one that
 * never occurs has no reason to be here.
 */
enum KnownDeviation {
    /** Older QEMUs drop addresses from 2^48 on. */
    NO_UPPER_HALF(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.isAboveLowerHalf() && qemus.isEmpty();
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return !qemu.upperHalf();
        }
    },

    /** Older QEMUs look up an address beyond the range of TTB0 in TTB1, which is for addresses with bit 55 set. */
    BEYOND_LOWER_HALF_IS_UPPER_HALF(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.isBeyondLowerHalf() && allAre(EventId.F_TRANSLATION, at, ours);
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return !qemu.upperHalf();
        }
    },

    /** Older QEMUs do not know the access flag. */
    NO_ACCESS_FLAG(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.deniesAccess() && allAre(EventId.F_ACCESS, at, ours);
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return !qemu.accessFlag();
        }
    },

    /** Older QEMUs do not check the output size. */
    NO_OUTPUT_SIZE(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.leafBeyondOutputSize() && allAre(EventId.F_ADDR_SIZE, at, ours);
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return !qemu.outputSize();
        }
    },

    /** §7.3.10: FetchAddr is in the fourth word. QEMU has it in the third, where other events have InputAddr. */
    CD_FETCH_ADDRESS_IN_THIRD_WORD(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return pairwise(
                    ours,
                    qemus,
                    (our, qemu) -> our.id() == EventId.F_CD_FETCH
                            && our.equals(qemu.withWord(EventRecord.FETCH_ADDR.word(), qemu.word2())
                                    .withWord(2, 0)));
        }
    },

    /** §5.1: a reserved Span, or one beyond SPLIT + 1, is invalid. QEMU serves such streams. */
    INVALID_SPAN_IS_SERVED(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.hasInvalidSpan() && all(EventId.C_BAD_STREAMID, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.hasInvalidSpan()) || all(EventId.C_BAD_STREAMID, ours);
        }
    },

    /** §5.2: an S1ContextPtr beyond the output size makes the STE ILLEGAL. QEMU tries to fetch the CD. */
    CONTEXT_POINTER_BEYOND_OUTPUT_SIZE(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.contextBeyondOutputSize()
                    && !at.contextBeyondPointerBits()
                    && pairwise(
                            ours,
                            qemus,
                            (our, qemu) -> our.id() == EventId.C_BAD_STE
                                    && our.equals(
                                            withId(qemu, EventId.C_BAD_STE).withWord(2, 0))
                                    && qemu.id() == EventId.F_CD_FETCH);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.hasContext() && at.contextBeyondOutputSize()) || all(EventId.C_BAD_STE, ours);
        }
    },

    /** §5.2: S1ContextPtr has bits up to 55. QEMU cuts it to 48, so that it leads to a CD. */
    CONTEXT_POINTER_IS_CUT(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.contextBeyondPointerBits() && all(EventId.C_BAD_STE, ours);
        }
    },

    /** §5.4: TTB0 and TTB1 have bits up to 51, and one beyond the output size makes the CD ILLEGAL. QEMU cuts them to 48. */
    TABLE_BASE_IS_CUT(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.tableBaseBeyondPointerBits() && all(EventId.C_BAD_CD, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.hasContext() && !at.contextBeyondOutputSize() && at.tableBaseBeyondPointerBits())
                    || all(EventId.C_BAD_CD, ours);
        }
    },

    /** §5.4: each half has its own TBI. QEMU takes TBI0 for both. */
    TBI0_GOVERNS_BOTH_HALVES(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.dependsOnTopByteOfUpperHalf()
                    && allAre(EventId.F_TRANSLATION, at, ContextDescriptor.TBI1.isSet(at.cd[0]) ? qemus : ours);
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return qemu.upperHalf();
        }
    },

    /** §5.1: Span means 2^(Span-1) entries. QEMU serves twice as many. */
    STREAM_BEYOND_SPAN_IS_SERVED(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.isBeyondSpan()
                    && at.l2Index < 2 * L1StreamTableDescriptor.entries(at.l1std)
                    && all(EventId.C_BAD_STREAMID, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.isBeyondSpan()) || all(EventId.C_BAD_STREAMID, ours);
        }
    },

    /** §5.1: a StreamID beyond Span is C_BAD_STREAMID. Beyond twice that, QEMU says C_BAD_STE. */
    STREAM_BEYOND_SPAN_IS_BAD_STE(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.l1std != null
                    && at.l2Index >= 2 * L1StreamTableDescriptor.entries(at.l1std)
                    && pairwise(
                            ours,
                            qemus,
                            (our, qemu) -> our.id() == EventId.C_BAD_STREAMID
                                    && withId(our, EventId.C_BAD_STE).equals(qemu));
        }
    },

    /** §3.4: a bypassed address beyond the output size is F_ADDR_SIZE. QEMU lets it through. */
    BYPASS_BEYOND_OUTPUT_SIZE(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.isBypass() && qemus.isEmpty() && all(EventId.F_ADDR_SIZE, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.hasEntry() && at.isBypass() && at.isAddressBeyondOutputSize())
                    || all(EventId.F_ADDR_SIZE, ours);
        }
    },

    /** DDI 0487 D8.3: level 0 has no blocks, nor has level 1 with 16 or 64 KiB. QEMU takes them at any level. */
    BLOCK_ABOVE_THE_BLOCK_LEVELS(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.endsAtBlockAboveBlocks() && allAre(EventId.F_TRANSLATION, at, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.endsAtBlockAboveBlocks() && recordsFaults(at)) || !ours.isEmpty();
        }
    },

    /** DDI 0487 D8.4: AP[1] = 0 or APTable[0] = 1 keeps unprivileged accesses out. QEMU looks at neither. */
    NO_UNPRIVILEGED_ACCESS(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.deniesUser() && qemus.size() <= ours.size() && allAre(EventId.F_PERMISSION, at, ours);
        }

        @Override
        boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
            return !(at.deniesUser() && recordsFaults(at)) || !ours.isEmpty();
        }
    },

    /** §7.3.22: a table beyond the output size is F_ADDR_SIZE. QEMU goes on with it. */
    TABLE_BEYOND_OUTPUT_SIZE(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.tableBeyondOutputSize && allAre(EventId.F_ADDR_SIZE, at, ours);
        }
    },

    /** §7.3.22: permissions come last. QEMU looks at APTable[1] of a write as soon as it has read the table descriptor. */
    TABLE_PERMISSION_BEFORE_THE_REST(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.tableDeniesWrite
                    && (pairwise(
                                    ours,
                                    qemus,
                                    (our, qemu) -> our.equals(qemu)
                                            || qemu.id() == EventId.F_PERMISSION && isWalkFaultAt(our, qemu))
                            || isFetchAbortWithoutRecord(at, ours, qemus));
        }

        /** With CD.R = 0, F_PERMISSION leaves no record where F_WALK_EABT does. */
        private boolean isFetchAbortWithoutRecord(
                Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            List<Observation.Event> reads = ours.stream()
                    .filter(our -> EventRecord.RNW.isSet(our.word1()))
                    .toList();
            return !ContextDescriptor.R.isSet(at.cd[0])
                    && !ours.isEmpty()
                    && ours.stream().allMatch(our -> our.id() == EventId.F_WALK_EABT)
                    && reads.equals(qemus);
        }

        private boolean isWalkFaultAt(Observation.Event our, Observation.Event qemu) {
            EventId id = our.id();
            return (id == EventId.F_TRANSLATION || id == EventId.F_ACCESS || id == EventId.F_WALK_EABT)
                    && our.word2() == qemu.word2()
                    && !EventRecord.RNW.isSet(qemu.word1());
        }
    },

    /** §7.3.22: F_ADDR_SIZE comes before F_ACCESS and F_PERMISSION. QEMU looks at the output size last. */
    OUTPUT_SIZE_LAST(false) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return pairwise(
                    ours,
                    qemus,
                    (our, qemu) -> our.equals(qemu)
                            || our.id() == EventId.F_ADDR_SIZE
                                    && our.equals(withId(qemu, EventId.F_ADDR_SIZE))
                                    && (at.deniesAccess() && qemu.id() == EventId.F_ACCESS
                                            || at.deniesWrite() && qemu.id() == EventId.F_PERMISSION));
        }

        @Override
        boolean appliesTo(Capabilities qemu) {
            return qemu.outputSize();
        }
    },

    /** DDI 0487 D8.4: APTable[1] = 1 denies writes. QEMU forgets it in its TLB, so a write after a read goes through. */
    TABLE_DENIES_WRITE_BUT_NOT_IN_TLB(true) {
        @Override
        boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus) {
            return at.tableDeniesWrite
                    && at.leafWasRead
                    && qemus.isEmpty()
                    && ours.size() <= 1
                    && allAre(EventId.F_PERMISSION, at, ours);
        }
    };

    private final boolean reachesMemory;

    KnownDeviation(boolean reachesMemory) {
        this.reachesMemory = reachesMemory;
    }

    /** Whether this explains that the records of a probe differ. */
    abstract boolean covers(Circumstances at, List<Observation.Event> ours, List<Observation.Event> qemus);

    /**
     * Whether our records are what the manual demands in the circumstances of this deviation, so far as they decide. It
     * is asked for every probe: otherwise we could make the same mistake as QEMU.
     */
    boolean weDoRight(Circumstances at, List<Observation.Event> ours) {
        return true;
    }

    private static boolean all(EventId id, List<Observation.Event> ours) {
        return !ours.isEmpty() && ours.stream().allMatch(our -> our.id() == id);
    }

    private static boolean recordsFaults(Circumstances at) {
        return ContextDescriptor.R.isSet(at.cd[0]);
    }

    /** Whether this QEMU has it. */
    boolean appliesTo(Capabilities qemu) {
        return true;
    }

    /** Whether memory may differ where the access goes. */
    boolean reachesMemory() {
        return reachesMemory;
    }

    private static Observation.Event withId(Observation.Event event, EventId id) {
        return event.withWord(0, EventRecord.EVENT_NUMBER.put(event.word0(), id.number()));
    }

    private interface Pair {
        boolean matches(Observation.Event our, Observation.Event qemu);
    }

    private static boolean pairwise(List<Observation.Event> ours, List<Observation.Event> qemus, Pair pair) {
        if (ours.isEmpty() || ours.size() != qemus.size()) {
            return false;
        }
        for (int i = 0; i < ours.size(); i++) {
            if (!pair.matches(ours.get(i), qemus.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** With CD.R = 0 there are no records at all, and only memory differs. */
    private static boolean allAre(EventId id, Circumstances at, List<Observation.Event> ours) {
        return recordsFaults(at) ? all(id, ours) : ours.isEmpty();
    }
}
