// What was measured with so many messages under way.
package org.scmid.server.bench;

import org.jspecify.annotations.Nullable;

/**
 * What was measured at one queue depth.
 *
 * @param depth how many messages were under way at a time
 * @param messages how many were answered in the measured time, rightly or wrongly
 * @param nanos how long that took, in nanoseconds
 * @param latency how long each took
 * @param wrong how many replies were wrong, those of the warm-up included
 * @param firstWrong what the first of them was; null if all were right
 * @param lost how many messages were never answered
 * @param failure why it ended too early; null if it did not
 * @param interrupted whether it ended early because somebody wanted that
 */
public record DepthResult(
        int depth,
        long messages,
        long nanos,
        Latency latency,
        long wrong,
        @Nullable String firstWrong,
        int lost,
        @Nullable String failure,
        boolean interrupted) {
    /** Times in nanoseconds that a part of all messages took at most; all 0 if there were none. */
    public record Latency(long p50, long p90, long p99, long p999, long longest) {
        static Latency of(LatencyHistogram times) {
            return new Latency(
                    times.percentile(0.5),
                    times.percentile(0.9),
                    times.percentile(0.99),
                    times.percentile(0.999),
                    times.longest());
        }
    }

    /** Answers in a second. */
    public double messagesPerSecond() {
        return nanos == 0 ? 0 : messages * 1e9 / nanos;
    }

    /** Whether every message was answered rightly, and nothing ended it. */
    public boolean right() {
        return wrong == 0 && lost == 0 && failure == null;
    }
}
