package org.scmid.transport;

import java.io.IOException;

/** What carries one agent's messages. Used on the loop's thread only. */
public interface AgentTransport extends AutoCloseable {
    /**
     * Begins to listen, or to connect. Not being able to listen is an error here; a peer that is not there yet is none.
     */
    void start() throws IOException;

    /**
     * Ends it, idempotently: the peer is sent away ({@link AgentPort#detached}, {@link AgentPort#peerGone}), memory is
     * unmapped, descriptors are closed, the socket's file is removed.
     */
    @Override
    void close();
}
