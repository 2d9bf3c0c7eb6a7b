// Reads Prometheus' text format.
package org.scmid.system;

/** Values of /metrics. */
final class Metrics {
    private Metrics() {}

    /** The sum over all series of a counter. */
    static long sum(String text, String name) {
        return sumOf(text, name, "");
    }

    /** The sum over those series of a counter whose line holds a label, such as {@code agent="linux"}. */
    static long sumOf(String text, String name, String label) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> line.contains(label))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
