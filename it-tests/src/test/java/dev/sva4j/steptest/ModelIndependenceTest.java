package dev.sva4j.steptest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** A model that shared code with what it judges would share its faults. */
class ModelIndependenceTest {
    private static final String MODEL = "dev.sva4j.steptest.model..";

    @Test
    void the_model_knows_nothing_but_itself_and_the_jdk() {
        JavaClasses model = new ClassFileImporter().importPackages("dev.sva4j.steptest.model");

        classes()
                .that()
                .resideInAPackage(MODEL)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(MODEL, "java..")
                .check(model);
    }
}
