package dev.sva4j.examples.acme.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sva4j.spi.Pasid;
import org.junit.jupiter.api.Test;

/** The PASID table as the manual has it. */
class PasidTableTest {
    @Test
    void translatedEntryHasRootTagAndStall() {
        assertEquals(0x7FF0_0001_2345_6005L, PasidTable.translated(0x1_2345_6000L, 0x7FF, true));
    }

    @Test
    void entryZeroServesRequestsWithoutPasidOnly() {
        assertEquals(0, PasidTable.index(Pasid.NONE));
        assertFalse(PasidTable.contains(0, PasidTable.BITS));
    }

    @Test
    void lastPasidIsThatOfTheLastEntry() {
        assertTrue(PasidTable.contains(511, PasidTable.BITS));
        assertFalse(PasidTable.contains(512, PasidTable.BITS));
        assertEquals(0x1_0000L + 4088, PasidTable.entryAddress(0x1_0000L, 511));
    }
}
