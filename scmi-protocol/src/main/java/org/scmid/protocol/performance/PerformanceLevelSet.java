/* PERFORMANCE_LEVEL_SET: the message that sets a performance domain's level. */
package org.scmid.protocol.performance;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.ResourceRequestPayload;

/** PERFORMANCE_LEVEL_SET (0x7). The response is a status only; there is no delayed response. */
public final class PerformanceLevelSet {
    private PerformanceLevelSet() {}

    public static final class Request extends ResourceRequestPayload<Request> {
        private static final Layout LAYOUT = PerformanceMessage.PERFORMANCE_LEVEL_SET.fromAgent();
        private static final U32 LEVEL = LAYOUT.u32("level");

        public Request() {
            super(PerformanceMessage.PERFORMANCE_LEVEL_SET);
        }

        /** The level, or its index with level indexing; unsigned. */
        public int level() {
            return get(LEVEL);
        }

        public Request level(int level) {
            return put(LEVEL, level);
        }
    }
}
