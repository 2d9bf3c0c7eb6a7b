// How a service is run, apart from its file.
package org.scmid.server.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.Offer;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.loop.LoopOptions;

/**
 * How a service is run, apart from what its file says.
 *
 * @param stateDirectory where agents are remembered, see {@link #stateDirectory(Path, Path)}; null: only in memory, so
 *     that nothing survives the process
 * @param simulate whether every register window is simulated, whatever the board file says
 * @param loop how the service loop waits
 * @param discovered is told on the loop's thread each time that it was found out what a platform offers
 */
public record ServiceOptions(
        @Nullable Path stateDirectory, boolean simulate, LoopOptions loop, BiConsumer<UpstreamSpec, Offer> discovered) {
    /** A service of which nobody wants to know what platforms offer. */
    public ServiceOptions(@Nullable Path stateDirectory, boolean simulate, LoopOptions loop) {
        this(stateDirectory, simulate, loop, (upstream, offer) -> {});
    }

    /** A service that simulates its board and leaves nothing behind ({@code --simulate}). */
    public static ServiceOptions simulated() {
        return new ServiceOptions(null, true, LoopOptions.standard());
    }

    /** A service on the board's own hardware that remembers its agents in {@code stateDirectory}. */
    public static ServiceOptions persistent(Path stateDirectory) {
        return new ServiceOptions(stateDirectory, false, LoopOptions.standard());
    }

    /** The same, telling somebody what platforms offer. */
    public ServiceOptions telling(BiConsumer<UpstreamSpec, Offer> told) {
        return new ServiceOptions(stateDirectory, simulate, loop, told);
    }

    /**
     * Where the agents of a service file are remembered: {@code <runtime directory>/state/<service key>}. The key is the
     * file's name and a hash of its absolute path, so that two files never share one.
     */
    public static Path stateDirectory(Path runtimeDirectory, Path serviceFile) {
        Path absolute = serviceFile.toAbsolutePath().normalize();
        Path fileName = absolute.getFileName();
        String name = fileName == null ? "service" : fileName.toString().replaceAll("[^A-Za-z0-9_-]", "_");
        String hash = UUID.nameUUIDFromBytes(absolute.toString().getBytes(StandardCharsets.UTF_8))
                .toString()
                .substring(0, 8);
        return runtimeDirectory.resolve("state").resolve(name + "-" + hash);
    }
}
