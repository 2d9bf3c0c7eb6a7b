// The bit that lets a clock run.
package org.scmid.config;

/**
 * The bit that lets a clock run.
 *
 * @param field one bit
 * @param enableHigh whether 1 lets the clock run, else 0 does
 */
public record GateSpec(FieldRef field, boolean enableHigh) {}
