package dev.sva4j.cli.conformance;

import dev.sva4j.cli.InputException;
import dev.sva4j.spi.IommuVendor;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;

/**
 * Jars with plug-ins that are not on the path of the command. A jar need not be a module: its plug-ins are those that it announces in
 * {@code META-INF/services}. Libraries that it needs are named in its manifest ({@code Class-Path}). Jars do not see each other.
 */
final class PluginJars implements AutoCloseable {
    private final List<URLClassLoader> loaders = new ArrayList<>();
    private final List<IommuVendor> vendors = new ArrayList<>();

    private PluginJars() {}

    /**
     * Opens them.
     *
     * @throws InputException if there is no such jar, or no plug-in in it that can be loaded
     */
    static PluginJars open(List<File> jars) throws IOException {
        PluginJars opened = new PluginJars();
        try {
            for (File jar : jars) {
                opened.add(jar);
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void add(File jar) throws IOException {
        requireJar(jar);
        // The parent has the api, the core and what is installed; the jar's own classes come second, as on a class
        // path.
        URLClassLoader loader = new URLClassLoader(
                new URL[] {jar.toURI().toURL()}, Thread.currentThread().getContextClassLoader());
        loaders.add(loader);
        vendors.addAll(load(jar, loader));
    }

    private static void requireJar(File jar) {
        try (JarFile opened = new JarFile(jar)) {
            if (opened.size() == 0) {
                throw new InputException("plug-in " + jar + " is an empty jar");
            }
        } catch (NoSuchFileException missing) {
            throw new InputException("there is no plug-in jar " + jar, missing);
        } catch (IOException unreadable) {
            throw new InputException(
                    "plug-in " + jar + " cannot be read as a jar: " + unreadable.getMessage(), unreadable);
        }
    }

    private static List<IommuVendor> load(File jar, ClassLoader loader) {
        List<IommuVendor> vendors = new ArrayList<>();
        try {
            for (IommuVendor vendor : ServiceLoader.load(IommuVendor.class, loader)) {
                if (vendor.getClass().getClassLoader() == loader) {
                    vendors.add(vendor);
                }
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new InputException("plug-in " + jar + " cannot be loaded: " + e.getMessage(), e);
        }
        if (vendors.isEmpty()) {
            throw new InputException(
                    "plug-in " + jar + " announces no IOMMU plug-in: it has to name one in META-INF/services/"
                            + IommuVendor.class.getName());
        }
        return vendors;
    }

    /** The plug-ins that they announce. */
    List<IommuVendor> vendors() {
        return List.copyOf(vendors);
    }

    @Override
    public void close() throws IOException {
        for (URLClassLoader loader : loaders) {
            loader.close();
        }
    }
}
