// The log of one agent's transport, with a bound on what a guest can make it say.
package org.scmid.transport;

import java.lang.System.Logger.Level;
import org.scmid.loop.EventLoop;

/**
 * Log lines about one agent, each with its name in front. What a guest or a peer can cause as often as it likes goes
 * through {@link #mayReport}: at most {@value #BURST} lines in {@value #PERIOD_SECONDS} seconds, and the first line after
 * a pause says how many were left out.
 */
public final class AgentLog {
    private static final int BURST = 5;
    private static final int PERIOD_SECONDS = 10;
    private static final long PERIOD_NANOS = PERIOD_SECONDS * 1_000_000_000L;

    private final System.Logger logger;
    private final EventLoop loop;
    private final String agent;
    private long periodBegin;
    private int reported;
    private long leftOut;

    /**
     * Makes one.
     *
     * @param owner whose name the logger gets
     * @param loop its clock is used
     * @param agent the agent's name
     */
    public AgentLog(Class<?> owner, EventLoop loop, String agent) {
        this.logger = System.getLogger(owner.getName());
        this.loop = loop;
        this.agent = agent;
        this.periodBegin = loop.nanoTime() - PERIOD_NANOS;
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
        long now = loop.nanoTime();
        if (now - periodBegin >= PERIOD_NANOS) {
            periodBegin = now;
            reported = 0;
            if (leftOut > 0) {
                warning(leftOut + " more lines about this agent's peer were left out");
                leftOut = 0;
            }
        }
        if (reported == BURST) {
            leftOut++;
            return false;
        }
        reported++;
        return true;
    }
}
