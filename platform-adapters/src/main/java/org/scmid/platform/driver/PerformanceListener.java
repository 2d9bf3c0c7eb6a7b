// Who wants to know of levels.
package org.scmid.platform.driver;

import org.jspecify.annotations.Nullable;

/** Is told of performance domains whose level has changed, whoever changed it. */
@FunctionalInterface
public interface PerformanceListener {
    /**
     * A domain has another level.
     *
     * @param domain its position on the board, from 0
     * @param level the level that it has now
     * @param cause who asked for it, if that had to wait; null for who acts at the moment, or nobody
     */
    void levelChanged(int domain, int level, @Nullable Waiter cause);
}
