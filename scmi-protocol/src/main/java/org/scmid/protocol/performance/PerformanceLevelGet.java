/* PERFORMANCE_LEVEL_GET: a performance domain's level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.ReplyPayload;

/** PERFORMANCE_LEVEL_GET (0x8). Its request is a {@link org.scmid.protocol.common.ResourceRequest}. */
public final class PerformanceLevelGet {
    private PerformanceLevelGet() {}

    /**
     * <pre>
     * 0  u32  performance level, or its index with level indexing
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 4;
        private static final int LEVEL = 0;

        public Reply() {
            super(LENGTH);
        }

        /** Unsigned. */
        public int level() {
            return u32(LEVEL);
        }

        public Reply level(int level) {
            return putU32(LEVEL, level);
        }
    }
}
