// How a command that hardware carries out is done.
package org.scmid.server.core.agent;

import org.scmid.platform.driver.Outcome;
import org.scmid.protocol.Status;

/**
 * How a command that hardware carries out is done: what is asked, and what follows when it has ended, now or later. Made once
 * by its protocol; what it is about is in the {@link Operation}.
 */
public abstract class Procedure {
    /** Asks hardware, for the first time or, if it was {@link Outcome#BUSY}, again. The operation is the waiter. */
    protected abstract Outcome ask(Operation operation);

    /** It is done, whether anybody still waits for the answer or not. */
    protected void succeeded(Operation operation) {}

    /**
     * It is done, and somebody waits for the answer: writes the reply, if there is more to it than a status.
     *
     * @return the status; or what {@link Operation#goOn} returned
     */
    protected int done(Operation operation) {
        return Status.Code.SUCCESS;
    }

    /**
     * It was {@link Outcome#STARTED} and came to nothing: takes back what {@link #ask} noted. Not called for an agent that has
     * given up everything meanwhile.
     */
    protected void undone(Operation operation) {}

    /**
     * Whether the agent holds something when it is done, such as a vote or a wish. One that has given up everything
     * meanwhile holds nothing, and is told so: BUSY, it may ask again. What leaves nothing with it is answered as it ends.
     */
    protected boolean isHolding() {
        return true;
    }

    /** What the agent is answered if it was refused or failed. */
    protected int statusOf(Outcome outcome) {
        return switch (outcome) {
            case OK, STARTED, BUSY -> throw new IllegalArgumentException(outcome + " is no refusal");
            case UNSUPPORTED_RATE, OUT_OF_LIMITS, NOT_A_PARENT -> Status.Code.INVALID_PARAMETERS;
            case NOT_NOW -> Status.Code.BUSY;
            case REFUSED -> Status.Code.DENIED;
            case UNKNOWN_STATE -> Status.Code.GENERIC_ERROR;
            case FAILED -> Status.Code.HARDWARE_ERROR;
        };
    }

    /** Asks hardware. */
    @FunctionalInterface
    public interface Question {
        Outcome ask(Operation operation);
    }

    /** Writes the reply. */
    @FunctionalInterface
    public interface Answer {
        int done(Operation operation);
    }

    /** A procedure that notes nothing: it reads, and replies with what was read. */
    public static Procedure reading(Question question, Answer answer) {
        return new Procedure() {
            @Override
            protected Outcome ask(Operation operation) {
                return question.ask(operation);
            }

            @Override
            protected int done(Operation operation) {
                return answer.done(operation);
            }

            @Override
            protected boolean isHolding() {
                return false;
            }
        };
    }
}
