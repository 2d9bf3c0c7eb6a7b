// What a link over files of the kernel asks of its own end of them.
package org.scmid.agent;

import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;

/** Files of the kernel that take and give whole messages. Nothing waits, and after an exception only {@link #close} is called. */
interface FileEnd {
    /** What {@link #take} returns when there is no message now. */
    int NOTHING = -1;

    /**
     * Begins.
     *
     * @param look is run on the loop when there may be a message, room that was wanted, or an end
     */
    void begin(EventLoop loop, Runnable look) throws LinuxException;

    /** The longest message that can be sent, in bytes. */
    int longestMessage();

    /** The longest message that comes, in bytes; longer ones are lost. */
    int longestReply();

    /** Whether what comes may be the answer to what an earlier end has sent. */
    boolean bringsEarlierReplies();

    /**
     * Sends a message, or nothing of it.
     *
     * @param isAsynchronous whether a delayed response is to come after the reply
     * @return false if there is no room now; then {@code look} is run when there is
     */
    boolean send(byte[] message, int length, boolean isAsynchronous) throws LinkEndedException;

    /** Whether {@link #send} may find room. */
    boolean hasRoom();

    /**
     * Takes the next message.
     *
     * @param into from index 0; what is longer is a message of the array's whole length
     * @return its length, from 0; or {@link #NOTHING}
     */
    int take(byte[] into) throws LinkEndedException;

    /** Lets go of everything, idempotently. */
    void close();
}
