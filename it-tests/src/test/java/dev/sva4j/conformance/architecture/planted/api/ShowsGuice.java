package dev.sva4j.conformance.architecture.planted.api;

import com.google.inject.Injector;

/** Breaks: published packages expose no library; Guice stays in core. */
public interface ShowsGuice {
    Injector injector();
}
