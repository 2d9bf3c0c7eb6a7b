// What happens if a power domain that is in use is to be switched off.
package org.scmid.config.power;

/** What happens if a power domain is to be switched off while a clock that it feeds, or a domain below it, is in use. */
public enum WhenInUse {
    /** The request is refused; the domain stays on, and the agent's vote with it. */
    REFUSE,

    /** The request is accepted; the domain goes off when what it feeds is in use no more. */
    WAIT
}
