package dev.sva4j.core.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.core.schedule.SeededScheduler;
import dev.sva4j.spi.InFlightSections;
import dev.sva4j.spi.ResponseCode;
import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageRequestInterfaceTest {
    private static final int PASID = 3;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void nothingIsSentAfterItWasTurnedOff(long seed) {
        List<String> log = new ArrayList<>();
        try (SeededScheduler scheduler = new SeededScheduler(seed)) {
            var requests = new PageRequestInterface(
                    "dev", 0x100, 1, scheduler, new InFlightSections(), request -> log.add("sent"));
            scheduler.run("test", () -> {
                requests.enable();
                Scheduler.Task first = scheduler.spawn("first", () -> request(requests));
                Scheduler.Task second = scheduler.spawn("second", () -> request(requests));
                scheduler.await(() -> !log.isEmpty(), Scheduler.NEVER);
                // Credit is there again for a moment: whoever waits for it may see that, and be overtaken by the end.
                requests.response(PASID, 0, ResponseCode.SUCCESS);
                scheduler.yieldPoint();
                requests.disable();
                log.add("off");
                first.join(Scheduler.NEVER);
                second.join(Scheduler.NEVER);
            });
        }

        assertThat(log).endsWith("off");
    }

    private static void request(PageRequestInterface requests) {
        requests.request(PASID, 0x1000, true, false, false);
    }
}
