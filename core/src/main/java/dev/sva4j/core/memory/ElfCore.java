package dev.sva4j.core.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reader of the headers of an ELF64 little-endian core file of a machine, of any processor: {@code PT_LOAD} segments
 * whose {@code p_paddr} are physical addresses. Bytes that a segment has in memory but not in the file ({@code p_memsz}
 * above {@code p_filesz}) were not dumped. Field names are those of the ELF specification (ELF-64 Object File Format,
 * 1.5).
 */
final class ElfCore {
    /** First word of every ELF file: 7f 45 4c 46. */
    static final int MAGIC = 0x464c_457f;

    private static final int EHDR_SIZE = 64;
    private static final int PHDR_SIZE = 56;
    private static final int SHDR_SIZE = 64;

    private static final int ELFCLASS64 = 2;
    private static final int ELFDATA2LSB = 1;
    private static final int ET_CORE = 4;
    private static final int PT_LOAD = 1;

    /** {@code e_phnum} if the number does not fit; it is then {@code sh_info} of section header 0. */
    private static final int PN_XNUM = 0xffff;

    /** Far beyond any dump; bounds the memory that the list takes (tens of MiB). */
    private static final int MAX_SEGMENTS = 1 << 20;

    private static final String INCOMPLETE = "the file is damaged or incomplete: copy or dump it again";

    private final Path path;
    private final ImageContents contents;

    private ElfCore(Path path, ImageContents contents) {
        this.path = path;
        this.contents = contents;
    }

    /** Whether the contents begin like an ELF file of any kind. */
    static boolean recognizes(ImageContents contents) {
        if (contents.length() < 4) {
            return false;
        }
        byte[] magic = new byte[4];
        contents.get(0, magic, 0, 4);
        return ByteBuffer.wrap(magic).order(ByteOrder.LITTLE_ENDIAN).getInt() == MAGIC;
    }

    /**
     * The segments in ascending order, without overlaps.
     *
     * @throws ImageException if the file is no such core or is damaged
     */
    static List<Segment> segments(Path path, ImageContents contents) {
        return new ElfCore(path, contents).segments();
    }

    private List<Segment> segments() {
        ByteBuffer header = read("ELF header", 0, EHDR_SIZE);
        int elfClass = header.get(4);
        if (elfClass != ELFCLASS64) {
            throw new ImageException(
                    path,
                    elfClass == 1 ? "it is a 32-bit ELF file" : "its ELF class is " + elfClass + ", not 2 (64-bit)",
                    "only 64-bit cores hold all physical addresses: dump it as ELF64");
        }
        int data = header.get(5);
        if (data != ELFDATA2LSB) {
            throw new ImageException(
                    path,
                    data == 2 ? "it is a big-endian ELF file" : "its ELF data encoding is " + data + ", not 1",
                    "only dumps of little-endian machines can be read");
        }
        int type = Short.toUnsignedInt(header.getShort(16));
        if (type != ET_CORE) {
            throw new ImageException(
                    path,
                    "it is an ELF file of type " + type + ", not 4 (core)",
                    "give a dump of a machine's memory, for example from QEMU's dump-guest-memory");
        }
        int phentsize = Short.toUnsignedInt(header.getShort(54));
        if (phentsize != PHDR_SIZE) {
            throw damaged("its program headers are of " + phentsize + " bytes, not of " + PHDR_SIZE);
        }
        return segments(header.getLong(32), programHeaders(header));
    }

    private long programHeaders(ByteBuffer header) {
        int phnum = Short.toUnsignedInt(header.getShort(56));
        if (phnum != PN_XNUM) {
            return phnum;
        }
        ByteBuffer section = read("section header 0, which counts the program headers,", header.getLong(40), SHDR_SIZE);
        return Integer.toUnsignedLong(section.getInt(44));
    }

    private List<Segment> segments(long phoff, long phnum) {
        // One comparison for all headers, so that an absurd number is refused before anything is allocated for it.
        check("table of " + phnum + " program headers", phoff, phnum * PHDR_SIZE);
        if (phnum > MAX_SEGMENTS) {
            throw damaged("it has " + phnum + " program headers, more than " + MAX_SEGMENTS);
        }
        List<Segment> segments = new ArrayList<>();
        long loads = 0;
        boolean physical = false;
        for (long i = 0; i < phnum; i++) {
            ByteBuffer header = read("program header " + i, phoff + i * PHDR_SIZE, PHDR_SIZE);
            if (header.getInt(0) != PT_LOAD) {
                continue;
            }
            loads++;
            long offset = header.getLong(8);
            long start = header.getLong(24);
            long filesz = header.getLong(32);
            long memsz = header.getLong(40);
            String name = String.format("segment %d (physical address 0x%x, 0x%x bytes)", i, start, filesz);
            check(name, offset, filesz);
            if (Long.compareUnsigned(filesz, memsz) > 0) {
                throw damaged(name + " has only 0x" + Long.toHexString(memsz) + " bytes in memory");
            }
            if (filesz != 0) {
                if (Long.compareUnsigned(start + filesz - 1, start) < 0) {
                    throw damaged(name + " wraps around the address space");
                }
                physical |= start != 0;
                segments.add(new Segment(start, filesz, offset));
            }
        }
        if (segments.isEmpty()) {
            throw new ImageException(
                    path,
                    loads == 0
                            ? "it has no PT_LOAD segment"
                            : "none of its " + loads + " PT_LOAD segments has contents",
                    "it holds no memory: dump it again");
        }
        if (segments.size() > 1 && !physical) {
            throw new ImageException(
                    path,
                    "all its segments are at physical address 0, so it is the core of a process",
                    "give a dump of a machine's memory, for example from QEMU's dump-guest-memory or kdump");
        }
        return withoutOverlaps(segments);
    }

    /** Kernel crash dumps hold the kernel's text twice, so segments may overlap where they agree. */
    private List<Segment> withoutOverlaps(List<Segment> segments) {
        segments.sort(Comparator.comparing(Segment::start, Long::compareUnsigned));
        List<Segment> result = new ArrayList<>();
        // More than the file's own length to compare is no crash dump but an attempt to keep us busy.
        long comparisons = contents.length();
        for (Segment next : segments) {
            int older = result.size();
            while (older > 0 && Long.compareUnsigned(result.get(older - 1).last(), next.start()) >= 0) {
                older--;
            }
            long from = next.start();
            for (Segment before : result.subList(older, result.size())) {
                long overlap = Math.min(before.last() - from, next.last() - from) + 1;
                comparisons -= overlap;
                if (overlap > 0
                        && (comparisons < 0 || !contents.equal(before.offsetOf(from), next.offsetOf(from), overlap))) {
                    throw damaged(String.format(
                            "its segments at physical addresses 0x%x and 0x%x overlap and differ",
                            before.start(), next.start()));
                }
                from += overlap;
                if (!next.contains(from)) {
                    break;
                }
            }
            if (next.contains(from)) {
                result.add(new Segment(from, next.last() - from + 1, next.offsetOf(from)));
            }
        }
        return result;
    }

    private ByteBuffer read(String what, long offset, int bytes) {
        check(what, offset, bytes);
        byte[] header = new byte[bytes];
        contents.get(offset, header, 0, bytes);
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void check(String what, long offset, long bytes) {
        if (offset < 0 || bytes < 0 || offset > contents.length() || bytes > contents.length() - offset) {
            throw damaged(String.format(
                    "its %s at offset 0x%x ends beyond the end of the contents, 0x%x bytes",
                    what, offset, contents.length()));
        }
    }

    private ImageException damaged(String problem) {
        return new ImageException(path, problem, INCOMPLETE);
    }
}
