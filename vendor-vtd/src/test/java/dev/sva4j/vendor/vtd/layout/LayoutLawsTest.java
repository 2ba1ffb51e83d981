package dev.sva4j.vendor.vtd.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.LayoutField;
import dev.sva4j.spi.layout.SplitField;
import dev.sva4j.spi.layout.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A constant that names another field than it says would make every vector of the wrong field pass. */
class LayoutLawsTest {

    static Stream<Map.Entry<Class<?>, StructLayout>> structures() {
        return Stream.of(
                Map.entry(LegacyRootEntry.class, LegacyRootEntry.LAYOUT),
                Map.entry(LegacyContextEntry.class, LegacyContextEntry.LAYOUT),
                Map.entry(ScalableRootEntry.class, ScalableRootEntry.LAYOUT),
                Map.entry(ScalableContextEntry.class, ScalableContextEntry.LAYOUT),
                Map.entry(PasidDirectoryEntry.class, PasidDirectoryEntry.LAYOUT),
                Map.entry(PasidTableEntry.class, PasidTableEntry.LAYOUT),
                Map.entry(PageRequestDescriptor.class, PageRequestDescriptor.LAYOUT),
                Map.entry(FaultRecord.class, FaultRecord.LAYOUT),
                Map.entry(ContextCacheInvalidate.class, ContextCacheInvalidate.LAYOUT),
                Map.entry(IotlbInvalidate.class, IotlbInvalidate.LAYOUT),
                Map.entry(DeviceTlbInvalidate.class, DeviceTlbInvalidate.LAYOUT),
                Map.entry(InterruptEntryCacheInvalidate.class, InterruptEntryCacheInvalidate.LAYOUT),
                Map.entry(InvalidationWait.class, InvalidationWait.LAYOUT),
                Map.entry(PasidIotlbInvalidate.class, PasidIotlbInvalidate.LAYOUT),
                Map.entry(PasidCacheInvalidate.class, PasidCacheInvalidate.LAYOUT),
                Map.entry(PasidDeviceTlbInvalidate.class, PasidDeviceTlbInvalidate.LAYOUT),
                Map.entry(PageGroupResponse.class, PageGroupResponse.LAYOUT));
    }

    static Stream<Class<?>> registers() {
        return Stream.of(
                VersionRegister.class,
                CapabilityRegister.class,
                ExtendedCapabilityRegister.class,
                GlobalCommand.class,
                RootTableAddress.class,
                FaultStatus.class);
    }

    @ParameterizedTest
    @MethodSource("structures")
    void everyFieldButTheTypeAndTheIgnoredHasAConstantOfItsName(Map.Entry<Class<?>, StructLayout> structure) {
        List<LayoutField> constants = constants(structure.getKey());
        assertThat(structure.getValue().fields())
                .filteredOn(field ->
                        !field.equals(DescriptorType.FIELD) && !field.name().equals("ignored"))
                .containsExactlyInAnyOrderElementsOf(constants);
    }

    @ParameterizedTest
    @MethodSource({"holders"})
    void everyConstantHasTheNameOfItsField(Class<?> holder) {
        for (Field constant : staticFields(holder).toList()) {
            assertThat(squeeze(constant.getName()))
                    .isEqualTo(squeeze(valueOf(constant).name()));
        }
    }

    static Stream<Class<?>> holders() {
        return Stream.concat(structures().map(Map.Entry::getKey), registers());
    }

    @ParameterizedTest
    @MethodSource("structures")
    void everyBitBelongsToOneFieldOrIsReserved(Map.Entry<Class<?>, StructLayout> structure) {
        StructLayout layout = structure.getValue();
        for (int word = 0; word < layout.words(); word++) {
            long sum = layout.reservedMask(word);
            for (LayoutField field : layout.fields()) {
                assertThat(sum & field.mask(word)).as("%s", field).isZero();
                sum |= field.mask(word);
            }
            assertThat(sum).as("%s word %d", layout, word).isEqualTo(-1L);
        }
    }

    private static List<LayoutField> constants(Class<?> holder) {
        return staticFields(holder).map(LayoutLawsTest::valueOf).toList();
    }

    private static Stream<Field> staticFields(Class<?> holder) {
        return Stream.of(holder.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .filter(field -> field.getType() == BitField.class || field.getType() == SplitField.class);
    }

    private static LayoutField valueOf(Field constant) {
        try {
            return (LayoutField) constant.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String squeeze(String name) {
        return name.replace("_", "").toUpperCase(Locale.ROOT);
    }
}
