package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
import dev.sva4j.vendor.smmu.SmmuVendor;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * The halves share nothing but bytes: every rule holds when each of them has classes of its own. Whatever one left for the other in a
 * static variable, or took from it as an object, would not be there.
 */
class TwoLoadersRulesTest implements AllRules {
    private static final URL PLUGIN =
            SmmuVendor.class.getProtectionDomain().getCodeSource().getLocation();

    private final URLClassLoader driverLoader = loaderOfThePlugin("driver half");
    private final URLClassLoader hardwareLoader = loaderOfThePlugin("hardware half");
    private final IommuVendor driver = load(driverLoader);
    private final IommuVendor hardware = load(hardwareLoader);

    private static URLClassLoader loaderOfThePlugin(String name) {
        return new URLClassLoader(name, new URL[] {PLUGIN}, new EverythingButVendors());
    }

    private static IommuVendor load(ClassLoader loader) {
        try {
            return (IommuVendor) loader.loadClass(SmmuVendor.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the plug-in cannot be loaded from " + PLUGIN, e);
        }
    }

    @AfterAll
    void closeLoaders() throws IOException {
        driverLoader.close();
        hardwareLoader.close();
    }

    @Override
    public IommuVendor vendor() {
        return driver;
    }

    @Override
    public IommuVendor hardware() {
        return hardware;
    }

    /** The behaviour that sends most between the halves. */
    @Override
    public List<Behaviour> behaviours() {
        return List.of(Behaviour.TENACIOUS);
    }

    @Override
    public int schedules() {
        return 3;
    }

    @Test
    void halvesHaveClassesOfTheirOwn() {
        assertThat(driver.getClass().getName()).isEqualTo(hardware.getClass().getName());
        assertThat(driver.getClass()).isNotSameAs(hardware.getClass()).isNotSameAs(SmmuVendor.class);
        assertThat(hardware.getClass()).isNotSameAs(SmmuVendor.class);
    }

    @Test
    void halvesShareApi() throws ClassNotFoundException {
        assertThat(driverLoader.loadClass(SvaSystem.class.getName()))
                .isSameAs(hardwareLoader.loadClass(SvaSystem.class.getName()));
    }

    /** Has api and core, and no plug-in. */
    private static final class EverythingButVendors extends ClassLoader {
        EverythingButVendors() {
            super("api and core", TwoLoadersRulesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.sva4j.vendor.")) {
                throw new ClassNotFoundException(name + " is not for both halves");
            }
            return super.loadClass(name, resolve);
        }
    }
}
