// How the two sides of a window tell each other that there is work.
package org.scmid.config.window;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a window's service and driver tell each other. */
public sealed interface NotifySpec {
    /**
     * Both look.
     *
     * @param longestPause the longest time between two looks of the service, 1 ms to 1 s
     */
    record Poll(Duration longestPause) implements NotifySpec {}

    /**
     * Both ring, by an ivshmem device; the service is its server.
     *
     * @param socket the Unix socket that the VMM connects to, at most 107 bytes
     * @param socketMode permission bits of the socket, 0 to 0777
     * @param socketGroup group of the socket, a name or a number; null leaves it alone
     */
    record Ivshmem(Path socket, int socketMode, @Nullable String socketGroup) implements NotifySpec {}
}
