/**
 * Clocks, with their multiplexers, dividers, phase-locked loops and gates: what may be written, its records, its reading,
 * and which rates are possible.
 */
@NullMarked
package org.scmid.config.clock;

import org.jspecify.annotations.NullMarked;
