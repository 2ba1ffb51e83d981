package dev.sva4j.conformance.architecture.planted.vendor.alpha;

import dev.sva4j.conformance.architecture.planted.core.Core;

/** Breaks: vendors do not see core. */
class SeesCore {
    final Core core = new Core();
}
