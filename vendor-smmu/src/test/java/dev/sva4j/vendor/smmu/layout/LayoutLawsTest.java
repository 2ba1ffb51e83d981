package dev.sva4j.vendor.smmu.layout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sva4j.spi.layout.BitField;
import dev.sva4j.spi.layout.LayoutField;
import dev.sva4j.spi.layout.RegisterLayout;
import dev.sva4j.spi.layout.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every structure and every register, whatever it is for. */
class LayoutLawsTest {

    static final List<StructLayout> STRUCTURES = Layouts.ALL;

    @ParameterizedTest
    @FieldSource("STRUCTURES")
    void aOneWalkingThroughTheStructureIsSeenByOneFieldOrIsReserved(StructLayout layout) {
        for (int word = 0; word < layout.words(); word++) {
            for (int bit = 0; bit < 64; bit++) {
                long[] words = new long[layout.words()];
                words[word] = 1L << bit;
                long seen = layout.describe(words).stream()
                        .filter(field -> field.value() != 0)
                        .count();
                assertThat(seen)
                        .as("%s q%d[%d]", layout, word, bit)
                        .isEqualTo(layout.hasReservedBitsSet(words) ? 0 : 1);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("STRUCTURES")
    void aFieldWrittenIntoAllOnesIsReadBackAndLeavesTheOthers(StructLayout layout) {
        for (LayoutField field : layout.fields()) {
            for (long value : new long[] {0, Long.lowestOneBit(largest(field)), largest(field)}) {
                long[] words = Stream.generate(() -> -1L)
                        .limit(layout.words())
                        .mapToLong(Long::longValue)
                        .toArray();
                field.encodeInto(words, value);
                assertThat(field.decode(words)).as("%s", field).isEqualTo(value);
                for (int word = 0; word < layout.words(); word++) {
                    assertThat(words[word] | field.mask(word)).as("%s", field).isEqualTo(-1L);
                }
            }
        }
    }

    private static long largest(LayoutField field) {
        BitField bits = (BitField) field;
        return bits.isAddress() ? bits.mask() : bits.max();
    }

    @ParameterizedTest
    @FieldSource("STRUCTURES")
    void theDocumentationTableHasARowPerField(StructLayout layout) {
        assertThat(layout.toMarkdown().lines().filter(line -> line.startsWith("| ")))
                .hasSize(layout.fields().size() + 1);
        assertThat(layout.citation()).startsWith("IHI 0070 §");
    }

    @Test
    void everyCommandAndEventIsOneOfTheStructures() {
        assertThat(Layouts.ALL).hasSize(4 + CommandOpcode.values().length + EventId.values().length + 1);
        assertThat(Layouts.ALL).extracting(StructLayout::name).doesNotHaveDuplicates();
    }

    static Stream<Map.Entry<Class<?>, StructLayout>> tables() {
        return Stream.of(
                Map.entry(StreamTableEntry.class, StreamTableEntry.LAYOUT),
                Map.entry(L1StreamTableDescriptor.class, L1StreamTableDescriptor.LAYOUT),
                Map.entry(ContextDescriptor.class, ContextDescriptor.LAYOUT),
                Map.entry(L1ContextDescriptor.class, L1ContextDescriptor.LAYOUT),
                Map.entry(PriQueueEntry.class, PriQueueEntry.LAYOUT));
    }

    /** A constant that names another field than it says would make every vector of the wrong field pass. */
    @ParameterizedTest
    @MethodSource("tables")
    void everyFieldHasOneConstantAndTheConstantHasItsName(Map.Entry<Class<?>, StructLayout> table) {
        assertThat(constantsOf(table.getKey())).containsExactlyInAnyOrderElementsOf(fieldsOf(table.getValue()));
        for (Field constant : staticFields(table.getKey(), BitField.class)) {
            assertThat(squeeze(constant.getName()))
                    .isEqualTo(squeeze(value(constant, BitField.class).name()));
        }
    }

    private static List<BitField> fieldsOf(StructLayout layout) {
        return layout.fields().stream().map(BitField.class::cast).toList();
    }

    @Test
    void everyFieldOfCommandsAndEventsBelongsToOneOfThem() {
        assertThat(constantsOf(Command.class))
                .containsExactlyInAnyOrderElementsOf(Stream.of(CommandOpcode.values())
                        .flatMap(opcode -> fieldsOf(opcode.layout()).stream())
                        .distinct()
                        .toList());
        assertThat(constantsOf(EventRecord.class))
                .containsExactlyInAnyOrderElementsOf(Stream.of(EventId.values())
                        .flatMap(event -> fieldsOf(event.layout()).stream())
                        .distinct()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("registerClasses")
    void everyRegisterFieldConstantHasTheNameOfRegisterAndField(Class<?> registers) {
        for (Field constant : staticFields(registers, BitField.class)) {
            BitField field = value(constant, BitField.class);
            if (!constant.getName().startsWith("IRQ_CFG")) {
                assertThat(squeeze(constant.getName())).isEqualTo(squeeze(field.structure() + field.name()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("registerClasses")
    void everyRegisterConstantHasTheNameOfTheRegisterAndIsInTheMap(Class<?> registers) {
        for (Field constant : staticFields(registers, RegisterLayout.class)) {
            RegisterLayout register = value(constant, RegisterLayout.class);
            assertThat(register.name()).isEqualTo(constant.getName());
            assertThat(Registers.ALL).contains(register);
        }
    }

    static Stream<Class<?>> registerClasses() {
        return Stream.of(
                IdRegisters.class,
                ControlRegisters.class,
                StreamTableRegisters.class,
                QueueRegisters.class,
                InterruptRegisters.class,
                AuxiliaryRegisters.class);
    }

    /** Registers whose fields other registers share, or that are not taken apart, have no constants of their own. */
    @Test
    void everyFieldOfTheOtherRegistersHasAConstant() {
        List<BitField> constants = registerClasses()
                .flatMap(registers -> constantsOf(registers).stream())
                .toList();
        assertThat(Registers.ALL)
                .filteredOn(register ->
                        !register.name().matches(".*ACK|GERRORN|.*IRQ_CFG[012]|GATOS.*|[PC]IDR.*|IDR4|AGBPA"))
                .flatExtracting(RegisterLayout::fields)
                .allSatisfy(field -> assertThat(constants).contains((BitField) field));
    }

    private static List<BitField> constantsOf(Class<?> holder) {
        return staticFields(holder, BitField.class).stream()
                .map(constant -> value(constant, BitField.class))
                .toList();
    }

    private static List<Field> staticFields(Class<?> holder, Class<?> type) {
        return Stream.of(holder.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == type)
                .toList();
    }

    private static <T> T value(Field constant, Class<T> type) {
        try {
            return type.cast(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static String squeeze(String name) {
        return name.replace("_", "").toUpperCase(Locale.ROOT);
    }
}
