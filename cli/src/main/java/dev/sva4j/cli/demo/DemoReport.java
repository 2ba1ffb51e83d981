package dev.sva4j.cli.demo;

import java.util.List;

/**
 * One run.
 *
 * @param result its figures
 * @param timeline what happened, in order
 * @param broken promises that were not kept; empty if all is well
 */
record DemoReport(DemoResult result, List<Timeline.Entry> timeline, List<String> broken) {
    DemoReport {
        timeline = List.copyOf(timeline);
        broken = List.copyOf(broken);
    }
}
