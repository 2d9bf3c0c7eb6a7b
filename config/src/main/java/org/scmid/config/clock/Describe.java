// How a clock's possible rates are described to agents.
package org.scmid.config.clock;

/** How a clock's possible rates are described to agents. */
public enum Describe {
    /** A list up to 16 rates, a range above that. */
    AUTO,
    /** Always a list. */
    LIST,
    /** Always a range. */
    RANGE
}
