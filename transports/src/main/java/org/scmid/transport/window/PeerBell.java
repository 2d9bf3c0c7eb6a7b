// The seam between a window and a way to interrupt its driver.
package org.scmid.transport.window;

import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.PeerIdentity;

/**
 * Interrupts in both directions, for a window whose memory it hands out. Bells are hints: a window is served, by looking
 * at it now and then, also while nobody is connected.
 */
public interface PeerBell extends AutoCloseable {
    /** What it tells the window; all on the loop's thread. */
    interface Listener {
        /** A process that runs the guest has connected. */
        void peerConnected(PeerIdentity peer);

        /** It is gone, and with it the guest. */
        void peerGone();
    }

    /** Makes one for a listener. */
    @FunctionalInterface
    interface Maker {
        /** @param listener is told of the peer, from {@link #start} on */
        PeerBell make(Listener listener);
    }

    /**
     * Begins to wait for a peer.
     *
     * @param memory the window's file; stays the caller's, who keeps it open until {@link #close}
     */
    void start(Fd memory) throws LinuxException;

    /** Whether there is somebody who can ring. A ring of the peer begins a turn of the loop. */
    boolean connected();

    /**
     * Rings, if there is somebody. Never blocks, allocates nothing.
     *
     * @param queue 0 or 1
     */
    void ring(int queue);

    /** Sends the peer away, and waits for no other; idempotent. The listener is told nothing any more. */
    @Override
    void close();
}
