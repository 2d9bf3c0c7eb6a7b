// One reset that a platform offers.
package org.scmid.config.offer;

/**
 * One reset that a platform offers.
 *
 * @param id the platform's number of it
 * @param name the platform's name of it
 * @param latencyMicros microseconds that a reset takes, as an unsigned 32-bit number; 0xFFFFFFFF if not known
 * @param asynchronous whether it can be reset by asynchronous commands
 */
public record ResetOffer(int id, String name, long latencyMicros, boolean asynchronous) implements Offered {}
