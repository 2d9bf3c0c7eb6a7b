// One clock, as a board file describes it.
package org.scmid.config.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;

/**
 * One clock of the board. Its rate is made in the order root or parent, multiplexer, factor, divider or PLL, gate.
 *
 * @param name 1 to 63 printable ASCII characters
 * @param parents names of the clocks that it can run from, in the file's order; empty for a root; exactly one if there
 *     is no multiplexer
 * @param fixed the rate of a root; null for a clock with parents
 * @param factor a fixed multiplication and division; null for none
 * @param mux what selects the parent; null if there is at most one
 * @param divider what divides; null for none
 * @param pll the phase-locked loop in the divider's place; null for none
 * @param gate what stops the clock; null if it always runs
 * @param rates what agents may ask for
 * @param describe how the possible rates are described to agents
 * @param reparent whether setting a rate may change the parent
 * @param setParentRate whether setting a rate may change the parent's rate
 * @param enableDelayMicros microseconds that the clock needs from enable to a stable output; 0 if unknown
 * @param critical whether it has to run, whoever wants what
 * @param place where the clock is described
 */
public record ClockSpec(
        String name,
        List<String> parents,
        @Nullable FixedRate fixed,
        @Nullable Factor factor,
        @Nullable MuxSpec mux,
        @Nullable DividerSpec divider,
        @Nullable PllSpec pll,
        @Nullable GateSpec gate,
        RateLimits rates,
        Describe describe,
        boolean reparent,
        boolean setParentRate,
        long enableDelayMicros,
        boolean critical,
        Place place) {

    /** Copies the parents. */
    public ClockSpec {
        parents = List.copyOf(parents);
    }

    /** A clock without a PLL that may stand. */
    public ClockSpec(
            String name,
            List<String> parents,
            @Nullable FixedRate fixed,
            @Nullable Factor factor,
            @Nullable MuxSpec mux,
            @Nullable DividerSpec divider,
            @Nullable GateSpec gate,
            RateLimits rates,
            Describe describe,
            boolean reparent,
            boolean setParentRate,
            long enableDelayMicros,
            Place place) {
        this(
                name,
                parents,
                fixed,
                factor,
                mux,
                divider,
                null,
                gate,
                rates,
                describe,
                reparent,
                setParentRate,
                enableDelayMicros,
                false,
                place);
    }
}
