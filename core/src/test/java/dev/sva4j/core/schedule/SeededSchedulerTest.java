package dev.sva4j.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.Scheduler;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rules of {@link SeededScheduler}: order, waiting and time. */
class SeededSchedulerTest {

    /** Tasks that switch, wait on a queue, wait for a deadline and spawn; the order of what they do is the result. */
    private static List<String> mixture(SeededScheduler scheduler) {
        List<String> trace = new ArrayList<>();
        AtomicInteger token = new AtomicInteger();
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("token");
        scheduler.run("main", () -> {
            List<Scheduler.Task> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int own = i;
                tasks.add(scheduler.spawn("task " + i, () -> {
                    for (int step = 0; step < 3; step++) {
                        trace.add(own + "." + step);
                        scheduler.yieldPoint();
                    }
                    queue.await(() -> token.get() == own, Scheduler.NEVER);
                    trace.add("token " + own + " at " + scheduler.nanoTime());
                    token.incrementAndGet();
                    queue.wakeAll();
                    scheduler.spawn("child " + own, () -> trace.add("child " + own));
                }));
            }
            scheduler.await(() -> false, scheduler.nanoTime() + 700);
            trace.add("deadline at " + scheduler.nanoTime());
            tasks.forEach(task -> assertThat(task.join(Scheduler.NEVER)).isTrue());
            scheduler.await(
                    () -> trace.stream()
                                    .filter(line -> line.startsWith("child"))
                                    .count()
                            == 3,
                    Scheduler.NEVER);
        });
        return trace;
    }

    @Test
    void the_same_seed_gives_the_same_order() {
        for (long seed = 0; seed < 30; seed++) {
            List<String> first;
            int[] schedule;
            try (SeededScheduler scheduler = new SeededScheduler(seed)) {
                first = mixture(scheduler);
                schedule = scheduler.schedule();
            }
            try (SeededScheduler scheduler = new SeededScheduler(seed)) {
                assertThat(mixture(scheduler)).as("seed %d", seed).isEqualTo(first);
                assertThat(scheduler.schedule()).as("seed %d", seed).isEqualTo(schedule);
            }
        }
    }

    @Test
    void a_recorded_schedule_can_be_replayed() {
        for (long seed = 0; seed < 30; seed++) {
            List<String> first;
            int[] schedule;
            try (SeededScheduler scheduler = new SeededScheduler(seed)) {
                first = mixture(scheduler);
                schedule = scheduler.schedule();
            }
            try (SeededScheduler scheduler = SeededScheduler.replay(schedule)) {
                assertThat(mixture(scheduler)).as("seed %d", seed).isEqualTo(first);
                assertThat(scheduler.schedule()).as("seed %d", seed).isEqualTo(schedule);
            }
        }
    }

    @Test
    void the_beginning_of_a_schedule_is_a_schedule() {
        try (SeededScheduler scheduler = SeededScheduler.replay(new int[] {})) {
            assertThat(twoByThree(scheduler)).isEqualTo("aaabbb");
        }
        try (SeededScheduler scheduler = SeededScheduler.replay(new int[] {2})) {
            assertThat(twoByThree(scheduler)).isEqualTo("bbbaaa");
        }
        try (SeededScheduler scheduler = SeededScheduler.replay(new int[] {1, 2})) {
            assertThat(twoByThree(scheduler)).isEqualTo("abbbaa");
        }
    }

    @Test
    void a_schedule_that_does_not_fit_is_refused() {
        try (SeededScheduler scheduler = SeededScheduler.replay(new int[] {7})) {
            assertThatThrownBy(() -> twoByThree(scheduler))
                    .isInstanceOf(DeadlockException.class)
                    .hasMessageContaining("replayed schedule");
            assertThatThrownBy(scheduler::close).isInstanceOf(SchedulerCloseException.class);
        }
    }

    /** Two tasks of three steps interleave in 20 ways. */
    @Test
    void seeds_explore_every_interleaving_of_a_small_program() {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 1000; seed++) {
            try (SeededScheduler scheduler = new SeededScheduler(seed)) {
                seen.add(twoByThree(scheduler));
            }
        }
        assertThat(seen).hasSize(20);
    }

    private static String twoByThree(SeededScheduler scheduler) {
        StringBuilder trace = new StringBuilder();
        scheduler.run("main", () -> {
            Scheduler.Task a = scheduler.spawn("a", () -> threeTimes(scheduler, trace, 'a'));
            Scheduler.Task b = scheduler.spawn("b", () -> threeTimes(scheduler, trace, 'b'));
            scheduler.await(() -> a.isDone() && b.isDone(), Scheduler.NEVER);
        });
        return trace.toString();
    }

    private static void threeTimes(SeededScheduler scheduler, StringBuilder trace, char name) {
        trace.append(name);
        scheduler.yieldPoint();
        trace.append(name);
        scheduler.yieldPoint();
        trace.append(name);
    }

    @Test
    void a_race_that_needs_one_order_is_found_and_printed() {
        String found = "";
        for (long seed = 0; seed < 100 && found.isEmpty(); seed++) {
            try (SeededScheduler scheduler = new SeededScheduler(seed)) {
                AtomicInteger counter = new AtomicInteger();
                Runnable increment = () -> {
                    int read = counter.get();
                    scheduler.yieldPoint();
                    counter.set(read + 1);
                };
                scheduler.run("main", () -> {
                    Scheduler.Task a = scheduler.spawn("a", increment);
                    Scheduler.Task b = scheduler.spawn("b", increment);
                    a.join(Scheduler.NEVER);
                    b.join(Scheduler.NEVER);
                });
                if (counter.get() == 1) {
                    found = scheduler.describeSchedule();
                }
            }
        }
        assertThat(found).matches("seed 0x[0-9a-f]+, steps \\d+, choices [0-9* ]+");
    }

    @Test
    void a_deadlock_names_every_task_what_it_waits_for_and_where() {
        SeededScheduler scheduler = new SeededScheduler(1);
        Scheduler.WaitQueue requests = scheduler.newWaitQueue("page requests");
        assertThatThrownBy(() -> scheduler.run("main", () -> {
                    Scheduler.Task worker =
                            scheduler.spawn("fault worker", () -> requests.await(() -> false, Scheduler.NEVER));
                    scheduler.spawn("poller", () -> scheduler.await(() -> false, Scheduler.NEVER));
                    worker.join(Scheduler.NEVER);
                }))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("deadlock")
                .hasMessageContaining("seed 0x1")
                .hasMessageContaining("task 0 'main' waits for the end of task 'fault worker'")
                .hasMessageContaining("task 1 'fault worker' waits for queue 'page requests'")
                .hasMessageContaining("task 2 'poller' waits for a polled condition")
                .hasMessageContaining("SeededSchedulerTest.java");
        assertThatThrownBy(scheduler::close).isInstanceOf(SchedulerCloseException.class);
    }

    @Test
    void a_change_that_is_not_announced_is_a_deadlock_even_if_its_condition_holds() {
        SeededScheduler scheduler = new SeededScheduler(1);
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("flag");
        AtomicBoolean flag = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        assertThatThrownBy(() -> scheduler.run("main", () -> {
                    scheduler.spawn("forgetful", () -> {
                        scheduler.await(() -> looks.get() > 0, Scheduler.NEVER);
                        flag.set(true);
                    });
                    queue.await(
                            () -> {
                                looks.incrementAndGet();
                                return flag.get();
                            },
                            Scheduler.NEVER);
                }))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("queue 'flag'");
        scheduler.close();
    }

    @Test
    void the_failure_behind_a_deadlock_comes_with_it() {
        SeededScheduler scheduler = new SeededScheduler(1);
        AtomicBoolean answered = new AtomicBoolean();
        assertThatThrownBy(() -> scheduler.run("main", () -> {
                    scheduler.spawn("server", () -> {
                        throw new ArithmeticException("planted");
                    });
                    scheduler.await(answered::get, Scheduler.NEVER);
                }))
                .isInstanceOf(DeadlockException.class)
                .satisfies(e -> assertThat(e.getSuppressed()).hasExactlyElementsOfTypes(ArithmeticException.class));
        assertThatThrownBy(scheduler::close)
                .hasMessageContaining("task 'server' failed")
                .hasMessageContaining("planted");
    }

    @Test
    void deadlines_pass_in_virtual_time_in_their_order() {
        List<String> order = new ArrayList<>();
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            long start = scheduler.nanoTime();
            scheduler.run("main", () -> {
                for (int hours : new int[] {3, 1, 2}) {
                    scheduler.spawn("sleeper", () -> {
                        assertThat(scheduler.await(() -> false, start + TimeUnit.HOURS.toNanos(hours)))
                                .isFalse();
                        order.add(hours + " at " + TimeUnit.NANOSECONDS.toHours(scheduler.nanoTime() - start));
                    });
                }
                assertThat(scheduler.await(() -> order.size() == 3, Scheduler.NEVER))
                        .isTrue();
            });
        }
        assertThat(order).containsExactly("1 at 1", "2 at 2", "3 at 3");
    }

    @Test
    void a_condition_that_comes_true_before_the_deadline_wins() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            AtomicBoolean flag = new AtomicBoolean();
            Scheduler.WaitQueue queue = scheduler.newWaitQueue("flag");
            scheduler.run("main", () -> {
                scheduler.spawn("setter", () -> {
                    scheduler.await(() -> false, 1_000_000);
                    flag.set(true);
                    queue.wakeAll();
                });
                assertThat(queue.await(flag::get, 900_000)).isFalse();
                assertThat(queue.await(flag::get, 2_000_000)).isTrue();
                assertThat(scheduler.nanoTime()).isLessThan(2_000_000);
                assertThat(queue.await(flag::get, 0))
                        .as("holds, although the deadline has passed")
                        .isTrue();
                assertThat(queue.await(() -> false, 0)).isFalse();
            });
        }
    }

    @Test
    void a_loop_that_polls_the_clock_ends() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            scheduler.run("main", () -> {
                long deadline = scheduler.nanoTime() + 10_000;
                while (scheduler.nanoTime() < deadline) {
                    scheduler.yieldPoint();
                }
            });
            assertThat(scheduler.steps()).isEqualTo(10_000 / SeededScheduler.TICK_NANOS);
        }
    }

    @Test
    void a_run_without_end_is_stopped_after_the_given_number_of_steps() {
        SeededScheduler scheduler = new SeededScheduler(3, 1000);
        scheduler.spawn("spinner", () -> {
            while (true) {
                scheduler.yieldPoint();
            }
        });
        assertThatThrownBy(() -> scheduler.await(() -> false, Scheduler.NEVER))
                .isInstanceOf(DeadlockException.class)
                .hasMessageContaining("no end after 1000 steps")
                .hasMessageContaining("task 0 'spinner' could run");
        assertThatThrownBy(scheduler::close).hasMessageContaining("'spinner'");
    }

    @Test
    void a_thread_that_waits_drives_and_nothing_runs_while_nobody_drives() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            AtomicInteger steps = new AtomicInteger();
            Scheduler.Task task = scheduler.spawn("task", () -> {
                while (steps.incrementAndGet() < 10) {
                    scheduler.yieldPoint();
                }
            });
            assertThat(steps).hasValue(0);
            assertThat(scheduler.await(() -> steps.get() >= 3, Scheduler.NEVER)).isTrue();
            int seen = steps.get();
            scheduler.yieldPoint();
            assertThat(steps).as("a yield outside a drive does nothing").hasValue(seen);
            assertThat(task.join(Scheduler.NEVER)).isTrue();
            assertThat(steps).hasValue(10);
            assertThat(task.isDone()).isTrue();
        }
    }

    @Test
    void what_the_driven_body_throws_is_thrown_on() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            assertThatThrownBy(() -> scheduler.run("main", () -> {
                        throw new ArithmeticException("planted");
                    }))
                    .isInstanceOf(ArithmeticException.class);
            scheduler.run("again", scheduler::yieldPoint);
        }
    }

    @Test
    void run_within_a_task_is_a_plain_call() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            scheduler.run("outer", () -> {
                Thread thread = Thread.currentThread();
                scheduler.run("inner", () -> assertThat(Thread.currentThread()).isSameAs(thread));
            });
            assertThat(scheduler.steps()).isZero();
        }
    }

    @Test
    void what_a_condition_throws_is_thrown_by_the_wait_for_it() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            AtomicBoolean armed = new AtomicBoolean();
            AtomicInteger caught = new AtomicInteger();
            scheduler.run("main", () -> {
                Scheduler.Task waiter = scheduler.spawn(
                        "waiter",
                        () -> assertThatThrownBy(() -> scheduler.await(
                                        () -> {
                                            if (armed.get()) {
                                                throw new ArithmeticException("planted");
                                            }
                                            return false;
                                        },
                                        Scheduler.NEVER))
                                .isInstanceOf(ArithmeticException.class)
                                .satisfies(e -> caught.incrementAndGet()));
                scheduler.await(() -> false, 1000);
                armed.set(true);
                waiter.join(Scheduler.NEVER);
            });
            assertThat(caught).hasValue(1);
        }
    }

    @Test
    void a_condition_may_pass_a_yield_point_but_must_not_wait() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            assertThat(scheduler.await(
                            () -> {
                                scheduler.yieldPoint();
                                return true;
                            },
                            Scheduler.NEVER))
                    .isTrue();
            assertThatThrownBy(
                            () -> scheduler.await(() -> scheduler.await(() -> true, Scheduler.NEVER), Scheduler.NEVER))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("conditions must not wait");
        }
    }

    @Test
    void an_interrupt_ends_no_wait_and_is_kept() {
        try (SeededScheduler scheduler = new SeededScheduler(3)) {
            AtomicBoolean flag = new AtomicBoolean();
            scheduler.spawn("setter", () -> flag.set(true));
            Thread.currentThread().interrupt();
            assertThat(scheduler.await(flag::get, Scheduler.NEVER)).isTrue();
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
