// A platform of one rule, for tests of links.
package org.scmid.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.PeerIdentity;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;
import org.scmid.transport.MalformedInput;
import org.scmid.transport.ReplyListener;
import org.scmid.transport.virtqueue.LittleEndian;

/** Answers every command with SUCCESS and the command's own payload. On the loop's thread. */
final class SmallPlatform implements AgentPort {
    @Nullable
    EventSink events;

    int executed;
    int resets;
    int sessions;
    int gone;
    boolean mayBeMalformed;

    @Override
    public String name() {
        return "test";
    }

    @Override
    public int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
        executed++;
        System.arraycopy(request, 0, reply, 0, 4);
        LittleEndian.putInt(reply, 4, 0);
        System.arraycopy(request, 4, reply, 8, requestLength - 4);
        return requestLength + 4;
    }

    @Override
    public void flushEvents() {}

    @Override
    public void attached(@Nullable EventSink sink, ReplyListener listener) {
        events = sink;
    }

    @Override
    public void detached() {
        events = null;
    }

    @Override
    public void guestReset() {
        resets++;
    }

    @Override
    public void sessionBegan() {
        sessions++;
    }

    @Override
    public void peerConnected(PeerIdentity peer) {}

    @Override
    public void peerGone() {
        gone++;
    }

    @Override
    public void malformed(MalformedInput reason) {
        if (!mayBeMalformed) {
            throw new AssertionError("the link sent something malformed: " + reason);
        }
    }
}
