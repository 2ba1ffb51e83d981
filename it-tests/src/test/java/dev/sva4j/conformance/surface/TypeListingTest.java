package dev.sva4j.conformance.surface;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A listing has all that a user could notice, and nothing that he could not. */
public class TypeListingTest {
    private static final String HERE = TypeListingTest.class.getName() + ".";

    @Test
    void interfacesShowDefaultsNullnessAndWhatIsThrown() {
        assertThat(TypeListing.of(Port.class))
                .containsExactly(
                        "public static interface " + HERE + "Port<T extends java.lang.Number> extends"
                                + " java.lang.AutoCloseable @API(STABLE, since 1.0)",
                        "    field public static final int NONE = -1",
                        "    method public abstract @Nullable T find(java.util.Map<java.lang.String, ? extends T>)",
                        "    method public abstract void close() throws java.io.IOException",
                        "    method public default <E> E same(E) @Deprecated",
                        "    method public static byte @Nullable [] bytes(int, byte[][])");
    }

    @Test
    void enumsShowConstantsInTheirOrder() {
        assertThat(TypeListing.of(Mode.class))
                .containsExactly(
                        "public static enum " + HERE + "Mode",
                        "    constant ZETA",
                        "    constant ALPHA @API(INTERNAL, since 1.1)",
                        "    method public int bits()");
    }

    @Test
    void recordsShowComponentsInTheirOrderAndNothingTwice() {
        assertThat(TypeListing.of(Pair.class))
                .containsExactly(
                        "public static record " + HERE + "Pair<A> implements java.lang.Comparable<" + HERE + "Pair<A>>",
                        "    component int second",
                        "    component @Nullable A first",
                        "    constructor public Pair(int)",
                        "    method public int compareTo(" + HERE + "Pair<A>)");
    }

    @Test
    void classesShowWhatSubclassesSeeAndWhatHiddenParentsShow() {
        assertThat(TypeListing.of(Child.class))
                .containsExactly(
                        "public abstract static class " + HERE + "Child extends " + HERE + "Parent",
                        "    constructor protected Child()",
                        "    method protected abstract void forSubclasses()",
                        "    method public void fromParent()");
    }

    @Test
    void sealedTypesShowWhoMayImplementThem() {
        assertThat(TypeListing.of(Shape.class).get(0))
                .isEqualTo("public static sealed interface " + HERE + "Shape permits " + HERE + "Circle, " + HERE
                        + "Square");
    }

    @Test
    void whatNobodyCanNameIsNotThere() {
        assertThat(TypeListing.isVisible(Port.class)).isTrue();
        assertThat(TypeListing.isVisible(Parent.class)).isFalse();
        assertThat(TypeListing.isVisible(Parent.Inner.class)).isFalse();
    }

    /** Sample. */
    @API(status = API.Status.STABLE, since = "1.0")
    public interface Port<T extends Number> extends AutoCloseable {
        int NONE = -1;

        @Nullable
        T find(Map<String, ? extends T> all);

        @Deprecated
        default <E> E same(E e) {
            return e;
        }

        static byte @Nullable [] bytes(int count, byte[][] more) {
            return null;
        }

        @Override
        void close() throws IOException;
    }

    /** Sample. */
    public enum Mode {
        ZETA,
        @API(status = API.Status.INTERNAL, since = "1.1")
        ALPHA;

        public int bits() {
            return ordinal();
        }

        int hidden() {
            return 0;
        }
    }

    /** Sample. */
    public record Pair<A>(int second, @Nullable A first) implements Comparable<Pair<A>> {
        public Pair(int second) {
            this(second, null);
        }

        @Override
        public int compareTo(Pair<A> other) {
            return 0;
        }

        @Override
        public String toString() {
            return "pair";
        }
    }

    abstract static class Parent {
        public void fromParent() {}

        /** Sample. */
        public static class Inner {}
    }

    /** Sample. */
    public abstract static class Child extends Parent {
        private final List<String> hidden = List.of();

        protected Child() {}

        protected abstract void forSubclasses();

        List<String> hidden() {
            return hidden;
        }
    }

    /** Sample. */
    public sealed interface Shape permits Square, Circle {}

    /** Sample. */
    public record Square() implements Shape {}

    /** Sample. */
    public record Circle() implements Shape {}
}
