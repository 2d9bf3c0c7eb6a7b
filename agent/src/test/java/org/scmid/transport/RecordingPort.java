// A port that answers by a simple rule and remembers what it was told.
package org.scmid.transport;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.PeerIdentity;

/**
 * Echoes: the reply is the request's bytes, each inverted, as many as fit; a request shorter than 4 bytes has none. Calls
 * other than execute and flushEvents are recorded by name. While {@link #deferring} is set, replies come by {@link
 * #reply}.
 */
public final class RecordingPort implements AgentPort {
    /** What happened, in order: connected, reset, attached, attached-without-events, detached, gone. */
    public final List<String> calls = new CopyOnWriteArrayList<>();

    public volatile @Nullable EventSink events;
    private final AtomicLong executed = new AtomicLong();
    public volatile int lastRequestLength;
    private final AtomicLong flushes = new AtomicLong();
    public volatile boolean failing;
    public volatile boolean deferring;
    public volatile @Nullable ReplyListener replies;
    private byte @Nullable [] waitingRequest;
    private byte @Nullable [] waitingReply;
    private byte[] requestCopy = new byte[0];
    private int waitingCapacity;
    private final Map<MalformedInput, Integer> malformed = new EnumMap<>(MalformedInput.class);

    /** How many commands were executed. */
    public long executed() {
        return executed.get();
    }

    /** How often there was a time to send events. */
    public long flushes() {
        return flushes.get();
    }

    @Override
    public String name() {
        return "test";
    }

    @Override
    public int execute(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
        executed.incrementAndGet();
        lastRequestLength = requestLength;
        if (failing) {
            throw new IllegalStateException("a defect on purpose");
        }
        if (deferring) {
            waitingRequest = request;
            waitingReply = reply;
            requestCopy = Arrays.copyOf(request, requestLength);
            waitingCapacity = replyCapacity;
            return DEFERRED;
        }
        return answer(request, requestLength, reply, replyCapacity);
    }

    /** Gives the reply that was deferred, to the listener of now; on the loop's thread. */
    public void reply() {
        ReplyListener listener = replies;
        if (listener == null) {
            throw new IllegalStateException("not attached");
        }
        replyTo(listener);
    }

    /** Gives the reply that was deferred to any listener; on the loop's thread. */
    public void replyTo(ReplyListener listener) {
        byte[] request = waitingRequest;
        byte[] reply = waitingReply;
        if (request == null || reply == null) {
            throw new IllegalStateException("nothing was deferred");
        }
        if (!Arrays.equals(requestCopy, Arrays.copyOf(request, requestCopy.length))) {
            throw new IllegalStateException("the transport changed a request whose reply is outstanding");
        }
        listener.replyReady(answer(request, requestCopy.length, reply, waitingCapacity));
    }

    private static int answer(byte[] request, int requestLength, byte[] reply, int replyCapacity) {
        if (requestLength < 4 || replyCapacity < 4) {
            return 0;
        }
        int length = Math.min(requestLength, replyCapacity);
        for (int i = 0; i < length; i++) {
            reply[i] = (byte) ~request[i];
        }
        return length;
    }

    @Override
    public void flushEvents() {
        flushes.incrementAndGet();
    }

    @Override
    public void attached(@Nullable EventSink sink, ReplyListener listener) {
        events = sink;
        replies = listener;
        calls.add(sink == null ? "attached-without-events" : "attached");
    }

    @Override
    public void detached() {
        events = null;
        calls.add("detached");
    }

    @Override
    public void guestReset() {
        calls.add("reset");
    }

    @Override
    public void peerConnected(PeerIdentity peer) {
        calls.add("connected");
    }

    @Override
    public void peerGone() {
        calls.add("gone");
    }

    @Override
    public synchronized void malformed(MalformedInput reason) {
        malformed.merge(reason, 1, Integer::sum);
    }

    public synchronized int count(MalformedInput reason) {
        return malformed.getOrDefault(reason, 0);
    }
}
