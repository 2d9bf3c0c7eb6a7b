// The ways in which an agent is reached.
package org.scmid.config.service;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.scmid.config.serial.SerialSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.config.window.SlotsSpec;

/** How an agent is reached. */
public sealed interface TransportSpec {

    /**
     * A virtio-scmi device over vhost-user.
     *
     * @param socket the Unix socket, at most 107 bytes
     * @param mode who listens on it
     * @param socketMode permission bits of a socket that we create, 0 to 0777
     * @param socketGroup group of a socket that we create, a name or a number; null leaves it alone
     * @param grace how long a front end may stay away in {@code connect} mode before its agent's state is dropped
     * @param window how much of the guest's memory may be shared; null if all of it may
     */
    record VhostUser(
            Path socket,
            Mode mode,
            int socketMode,
            @Nullable String socketGroup,
            Duration grace,
            @Nullable MemoryWindow window)
            implements TransportSpec {}

    /**
     * SCMI messages on a Unix stream socket, each after its length (u32, little-endian).
     *
     * @param socket the Unix socket, at most 107 bytes
     * @param mode who listens on it; always {@link Mode#LISTEN}
     * @param socketMode permission bits of the socket, 0 to 0777
     * @param socketGroup group of the socket, a name or a number; null leaves it alone
     */
    record Socket(
            Path socket,
            Mode mode,
            int socketMode,
            @Nullable String socketGroup) implements TransportSpec {}

    /** A ring in a window of shared memory. */
    sealed interface Window extends TransportSpec {
        /** Where the window is. */
        RegionSpec region();

        /** How the sides tell each other. */
        NotifySpec notification();
    }

    /**
     * A virtio-mmio ring in a window of shared memory.
     *
     * @param region the window, at least {@value RegionSpec#SMALLEST_MMIO_WINDOW} bytes
     * @param notification how the sides tell each other
     */
    record VirtioMmio(RegionSpec region, NotifySpec notification) implements Window {}

    /**
     * A fat virtqueue in a window of shared memory.
     *
     * @param region the window, large enough for both queues
     * @param notification how the sides tell each other
     * @param slots of both queues
     */
    record FatVirtqueue(RegionSpec region, NotifySpec notification, SlotsSpec slots) implements Window {}

    /**
     * An agent at the other end of a serial line.
     *
     * @param line the port, and how it is set
     * @param grace how long the agent may be silent or away before its state is dropped
     */
    record Serial(SerialSpec line, Duration grace) implements TransportSpec {}

    /** Who listens on a socket. */
    enum Mode {
        /** We do. */
        LISTEN,
        /** The other side does, and we come back whenever it or we restart. */
        CONNECT
    }
}
