// Finds register windows that would reach the same registers.
package org.scmid.config.register;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;

/** Finds register windows that would reach the same registers, which would hide fields that overlap. */
public final class WindowOverlap {
    private WindowOverlap() {}

    /** Reports every window that has some addresses of an earlier one, however each of them is reached. */
    static void checkAddresses(Collection<WindowSpec> windows, Problems problems) {
        check(windows, false, WindowSpec::place, problems);
    }

    /**
     * Reports every window that is reached by the file, the device or the memory by which an earlier one is reached, and
     * overlaps it there.
     *
     * @param place where it was said how a window is reached
     */
    public static void checkAccess(
            Collection<WindowSpec> windows, Function<WindowSpec, Place> place, Problems problems) {
        List<WindowSpec> shared = windows.stream()
                .filter(window -> !(window.access() instanceof Access.Simulated))
                .toList();
        check(shared, true, place, problems);
    }

    private static void check(
            Collection<WindowSpec> windows, boolean byAccess, Function<WindowSpec, Place> place, Problems problems) {
        Function<WindowSpec, String> medium = window -> byAccess ? medium(window) : "";
        // By what is reached and then by address, so that only neighbours need comparing.
        List<WindowSpec> sorted = new ArrayList<>(windows);
        sorted.sort(Comparator.comparing(medium)
                .thenComparing(WindowSpec::at, Long::compareUnsigned)
                .thenComparingLong(WindowSpec::size));
        WindowSpec furthest = null;
        for (WindowSpec window : sorted) {
            if (furthest != null && medium.apply(furthest).equals(medium.apply(window))) {
                boolean file = byAccess && window.access() instanceof Access.File;
                if (file || Long.compareUnsigned(window.at(), last(furthest)) <= 0) {
                    report(window, furthest, byAccess, place.apply(window), problems);
                }
                if (Long.compareUnsigned(last(window), last(furthest)) > 0) {
                    furthest = window;
                }
            } else {
                furthest = window;
            }
        }
    }

    private static void report(WindowSpec window, WindowSpec other, boolean byAccess, Place place, Problems problems) {
        boolean sameFile = place.file().equals(other.place().file());
        problems.add(
                place,
                "register window " + Problems.quote(window.name()) + (sameFile ? "" : " (" + window.place() + ")")
                        + " overlaps " + Problems.quote(other.name()) + " ("
                        + other.place().seenFrom(place) + "): both are at "
                        + (byAccess && window.access() instanceof Access.File file
                                ? file.path().toString()
                                : "0x" + Long.toHexString(window.at())));
    }

    private static String medium(WindowSpec window) {
        return switch (window.access()) {
            case Access.Devmem devmem -> "devmem";
            case Access.Uio uio -> "uio:" + uio.name();
            case Access.File file -> "file:" + file.path().toAbsolutePath().normalize();
            case Access.Qtest qtest ->
                "qtest:" + qtest.socket().toAbsolutePath().normalize();
            case Access.Simulated simulated -> "simulated";
        };
    }

    private static long last(WindowSpec window) {
        return window.at() + window.size() - 1;
    }
}
