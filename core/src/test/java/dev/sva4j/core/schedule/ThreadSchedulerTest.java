package dev.sva4j.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rules of {@link ThreadScheduler}. */
class ThreadSchedulerTest {
    private final ThreadScheduler scheduler = new ThreadScheduler();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private Scheduler.Task spawn(ThreadScheduler on, String name, Runnable body) {
        return on.spawn(name, () -> {
            threads.add(Thread.currentThread());
            body.run();
        });
    }

    private void assertNoThreadLeft() {
        assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
    }

    @Test
    void tasks_run_on_threads_of_their_names_that_do_not_keep_the_jvm_alive() {
        AtomicBoolean daemon = new AtomicBoolean();
        Scheduler.Task task = spawn(
                scheduler, "worker", () -> daemon.set(Thread.currentThread().isDaemon()));
        assertThat(task.name()).isEqualTo("worker");
        assertThat(task.join(Scheduler.NEVER)).isTrue();
        assertThat(task.isDone()).isTrue();
        assertThat(daemon).isTrue();
        scheduler.close();
        assertThat(threads).extracting(Thread::getName).containsExactly("worker");
        assertNoThreadLeft();
    }

    @Test
    void run_is_a_plain_call() {
        Thread[] ran = new Thread[1];
        scheduler.run("body", () -> ran[0] = Thread.currentThread());
        assertThat(ran[0]).isSameAs(Thread.currentThread());
        scheduler.close();
    }

    /** Two tasks hand a number back and forth; a lost wake-up would stop them for ever. */
    @Test
    void no_announcement_is_lost() {
        AtomicInteger ball = new AtomicInteger();
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("ball");
        int rounds = 5_000;
        for (int i = 0; i < 2; i++) {
            int own = i;
            spawn(scheduler, "player " + i, () -> {
                for (int round = 0; round < rounds; round++) {
                    int expected = 2 * round + own;
                    assertThat(queue.await(() -> ball.get() == expected, later()))
                            .isTrue();
                    ball.incrementAndGet();
                    queue.wakeAll();
                }
            });
        }
        assertThat(queue.await(() -> ball.get() == 2 * rounds, later())).isTrue();
        scheduler.close();
        assertNoThreadLeft();
    }

    /** The change comes at the worst moment: when the condition was found false and the waiter has not blocked yet. */
    @Test
    void an_announcement_between_a_look_and_the_wait_is_not_lost() {
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("flag");
        AtomicBoolean flag = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        long deadline = later();
        assertThat(queue.await(
                        () -> {
                            // A look because of the deadline does not count.
                            boolean seen = flag.get() && scheduler.nanoTime() < deadline;
                            if (looks.incrementAndGet() == 2) {
                                flag.set(true);
                                queue.wakeAll();
                            }
                            return seen;
                        },
                        deadline))
                .isTrue();
        assertThat(looks).hasValue(3);
        scheduler.close();
    }

    @Test
    void a_poll_sees_a_change_that_nobody_announces() {
        AtomicBoolean flag = new AtomicBoolean();
        CountDownLatch polled = new CountDownLatch(1);
        spawn(scheduler, "device", () -> {
            awaitLatch(polled);
            flag.set(true);
        });
        assertThat(scheduler.await(
                        () -> {
                            polled.countDown();
                            return flag.get();
                        },
                        Scheduler.NEVER))
                .isTrue();
        scheduler.close();
    }

    @Test
    void a_wait_ends_when_its_deadline_has_passed_and_not_before() {
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("never");
        CountDownLatch release = new CountDownLatch(1);
        Scheduler.Task task = spawn(scheduler, "busy", () -> awaitLatch(release));
        for (long wait : new long[] {0, 1, 500_000, 3_000_000}) {
            long deadline = scheduler.nanoTime() + wait;
            assertThat(scheduler.await(() -> false, deadline)).isFalse();
            assertThat(scheduler.nanoTime()).isGreaterThanOrEqualTo(deadline);
            deadline = scheduler.nanoTime() + wait;
            assertThat(queue.await(() -> false, deadline)).isFalse();
            assertThat(scheduler.nanoTime()).isGreaterThanOrEqualTo(deadline);
            deadline = scheduler.nanoTime() + wait;
            assertThat(task.join(deadline)).isFalse();
            assertThat(scheduler.nanoTime()).isGreaterThanOrEqualTo(deadline);
        }
        release.countDown();
        scheduler.close();
    }

    @Test
    void a_condition_that_holds_wins_over_a_deadline_that_has_passed() {
        assertThat(scheduler.await(() -> true, 0)).isTrue();
        assertThat(scheduler.newWaitQueue("queue").await(() -> true, 0)).isTrue();
        scheduler.close();
    }

    @Test
    void a_condition_may_take_the_lock_that_the_waker_holds() {
        AuditedLock lock = new AuditedLock("state");
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("state");
        AtomicInteger state = new AtomicInteger();
        Scheduler.Task waiter = spawn(
                scheduler,
                "waiter",
                () -> queue.await(
                        () -> {
                            lock.lock();
                            try {
                                return state.get() == 2_000;
                            } finally {
                                lock.unlock();
                            }
                        },
                        Scheduler.NEVER));
        for (int i = 0; i < 2_000; i++) {
            lock.lock();
            try {
                state.incrementAndGet();
                queue.wakeAll();
            } finally {
                lock.unlock();
            }
        }
        assertThat(waiter.join(Scheduler.NEVER)).isTrue();
        scheduler.close();
    }

