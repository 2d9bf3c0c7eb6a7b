// The host's own SCMI, by the kernel's raw mode in debugfs.
package org.scmid.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Status;
import org.scmid.transport.virtqueue.LittleEndian;

/**
 * Sends commands as the host's own agent, by the kernel's way to its platform. The kernel tells replies apart by the token
 * that it was given, so several commands are under way at a time. What it does with them bounds what this does:
 *
 * <ul>
 *   <li>A command occupies the kernel until it was answered, or the kernel's own time for that has passed; and no command is
 *       let go of before those that were sent earlier. The kernel has places for so many commands, its own among them: half
 *       of the places are used here.
 *   <li>A delayed response is waited for {@value #DELAYED_NANOS} ns after the reply; later ones are lost.
 *   <li>A reply is lost if header, status and values are longer than the longest command.
 *   <li>After each message an end of file is read. An entry does not tell when there is room again.
 * </ul>
 */
final class RawEnd implements FileEnd {
    private static final String GONE = "the kernel's SCMI is gone";
    static final long DELAYED_NANOS = 2_000_000_000L; // SCMI_MAX_RESPONSE_TIMEOUT

    private static final int MOST_UNDER_WAY = 64;
    private static final int STATUS_AT = Header.HEADER_BYTES;
    /** How often it is looked whether the thread has written. */
    private static final long LOOK_NANOS = 5_000_000;

    /** How far a command is that occupies the kernel. */
    private enum Progress {
        AWAITS_REPLY,
        AWAITS_DELAYED_RESPONSE,
        ANSWERED
    }

    private final Scheduler time;
    private final RawFiles.Transport transport;
    private final RawWriter writer;
    private final Entry replies;
    private final Entry notifications;
    private final int longest;
    private final int places;
    // By place, which is the command's number modulo their count: those from `released` up to what was put.
    private final int[] tokens;
    private final boolean[] asynchronous;
    private final Progress[] progress;
    private final long[] since;
    private Scheduler.@Nullable Timer again;
    private long released;
    private boolean hungUp;
    private boolean refused;

    /**
     * Makes one.
     *
     * @param time the loop
     * @param files the end's from now on
     * @param patienceNanos how long a command may wait to be written, in nanoseconds: as long as its sender waits
     */
    RawEnd(Scheduler time, RawFiles files, long patienceNanos) {
        this.time = time;
        this.transport = files.transport();
        this.longest = transport.maxMessage() + Header.HEADER_BYTES;
        this.places = Math.clamp(transport.maxUnderWay() / 2, 1, MOST_UNDER_WAY);
        this.writer = new RawWriter(files.commands(), files.asynchronous(), places, longest, patienceNanos);
        this.replies = new Entry(files.replies());
        this.notifications = new Entry(files.notifications());
        this.tokens = new int[places];
        this.asynchronous = new boolean[places];
        this.progress = new Progress[places];
        this.since = new long[places];
        writer.start();
    }

    @Override
    public void begin(EventLoop loop, Runnable look) throws LinuxException {
        again = loop.timer(() -> {
            look.run();
            lookAgain();
        });
        replies.watch(loop, look);
        notifications.watch(loop, look);
    }

    @Override
    public int longestMessage() {
        return longest;
    }

    @Override
    public int longestReply() {
        return longest;
    }

    @Override
    public boolean bringsEarlierReplies() {
        return true;
    }

    // ---- sending ----

    @Override
    public boolean send(byte[] message, int length, boolean isAsynchronous) throws LinkEndedException {
        checkWriter();
        if (!hasRoom()) {
            refused = true;
            lookAgain();
            return false;
        }
        int place = place(writer.put());
        tokens[place] = Header.token(LittleEndian.getInt(message, 0));
        asynchronous[place] = isAsynchronous;
        progress[place] = Progress.AWAITS_REPLY;
        since[place] = time.nanoTime();
        writer.put(message, length, isAsynchronous);
        lookAgain();
        return true;
    }

