// Follows a list that comes in pages.
package org.scmid.upstream.discovery;

import org.jspecify.annotations.Nullable;

/** Follows a list that comes in pages, by what each page says of itself: it ends, and all pages are of the same list. */
final class Paging {
    private static final int UNKNOWN = -1;

    private final int most;
    private int taken;
    private int total = UNKNOWN;

    /** @param most the most items that are taken */
    Paging(int most) {
        this.most = most;
    }

    /** Items of earlier pages: the index of the next one. */
    int taken() {
        return taken;
    }

    /** Whether all pages have come. */
    boolean isComplete() {
        return taken == total;
    }

    /**
     * A page came.
     *
     * @param returned items in it
     * @param remaining items that it says come after it
     * @return what is wrong with the list, for people; null if it goes on or is complete
     */
    @Nullable
    String page(int returned, int remaining) {
        int all = taken + returned + remaining;
        if (total != UNKNOWN && all != total) {
            return "is a list of " + total + " items that becomes one of " + all;
        }
        if (all > most) {
            return "is a list of " + all + " items, and " + most + " are taken";
        }
        if (returned == 0 && remaining > 0) {
            return "is a list without end: " + remaining + " items are to come, and none does";
        }
        total = all;
        taken += returned;
        return null;
    }
}
