/* PERFORMANCE_LIMITS_SET: the message that limits a performance domain's level. */
package org.scmid.protocol.performance;

/** PERFORMANCE_LIMITS_SET (0x5). The response is a status only. */
public final class PerformanceLimitsSet {
    private PerformanceLimitsSet() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  range_max: highest level, or its index with level indexing; 0 leaves it as it is (3.0 and later)
     * 8  u32  range_min: lowest level, or its index with level indexing; 0 leaves it as it is (3.0 and later)
     * </pre>
     */
    public static final class Request extends PerformanceRequest<Request> {
        public static final int LENGTH = 12;
        private static final int MAX = 4;
        private static final int MIN = 8;

        public Request() {
            super(PerformanceMessage.PERFORMANCE_LIMITS_SET, LENGTH);
        }

        /** Unsigned. */
        public int max() {
            return u32(MAX);
        }

        /** Unsigned. */
        public int min() {
            return u32(MIN);
        }

        public Request limits(int max, int min) {
            return putU32(MAX, max).putU32(MIN, min);
        }
    }
}
