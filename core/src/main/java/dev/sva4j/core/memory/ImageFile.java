package dev.sva4j.core.memory;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Opens the file of an image and tells formats apart by their first bytes, never by the file's name.
 *
 * @param contents what is in it, unpacked
 * @param segments where physical addresses are in the contents, in ascending order, without overlaps
 * @param format in words, for people
 */
record ImageFile(ImageContents contents, List<Segment> segments, String format) {
    private static final int PAGE_SIZE = 4096;
    private static final String PLAIN = "an image is an ELF64 core or raw, plain or gzipped";

    /** First bytes of formats that are not read, one char per byte, and what to do about them. */
    private static final Map<String, String> FOREIGN = foreign();

    /** Opens a file; see {@link MemoryImage#open(Path, ImageOptions)}. */
    static ImageFile open(Path path, ImageOptions options) {
        if (!Files.exists(path)) {
            throw new ImageException(path, "there is no such file", "check its name");
        }
        if (!Files.isRegularFile(path)) {
            throw new ImageException(path, "it is not a regular file", "give the file that holds the dump");
        }
        try (FileChannel file = FileChannel.open(path)) {
            boolean packed = startsWith(file, "\u001f\u008b");
            ImageContents contents = packed ? unpack(path, file, options) : ImageContents.map(file);
            return of(path, contents, options, packed ? "gzipped " : "");
        } catch (AccessDeniedException e) {
            throw new ImageException(path, "it may not be read", "check its permissions", e);
        } catch (IOException e) {
            throw new ImageException(path, "it cannot be read: " + e.getMessage(), "check the file system", e);
        }
    }

    private static ImageFile of(Path path, ImageContents contents, ImageOptions options, String packing) {
        if (contents.length() == 0) {
            throw new ImageException(path, "it is empty", "copy or dump it again");
        }
        if (options.rawBase().isPresent()) {
            return raw(path, contents, options.rawBase().getAsLong(), packing);
        }
        if (ElfCore.recognizes(contents)) {
            return new ImageFile(contents, ElfCore.segments(path, contents), packing + "ELF core");
        }
        byte[] start = new byte[(int) Math.min(contents.length(), 16)];
        contents.get(0, start, 0, start.length);
        String magic = new String(start, StandardCharsets.ISO_8859_1);
        FOREIGN.forEach((prefix, remedy) -> {
            if (magic.startsWith(prefix)) {
                throw new ImageException(path, "it is in a format that is not read", remedy);
            }
        });
        if (contents.length() % PAGE_SIZE != 0) {
            throw new ImageException(
                    path,
                    "it is no ELF core, and its " + contents.length()
                            + " bytes are no whole number of 4 KiB pages as in a raw image",
                    PLAIN + "; to read it as raw all the same, say at which physical address it starts");
        }
        return raw(path, contents, 0, packing);
    }

    private static ImageFile raw(Path path, ImageContents contents, long base, String packing) {
        if (Long.compareUnsigned(base + contents.length() - 1, base) < 0) {
            throw new ImageException(
                    path,
                    String.format("0x%x bytes from physical address 0x%x wrap around", contents.length(), base),
                    "give the address of its first byte");
        }
        Segment segment = new Segment(base, contents.length(), 0);
        return new ImageFile(contents, List.of(segment), packing + "raw image");
    }

    private static ImageContents unpack(Path path, FileChannel file, ImageOptions options) throws IOException {
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Channels.newInputStream(file)), 1 << 16)) {
            return ImageContents.read(in, options);
        } catch (EOFException e) {
            throw new ImageException(path, "its gzip data ends early", "the file was truncated: copy it again", e);
        } catch (ZipException e) {
            throw new ImageException(
                    path,
                    "its gzip data is corrupt (" + e.getMessage() + ")",
                    "copy it again, or test it with gzip -t",
                    e);
        } catch (ImageContents.LimitException e) {
            throw new ImageException(
                    path,
                    "it unpacks to " + e.getMessage(),
                    "unpack it with gunzip, since plain images are mapped and have no limit, or raise the limit",
                    e);
        }
    }

    private static boolean startsWith(FileChannel file, String bytes) throws IOException {
        byte[] start = Channels.newInputStream(file).readNBytes(bytes.length());
        file.position(0);
        return new String(start, StandardCharsets.ISO_8859_1).equals(bytes);
    }

    private static Map<String, String> foreign() {
        String kdump = "turn it into an ELF core: makedumpfile -E, or crash's or QEMU's own conversion";
        Map<String, String> foreign = new LinkedHashMap<>();
        foreign.put("KDUMP   ", kdump);
        foreign.put("DISKDUMP", kdump);
        foreign.put("makedumpfile", "put it together with makedumpfile -R, then turn it into an ELF core");
        foreign.put("EMiL", "it is a LiME dump: take it again with format=padded, which is raw");
        foreign.put("\u001f\u008b", "it is gzipped twice: unpack it once");
        foreign.put("\u00fd7zXZ", "unpack it with xz -d");
        foreign.put("(\u00b5/\u00fd", "unpack it with zstd -d");
        foreign.put("BZh", "unpack it with bzip2 -d");
        foreign.put("PK\u0003\u0004", "unpack it with unzip");
        foreign.put("QFI\u00fb", "it is a disk image (qcow2), not memory");
        return foreign;
    }
}
