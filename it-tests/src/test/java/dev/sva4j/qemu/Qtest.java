package dev.sva4j.qemu;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * QEMU's qtest protocol over standard input and output: one line per command, one line per answer, in order.
 *
 * <p>Commands are posted: they go out in blocks, and QEMU carries out each one, DMA included, before the next. An answer
 * is there when {@link #await} has returned. At most {@value #WINDOW} commands are outstanding, because with both pipes
 * full each side would wait for the other.
 *
 * <p>Not thread-safe.
 */
public final class Qtest {
    private static final int WINDOW = 512;
    private static final String OK = "OK";

    /** The answer to a read; there after {@link #await}. */
    public static final class Answer {
        private final String command;
        private boolean arrived;
        private long value;

        private Answer(String command) {
            this.command = command;
        }

        /** The value that was read. */
        public long value() {
            if (!arrived) {
                throw new IllegalStateException("'" + command + "' was not awaited");
            }
            return value;
        }
    }

    /** Who answers. */
    public interface Server {
        /** Where commands go. */
        OutputStream input();

        /** Where answers come from. */
        InputStream output();

        /** The client begins to wait. */
        void awaited();

        /** The client has all its answers. */
        void answered();

        /** What to tell when it has stopped answering at {@code command}. */
        QemuException death(String command);
    }

    private final Server server;
    private final OutputStream input;
    private final InputStream output;
    private final Queue<Answer> outstanding = new ArrayDeque<>();
    private final StringBuilder block = new StringBuilder();
    private final byte[] received = new byte[8192];
    private int next;
    private int end;

    /** A connection to {@code server}, which runs. */
    public Qtest(Server server) {
        this.server = server;
        this.input = server.input();
        this.output = server.output();
    }

    /** Writes 8 bits. */
    public void write8(long address, int value) {
        post("writeb " + hex(address) + ' ' + hex(value & 0xff));
    }

    /** Writes 16 bits. */
    public void write16(long address, int value) {
        post("writew " + hex(address) + ' ' + hex(value & 0xffff));
    }

    /** Writes 32 bits. */
    public void write32(long address, int value) {
        post("writel " + hex(address) + ' ' + hex(value & 0xffff_ffffL));
    }

    /** Writes 64 bits. */
    public void write64(long address, long value) {
        post("writeq " + hex(address) + ' ' + hex(value));
    }

    /** Reads 32 bits. */
    public Answer read32(long address) {
        return post("readl " + hex(address));
    }

    /** Reads 64 bits. */
    public Answer read64(long address) {
        return post("readq " + hex(address));
    }

    /** Writes 32 bits to an I/O port. */
    public void out32(int port, int value) {
        post("outl " + hex(port) + ' ' + hex(value & 0xffff_ffffL));
    }

    /** Reads 32 bits from an I/O port. */
    public Answer in32(int port) {
        return post("inl " + hex(port));
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private Answer post(String command) {
        if (outstanding.size() >= WINDOW) {
            await();
        }
        Answer answer = new Answer(command);
        outstanding.add(answer);
        block.append(command).append('\n');
        return answer;
    }

    /**
     * Waits until all commands have been carried out.
     *
     * @throws QemuException if QEMU refused one of them, or died
     */
    public void await() {
        if (outstanding.isEmpty()) {
            return;
        }
        server.awaited();
        String refusal = null;
        try {
            input.write(block.toString().getBytes(StandardCharsets.US_ASCII));
            input.flush();
        } catch (IOException e) {
            throw server.death(outstanding.element().command);
        }
        block.setLength(0);
        for (Answer answer = outstanding.peek(); answer != null; answer = outstanding.peek()) {
            String line = readLine();
            if (line == null) {
                throw server.death(answer.command);
            }
            outstanding.remove();
            if (line.equals(OK) || line.startsWith(OK + " ")) {
                answer.value = valueOf(line);
                answer.arrived = true;
            } else if (refusal == null) {
                refusal = "QEMU answers '" + line + "' to '" + answer.command + "'";
            }
        }
        server.answered();
        if (refusal != null) {
            throw new QemuException(refusal);
        }
    }

    private static long valueOf(String line) {
        String hex = OK + " 0x";
        return line.startsWith(hex) ? Long.parseUnsignedLong(line, hex.length(), line.length(), 16) : 0;
    }

    /** The next line, or null at the end. */
    private @Nullable String readLine() {
        StringBuilder line = new StringBuilder();
        try {
            while (true) {
                if (next == end) {
                    next = 0;
                    end = Math.max(output.read(received), 0);
                    if (end == 0) {
                        return null;
                    }
                }
                char c = (char) received[next++];
                if (c == '\n') {
                    return line.toString();
                }
                line.append(c);
            }
        } catch (IOException e) {
            return null;
        }
    }
}
