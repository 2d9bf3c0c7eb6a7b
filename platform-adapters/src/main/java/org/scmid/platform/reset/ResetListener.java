// Is told when a reset is done.
package org.scmid.platform.reset;

/** Is told of the end of what {@link ResetLine#perform} has only started. */
@FunctionalInterface
public interface ResetListener {
    /**
     * @param tag as given to {@link ResetLine#perform}
     * @param ok whether every step was done
     */
    void ended(ResetLine line, ResetAction action, int tag, boolean ok);
}
