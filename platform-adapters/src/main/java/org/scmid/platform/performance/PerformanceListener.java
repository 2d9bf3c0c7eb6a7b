// Who wants to know how a change of level ended.
package org.scmid.platform.performance;

/** Is told how a change of level ended that did not end at once. */
@FunctionalInterface
public interface PerformanceListener {
    /**
     * The change is over.
     *
     * @param domain the domain
     * @param reached whether the level was reached; if not, the clock has refused the rate, and the domain stays where
     *     it was
     */
    void changeEnded(PerformanceDomain domain, boolean reached);
}
