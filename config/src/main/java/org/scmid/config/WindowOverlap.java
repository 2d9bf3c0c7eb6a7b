// Finds register windows that would reach the same registers.
package org.scmid.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Finds register windows that would reach the same registers, which would hide fields that overlap. */
final class WindowOverlap {
    private WindowOverlap() {}

    /**
     * Reports every window that overlaps an earlier one.
     *
     * @param place where it was said how a window is reached
     */
    static void check(Collection<WindowSpec> windows, Function<WindowSpec, Place> place, Problems problems) {
        // By what is reached and then by address, so that only neighbours need comparing.
        List<WindowSpec> sorted = new ArrayList<>(windows);
        sorted.sort(Comparator.comparing(WindowOverlap::medium)
                .thenComparing(WindowSpec::at, Long::compareUnsigned)
                .thenComparingLong(WindowSpec::size));
        WindowSpec furthest = null;
        for (WindowSpec window : sorted) {
            if (window.access() instanceof Access.Simulated) {
                continue;
            }
            if (furthest != null && medium(furthest).equals(medium(window))) {
                if (window.access() instanceof Access.File || Long.compareUnsigned(window.at(), last(furthest)) <= 0) {
                    problems.add(
                            place.apply(window),
                            "register window " + Problems.quote(window.name()) + " overlaps "
                                    + Problems.quote(furthest.name()) + " (line "
                                    + furthest.place().line() + "): both are at " + shown(window));
                }
                if (Long.compareUnsigned(last(window), last(furthest)) > 0) {
                    furthest = window;
                }
            } else {
                furthest = window;
            }
        }
    }

    private static String medium(WindowSpec window) {
        return switch (window.access()) {
            case Access.Devmem devmem -> "devmem";
            case Access.Uio uio -> "uio:" + uio.name();
            case Access.File file -> "file:" + file.path().toAbsolutePath().normalize();
            case Access.Simulated simulated -> "simulated";
        };
    }

    private static String shown(WindowSpec window) {
        return window.access() instanceof Access.File file
                ? file.path().toString()
                : "0x" + Long.toHexString(window.at());
    }

    private static long last(WindowSpec window) {
        return window.at() + window.size() - 1;
    }
}
