// The log of one agent's transport, with a bound on what a guest can make it say.
package org.scmid.transport;

import java.lang.System.Logger.Level;
import org.scmid.loop.EventLoop;
import org.scmid.loop.LogBudget;

/**
 * Log lines about one agent, each with its name in front. What a guest or a peer can cause as often as it likes goes
 * through {@link #mayReport}: a few lines in a few seconds ({@link LogBudget}), and the first line after a pause says how
 * many were left out.
 */
public final class AgentLog {
    private final System.Logger logger;
    private final String agent;
    private final LogBudget budget;

    /**
     * Makes one.
     *
     * @param owner whose name the logger gets
     * @param loop its clock is used
     * @param agent the agent's name
     */
    public AgentLog(Class<?> owner, EventLoop loop, String agent) {
        this.logger = System.getLogger(owner.getName());
        this.agent = agent;
        this.budget = new LogBudget(loop::nanoTime);
    }

    /** Says something that is normal. */
    public void info(String text) {
        logger.log(Level.INFO, "agent {0}: {1}", agent, text);
    }

    /** Says something that somebody should look at. */
    public void warning(String text) {
        logger.log(Level.WARNING, "agent {0}: {1}", agent, text);
    }

    /** Says that this program is wrong. */
    public void defect(String text, Throwable cause) {
        logger.log(Level.ERROR, "agent " + agent + ": " + text, cause);
    }

    /**
     * Whether one more line may be written about what the peer does. Ask before the line is put together, and write it
     * if the answer is true.
     */
    public boolean mayReport() {
        boolean may = budget.mayReport();
        long leftOut = may ? budget.takeLeftOut() : 0;
        if (leftOut > 0) {
            warning(leftOut + " more lines about this agent's peer were left out");
        }
        return may;
    }
}
