/* PERFORMANCE_LIMITS_GET: between what a performance domain's level is kept. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_LIMITS_GET (0x6). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceLimitsGet {
    private PerformanceLimitsGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LIMITS_GET.fromPlatform();
        private static final U32 MAX = LAYOUT.u32("range_max");
        private static final U32 MIN = LAYOUT.u32("range_min");

        public Reply() {
            super(LAYOUT);
        }

        /** Highest level, or its index with level indexing, unsigned. */
        public int max() {
            return get(MAX);
        }

        /** Lowest level, or its index with level indexing, unsigned. */
        public int min() {
            return get(MIN);
        }

        public Reply limits(int max, int min) {
            return put(MAX, max).put(MIN, min);
        }
    }
}
