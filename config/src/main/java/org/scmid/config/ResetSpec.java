// One reset of a board file.
package org.scmid.config;

/**
 * One reset.
 *
 * @param name its name, unique among the board's resets
 * @param place where it is described
 */
public record ResetSpec(String name, Place place) {}
