// How much of a platform's time and of our memory a discovery may take.
package org.scmid.upstream.discovery;

/**
 * Bounds of a discovery.
 *
 * @param replyNanos how long one reply is waited for, in nanoseconds
 * @param totalNanos how long all of it may take, in nanoseconds
 */
public record Limits(long replyNanos, long totalNanos) {
    /** How long all of it may take by default, in nanoseconds: thousands of clocks over a serial line. */
    public static final long TOTAL_NANOS = 120_000_000_000L;
}
