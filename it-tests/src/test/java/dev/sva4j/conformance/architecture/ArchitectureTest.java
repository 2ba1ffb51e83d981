package dev.sva4j.conformance.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.sva4j.conformance.RepositoryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom, over the classes of all modules. */
class ArchitectureTest {
    private static final String ROOT = "dev.sva4j";
    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);
    private static final List<String> MODULES =
            List.of("api", "core", "vendor-smmu", "vendor-vtd", "vendor-amd", "it-tests");

    private static JavaClasses main;
    private static JavaClasses mainAndTests;

    @BeforeAll
    static void readClasses() {
        List<Path> mainFolders = folders("classes");
        assertThat(mainFolders).as("modules that were compiled").hasSize(MODULES.size());
        main = new ClassFileImporter().importPaths(mainFolders);
        mainAndTests = new ClassFileImporter()
                .importPaths(Stream.concat(
                                // The kit and its tests look at everything, planted breaches included.
                                mainFolders.stream(), folders("test-classes").stream())
                        .filter(folder -> !folder.toString().contains("it-tests"))
                        .toList());
    }

    private static List<Path> folders(String name) {
        return MODULES.stream()
                .map(module ->
                        RepositoryFiles.root().resolve(module).resolve("target").resolve(name))
                .filter(Files::isDirectory)
                .toList();
    }

    @Test
    void vendorsDoNotSeeCore() {
        check(RULES.vendorsDoNotSeeCore(), main);
    }

    @Test
    void vendorsDoNotSeeEachOther() {
        check(RULES.vendorsDoNotSeeEachOther(), mainAndTests);
    }

    @Test
    void coreNamesNoVendor() {
        check(RULES.coreNamesNoVendor(), mainAndTests);
    }

    @Test
    void guiceStaysInCore() {
        check(RULES.guiceStaysInCore(), main);
    }

    /** Packages that core exports to tools of ours do not show Guice either. */
    @Test
    void exportedPackagesOfCoreShowNoGuice() throws IOException {
        Set<String> exported = exportedPackages("core");
        assertThat(exported).isNotEmpty();

        Stream<String> shown = main.stream()
                .filter(type -> exported.contains(type.getPackageName()))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> type.getCodeUnits().stream())
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(unit ->
                        typesOf(unit).anyMatch(type -> type.getPackageName().startsWith("com.google.inject")))
                .map(JavaCodeUnit::getFullName);

        assertThat(shown).isEmpty();
    }

    private static Stream<JavaClass> typesOf(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream());
    }

    private static Set<String> exportedPackages(String module) throws IOException {
        Path descriptor = RepositoryFiles.root().resolve(module).resolve("target/classes/module-info.class");
        try (InputStream bytes = Files.newInputStream(descriptor)) {
            return ModuleDescriptor.read(bytes).exports().stream()
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void publishedPackagesExposeNoLibrary() {
        check(RULES.publishedPackagesExposeNoLibrary(), main);
    }

    @ParameterizedTest
    @CsvSource({"smmu, driver", "smmu, hardware", "vtd, driver", "vtd, hardware", "amd, driver", "amd, hardware"})
    void halfDependsOnItsLayoutOnly(String vendor, String half) {
        check(RULES.halfDependsOnItsLayoutOnly(vendor, half), mainAndTests);
    }

    @Test
    void layoutDependsOnNothing() {
        check(RULES.layoutDependsOnNothing(), mainAndTests);
    }

    @Test
    void layoutHasNoMutableState() {
        check(RULES.layoutHasNoMutableState(), main);
    }

    @Test
    void onlyTheSchedulerWaits() {
        check(RULES.onlyTheSchedulerWaits(), main);
    }

    private static void check(ArchRule rule, JavaClasses classes) {
        rule.allowEmptyShould(false).check(classes);
    }
}
