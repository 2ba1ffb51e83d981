package dev.sva4j.vendor.vtd.hardware;

import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.DRD;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.DWD;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.ESRTPS;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.FRO;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.FS1GP;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.FS5LP;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.MAMV;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.MGAW;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.ND;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.NFR;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.PSI;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.SAGAW;
import static dev.sva4j.vendor.vtd.layout.CapabilityRegister.SSLPS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.ADMS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.C;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.DIT;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.DT;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.EAFS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.FSTS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.IRO;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.MTS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.NWFS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.PASID;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.PDS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.PRS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.PSS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.PT;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.QI;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.RPRIVS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.RPS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SC;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SMPWCS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SMS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SMTS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SRS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SSADS;
import static dev.sva4j.vendor.vtd.layout.ExtendedCapabilityRegister.SSTS;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.vendor.vtd.layout.VersionRegister;

/**
 * What a unit says of itself: VER, CAP and ECAP (VT-d 11.4), and the host address width, which no register tells (on a
 * machine the DMAR table does).
 *
 * @param ver VER
 * @param cap CAP
 * @param ecap ECAP
 * @param hostAddressBits HAW
 */
public record CapabilityRegisters(long ver, long cap, long ecap, int hostAddressBits) {

    /** From this major version on, a request that asks for execution is refused before any table is read (RTA.5). */
    private static final int VERSION_WITHOUT_EXECUTE = 8;

    /**
     * What a server part offers, as far as this model implements it. Nested translation, which such a part has, is
     * missing: ECAP would be 0003ef9e_a40050c7.
     */
    public static final CapabilityRegisters PRODUCT = new CapabilityRegisters(
                    VersionRegister.MAX.encode(VERSION_WITHOUT_EXECUTE),
                    0x81d2_078c_222f_0406L,
                    0x0003_ef9e_a400_50c7L,
                    46)
            .implemented();

    /**
     * The same without what this model does not implement: nested translation, caching mode, protected memory, a write
     * buffer, zero-length reads, interrupt remapping and posting, host permission tables, translated requests with
     * PASID, and everything else that a register of a real machine may announce. What needs something that is missing
     * goes, too (11.4.3).
     */
    public CapabilityRegisters implemented() {
        long newCap = keep(cap, ND, SAGAW, MGAW, FRO, SSLPS, PSI, NFR, MAMV, DWD, DRD, ESRTPS);
        // Memory types are accepted and have no effect.
        long newEcap = keep(ecap, C, QI, DT, PT, SC, IRO);
        if (QI.isSet(ecap) && SMTS.isSet(ecap)) {
            newEcap |= keep(ecap, SMTS, MTS, PASID, PSS, SRS, SSTS, FSTS, SMPWCS, RPS, ADMS);
            newEcap |= SRS.isSet(ecap) ? keep(ecap, RPRIVS) : 0;
            newEcap |= SMPWCS.isSet(ecap) ? keep(ecap, EAFS, SSADS) : 0;
            newCap |= FSTS.isSet(ecap) ? keep(cap, FS1GP, FS5LP) : 0;
            newEcap |= DT.isSet(ecap) ? keep(ecap, PRS) : 0;
            newEcap |= PRS.isSet(newEcap) ? keep(ecap, SMS) : 0;
        }
        newEcap |= DT.isSet(ecap) ? keep(ecap, DIT, PDS, NWFS) : 0;
        return new CapabilityRegisters(ver, newCap, newEcap, hostAddressBits);
    }

    private static long keep(long value, BitField... fields) {
        long kept = 0;
        for (BitField field : fields) {
            kept |= field.encode(field.get(value));
        }
        return kept;
    }
}
