/* PERFORMANCE_LIMITS_SET: the message that limits a performance domain's level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** PERFORMANCE_LIMITS_SET (0x5). The response is a status only. */
public final class PerformanceLimitsSet {
    private PerformanceLimitsSet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LIMITS_SET.fromAgent();
        private static final U32 MAX = LAYOUT.u32("range_max");
        private static final U32 MIN = LAYOUT.u32("range_min");

        public Request() {
            super(PerformanceMessage.PERFORMANCE_LIMITS_SET);
        }

        /** Highest level, or its index with level indexing, unsigned; 0 leaves it as it is (3.0 and later). */
        public int max() {
            return get(MAX);
        }

        /** Lowest level, or its index with level indexing, unsigned; 0 leaves it as it is (3.0 and later). */
        public int min() {
            return get(MIN);
        }

        public Request limits(int max, int min) {
            return put(MAX, max).put(MIN, min);
        }
    }
}
