/* PERFORMANCE_LEVEL_GET: a performance domain's level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_LEVEL_GET (0x8). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceLevelGet {
    private PerformanceLevelGet() {}

    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LEVEL_GET.fromPlatform();
        private static final U32 LEVEL = LAYOUT.u32("level");

        public Reply() {
            super(LAYOUT);
        }

        /** The level, or its index with level indexing; unsigned. */
        public int level() {
            return get(LEVEL);
        }

        public Reply level(int level) {
            return put(LEVEL, level);
        }
    }
}
