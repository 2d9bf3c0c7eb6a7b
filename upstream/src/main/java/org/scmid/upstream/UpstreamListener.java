// Who is told of a platform.
package org.scmid.upstream;

import org.scmid.upstream.discovery.Discovered;

/** Who is told of a platform, on the loop's thread. What it does not want to know it does not implement. */
public interface UpstreamListener {
    /**
     * It is there and was discovered, or answers again: commands can be sent. What was asked of it before may be gone, since it
     * may have been restarted.
     *
     * @param all what it offers now
     */
    default void up(Discovered all) {}

    /**
     * It was there, and is not any more, or does not answer, for this reason. Commands that were under way have failed, or
     * fail in time.
     */
    default void down(String why) {}

    /** It could not be reached, or was not discovered, for this reason; it is tried again. */
    default void unreachable(String why) {}

    /**
     * It sent a notification.
     *
     * @param message header and payload; valid during the call
     * @param length 4 to {@link org.scmid.agent.PlatformLink#MAX_MESSAGE}
     */
    default void notified(byte[] message, int length) {}

    /** A command that could not be sent for want of room may be tried again. */
    default void writable() {}
}
