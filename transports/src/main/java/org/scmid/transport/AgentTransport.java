package org.scmid.transport;

import java.io.IOException;
import java.util.List;

/** What carries one agent's messages. Used on the loop's thread only. */
public interface AgentTransport extends AutoCloseable {
    /**
     * Begins to listen, or to connect. Not being able to listen is an error here; a peer that is not there yet is none.
     */
    void start() throws IOException;

    /**
     * What it has mapped of its peer's memory at present, and nothing else of it: by guest address, lowest first. None if
     * no memory is shared, as with a socket. For people to look at: it may allocate.
     */
    default List<SharedRegion> sharedMemory() {
        return List.of();
    }

    /**
     * Ends it, idempotently: the peer is sent away ({@link AgentPort#detached}, {@link AgentPort#peerGone}), memory is
     * unmapped, descriptors are closed, the socket's file is removed.
     */
    @Override
    void close();
}
