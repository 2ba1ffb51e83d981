package dev.sva4j.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sva4j.spi.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules of {@link AuditedLock}, and that no scheduler waits or switches while one is held. */
class AuditedLockTest {
    private final AuditedLock lock = new AuditedLock("bonds");

    @Test
    void it_excludes_other_threads() {
        int[] counter = {0};
        try (ThreadScheduler scheduler = new ThreadScheduler()) {
            for (int i = 0; i < 3; i++) {
                scheduler.spawn("incrementer", () -> {
                    for (int round = 0; round < 20_000; round++) {
                        lock.lock();
                        try {
                            counter[0]++;
                        } finally {
                            lock.unlock();
                        }
                    }
                });
            }
        }
        assertThat(counter[0]).isEqualTo(60_000);
    }

    @Test
    void it_is_not_reentrant_and_is_still_held_after_the_refusal() {
        lock.lock();
        assertThatThrownBy(lock::lock).isInstanceOf(IllegalStateException.class).hasMessageContaining("bonds");
        assertThat(lock.isHeldByCurrentThread()).isTrue();
        lock.unlock();
        assertThat(lock.isHeldByCurrentThread()).isFalse();
        AuditedLock.requireNoneHeld("afterwards");
    }

    @Test
    void only_its_holder_can_unlock_it() {
        assertThatThrownBy(lock::unlock).isInstanceOf(IllegalMonitorStateException.class);
    }

    @Test
    void the_audit_names_all_locks_that_are_held_and_what_was_tried() {
        AuditedLock inner = new AuditedLock("frames");
        lock.lock();
        inner.lock();
        assertThatThrownBy(() -> AuditedLock.requireNoneHeld("await"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("await while holding lock 'bonds', 'frames'");
        lock.unlock();
        assertThatThrownBy(() -> AuditedLock.requireNoneHeld("await")).hasMessage("await while holding lock 'frames'");
        inner.unlock();
        AuditedLock.requireNoneHeld("await");
    }

    static Stream<Scheduler> schedulers() {
        return Stream.of(new ThreadScheduler(), new SeededScheduler(1));
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void no_scheduler_waits_or_switches_while_a_lock_is_held(Scheduler scheduler) throws Exception {
        Scheduler.Task task = scheduler.spawn("task", () -> {});
        Scheduler.WaitQueue queue = scheduler.newWaitQueue("queue");
        List<Runnable> waits = List.of(
                () -> scheduler.await(() -> true, 0),
                () -> queue.await(() -> true, 0),
                () -> task.join(0),
                scheduler::yieldPoint);
        for (Runnable wait : waits) {
            lock.lock();
            try {
                assertThatThrownBy(wait::run).isInstanceOf(AssertionError.class).hasMessageContaining("'bonds'");
            } finally {
                lock.unlock();
            }
            wait.run();
        }
        task.join(Scheduler.NEVER);
        ((AutoCloseable) scheduler).close();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void spawning_and_waking_are_allowed_while_a_lock_is_held(Scheduler scheduler) throws Exception {
        lock.lock();
        Scheduler.Task task = scheduler.spawn("task", () -> {});
        scheduler.newWaitQueue("queue").wakeAll();
        lock.unlock();
        assertThat(task.join(Scheduler.NEVER)).isTrue();
        ((AutoCloseable) scheduler).close();
    }

    /** Loads this package anew with assertions off, where nobody audits and the lock itself must notice. */
    @Test
    void a_lock_that_a_parked_task_holds_is_an_error_and_no_hang_even_without_audit() throws Exception {
        ClassLoader loader = new WithoutAssertions();
        Runnable scenario = (Runnable) Class.forName(LockHeldAcrossYield.class.getName(), true, loader)
                .getDeclaredConstructor()
                .newInstance();
        assertThatThrownBy(scenario::run)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("lock 'bonds' is wanted by")
                .hasMessageContaining("holder");
    }

    /** Breaks the rule. Public, as the test calls it across class loaders. */
    public static final class LockHeldAcrossYield implements Runnable {
        @Override
        public void run() {
            AuditedLock lock = new AuditedLock("bonds");
            SeededScheduler scheduler = new SeededScheduler(1);
            try {
                scheduler.run("main", () -> {
                    scheduler.spawn("holder", () -> {
                        lock.lock();
                        while (true) {
                            scheduler.yieldPoint();
                        }
                    });
                    while (!lock.toString().contains("held")) {
                        scheduler.yieldPoint();
                    }
                    lock.lock();
                });
            } finally {
                assertThatThrownBy(scheduler::close).hasMessageContaining("'holder'");
            }
        }
    }

    private static final class WithoutAssertions extends ClassLoader {
        WithoutAssertions() {
            super(AuditedLockTest.class.getClassLoader());
            setDefaultAssertionStatus(false);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(AuditedLock.class.getPackageName() + ".")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
