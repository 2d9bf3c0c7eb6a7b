/* PERFORMANCE_LEVEL_SET: the message that sets a performance domain's level. */
package org.scmid.protocol.performance;

/** PERFORMANCE_LEVEL_SET (0x7). The response is a status only; there is no delayed response. */
public final class PerformanceLevelSet {
    private PerformanceLevelSet() {}

    /**
     * <pre>
     * 0  u32  domain id
     * 4  u32  performance level, or its index with level indexing
     * </pre>
     */
    public static final class Request extends PerformanceRequest<Request> {
        public static final int LENGTH = 8;
        private static final int LEVEL = 4;

        public Request() {
            super(PerformanceMessage.PERFORMANCE_LEVEL_SET, LENGTH);
        }

        /** Unsigned. */
        public int level() {
            return u32(LEVEL);
        }

        public Request level(int level) {
            return putU32(LEVEL, level);
        }
    }
}
