package dev.sva4j.conformance.surface;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A module that others use, as it was compiled: a folder of classes, or a jar. */
final class PublishedModule {
    private final Class<?> member;

    /** @param member any class of it */
    PublishedModule(Class<?> member) {
        this.member = member;
    }

    /** Everything that it shows, in an order that does not depend on the compiler. */
    List<String> listing() throws IOException {
        try (Location location = Location.of(member)) {
            ModuleDescriptor module = location.descriptor();
            List<String> lines = new ArrayList<>();
            lines.add("module " + module.name());
            directives(module).sorted().forEach(each -> lines.add("    " + each));
            for (String name : exported(module)) {
                lines.add("");
                lines.add("package " + name + annotations(name));
                for (Class<?> type : location.types(name)) {
                    lines.add("");
                    lines.addAll(TypeListing.of(type));
                }
            }
            return lines;
        }
    }

    private static List<String> exported(ModuleDescriptor module) {
        return module.exports().stream()
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .toList();
    }

    private static Stream<String> directives(ModuleDescriptor module) {
        return Stream.of(
                        module.requires().stream()
                                .filter(each -> !each.name().equals("java.base"))
                                .map(each -> "requires " + modifiers(each) + each.name()),
                        module.exports().stream().map(each -> "exports " + each.source() + targets(each.targets())),
                        module.opens().stream().map(each -> "opens " + each.source() + targets(each.targets())),
                        module.uses().stream().map(each -> "uses " + each),
                        module.provides().stream().map(each -> "provides " + each.service()))
                .flatMap(each -> each);
    }

    private static String modifiers(ModuleDescriptor.Requires requires) {
        return requires.modifiers().stream()
                .filter(each -> each != ModuleDescriptor.Requires.Modifier.SYNTHETIC
                        && each != ModuleDescriptor.Requires.Modifier.MANDATED)
                .map(each -> each.name().toLowerCase(java.util.Locale.ROOT) + " ")
                .sorted()
                .collect(Collectors.joining());
    }

    private static String targets(java.util.Set<String> modules) {
        return modules.isEmpty() ? "" : " to " + modules.stream().sorted().collect(Collectors.joining(", "));
    }

    private String annotations(String packageName) {
        try {
            return Arrays.stream(load(packageName + ".package-info").getAnnotations())
                    .map(Annotation::annotationType)
                    .map(each -> " @" + each.getSimpleName())
                    .sorted()
                    .collect(Collectors.joining());
        } catch (ClassNotFoundException none) {
            return "";
        }
    }

    private Class<?> load(String name) throws ClassNotFoundException {
        return Class.forName(name, false, member.getClassLoader());
    }

    /** Where the classes are. */
    private record Location(Class<?> member, Path root, Optional<FileSystem> jar) implements AutoCloseable {
        static Location of(Class<?> member) throws IOException {
            try {
                Path source = Path.of(member.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                if (Files.isDirectory(source)) {
                    return new Location(member, source, Optional.empty());
                }
                FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + source.toUri()), Map.of());
                return new Location(member, jar.getPath("/"), Optional.of(jar));
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }

        ModuleDescriptor descriptor() throws IOException {
            try (InputStream bytes = Files.newInputStream(root.resolve("module-info.class"))) {
                return ModuleDescriptor.read(bytes);
            }
        }

        List<Class<?>> types(String packageName) throws IOException {
            try (Stream<Path> files = Files.list(root.resolve(packageName.replace('.', '/')))) {
                List<String> names = files.map(each -> each.getFileName().toString())
                        .filter(each -> each.endsWith(".class") && !each.startsWith("package-info"))
                        .map(each -> packageName + "." + each.substring(0, each.length() - ".class".length()))
                        .toList();
                List<Class<?>> types = new ArrayList<>();
                for (String name : names) {
                    types.add(Class.forName(name, false, member.getClassLoader()));
                }
                types.removeIf(each -> !TypeListing.isVisible(each));
                types.sort(Comparator.comparing(Class::getCanonicalName));
                return types;
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            if (jar.isPresent()) {
                jar.get().close();
            }
        }
    }
}
