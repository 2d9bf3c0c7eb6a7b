// The system power states that agents may ask for.
package org.scmid.config.service;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

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

    /** The state that a word is for; empty if it is for none. */
    public static Optional<SystemPowerState> of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word().equals(word))
                .findFirst();
    }
}
