// How a reply that comes later reaches the transport.
package org.scmid.transport;

/** Takes the reply to a command that {@link AgentPort#execute} put off. */
@FunctionalInterface
public interface ReplyListener {
    /**
     * The reply is in the array that execute was given. Called on the loop's thread, never from within execute.
     *
     * @param length as execute would have returned it
     */
    void replyReady(int length);
}
