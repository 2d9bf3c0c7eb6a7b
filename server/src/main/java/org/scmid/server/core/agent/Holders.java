// Which agents hold what of which resource.
package org.scmid.server.core.agent;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which agents have set a flag of a resource, such as a vote, a subscription or a wish: by the flag and the resource's
 * position on the board. What concerns a resource so costs what its holders are, not what agents there are. One for each
 * protocol; kept up to date by the flags of {@link org.scmid.server.core.state.ResourceState}.
 */
public final class Holders {
    /** No agent. */
    public static final int NOBODY = -1;

    private static final int WORDS = (Agents.MOST + Long.SIZE - 1) / Long.SIZE;

    /** By flag, then {@link #WORDS} for each resource: a bit for each agent's place. */
    private final long[] @Nullable [] byFlag = new long[Integer.SIZE][];

    private final int resources;

    /** @param resources how many the board has */
    public Holders(int resources) {
        this.resources = resources;
    }

    /** The flags of a resource have changed for the agent at a place. */
    public void changed(int place, int index, int before, int after) {
        for (int changed = before ^ after; changed != 0; changed &= changed - 1) {
            int flag = Integer.numberOfTrailingZeros(changed);
            long[] words = byFlag[flag];
            if (words == null) {
                words = new long[resources * WORDS]; // once: from then on it stays
                byFlag[flag] = words;
            }
            int word = index * WORDS + place / Long.SIZE;
            long bit = 1L << place % Long.SIZE;
            words[word] = (after & 1 << flag) != 0 ? words[word] | bit : words[word] & ~bit;
        }
    }

    /** The agent at a place has gone, or has other ids: it holds nothing. */
    public void forget(int place) {
        for (long[] words : byFlag) {
            if (words != null) {
                for (int word = place / Long.SIZE; word < words.length; word += WORDS) {
                    words[word] &= ~(1L << place % Long.SIZE);
                }
            }
        }
    }

    /**
     * The next agent that has set a flag of a resource.
     *
     * @param flag one bit
     * @param index the resource's position on the board
     * @param from the first place that is looked at
     * @return its place among the {@link Agents}, or {@link #NOBODY}
     */
    public int next(int flag, int index, int from) {
        long[] words = byFlag[Integer.numberOfTrailingZeros(flag)];
        if (words == null || from >= Agents.MOST) {
            return NOBODY;
        }
        int word = from / Long.SIZE;
        long bits = words[index * WORDS + word] & -1L << from % Long.SIZE;
        while (bits == 0) {
            if (++word == WORDS) {
                return NOBODY;
            }
            bits = words[index * WORDS + word];
        }
        return word * Long.SIZE + Long.numberOfTrailingZeros(bits);
    }

    /** Whether anybody has set a flag of a resource. */
    public boolean any(int flag, int index) {
        return next(flag, index, 0) != NOBODY;
    }

    @Override
    public String toString() {
        return Arrays.deepToString(byFlag);
    }
}
