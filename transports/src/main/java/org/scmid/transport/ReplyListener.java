// How a reply that comes later reaches the transport.
package org.scmid.transport;

/**
 * Takes the replies that come later: those of commands for which {@link AgentPort#execute} returned {@link
 * AgentPort#DEFERRED}. One is valid from {@link AgentPort#attached} until the next {@link AgentPort#attached} or {@link
 * AgentPort#detached}; a call to one that is no longer valid, or when no reply is outstanding, is ignored.
 */
@FunctionalInterface
public interface ReplyListener {
    /**
     * The reply is in the array that execute was given. Called on the loop's thread, never from within execute, and once
     * for each DEFERRED. The reply is not published within this call but in the transport's next turn, so the array must
     * not change until the next execute; {@link AgentPort#flushEvents} follows, and then the commands behind it.
     *
     * @param length bytes, as execute would have returned them: 0 (there is no reply) to its replyCapacity
     * @throws IllegalArgumentException for any other length, if a reply is outstanding; it still is then
     */
    void replyReady(int length);
}
