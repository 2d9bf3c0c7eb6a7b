// The bit by which hardware says that it has done what it was told.
package org.scmid.config.clock;

import java.time.Duration;
import org.scmid.config.register.FieldRef;

/**
 * The bit by which hardware says that it has done what it was told: a phase-locked loop that it is locked, an
 * oscillator that it is stable. It is read at once, then after each interval.
 *
 * @param field one bit, which is only read
 * @param high whether 1 says that it is done, else 0 does
 * @param timeout after which it counts as failed, more than 0
 * @param interval between two reads, more than 0
 */
public record ReadySpec(FieldRef field, boolean high, Duration timeout, Duration interval) {}
