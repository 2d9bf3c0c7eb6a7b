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
    /** Who is told what the peer does; on the loop's thread. {@link #close} may be called from within. */
    interface Listener {
        /** A process that runs the guest has all it needs: it can ring, and be rung. */
        void peerConnected(PeerIdentity peer);

        /** The one that was connected is gone, or was sent away, {@link PeerBell#close} included. */
        void peerGone();

        /** It has rung, for whichever queue; several rings may be told as one. */
        void rung();
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
     * @param size bytes of the window
     * @throws LinuxException also if the memory has more than the window, which a peer that is given it must not have
     */
    void start(Fd memory, long size) throws LinuxException;

    /** Whether there is somebody who can ring, and be rung. A ring of the peer begins a turn of the loop. */
    boolean connected();

    /**
     * Rings, if there is somebody. Never blocks, allocates nothing.
     *
     * @param queue 0 or 1
     */
    void ring(int queue);

    /** Sends the peer away, and waits for no other; idempotent. */
    @Override
    void close();
}
