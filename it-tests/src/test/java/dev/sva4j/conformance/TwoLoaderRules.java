package dev.sva4j.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.api.DeviceSpec;
import dev.sva4j.api.SvaSystem;
import dev.sva4j.spi.Behaviour;
import dev.sva4j.spi.IommuVendor;
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
abstract class TwoLoaderRules implements AllRules {
    private final Class<? extends IommuVendor> plugin;
    private final URLClassLoader driverLoader;
    private final URLClassLoader hardwareLoader;
    private final IommuVendor driver;
    private final IommuVendor hardware;

    TwoLoaderRules(Class<? extends IommuVendor> plugin) {
        this.plugin = plugin;
        this.driverLoader = loaderOfThePlugin("driver half");
        this.hardwareLoader = loaderOfThePlugin("hardware half");
        this.driver = load(driverLoader);
        this.hardware = load(hardwareLoader);
    }

    /** What ties the halves together would show with any device. */
    @Override
    public List<DeviceSpec> devices() {
        return List.of(StandardDevices.PAGE_REQUESTS);
    }

    private URLClassLoader loaderOfThePlugin(String name) {
        return new URLClassLoader(name, new URL[] {location()}, new EverythingButVendors());
    }

    private URL location() {
        return plugin.getProtectionDomain().getCodeSource().getLocation();
    }

    private IommuVendor load(ClassLoader loader) {
        try {
            return (IommuVendor)
                    loader.loadClass(plugin.getName()).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the plug-in cannot be loaded from " + location(), e);
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
        assertThat(driver.getClass()).isNotSameAs(hardware.getClass()).isNotSameAs(plugin);
        assertThat(hardware.getClass()).isNotSameAs(plugin);
    }

    @Test
    void halvesShareApi() throws ClassNotFoundException {
        assertThat(driverLoader.loadClass(SvaSystem.class.getName()))
                .isSameAs(hardwareLoader.loadClass(SvaSystem.class.getName()));
    }

    /** Has api and core, and no plug-in. */
    private static final class EverythingButVendors extends ClassLoader {
        EverythingButVendors() {
            super("api and core", TwoLoaderRules.class.getClassLoader());
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
