// The rate of a clock without parents.
package org.scmid.config.clock;

import org.jspecify.annotations.Nullable;
import org.scmid.config.upstream.Origin;

/**
 * The rate of a clock without parents: the board's own, one of the host, or one of another platform.
 *
 * @param hz the rate in Hz, at least 1; of a clock of the host or of a platform what it is taken for until it was read
 * @param hostClock the clock's name in the host's debugfs; null if it is none of the host
 * @param isWritable whether the host's clock may be set and switched
 * @param origin whose clock it is; null if it is none of another platform
 */
public record FixedRate(
        long hz,
        @Nullable String hostClock,
        boolean isWritable,
        @Nullable Origin origin) {
    /** A rate that never changes. */
    public FixedRate(long hz) {
        this(hz, null, false);
    }

    /** The rate of a root of the board's own, or of the host. */
    public FixedRate(long hz, @Nullable String hostClock, boolean isWritable) {
        this(hz, hostClock, isWritable, null);
    }

    /** The rate of a clock of another platform. */
    FixedRate(long hz, Origin origin) {
        this(hz, null, false, origin);
    }
}
