// Finds what somebody meant who mistyped a name.
package org.scmid.config.document;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what somebody meant who mistyped a name. */
public final class Similar {
    /** What is longer is no name that somebody mistyped. */
    private static final int LONGEST = 64;

    private Similar() {}

    /**
     * The known name that is nearest to the given one, or null if none is near. Near is one edit for every three
     * characters; an edit inserts, drops or replaces a character or swaps two neighbours. Case does not count. Nothing is
     * near to what has more than {@value #LONGEST} characters.
     */
    public static @Nullable String closest(String given, Collection<String> known) {
        if (given.length() > LONGEST) {
            return null;
        }
        String wanted = given.toLowerCase(Locale.ROOT);
        int best = Math.max(1, given.length() / 3) + 1;
        String closest = null;
        for (String name : known) {
            if (Math.abs(name.length() - given.length()) < best) {
                int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
                if (distance < best) {
                    best = distance;
                    closest = name;
                }
            }
        }
        return closest;
    }

    /** Edits between two words (optimal string alignment). */
    static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] now = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            now[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    now[j] = Math.min(now[j], beforeLast[j - 2] + 1);
                }
            }
            int[] spare = beforeLast;
            beforeLast = last;
            last = now;
            now = spare;
        }
        return last[b.length()];
    }
}
