package dev.sva4j.core.memory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes small ELF64 cores: header, program headers, then contents, each where the test wants it. */
final class ElfBuilder {
    private record Load(int type, long pa, byte[] bytes, long filesz, long memsz, int gap) {}

    private final List<Load> loads = new ArrayList<>();
    private boolean countInSection;

    /** A PT_LOAD of these bytes. */
    ElfBuilder load(long pa, byte[] bytes) {
        return load(pa, bytes, bytes.length, bytes.length, 0);
    }

    /** A PT_LOAD whose contents begin {@code gap} bytes after the previous ones, with sizes as claimed. */
    ElfBuilder load(long pa, byte[] bytes, long filesz, long memsz, int gap) {
        loads.add(new Load(1, pa, bytes, filesz, memsz, gap));
        return this;
    }

    /** A PT_NOTE. */
    ElfBuilder note(byte[] bytes) {
        loads.add(new Load(4, 0, bytes, bytes.length, 0, 0));
        return this;
    }

    /** Puts the number of program headers where a number above 65534 goes. */
    ElfBuilder countInSectionHeader() {
        countInSection = true;
        return this;
    }

    byte[] build() {
        int headers = 64 + 56 * loads.size() + (countInSection ? 64 : 0);
        int length = headers;
        for (Load load : loads) {
            length += load.gap + load.bytes.length;
        }
        ByteBuffer elf = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        elf.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1).put(6, (byte) 1);
        elf.putShort(16, (short) 4).putShort(18, (short) 62).putInt(20, 1);
        elf.putLong(32, 64).putShort(52, (short) 64).putShort(54, (short) 56);
        elf.putShort(56, (short) (countInSection ? 0xffff : loads.size()));
        if (countInSection) {
            int section = 64 + 56 * loads.size();
            elf.putLong(40, section).putShort(58, (short) 64).putShort(60, (short) 1);
            elf.putInt(section + 44, loads.size());
        }
        int offset = headers;
        for (int i = 0; i < loads.size(); i++) {
            Load load = loads.get(i);
            int header = 64 + 56 * i;
            offset += load.gap;
            elf.putInt(header, load.type).putLong(header + 8, offset).putLong(header + 24, load.pa);
            elf.putLong(header + 32, load.filesz).putLong(header + 40, load.memsz);
            elf.put(offset, load.bytes);
            offset += load.bytes.length;
        }
        return elf.array();
    }

    /** {@code length} bytes that differ from page to page. */
    static byte[] pattern(int length, int seed) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >>> 8) * 7 + seed);
        }
        return bytes;
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static Path file(Path folder, byte[] bytes) {
        try {
            return Files.write(folder.resolve("image"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
