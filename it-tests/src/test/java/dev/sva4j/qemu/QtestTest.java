package dev.sva4j.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The protocol, against answers that are written down. */
class QtestTest {
    /** Answers with what it was given, whatever it is asked. */
    private static final class Script implements Qtest.Server {
        final ByteArrayOutputStream asked = new ByteArrayOutputStream();
        final InputStream answers;

        Script(String answers) {
            this.answers = new ByteArrayInputStream(answers.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public OutputStream input() {
            return asked;
        }

        @Override
        public InputStream output() {
            return answers;
        }

        @Override
        public void awaited() {}

        @Override
        public void answered() {}

        @Override
        public QemuException death(String command) {
            return new QemuException("died at '" + command + "'");
        }
    }

    @Test
    void commands_go_out_in_order_and_answers_come_back_to_them() {
        Script script = new Script("OK\nOK 0x00000000000000ff\nOK\nOK 0xffffffffffffffff\n");
        Qtest qtest = new Qtest(script);

        qtest.write32(0x9050020, -1);
        Qtest.Answer small = qtest.read32(0x9050024);
        qtest.write64(0x40000000L, 0x8000_0000_0000_0000L);
        Qtest.Answer large = qtest.read64(0x40000008L);
        qtest.await();

        assertThat(script.asked.toString(StandardCharsets.US_ASCII))
                .isEqualTo("writel 0x9050020 0xffffffff\nreadl 0x9050024\n"
                        + "writeq 0x40000000 0x8000000000000000\nreadq 0x40000008\n");
        assertThat(small.value()).isEqualTo(0xff);
        assertThat(large.value()).isEqualTo(-1);
    }

    @Test
    void a_refused_command_is_named_and_the_others_are_carried_out() {
        Qtest qtest = new Qtest(new Script("OK\nFAIL Unknown command\nOK 0x0000000000000007\nOK\n"));
        qtest.write32(0, 0);
        qtest.write32(4, 9);
        Qtest.Answer after = qtest.read32(8);

        assertThatThrownBy(qtest::await)
                .isInstanceOf(QemuException.class)
                .hasMessage("QEMU answers 'FAIL Unknown command' to 'writel 0x4 0x9'");
        assertThat(after.value()).isEqualTo(7);
    }

    @Test
    void a_missing_answer_is_a_death_at_that_command() {
        Qtest qtest = new Qtest(new Script("OK\n"));
        qtest.write32(0, 0);
        qtest.read32(4);

        assertThatThrownBy(qtest::await).isInstanceOf(QemuException.class).hasMessage("died at 'readl 0x4'");
    }

    @Test
    void an_answer_that_was_not_awaited_is_refused() {
        Qtest.Answer answer = new Qtest(new Script("")).read32(0);

        assertThatThrownBy(answer::value)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("readl 0x0");
    }

    @Test
    void more_commands_than_the_window_holds_are_awaited_on_the_way() {
        int commands = 2_000;
        Script script = new Script("OK\n".repeat(commands));
        Qtest qtest = new Qtest(script);

        for (int i = 0; i < commands; i++) {
            qtest.write32(i * 4L, i);
        }

        assertThat(script.asked.size()).as("bytes sent before await").isPositive();
        qtest.await();
        assertThat(script.asked.toString(StandardCharsets.US_ASCII).lines()).hasSize(commands);
    }
}
