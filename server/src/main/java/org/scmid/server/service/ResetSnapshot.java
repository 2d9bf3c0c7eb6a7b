// What a reset looked like at one instant.
package org.scmid.server.service;

import org.jspecify.annotations.Nullable;

/**
 * What a reset looked like at one instant, for management.
 *
 * @param name its name in the board file
 * @param asserted whether hardware says that it is asserted; null if it does not say
 * @param busy whether something is being done to it
 */
public record ResetSnapshot(String name, @Nullable Boolean asserted, boolean busy) {}
