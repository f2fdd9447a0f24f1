package dev.agentcoord.core.queue;

import dev.agentcoord.InvalidRequestException;
import java.util.regex.Pattern;

/** Where a page of tasks ended: opaque to callers, and each backend's own; what it was not made by refuses it as an invalid request. */
public final class PageCursor {
    private PageCursor() {}

    /** Returns the cursor, empty for the first page; throws {@link InvalidRequestException} for what no page of that form ended with. */
    public static String require(String cursor, Pattern form) {
        if (!cursor.isEmpty() && !form.matcher(cursor).matches()) {
            throw new InvalidRequestException(
                    cursor,
                    "'" + cursor + "' is not where a page of tasks ended; begin without, or take the page's next()");
        }
        return cursor;
    }
}
