package dev.sva4j.spi.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Each tag has one owner at a time, and rests as long as it can. */
final class TagAllocatorTest {
    /** Tags 1 to 3. */
    private final TagAllocator tags = new TagAllocator(1, 2);

    @Test
    void everyTagFromTheFirstOnIsGivenOutOnce() {
        assertThat(new int[] {tags.allocate(), tags.allocate(), tags.allocate()})
                .containsExactly(1, 2, 3);
        assertThat(tags.allocate()).isEqualTo(TagAllocator.NONE);
    }

    @Test
    void aTagThatCameBackRestsWhileOthersAreFree() {
        tags.free(tags.allocate());

        assertThat(tags.allocate()).isEqualTo(2);
    }

    @Test
    void theSearchGoesRoundTheCornerAndLeavesWhatIsBelowTheFirst() {
        tags.allocate();
        tags.allocate();
        tags.allocate();
        tags.free(1);

        assertThat(tags.allocate()).isEqualTo(1);
    }

    @Test
    void aTagIsNotFreedTwice() {
        int tag = tags.allocate();
        tags.free(tag);

        assertThatThrownBy(() -> tags.free(tag)).isInstanceOf(IllegalStateException.class);
    }
}
