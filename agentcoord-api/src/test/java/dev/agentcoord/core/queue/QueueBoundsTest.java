package dev.agentcoord.core.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentcoord.InvalidRequestException;
import dev.agentcoord.QueueFullException;
import dev.agentcoord.QueueSettings;
import org.junit.jupiter.api.Test;

final class QueueBoundsTest {
    private static final QueueSettings SETTINGS =
            QueueSettings.defaults().maxDepth(10).maxPerSession(4);

    @Test
    void aQueueIsFilledToItsBoundAndNotBeyond() {
        assertThatCode(() -> QueueBounds.check("q", SETTINGS, 8, 0, 2)).doesNotThrowAnyException();
        assertThatThrownBy(() -> QueueBounds.check("q", SETTINGS, 8, 0, 3))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("8 tasks of at most 10");
    }

    @Test
    void aSessionHasItsShareAndNoMore() {
        assertThatCode(() -> QueueBounds.check("q", SETTINGS, 3, 3, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> QueueBounds.check("q", SETTINGS, 3, 3, 2))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("this session");
    }

    @Test
    void onlyADrainedQueueTakesNothing() {
        for (QueueSettings.Mode mode : QueueSettings.Mode.values()) {
            if (mode == QueueSettings.Mode.DRAINING) {
                assertThatThrownBy(() -> QueueBounds.checkOpen("q", SETTINGS.mode(mode)))
                        .isInstanceOf(QueueFullException.class);
            } else {
                assertThatCode(() -> QueueBounds.checkOpen("q", SETTINGS.mode(mode)))
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void settingsAreWithinBoundsThemselves() {
        assertThat(SETTINGS.mode(QueueSettings.Mode.PAUSED).maxDepth()).isEqualTo(10);
        for (int bad : new int[] {0, -1, 10_000_001}) {
            assertThatThrownBy(() -> SETTINGS.maxDepth(bad)).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> SETTINGS.maxPerSession(bad)).isInstanceOf(InvalidRequestException.class);
        }
    }
}
