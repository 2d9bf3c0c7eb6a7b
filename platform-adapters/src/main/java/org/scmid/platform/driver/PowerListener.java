// Is told what happens to power domains.
package org.scmid.platform.driver;

import org.jspecify.annotations.Nullable;

/** Is told what happens to power domains, some of it after the call that caused it has returned. */
@FunctionalInterface
public interface PowerListener {
    /**
     * The state that hardware says has changed.
     *
     * @param domain its position on the board, from 0
     * @param cause who asked for it; null for nobody
     */
    void changed(int domain, boolean on, @Nullable Waiter cause);
}
