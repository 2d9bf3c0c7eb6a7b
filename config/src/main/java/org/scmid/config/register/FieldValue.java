// A field of a register and one of its values, which means something.
package org.scmid.config.register;

/**
 * A field of a register and the value of it that means something, such as "on".
 *
 * @param field the field
 * @param value the raw value, which fits the field, unsigned; every other value means the opposite
 */
public record FieldValue(FieldRef field, long value) {}