    @Test
    void an_interrupt_ends_no_wait_and_is_kept() {
        Thread.currentThread().interrupt();
        assertThat(scheduler.await(() -> false, scheduler.nanoTime() + 1_000_000))
                .isFalse();
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        assertThat(scheduler.newWaitQueue("queue").await(() -> false, scheduler.nanoTime() + 1_000_000))
                .isFalse();
        assertThat(Thread.interrupted()).isTrue();
        scheduler.close();
    }

    @Test
    void exceptions_that_escaped_from_tasks_are_suppressed_exceptions_of_one() {
        spawn(scheduler, "first", () -> {
            throw new ArithmeticException("one");
        });
        spawn(scheduler, "second", () -> {
            throw new AssertionError("two");
        });
        assertThatThrownBy(scheduler::close)
                .isInstanceOf(SchedulerCloseException.class)
                .hasMessageContaining("task 'first' failed with java.lang.ArithmeticException: one")
                .hasMessageContaining("task 'second' failed")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
        assertNoThreadLeft();
        scheduler.close();
    }

    @Test
    void a_flood_of_failures_is_counted_and_not_kept() {
        for (int i = 0; i < 300; i++) {
            scheduler.spawn("task " + i, () -> {
                throw new ArithmeticException("planted");
            });
        }
        assertThatThrownBy(scheduler::close)
                .hasMessageContaining("and 172 more")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(64));
    }

    @Test
    void close_waits_for_tasks_that_end_by_themselves() {
        AtomicInteger ended = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            spawn(scheduler, "task", () -> {
                scheduler.await(() -> false, scheduler.nanoTime() + 2_000_000);
                ended.incrementAndGet();
            });
        }
        scheduler.close();
        assertThat(ended).hasValue(20);
        assertNoThreadLeft();
    }

    @Test
    void tasks_that_wait_for_ever_are_named_unwound_and_their_threads_end() {
        ThreadScheduler impatient = new ThreadScheduler(Duration.ofMillis(5), Duration.ofMinutes(1));
        Scheduler.WaitQueue queue = impatient.newWaitQueue("requests");
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger cleanedUp = new AtomicInteger();
        Runnable count = () -> {
            waiting.incrementAndGet();
        };
        spawn(impatient, "on a queue", () -> {
            count.run();
            try {
                queue.await(() -> false, Scheduler.NEVER);
            } finally {
                cleanedUp.incrementAndGet();
            }
        });
        spawn(impatient, "poller", () -> {
            count.run();
            impatient.await(() -> false, Scheduler.NEVER);
        });
        scheduler.await(() -> waiting.get() == 2, Scheduler.NEVER);
        assertThatThrownBy(impatient::close)
                .isInstanceOf(SchedulerCloseException.class)
                .hasMessageContaining("task 'on a queue' was unwound")
                .hasMessageContaining("queue 'requests'")
                .hasMessageContaining("task 'poller' was unwound");
        assertThat(cleanedUp).hasValue(1);
        scheduler.close();
    }

    @Test
    void closing_ends_the_waits_of_other_threads_with_an_exception() throws InterruptedException {
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("requests");
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        CountDownLatch waiting = new CountDownLatch(1);
        Thread outsider = new Thread(() -> {
            try {
                queue.await(
                        () -> {
                            waiting.countDown();
                            return false;
                        },
                        Scheduler.NEVER);
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        outsider.start();
        waiting.await();
        scheduler.close();
        outsider.join();
        assertThat(thrown).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("queue 'requests'"));
    }

    @Test
    void a_task_that_neither_ends_nor_waits_is_reported_with_its_place() throws InterruptedException {
        ThreadScheduler impatient = new ThreadScheduler(Duration.ofMillis(1), Duration.ofMillis(1));
        CountDownLatch release = new CountDownLatch(1);
        spawn(impatient, "user code", () -> awaitLatch(release));
        scheduler.await(() -> !threads.isEmpty(), Scheduler.NEVER);
        assertThatThrownBy(impatient::close)
                .isInstanceOf(SchedulerCloseException.class)
                .hasMessageContaining("task 'user code' still runs at ")
                .hasMessageContaining("ThreadSchedulerTest");
        release.countDown();
        threads.get(0).join();
        scheduler.close();
    }

    @Test
    void a_closed_scheduler_starts_nothing_and_a_task_cannot_close_its_own() {
        spawn(
                scheduler,
                "closer",
                () -> assertThatThrownBy(scheduler::close).isInstanceOf(IllegalStateException.class));
        scheduler.close();
        assertThatThrownBy(() -> scheduler.spawn("late", () -> {})).isInstanceOf(IllegalStateException.class);
        assertNoThreadLeft();
    }

    /** A deadline for what must happen: without it a failure would be a hang. */
    private long later() {
        return scheduler.nanoTime() + Duration.ofMinutes(1).toNanos();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
