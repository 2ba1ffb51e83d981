package dev.sva4j.conformance.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.Buffer;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How the parts may depend on each other, for the tree of packages below a root. The root is a parameter so that each rule can be shown
 * to fail on a small tree that breaks it.
 */
final class ArchitectureRules {
    private final String root;

    ArchitectureRules(String root) {
        this.root = root;
    }

    ArchRule vendorsDoNotSeeCore() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".vendor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".core..")
                .because("a plug-in works with any core: it knows api and spi only");
    }

    ArchRule vendorsDoNotSeeEachOther() {
        return slices().matching(root + ".vendor.(*)..").should().notDependOnEachOther();
    }

    ArchRule coreNamesNoVendor() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".core..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(root + ".vendor..")
                .because("core finds plug-ins as services");
    }

    ArchRule guiceStaysInCore() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".core..", root + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.google.inject..", "jakarta.inject..")
                .because("nobody else is to be bound to a version of it");
    }

    ArchRule publishedPackagesExposeNoLibrary() {
        return classes()
                .that()
                .resideInAnyPackage(root + ".api..", root + ".spi..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        root + ".api..",
                        root + ".spi..",
                        "org.jspecify.annotations..",
                        "org.apiguardian.api..")
                .because("what users compile against drags nothing along but annotations");
    }

    /** The halves share bytes and the layout that says how to read them; their tests too, or the tests would tie them together. Fakes for tests know api only. */
    ArchRule halfDependsOnItsLayoutOnly(String vendor, String half) {
        String home = root + ".vendor." + vendor;
        return noClasses()
                .that()
                .resideInAPackage(home + "." + half + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..")
                        .and(not(resideInAnyPackage(
                                home + "." + half + "..",
                                home + ".layout..",
                                root + ".api..",
                                root + ".spi..",
                                root + ".testing.."))))
                .because("a half can be replaced only if nothing but bytes ties it to the rest");
    }

    ArchRule layoutDependsOnNothing() {
        return noClasses()
                .that()
                .resideInAPackage(root + ".vendor.*.layout..")
                .should()
                .dependOnClassesThat(resideInAPackage(root + "..")
                        .and(not(resideInAnyPackage(
                                root + ".vendor.*.layout..", root + ".api..", root + ".spi..", root + ".testing.."))))
                .because("both halves use it");
    }

    /** A static variable would be a way from one half to the other that is no byte. */
    ArchRule layoutHasNoMutableState() {
        return fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(root + ".vendor.*.layout..")
                .and()
                .areStatic()
                .and(isNotOfTheCompiler())
                .should()
                .beFinal()
                .andShould()
                .notHaveRawType(isMutable())
                .because("a static variable ties the halves together, and not by bytes");
    }

    private static DescribedPredicate<JavaField> isNotOfTheCompiler() {
        return DescribedPredicate.describe(
                "are in the source",
                field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC)
                        // The array behind values() of an enum.
                        && !field.getName().equals("$VALUES"));
    }

    private static DescribedPredicate<JavaClass> isMutable() {
        return DescribedPredicate.describe(
                "can be changed",
                type -> type.isArray()
                        || type.isAssignableTo(Buffer.class)
                        || type.isAssignableTo(StringBuilder.class)
                        || type.getPackageName().equals(AtomicInteger.class.getPackageName())
                        || ((type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class))
                                && !type.isInterface()));
    }

    ArchRule onlyTheSchedulerWaits() {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".core.schedule..")
                .should()
                .accessTargetWhere(waits())
                .because("all waiting goes through the one scheduler, so that tests can choose the order of things");
    }

    private static DescribedPredicate<JavaAccess<?>> waits() {
        Set<String> monitor = Set.of("wait", "notify", "notifyAll");
        Set<String> thread = Set.of("sleep", "join", "start", "<init>", "yield");
        Set<String> future = Set.of("get", "join");
        return DescribedPredicate.describe("waits, or makes a thread, by other means than a Scheduler", access -> {
            JavaClass owner = access.getTargetOwner();
            String name = access.getTarget().getName();
            return (owner.isAssignableTo(Thread.class) && thread.contains(name))
                    || (owner.isAssignableTo(Future.class) && future.contains(name))
                    || (owner.isAssignableTo(CompletableFuture.class) && future.contains(name))
                    || owner.isEquivalentTo(LockSupport.class)
                    // A wait inherited from Object is accessed through whatever class it is called on.
                    || (monitor.contains(name)
                            && access.getTarget()
                                    .getFullName()
                                    .matches(".*\\.(wait|notify|notifyAll)\\((long(, int)?)?\\)"));
        });
    }
}
