// What a link over rings asks of its own end of them.
package org.scmid.agent;

import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;

/** The driver's end of two rings. Nothing waits, and after an exception only {@link #close} is called. */
interface RingEnd {
    /**
     * Begins.
     *
     * @param polling is made ready when there may be something to do
     */
    void begin(EventLoop loop, EventLoop.Polling polling) throws LinuxException;

    /**
     * Goes on with the setting up, later looks whether the platform is there.
     *
     * @return whether messages can be sent
     */
    boolean step() throws LinkEndedException;

    /** How far the setting up is, for people. */
    String progress();

    /** The longest message that can be sent, in bytes; of an end that is ready. */
    int longestMessage();

    /** Whether {@link #send} would send. */
    boolean hasRoom();

    /** Sends a message; false if there is no room. */
    boolean send(byte[] message, int length) throws LinkEndedException;

    /** Takes the next message; false if there is none now. */
    boolean take() throws LinkEndedException;

    /** The message that was taken last, from index 0; valid until the next {@link #take}. */
    byte[] message();

    /** Its length, 0 to {@link PlatformLink#MAX_MESSAGE}. */
    int length();

    /** The loop is about to look away: sees to it that polling is made ready in time; true if there is something already. */
    boolean prepareToWait() throws LinkEndedException;

    /** Lets go of everything, idempotently. */
    void close();
}
