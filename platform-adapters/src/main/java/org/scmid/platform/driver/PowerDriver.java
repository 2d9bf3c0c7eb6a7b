// What realises one power domain.
package org.scmid.platform.driver;

/** One power domain, as the Power domain protocol uses it. What it does takes as long as its transition. */
public interface PowerDriver extends Switch {
    /**
     * Whether a request to switch it off is known to be refused: something is in use that needs it, and it is not to wait.
     *
     * @param isCounted whether the one who asks is counted as a user
     */
    boolean refusesToGoOff(boolean isCounted);
}
