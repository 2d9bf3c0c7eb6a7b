// A platform behind files of the kernel that take and give whole messages.
package org.scmid.agent;

import java.io.IOException;
import java.nio.file.Path;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;

/**
 * A link over files of the kernel: each write is one message, and each read another. Messages are headers and payloads,
 * little-endian, as SCMI lays them out; there is nothing around them.
 *
 * <p>What is shorter than a header or longer than {@link #MAX_MESSAGE} is counted and dropped. Nothing is allocated for a
 * message.
 */
public final class FileLink implements PlatformLink {
    private static final int MIN_MESSAGE = 4;
    private static final int SHARE_MESSAGES = 64;

    private final EventLoop loop;
    private final FileEnd end;
    private final Listener listener;
    private final EventLoop.Task tellBroken;
    private final byte[] message = new byte[MAX_MESSAGE + 1]; // one more, so that what is too long shows
    private String broken = "";
    private boolean refused;
    private boolean closed;
    private long dropped;

    private FileLink(EventLoop loop, FileEnd end, Listener listener) {
        this.loop = loop;
        this.end = end;
        this.listener = listener;
        this.tellBroken = new EventLoop.Task(() -> lose(broken));
    }

    /**
     * Opens a character device whose driver is the platform; that begins a session with it. One program has it at a time.
     *
     * @throws IOException if it cannot be opened; the message says why, for people
     */
    public static FileLink onDevice(EventLoop loop, Path device, Listener listener) throws IOException {
        try {
            return over(loop, DeviceEnd.open(device), listener);
        } catch (LinuxException e) {
            throw new IOException(device + " is no device that gives messages: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the kernel's raw mode for its own SCMI.
     *
     * @param debugfs where debugfs is mounted
     * @param instance which of the kernel's platforms, from 0
     * @param replyNanos how long a reply is waited for, in nanoseconds: what could not be sent until then is not sent any more
     * @throws IOException if it cannot be opened; the message says why, for people
     */
    public static FileLink onKernel(EventLoop loop, Path debugfs, int instance, long replyNanos, Listener listener)
            throws IOException {
        return over(loop, new RawEnd(loop, RawFiles.open(debugfs, instance), replyNanos), listener);
    }

    /** @param end the link's from now on, also if this throws */
    static FileLink over(EventLoop loop, FileEnd end, Listener listener) throws LinuxException {
        FileLink link = new FileLink(loop, end, listener);
        try {
            end.begin(loop, link::look);
        } catch (LinuxException e) {
            link.close();
            throw e;
        }
        return link;
    }

    /** Messages that were too short for a header, or too long. */
    public long dropped() {
        return dropped;
    }

    @Override
    public int longestMessage() {
        return end.longestMessage();
    }

    @Override
    public int longestReply() {
        return end.longestReply();
    }

    @Override
    public boolean bringsEarlierReplies() {
        return end.bringsEarlierReplies();
    }

    @Override
    public boolean send(byte[] from, int length) {
        return send(from, length, false);
    }

    @Override
    public boolean sendAsynchronous(byte[] from, int length) {
        return send(from, length, true);
    }

    private boolean send(byte[] from, int length, boolean isAsynchronous) {
        if (closed || !broken.isEmpty()) {
            return false;
        }
        try {
            boolean sent = end.send(from, length, isAsynchronous);
            refused |= !sent;
            return sent;
        } catch (LinkEndedException e) {
            broken = String.valueOf(e.getMessage()); // told later: whoever sends is not called back from in here
            loop.runSoon(tellBroken);
            return false;
        }
    }

    /** Hands over one share of what came; for what is left the loop calls again. */
    private void look() {
        try {
            for (int messages = 0; messages < SHARE_MESSAGES && !closed; messages++) {
                int length = end.take(message);
                if (length == FileEnd.NOTHING) {
                    break;
                }
                if (length < MIN_MESSAGE || length > MAX_MESSAGE) {
                    dropped++;
                } else {
                    listener.received(message, length);
                }
            }
            if (refused && !closed && end.hasRoom()) {
                refused = false;
                listener.writable();
            }
        } catch (LinkEndedException e) {
            lose(String.valueOf(e.getMessage()));
        }
    }

    private void lose(String why) {
        if (!closed) {
            close();
            listener.lost(why);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            end.close();
        }
    }
}
