// Begins a link to a platform, by whatever way its description says.
package org.scmid.upstream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.scmid.agent.FileLink;
import org.scmid.agent.PlatformLink;
import org.scmid.agent.RingLink;
import org.scmid.agent.SerialLink;
import org.scmid.agent.SocketLink;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.transport.PollPacing;

/** Begins links. A way to reach a platform gets its branch here. */
final class Links {
    private static final int MOST_ENTRIES = 64;
    private static final int SLOT_BYTES = 192;

    private Links() {}

    /**
     * Begins a link, without waiting.
     *
     * @param pacing of the loop
     * @param patienceNanos how long it may take to get ready, in nanoseconds
     * @throws IOException if it is clear at once that the platform cannot be reached; the message says why, for people
     */
    static PlatformLink begin(
            EventLoop loop,
            PollPacing pacing,
            UpstreamSpec upstream,
            long patienceNanos,
            PlatformLink.Listener listener)
            throws IOException {
        return switch (upstream.way()) {
            case UpstreamSpec.Socket it -> {
                try {
                    yield SocketLink.connect(loop, it.socket(), listener);
                } catch (LinuxException e) {
                    throw notConnected(it.socket(), e);
                }
            }
            case UpstreamSpec.VhostUser it -> {
                try {
                    yield RingLink.connectVhostUser(loop, it.socket(), patienceNanos, listener);
                } catch (LinuxException e) {
                    throw notConnected(it.socket(), e);
                }
            }
            case UpstreamSpec.Window it -> {
                DriverWindow window = WindowOpener.open(upstream.name(), it.region());
                long pause = it.poll().longestPause().toNanos();
                yield RingLink.overWindow(loop, driver(it, window), pacing, pause, patienceNanos, listener);
            }
            // The platform is told to go on with what was held before: what guests hold outlives each session, and
            // scmid.
            case UpstreamSpec.Serial it -> SerialLink.onPort(loop, SerialLines.settingsOf(it.line()), true, listener);
            case UpstreamSpec.Device it -> FileLink.onDevice(loop, it.device(), listener);
            case UpstreamSpec.Kernel it ->
                FileLink.onKernel(
                        loop, it.debugfs(), it.instance(), upstream.timeout().toNanos(), listener);
        };
    }

    private static WindowDriver driver(UpstreamSpec.Window way, DriverWindow window) {
        return switch (way) {
            case UpstreamSpec.VirtioMmio it ->
                WindowDriver.mmio(window, plan(it.region().size()), DriverControl.NO_BELL);
            case UpstreamSpec.FatVirtqueue it -> WindowDriver.fat(window, DriverControl.NO_BELL);
        };
    }

    /** As many entries as the window has room for. */
    private static WindowDriver.MmioPlan plan(long size) {
        int entries = MOST_ENTRIES;
        while (entries > 2 && new WindowDriver.MmioPlan(entries, SLOT_BYTES, true).total() > size) {
            entries /= 2;
        }
        return new WindowDriver.MmioPlan(entries, SLOT_BYTES, true);
    }

    private static IOException notConnected(Path socket, LinuxException e) {
        return new IOException(
                switch (e.errno()) {
                    case Errno.ENOENT -> "there is no socket " + socket;
                    case Errno.ECONNREFUSED ->
                        Files.isRegularFile(socket) || Files.isDirectory(socket)
                                ? socket + " is not a socket"
                                : "nobody listens on " + socket;
                    case Errno.EACCES -> socket + ": permission denied";
                    case Errno.EAGAIN -> socket + ": too many wait to be accepted";
                    default -> String.valueOf(e.getMessage());
                },
                e);
    }
}
