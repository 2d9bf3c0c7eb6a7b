// The system power states that agents may ask for.
package org.scmid.config;

import java.util.Locale;

/** The system power states that agents may ask for. */
public enum SystemPowerState {
    SHUTDOWN,
    COLD_RESET,
    WARM_RESET,
    SUSPEND;

    /** The word that files and the management API have for it, such as {@code cold-reset}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
