// What a request for a rate takes if the hardware cannot make exactly that.
package org.scmid.platform.driver;

/** What a request for a rate takes if the hardware cannot make exactly that. Rates are compared in whole Hz. */
public enum Rounding {
    /** The highest possible rate that is not above the request. */
    DOWN,
    /** The lowest possible rate that is not below the request. */
    UP,
    /** The possible rate with the smallest distance to the request; of two, the higher. */
    NEAREST
}