    private void checkWriter() throws LinkEndedException {
        String failed = writer.failure();
        if (failed != null) {
            throw new LinkEndedException(failed);
        }
    }

    @Override
    public boolean hasRoom() {
        while (released < writer.done() && isLetGo(released)) {
            released++;
        }
        boolean room = writer.put() - released < places;
        refused &= !room;
        return room;
    }

    /** Whether the kernel has let go of a command that was written, provided that it has of those before. */
    private boolean isLetGo(long number) {
        return writer.wasDropped(number)
                || progress[place(number)] == Progress.ANSWERED
                || time.nanoTime() - since[place(number)] >= patience(place(number));
    }

    private long patience(int place) {
        return progress[place] == Progress.AWAITS_DELAYED_RESPONSE ? DELAYED_NANOS : transport.timeoutNanos();
    }

    private int place(long number) {
        return (int) (number % places);
    }

    /** Sees to it that it is looked again, if nothing else may come that says what is waited for. */
    private void lookAgain() {
        Scheduler.Timer timer = again;
        if (timer == null) {
            return;
        }
        if (writer.done() < writer.put() || writer.failure() != null) {
            timer.arm(LOOK_NANOS);
        } else if (refused) {
            int oldest = place(released);
            timer.arm(Math.max(0, since[oldest] + patience(oldest) - time.nanoTime()));
        }
    }

    // ---- what comes ----

    @Override
    public int take(byte[] into) throws LinkEndedException {
        checkWriter();
        try {
            int length = replies.take(into);
            if (length != NOTHING) {
                note(into, length);
                return length;
            }
            length = notifications.take(into);
            if (length == NOTHING && hungUp) {
                throw new LinkEndedException(GONE);
            }
            return length;
        } catch (LinuxException e) {
            throw new LinkEndedException(ended(e));
        }
    }

    /** Why an entry cannot be used any more, for people. */
    static String ended(LinuxException e) {
        return switch (e.errno()) {
            case Errno.EIO, Errno.ENODEV, Errno.EPIPE -> GONE;
            default -> "the kernel's raw mode fails: " + e.getMessage();
        };
    }

    /** A reply or a delayed response came. */
    private void note(byte[] message, int length) {
        if (length < Header.RESPONSE_PAYLOAD) {
            return;
        }
        int header = LittleEndian.getInt(message, 0);
        int token = Header.token(header);
        for (long number = released; number < writer.put(); number++) {
            int place = place(number);
            if (tokens[place] == token && progress[place] != Progress.ANSWERED) {
                boolean more = asynchronous[place]
                        && progress[place] == Progress.AWAITS_REPLY
                        && MessageType.of(Header.type(header)) == MessageType.COMMAND
                        && LittleEndian.getInt(message, STATUS_AT) == Status.SUCCESS.code();
                progress[place] = more ? Progress.AWAITS_DELAYED_RESPONSE : Progress.ANSWERED;
                since[place] = time.nanoTime();
                return;
            }
        }
    }

    @Override
    public void close() {
        if (again != null) {
            again.disarm();
            again = null;
        }
        writer.close();
        replies.close();
        notifications.close();
    }

    /** An entry that is read. */
    private final class Entry {
        private final MessageFile file;
        private EventLoop.@Nullable Registration watch;

        Entry(MessageFile file) {
            this.file = file;
        }

        void watch(EventLoop loop, Runnable look) throws LinuxException {
            watch = loop.watch(file.fd(), Epoll.IN, events -> {
                hungUp |= (events & (Epoll.HUP | Epoll.ERR)) != 0;
                look.run();
            });
        }

        int take(byte[] into) throws LinuxException {
            int length = file.read(into);
            if (length == 0) {
                length = file.read(into); // that was the end of the message before
            }
            return length <= 0 ? NOTHING : length;
        }

        void close() {
            if (watch != null) {
                watch.cancel();
                watch = null;
            }
            file.close();
        }
    }
}
