package dev.sva4j.vendor.amd.layout;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.StructLayout;

/** What commands have in common (AMD-Vi 2.4): two words, and the opcode in the top bits of the first. */
final class CommandLayout {

    static final BitField OPCODE = BitField.of("command", "Opcode", 0, 63, 60, "which command");

    private CommandLayout() {}

    /** Starts the layout of a command. */
    static StructLayout.Builder builder(String name) {
        return StructLayout.builder(name, Command.WORDS, "AMD-Vi 2.4").include(OPCODE);
    }

    /** A first word with nothing but the opcode. */
    static long word0(int opcode) {
        return OPCODE.encode(opcode);
    }
}
