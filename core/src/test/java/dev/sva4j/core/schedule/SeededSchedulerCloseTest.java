package dev.sva4j.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.Scheduler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rules of {@link SeededScheduler#close} and of several threads from outside. */
class SeededSchedulerCloseTest {
    private final SeededScheduler scheduler = new SeededScheduler(5);
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    private Scheduler.Task spawn(String name, Runnable body) {
        return scheduler.spawn(name, () -> {
            threads.add(Thread.currentThread());
            body.run();
        });
    }

    private void assertNoThreadLeft() {
        assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
    }

    @Test
    void nothing_is_reported_and_no_thread_is_left_when_all_tasks_have_ended() {
        for (int i = 0; i < 50; i++) {
            assertThat(spawn("task " + i, scheduler::yieldPoint).join(Scheduler.NEVER))
                    .isTrue();
        }
        scheduler.close();
        assertThat(threads).hasSize(50);
        assertNoThreadLeft();
    }

    @Test
    void tasks_that_wait_are_named_unwound_and_their_threads_end() {
        AtomicInteger cleanedUp = new AtomicInteger();
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("requests");
        spawn("worker", () -> {
            try {
                queue.await(() -> false, Scheduler.NEVER);
            } finally {
                cleanedUp.incrementAndGet();
            }
        });
        spawn("yielder", () -> {
            while (cleanedUp.get() == 0) {
                scheduler.yieldPoint();
            }
        });
        scheduler.await(() -> threads.size() == 2, Scheduler.NEVER);
        scheduler.spawn("late", () -> {});
        assertThatThrownBy(scheduler::close)
                .isInstanceOf(SchedulerCloseException.class)
                .hasMessageContaining("'worker' waits for queue 'requests'")
                .hasMessageContaining("'yielder' could run")
                .hasMessageContaining("'late' has not started");
        assertThat(cleanedUp).hasValue(1);
        assertNoThreadLeft();
    }

    @Test
    void a_task_that_waits_again_while_it_unwinds_is_unwound_from_there_too() {
        spawn("stubborn", () -> {
            try {
                scheduler.await(() -> false, Scheduler.NEVER);
            } finally {
                scheduler.await(() -> false, Scheduler.NEVER);
            }
        });
        scheduler.await(() -> !threads.isEmpty(), Scheduler.NEVER);
        assertThatThrownBy(scheduler::close).hasMessageContaining("'stubborn'");
        assertNoThreadLeft();
    }

    @Test
    void exceptions_that_escaped_from_tasks_are_suppressed_exceptions_of_one() {
        spawn("first", () -> {
            throw new ArithmeticException("one");
        });
        spawn("second", () -> {
            throw new AssertionError("two");
        });
        scheduler.await(() -> false, 1_000_000);
        assertThatThrownBy(scheduler::close)
                .isInstanceOf(SchedulerCloseException.class)
                .hasMessageContaining("task 'first' failed with java.lang.ArithmeticException: one")
                .hasMessageContaining("task 'second' failed")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .hasSize(2)
                        .hasAtLeastOneElementOfType(ArithmeticException.class)
                        .hasAtLeastOneElementOfType(AssertionError.class));
        assertNoThreadLeft();
        scheduler.close();
    }

    @Test
    void a_closed_scheduler_refuses_work() {
        scheduler.close();
        assertThatThrownBy(() -> scheduler.spawn("task", () -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scheduler.run("task", () -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scheduler.await(() -> true, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_task_cannot_close_its_scheduler() {
        assertThatThrownBy(() -> scheduler.run("main", scheduler::close)).isInstanceOf(IllegalStateException.class);
        scheduler.close();
    }

    /** What a watchdog does to a run that hangs in a loop of yields. */
    @Test
    void closing_from_another_thread_ends_a_drive_at_its_next_step() throws InterruptedException {
        CountDownLatch looping = new CountDownLatch(1);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        Thread driver = new Thread(() -> {
            try {
                scheduler.run("endless", () -> {
                    spawn("companion", () -> {
                        while (true) {
                            scheduler.yieldPoint();
                        }
                    });
                    while (true) {
                        scheduler.yieldPoint();
                        if (!threads.isEmpty()) {
                            looping.countDown();
                        }
                    }
                });
            } catch (IllegalStateException e) {
                thrown.add(e);
            }
        });
        driver.start();
        looping.await();
        assertThatThrownBy(scheduler::close).hasMessageContaining("'companion'");
        driver.join();
        assertThat(thrown).hasSize(1);
        assertNoThreadLeft();
    }

    @Test
    void two_threads_from_outside_take_turns() throws InterruptedException {
        int[] counter = {0};
        Runnable increments = () -> {
            for (int i = 0; i < 2_000; i++) {
                int read = counter[0];
                counter[0] = read + 1;
                scheduler.yieldPoint();
            }
        };
        Thread other = new Thread(() -> scheduler.run("other", increments));
        other.start();
        scheduler.run("this", increments);
        other.join();
        // Plain reads and writes lose nothing, because only the holder of the baton runs.
        assertThat(counter[0]).isEqualTo(4_000);
        scheduler.close();
    }

    @Test
    void of_two_drivers_that_are_stuck_each_gets_the_deadlock() throws InterruptedException {
        CountDownLatch driving = new CountDownLatch(1);
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        AtomicInteger otherArrived = new AtomicInteger();
        Thread other = new Thread(() -> {
            try {
                driving.await();
                scheduler.run("other", () -> {
                    otherArrived.set(1);
                    scheduler.await(() -> false, Scheduler.NEVER);
                });
            } catch (DeadlockException | InterruptedException e) {
                thrown.add(e);
            }
        });
        other.start();
        assertThatThrownBy(() -> scheduler.run("this", () -> {
                    driving.countDown();
                    while (otherArrived.get() == 0) {
                        scheduler.yieldPoint();
                    }
                    scheduler.await(() -> false, Scheduler.NEVER);
                }))
                .isInstanceOf(DeadlockException.class);
        other.join();
        assertThat(thrown).hasExactlyElementsOfTypes(DeadlockException.class);
        scheduler.close();
    }
}
