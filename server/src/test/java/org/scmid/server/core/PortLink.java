// A link to a core in the same process, which may garble what comes by it.
package org.scmid.server.core;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.PlatformLink;
import org.scmid.loop.EventLoop;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;

/** Carries messages to an agent's port and back, in the loop's next turn. */
final class PortLink implements PlatformLink {
    /** What becomes of a reply on its way. */
    interface Garbling {
        /**
         * A reply.
         *
         * @param request what was asked
         * @param reply what was answered
         * @return what comes instead; null for nothing
         */
        byte @Nullable [] pass(byte[] request, byte[] reply);
    }

    static final Garbling NONE = (request, reply) -> reply;

    private static final int EVENT_BYTES = 136;

    private final EventLoop loop;
    private final AgentPort port;
    private final int capacity;
    private final Garbling garbling;
    private final PlatformLink.Listener listener;
    private final ArrayDeque<byte[]> requests = new ArrayDeque<>();
    private final EventLoop.Task carry = new EventLoop.Task(this::carry);
    private final byte[] reply = new byte[MAX_MESSAGE];
    private byte @Nullable [] outstanding;
    private int longestReply = MAX_MESSAGE;
    private boolean closed;
    private long carried;

    /** @param capacity the longest reply in bytes */
    PortLink(EventLoop loop, AgentPort port, int capacity, Garbling garbling, PlatformLink.Listener listener) {
        this.loop = loop;
        this.port = port;
        this.capacity = capacity;
        this.garbling = garbling;
        this.listener = listener;
        port.attached(
                new EventSink() {
                    @Override
                    public int maxLength() {
                        return EVENT_BYTES;
                    }

                    @Override
                    public Result offer(byte[] event, int length) {
                        if (!closed) {
                            listener.received(Arrays.copyOf(event, length), length);
                        }
                        return Result.SENT;
                    }
                },
                this::ready);
    }

    /** Replies of more than so many bytes get lost from now on. */
    PortLink losing(int longest) {
        longestReply = longest;
        return this;
    }

    @Override
    public int longestReply() {
        return longestReply;
    }

    /** How many commands it has carried. */
    long carried() {
        return carried;
    }

    @Override
    public boolean send(byte[] message, int length) {
        requests.add(Arrays.copyOf(message, length));
        loop.runSoon(carry);
        return true;
    }

    private void carry() {
        while (!closed && outstanding == null && !requests.isEmpty()) {
            byte[] request = requests.remove();
            outstanding = request;
            carried++;
            int length = port.execute(request, request.length, reply, capacity);
            if (length != AgentPort.DEFERRED) {
                ready(length);
            }
        }
    }

    private void ready(int length) {
        byte[] request = outstanding;
        outstanding = null;
        if (closed || request == null) {
            return;
        }
        byte[] came =
                length == 0 || length > longestReply ? null : garbling.pass(request, Arrays.copyOf(reply, length));
        if (came != null && came.length >= 4) {
            listener.received(came, came.length);
        }
        port.flushEvents();
        loop.runSoon(carry);
    }

    @Override
    public void close() {
        closed = true;
    }
}
