// A character device whose driver is an SCMI platform.
package org.scmid.agent;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;
import org.scmid.linux.NativeFile;
import org.scmid.loop.EventLoop;

/**
 * A device: replies, delayed responses and notifications come by read, in the order in which the driver has them. A write
 * takes a whole message or none of it. Opening begins a session, and closing gives back what was held in it.
 */
final class DeviceEnd implements FileEnd {
    private static final String GONE = "the device is gone";

    private final MessageFile file;
    private EventLoop.@Nullable Registration watch;
    private boolean waitsForRoom;
    private @Nullable String gone;

    /** @param file open for both ways; the end's from now on */
    DeviceEnd(MessageFile file) {
        this.file = file;
    }

    /** @throws IOException if it cannot be opened; the message says why, for people */
    static DeviceEnd open(Path device) throws IOException {
        try {
            if (!NativeFile.identity(device.toRealPath()).isCharacterDevice()) {
                throw new IOException(device + " is no character device");
            }
            return new DeviceEnd(MessageFile.open(device, MessageFile.Use.BOTH));
        } catch (LinuxException e) {
            throw new IOException(whyNotOpened(device, e), e);
        } catch (NoSuchFileException e) {
            throw new IOException(notThere(device), e);
        } catch (AccessDeniedException e) {
            throw new IOException(notPermitted(device), e);
        } catch (FileSystemException e) {
            throw new IOException("the device " + device + " cannot be found: " + e.getReason(), e);
        }
    }

    static String whyNotOpened(Path device, LinuxException e) {
        return switch (e.errno()) {
            case Errno.ENOENT -> notThere(device);
            case Errno.ENXIO, Errno.ENODEV -> "no driver is behind the device " + device;
            case Errno.EACCES, Errno.EPERM -> notPermitted(device);
            case Errno.EBUSY -> "the device " + device + " is in use by another program";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String notThere(Path device) {
        return "there is no device " + device;
    }

    private static String notPermitted(Path device) {
        return "the device " + device + " may not be opened by this user";
    }

    @Override
    public void begin(EventLoop loop, Runnable look) throws LinuxException {
        watch = loop.watch(file.fd(), Epoll.IN, events -> ready(events, look));
    }

    private void ready(int events, Runnable look) {
        if ((events & (Epoll.HUP | Epoll.ERR)) != 0) {
            gone = GONE;
        }
        if ((events & Epoll.OUT) != 0) {
            try {
                waitForRoom(false);
            } catch (LinuxException e) {
                gone = String.valueOf(e.getMessage());
            }
        }
        look.run();
    }

    private void waitForRoom(boolean wanted) throws LinuxException {
        if (waitsForRoom != wanted && watch != null) {
            waitsForRoom = wanted;
            watch.change(wanted ? Epoll.IN | Epoll.OUT : Epoll.IN);
        }
    }

    @Override
    public int longestMessage() {
        return PlatformLink.MAX_MESSAGE;
    }

    @Override
    public int longestReply() {
        return PlatformLink.MAX_MESSAGE;
    }

    @Override
    public boolean bringsEarlierReplies() {
        return false;
    }

    @Override
    public boolean hasRoom() {
        return !waitsForRoom;
    }

    @Override
    public boolean send(byte[] message, int length, boolean isAsynchronous) throws LinkEndedException {
        try {
            int taken = file.write(message, length);
            if (taken == MessageFile.WOULD_BLOCK) {
                waitForRoom(true);
                return false;
            }
            if (taken != length) {
                throw new LinkEndedException("it took " + taken + " of the " + length + " bytes of a message");
            }
            return true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EMSGSIZE) {
                return true; // it can never be sent: as one that gets lost, it ends in time
            }
            throw ended(e);
        }
    }

    @Override
    public int take(byte[] into) throws LinkEndedException {
        try {
            int length = file.read(into);
            if (length > 0) {
                return length;
            }
            if (length == 0 || gone != null) {
                throw new LinkEndedException(gone == null ? GONE : gone);
            }
            return NOTHING;
        } catch (LinuxException e) {
            throw ended(e);
        }
    }

    private static LinkEndedException ended(LinuxException e) {
        return switch (e.errno()) {
            case Errno.ENODEV, Errno.ENXIO, Errno.EIO, Errno.EPIPE -> new LinkEndedException(GONE);
            case Errno.EMSGSIZE ->
                new LinkEndedException("it has a message of more than " + PlatformLink.MAX_MESSAGE + " bytes");
            default -> new LinkEndedException(e);
        };
    }

    @Override
    public void close() {
        EventLoop.Registration current = watch;
        watch = null;
        if (current != null) {
            current.cancel();
        }
        file.close();
    }
}
