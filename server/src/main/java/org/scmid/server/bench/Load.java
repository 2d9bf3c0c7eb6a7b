// Loads a back end: keeps so many messages under way, and measures and checks each.
package org.scmid.server.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;

/**
 * Sends one message again and again, each time with the next token. A message's time is from when it is made available
 * to when its reply is found. For one thread; allocates nothing while it measures.
 */
public final class Load {
    private static final long LONGEST_STOP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final BackEnd backEnd;
    private final RequestQueue queue;
    private final Message message;
    private final byte[] request;
    private final int version;
    private final int[] headers; // by slot
    private final long[] sentAt; // by slot
    private final int[] answered = new int[RequestQueue.MAX_DEPTH];
    private final byte[] reply = new byte[RequestQueue.REPLY_BYTES];
    private final LatencyHistogram times = new LatencyHistogram();
    private WrongReplies wrong;
    private int token;
    private long firstSent;
    private long lastReply;
    private long stopSeen; // when it was noticed that somebody wants to stop; 0 before

    /**
     * @param version the version of the message's protocol that the back end speaks
     */
    public Load(BackEnd backEnd, BenchMessage message, int version) {
        this.backEnd = backEnd;
        this.queue = backEnd.queue();
        this.message = message.message();
        this.request = message.request(version);
        this.version = version;
        headers = new int[RequestQueue.MAX_DEPTH];
        sentAt = new long[RequestQueue.MAX_DEPTH];
        wrong = checks();
    }

    private WrongReplies checks() {
        return new WrongReplies(message.description().fromPlatform(), version);
    }

    /**
     * Measures, after a warm-up of which only wrong replies count. Ends in time whatever the back end does: a message that
     * is not answered in the back end's time is lost, and ends it.
     *
     * @param depth how many messages are under way, up to the back end's
     * @param warmUpNanos how long it is loaded before
     * @param nanos how long it is measured, both in nanoseconds
     */
    public DepthResult run(int depth, long warmUpNanos, long nanos) {
        wrong = checks();
        String failure = load(depth, warmUpNanos);
        begin(); // whether or not anything more comes: the warm-up's times do not count
        if (failure == null) {
            failure = load(depth, nanos);
        }
        return result(depth, failure);
    }

    private DepthResult result(int depth, @Nullable String failure) {
        long took = times.count() == 0 ? 0 : lastReply - firstSent;
        return new DepthResult(
                depth,
                times.count(),
                took,
                DepthResult.Latency.of(times),
                wrong.count(),
                wrong.first(),
                queue.underWay(),
                failure,
                backEnd.stopped());
    }

    private void begin() {
        times.clear();
        firstSent = System.nanoTime();
        lastReply = firstSent;
    }

    /** Loads for a time; returns what ended it too early, or null. */
    private @Nullable String load(int depth, long nanos) {
        begin();
        if (nanos == 0 || backEnd.stopped()) {
            return null;
        }
        try {
            for (int slot = 0; slot < depth; slot++) {
                send(slot);
            }
            backEnd.publish();
            exchangeUntil(firstSent + nanos);
            return null;
        } catch (BenchException e) {
            return e.getMessage();
        }
    }

    /** Sends each message anew when it is answered, and after the end waits for what is under way. */
    private void exchangeUntil(long end) throws BenchException {
        while (queue.underWay() > 0) {
            int waiting = queue.waiting();
            if (waiting > 0) {
                takeReplies(waiting, end);
            } else if (!awaitReply(end)) {
                return;
            }
        }
    }

    private void send(int slot) {
        token = (token + 1) & Header.MAX_TOKEN;
        headers[slot] = Header.encode(message, token);
        queue.offer(slot, request, headers[slot]);
        sentAt[slot] = System.nanoTime();
    }

    /** Takes them all before anything is sent again: a buffer that is returned twice must not pass for the next one. */
    private void takeReplies(int waiting, long end) throws BenchException {
        long now = System.nanoTime();
        lastReply = now;
        for (int i = 0; i < waiting; i++) {
            int slot = queue.take(reply);
            times.record(now - sentAt[slot]);
            wrong.check(headers[slot], reply, queue.takenLength());
            answered[i] = slot;
        }
        if (now - end < 0 && !backEnd.stopped()) {
            for (int i = 0; i < waiting; i++) {
                send(answered[i]);
            }
            backEnd.publish();
        }
    }

    /** Waits, but not longer than any reply may take, nor so long after the end, and shortly if somebody wants to stop. */
    private boolean awaitReply(long end) throws BenchException {
        long now = System.nanoTime();
        long left = Math.min(lastReply - now, end - now) + backEnd.patienceNanos();
        if (backEnd.stopped()) {
            stopSeen = stopSeen == 0 ? now : stopSeen;
            left = Math.min(left, stopSeen - now + LONGEST_STOP_NANOS);
            if (left <= 0) {
                return false;
            }
        }
        if (left <= 0) {
            throw new BenchException("the back end did not answer within " + BackEnd.seconds(backEnd.patienceNanos())
                    + "; " + queue.underWay() + " under way");
        }
        backEnd.awaitReplies(left);
        return true;
    }
}
