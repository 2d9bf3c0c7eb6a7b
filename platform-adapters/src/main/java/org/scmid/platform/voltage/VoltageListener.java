// Who wants to know when a supply has settled.
package org.scmid.platform.voltage;

/** Is told when a supply has settled. */
@FunctionalInterface
public interface VoltageListener {
    /** The time that the supply needs after its last change is over. Not called for supplies that need none. */
    void settled(VoltageDomain domain);
}
