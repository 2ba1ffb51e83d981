package dev.sva4j.cli.image;

import dev.sva4j.cli.InputException;
import dev.sva4j.cli.InstalledVendors;
import dev.sva4j.core.memory.ImageException;
import dev.sva4j.core.memory.ImageOptions;
import dev.sva4j.core.memory.MemoryImage;
import dev.sva4j.spi.IommuInspection;
import dev.sva4j.spi.IommuInspector;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.spi.RegisterValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command on an image is given: the image, and how to read it. */
final class ImageArguments {
    @Parameters(paramLabel = "IMAGE", description = "Memory image: ELF core or raw, either may be gzipped.")
    private @Nullable Path image;

    @Option(
            names = "--registers",
            paramLabel = "FILE",
            description = "Registers of the IOMMU as JSON: 'iommu' names it, 'registers' maps names to values.")
    private @Nullable Path registersFile;

    @Option(
            names = "--register",
            paramLabel = "NAME=VALUE",
            description = "One register, by the manual's name; goes before the file's. May be repeated.")
    private List<String> registers = List.of();

    @Option(
            names = "--vendor",
            paramLabel = "ID",
            description = "The IOMMU plug-in to read the tables with; 'sva4j vendors' lists them.")
    private @Nullable String vendor;

    @Option(
            names = "--base",
            paramLabel = "ADDRESS",
            description = "The image is raw, and its first byte is at this physical address.")
    private @Nullable String base;

    /** Work on an opened image. */
    @FunctionalInterface
    interface Work {
        int on(IommuInspector inspector) throws Exception;
    }

    /** Opens the image and does the work. */
    int with(Work work) throws Exception {
        RegistersFile file = registersFile == null ? RegistersFile.EMPTY : RegistersFile.read(registersFile);
        IommuInspection inspection = inspection(file);
        RegisterValues values = values(file);
        MemoryImage memory = open(required(image), options());
        return work.on(inspection.open(memory, values));
    }

    private static MemoryImage open(Path image, ImageOptions options) {
        try {
            return MemoryImage.open(image, options);
        } catch (ImageException unusable) {
            throw new InputException(unusable);
        }
    }

    private static Path required(@Nullable Path image) {
        if (image == null) {
            throw new IllegalStateException("picocli lets no command run without its parameters");
        }
        return image;
    }

    private ImageOptions options() {
        return base == null ? ImageOptions.defaults() : ImageOptions.defaults().withRawBase(number("--base", base));
    }

    private RegisterValues values(RegistersFile file) {
        if (registersFile == null && registers.isEmpty()) {
            throw new InputException(
                    "the tables are found through registers: give --registers FILE, or --register NAME=VALUE");
        }
        Map<String, Long> values = new HashMap<>(file.registers());
        for (String register : registers) {
            int equals = register.indexOf('=');
            if (equals < 1) {
                throw new InputException("--register " + register + ": give NAME=VALUE, e.g. STRTAB_BASE=0x101c2e000");
            }
            String name = register.substring(0, equals);
            values.put(name, number("--register " + name, register.substring(equals + 1)));
        }
        return new RegisterValues(values);
    }

    private static long number(String what, String text) {
        OptionalLong value = Numbers.unsigned(text);
        if (value.isEmpty()) {
            throw new InputException(what + ": '" + text + "' is not a number of at most 64 bits, decimal or 0x…");
        }
        return value.getAsLong();
    }

    private IommuInspection inspection(RegistersFile file) {
        InstalledVendors installed = InstalledVendors.find();
        String iommu = file.iommu();
        if (vendor != null) {
            IommuVendor chosen = installed.require(vendor);
            return chosen.inspection()
                    .orElseThrow(() -> new InputException("plug-in '" + vendor + "' cannot read memory images"));
        }
        TreeSet<String> known = new TreeSet<>();
        for (IommuVendor each : installed.all()) {
            IommuInspection inspection = each.inspection().orElse(null);
            if (inspection != null) {
                known.addAll(inspection.imageNames());
                if (iommu != null && inspection.imageNames().contains(iommu)) {
                    return inspection;
                }
            }
        }
        if (iommu == null) {
            throw new InputException("which IOMMU? Give --vendor ID (installed: " + installed.ids()
                    + "), or a registers file with 'iommu'");
        }
        throw new InputException("registers file " + registersFile + ": no plug-in reads images of iommu '" + iommu
                + "'; known: " + (known.isEmpty() ? "none" : String.join(", ", known)));
    }
}
