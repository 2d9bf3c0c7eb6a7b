/* CLOCK_NAME_GET: a clock's extended name. */
package org.scmid.protocol.clock;

/** CLOCK_NAME_GET (0x8), since 2.0. The response is a {@link org.scmid.protocol.common.NameReply}. */
public final class ClockNameGet {
    private ClockNameGet() {}

    /**
     * <pre>
     * 0  u32  clock id
     * </pre>
     */
    public static final class Request extends ClockRequest<Request> {
        public static final int LENGTH = 4;

        public Request() {
            super(ClockMessage.CLOCK_NAME_GET, LENGTH);
        }
    }
}
