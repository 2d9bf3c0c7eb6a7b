/* PERFORMANCE_LIMITS_GET: between what a performance domain's level is kept. */
package org.scmid.protocol.performance;

import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_LIMITS_GET (0x6). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceLimitsGet {
    private PerformanceLimitsGet() {}

    /**
     * <pre>
     * 0  u32  range_max: highest level, or its index with level indexing
     * 4  u32  range_min: lowest level, or its index with level indexing
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 8;
        private static final int MAX = 0;
        private static final int MIN = 4;

        public Reply() {
            super(LENGTH);
        }

        /** Unsigned. */
        public int max() {
            return u32(MAX);
        }

        /** Unsigned. */
        public int min() {
            return u32(MIN);
        }

        public Reply limits(int max, int min) {
            return putU32(MAX, max).putU32(MIN, min);
        }
    }
}
