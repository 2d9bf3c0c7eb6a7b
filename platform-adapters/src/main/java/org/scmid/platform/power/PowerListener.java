// Is told what happens to power domains.
package org.scmid.platform.power;

/** Is told what happens to power domains, some of it after the call that caused it has returned. */
public interface PowerListener {
    /**
     * The state that hardware says has changed.
     *
     * @param cause who asked, as given to the tree
     */
    void changed(PowerDomain domain, boolean on, int cause);

    /**
     * A transition has ended.
     *
     * @param on whether it was to switch on
     * @param ok whether hardware says what was wanted
     */
    void finished(PowerDomain domain, boolean on, boolean ok);

    /** Nothing goes on in the domain any more: whatever was asked of it is done, or has become needless. */
    void settled(PowerDomain domain);
}
