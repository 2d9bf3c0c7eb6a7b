// The bounds of what agents may ask for.
package org.scmid.config.clock;

/**
 * The bounds of the rates that agents may ask for; what is reported is not bounded by them.
 *
 * @param min lowest rate in Hz, inclusive; 0 if the file has none
 * @param max highest rate in Hz, inclusive; {@link Long#MAX_VALUE} if the file has none
 */
public record RateLimits(long min, long max) {

    /** No limits. */
    public static final RateLimits NONE = new RateLimits(0, Long.MAX_VALUE);
}
