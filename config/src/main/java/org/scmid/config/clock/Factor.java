// A fixed multiplication and division of a clock's rate.
package org.scmid.config.clock;

/**
 * A fixed relation of a clock's rate to its parent's.
 *
 * @param multiply 1 to 2^31 - 1
 * @param divide 1 to 2^31 - 1
 */
public record Factor(long multiply, long divide) {}
