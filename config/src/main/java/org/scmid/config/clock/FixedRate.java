// The rate of a clock without parents.
package org.scmid.config.clock;

import org.jspecify.annotations.Nullable;

/**
 * The rate of a clock without parents.
 *
 * @param hz the rate in Hz, at least 1; of a clock of the host what it is taken for until it was read
 * @param hostClock the clock's name in the host's debugfs; null if the rate is what the board file says
 * @param isWritable whether the host's clock may be set and switched
 */
public record FixedRate(long hz, @Nullable String hostClock, boolean isWritable) {
    /** A rate that never changes. */
    public FixedRate(long hz) {
        this(hz, null, false);
    }
}
