package dev.sva4j.conformance.architecture.planted.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Breaks: only the scheduler waits. */
class WaitsForAFuture {
    Object result(CompletableFuture<Object> future) throws InterruptedException, ExecutionException {
        return future.get();
    }
}
