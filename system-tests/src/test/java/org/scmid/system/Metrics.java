// Reads Prometheus' text format.
package org.scmid.system;

/** Values of /metrics. */
final class Metrics {
    private Metrics() {}

    /** The sum over all series of a counter. */
    static long sum(String text, String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
