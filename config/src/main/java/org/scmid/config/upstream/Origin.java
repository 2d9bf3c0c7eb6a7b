// Whose a resource of a board is that is not the board's own.
package org.scmid.config.upstream;

import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.offer.Offered;

/**
 * Whose a resource of a board is that is not the board's own.
 *
 * @param from the platform, and its name of the resource
 * @param offer what the platform offers by that; null if it is not known what it offers
 * @param critical whether it has to be on, whoever wants what; of clocks their own description says it
 * @param place where the board file takes it
 */
public record Origin(From from, @Nullable Offered offer, boolean critical, Place place) {}
