// How far an agent has given up what it holds.
package org.scmid.server.core.agent;

/** Where {@link Commands#release} goes on: a protocol by its place, and a resource by the agent's id. */
public final class ReleaseProgress {
    private int protocol;
    private int resource;

    /** At the first resource of the first protocol. */
    void begin() {
        protocol = 0;
        resource = 0;
    }

    public int protocol() {
        return protocol;
    }

    public int resource() {
        return resource;
    }

    /** The protocol is done with. */
    public void nextProtocol() {
        protocol++;
        resource = 0;
    }

    /** The resource is done with. */
    public void nextResource() {
        resource++;
    }
}
