// A platform that a board takes resources from.
package org.scmid.config.upstream;

import java.nio.file.Path;
import java.time.Duration;
import org.scmid.config.document.Place;
import org.scmid.config.serial.SerialSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsSpec;

/**
 * A platform that a board takes resources from: scmid asks it as an agent.
 *
 * @param name what the board file calls it, 1 to 63 printable ASCII characters without a slash
 * @param way how it is reached
 * @param timeout how long a reply is waited for, 1 ms to 60 s
 * @param reconnect how long after it could not be reached, or was lost, it is tried again; 100 ms to 1 h
 * @param whenBack what is done when it comes back without what was asked of it before
 * @param folder of the file that describes it; what the platform offers is saved there
 * @param place where it is described
 */
public record UpstreamSpec(
        String name, Way way, Duration timeout, Duration reconnect, WhenBack whenBack, Path folder, Place place) {

    /** What is done when a platform comes back and is not as it was asked to be, since it was restarted. */
    public enum WhenBack {
        /** What agents have asked for is asked for again. */
        APPLY,
        /** Agents are told that it has changed. */
        REPORT
    }

    /** How a platform is reached. */
    public sealed interface Way {
        /** How messages name it, for people. */
        String shown();

        /** What whoever uses it has to know, for people; empty if there is nothing. */
        default String caution() {
            return "";
        }
    }

    /** By a serial line, as docs/serial.md describes it. */
    public record Serial(SerialSpec line) implements Way {
        @Override
        public String shown() {
            return "the serial line " + line.port() + ", " + line.baud() + " baud";
        }
    }

    /** By a Unix stream socket that it listens on, as docs/socket.md describes it. */
    public record Socket(Path socket) implements Way {
        @Override
        public String shown() {
            return "the socket " + socket;
        }
    }

    /** By vhost-user: it is a back end that listens on a Unix socket. */
    public record VhostUser(Path socket) implements Way {
        @Override
        public String shown() {
            return "the vhost-user back end on " + socket;
        }
    }

    /** By a character device whose driver it is. */
    public record Device(Path device) implements Way {
        @Override
        public String shown() {
            return "the device " + device;
        }
    }

    /**
     * By the raw mode of the kernel, which reaches it as the host's own agent.
     *
     * @param debugfs where debugfs is mounted
     * @param instance which of the kernel's platforms, from 0
     */
    public record Kernel(Path debugfs, int instance) implements Way {
        @Override
        public String shown() {
            return "SCMI instance " + instance + " of the kernel, by raw mode";
        }

        @Override
        public String caution() {
            return "raw mode of the kernel is for tests, and this is experimental: without COEX it takes SCMI from the"
                    + " host's own drivers, with it both are one agent to the platform, and long replies are lost";
        }
    }

    /** By a window of shared memory, whose server it is. */
    public sealed interface Window extends Way {
        /** Where the window is. */
        RegionSpec region();

        /** How often it is looked at. */
        NotifySpec.Poll poll();
    }

    /** By a virtio-mmio ring in a window. */
    public record VirtioMmio(RegionSpec region, NotifySpec.Poll poll) implements Window {
        @Override
        public String shown() {
            return "the virtio-mmio ring in " + region.location().shown();
        }
    }

    /** By a fat virtqueue in a window. */
    public record FatVirtqueue(RegionSpec region, NotifySpec.Poll poll, SlotsSpec slots) implements Window {
        @Override
        public String shown() {
            return "the fat virtqueue in " + region.location().shown();
        }
    }
}
