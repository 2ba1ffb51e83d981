package dev.sva4j.vendor.smmu.hardware;

/**
 * What the control registers say, as one immutable value: a translation reads it once and is not torn by a register
 * write.
 *
 * @param enabled CR0.SMMUEN
 * @param checkTranslated CR0.ATSCHK
 * @param recordBadStreamIds CR2.RECINVSID
 * @param abortWhileDisabled GBPA.ABORT
 * @param strtabBase STRTAB_BASE
 * @param strtabBaseCfg STRTAB_BASE_CFG
 */
record Settings(
        boolean enabled,
        boolean checkTranslated,
        boolean recordBadStreamIds,
        boolean abortWhileDisabled,
        long strtabBase,
        long strtabBaseCfg) {}
