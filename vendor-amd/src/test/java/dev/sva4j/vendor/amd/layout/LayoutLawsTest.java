package dev.sva4j.vendor.amd.layout;

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
                Map.entry(DeviceTableEntry.class, DeviceTableEntry.LAYOUT),
                Map.entry(Gcr3TableEntry.class, Gcr3TableEntry.LAYOUT),
                Map.entry(CapabilityHeader.class, CapabilityHeader.LAYOUT),
                Map.entry(CompletionWait.class, CompletionWait.LAYOUT),
                Map.entry(InvalidateDevtabEntry.class, InvalidateDevtabEntry.LAYOUT),
                Map.entry(InvalidateIommuPages.class, InvalidateIommuPages.LAYOUT),
                Map.entry(InvalidateIotlbPages.class, InvalidateIotlbPages.LAYOUT),
                Map.entry(InvalidateInterruptTable.class, InvalidateInterruptTable.LAYOUT),
                Map.entry(PrefetchIommuPages.class, PrefetchIommuPages.LAYOUT),
                Map.entry(CompletePprRequest.class, CompletePprRequest.LAYOUT),
                Map.entry(PprLogEntry.class, PprLogEntry.LAYOUT));
    }

    static Stream<Class<?>> registers() {
        return Stream.of(
                DeviceTableBase.class,
                CommandBufferRegisters.class,
                EventLogRegisters.class,
                PprLogRegisters.class,
                ControlRegister.class,
                StatusRegister.class,
                ExtendedFeatures.class,
                ExtendedFeatures2.class);
    }

    @ParameterizedTest
    @MethodSource("structures")
    void everyFieldButTheOpcodeHasAConstantOfItsName(Map.Entry<Class<?>, StructLayout> structure) {
        List<LayoutField> constants = constants(structure.getKey());
        assertThat(structure.getValue().fields())
                .filteredOn(field -> !field.equals(CommandLayout.OPCODE))
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
