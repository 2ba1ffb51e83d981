package dev.sva4j.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A running QEMU, which ends with this object or with this JVM, whichever is first: QEMU itself does not mind when its
 * standard input is closed.
 *
 * <p>Nothing of it lasts: its standard error goes to a file that the caller may delete as soon as QEMU runs.
 */
public final class QemuProcess implements Qtest.Server, AutoCloseable {
    /** How long QEMU may take for an answer before it is ended; a hang becomes an error that names the command. */
    private static final long PATIENCE_SECONDS = 60;

    private static final int LONGEST_MESSAGE = 8192;

    /** A processor that never runs instead of -accel qtest, which distributions leave out; and nothing to see. */
    private static final List<String> COMMON_ARGUMENTS =
            List.of(("-accel tcg -S -qtest stdio -qtest-log none -nodefaults -no-user-config"
                            + " -display none -serial none -monitor none")
                    .split(" "));

    private final Process process;
    private final FileChannel errors;
    private final Thread hook;
    private final Executor later = CompletableFuture.delayedExecutor(PATIENCE_SECONDS / 2, TimeUnit.SECONDS);

    /** How often the user has waited, and whether it does so now: written by the user's thread, read by the watch. */
    private volatile long waits;

    private volatile boolean awaited;

    /** How much of its standard error has been taken; used by the user's thread only. */
    private long taken;

    private QemuProcess(Process process, FileChannel errors) {
        this.process = process;
        this.errors = errors;
        this.hook = new Thread(process::destroyForcibly, "end of QEMU");
    }

    /**
     * Starts QEMU.
     *
     * @param arguments the machine and its devices; it is made to talk qtest and to run no processor
     * @param stderr what becomes its standard error
     */
    public static QemuProcess start(QemuBinary binary, List<String> arguments, Path stderr) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(binary.path().toString());
        builder.command().addAll(COMMON_ARGUMENTS);
        builder.command().addAll(arguments);
        builder.redirectError(stderr.toFile());
        QemuProcess started = new QemuProcess(builder.start(), FileChannel.open(stderr));
        Runtime.getRuntime().addShutdownHook(started.hook);
        started.watch(-1);
        return started;
    }

    /** Ends QEMU if it was asked something and has not answered since the last look. */
    private void watch(long before) {
        later.execute(() -> {
            if (awaited && waits == before) {
                process.destroyForcibly();
            } else if (process.isAlive()) {
                watch(waits);
            }
        });
    }

    @Override
    public OutputStream input() {
        return process.getOutputStream();
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public void awaited() {
        waits = waits + 1;
        awaited = true;
    }

    @Override
    public void answered() {
        awaited = false;
    }

    long pid() {
        return process.pid();
    }

    @Override
    public QemuException death(String command) {
        process.destroyForcibly();
        return new QemuException(String.format(
                "QEMU ended with %d instead of answering '%s'; it said: %s",
                process.onExit().join().exitValue(), command, said()));
    }

    /** What it has written to its standard error since this was asked last. */
    public String newErrors() {
        try {
            ByteBuffer text = ByteBuffer.allocate((int) (errors.size() - taken));
            while (text.hasRemaining() && errors.read(text, taken + text.position()) > 0) {}
            taken += text.position();
            return StandardCharsets.UTF_8.decode(text.flip()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String said() {
        try {
            ByteBuffer text = ByteBuffer.allocate(LONGEST_MESSAGE);
            errors.read(text, 0);
            String message =
                    StandardCharsets.UTF_8.decode(text.flip()).toString().strip();
            return message.isEmpty() ? "nothing" : message;
        } catch (IOException e) {
            return "unknown, " + e;
        }
    }

    /** Ends QEMU and waits until it is gone. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends: the hook runs, and finds nothing to do.
            awaited = false;
        }
        try {
            errors.close();
            process.getInputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
