// Which tokens are free, and which still belong to a reply that may come.
package org.scmid.agent;

import java.util.Arrays;
import org.scmid.protocol.Header;

/**
 * The tokens of one link. A token that is given back is free at once, and used again last of all; one whose command timed
 * out is retired, and not used again before its late reply came, or as a last resort when a long time has passed since.
 */
final class Tokens {
    static final int COUNT = Header.MAX_TOKEN + 1;
    static final int NONE = -1;

    private static final int FREE = COUNT; // two lists in one array of neighbours, each with a head of its own
    private static final int RETIRED = COUNT + 1;

    private final long quarantineNanos;
    private final int[] next = new int[COUNT + 2];
    private final int[] previous = new int[COUNT + 2];
    private final long[] retiredAt = new long[COUNT];

    /** @param quarantineNanos after which a reply to a command that timed out is not expected any more, in nanoseconds */
    Tokens(long quarantineNanos) {
        this.quarantineNanos = quarantineNanos;
        reset();
    }

    /** All are free. */
    void reset() {
        reset(0);
    }

    /** All are free, and this one is taken first. */
    void reset(int first) {
        Arrays.fill(next, NONE);
        for (int head = FREE; head <= RETIRED; head++) {
            next[head] = head;
            previous[head] = head;
        }
        for (int i = 0; i < COUNT; i++) {
            append(FREE, (first + i) % COUNT);
        }
    }

    /** Takes one, NONE if there is none. */
    int take(long now) {
        int token = next[FREE];
        if (token == FREE) {
            token = next[RETIRED];
            if (token == RETIRED || now - retiredAt[token] < quarantineNanos) {
                return NONE;
            }
        }
        unlink(token);
        return token;
    }

    /** It may be used again. */
    void free(int token) {
        unlink(token);
        append(FREE, token);
    }

    /** Something may still come for it. */
    void retire(int token, long now) {
        retiredAt[token] = now;
        unlink(token);
        append(RETIRED, token);
    }

    private void append(int head, int token) {
        int last = previous[head];
        next[last] = token;
        previous[token] = last;
        next[token] = head;
        previous[head] = token;
    }

    private void unlink(int token) {
        if (next[token] == NONE) {
            return; // in use
        }
        next[previous[token]] = next[token];
        previous[next[token]] = previous[token];
        next[token] = NONE;
    }
}
