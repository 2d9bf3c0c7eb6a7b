// One sensor of a board file.
package org.scmid.config;

/**
 * One sensor.
 *
 * @param name its name, unique among the board's sensors
 * @param place where it is described
 */
public record SensorSpec(String name, Place place) {}
