// What an agent has asked of hardware, until it is answered.
package org.scmid.server.core.agent;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Status;

/**
 * What an agent has asked of hardware, until it is answered: at once, or after hardware has taken its time. This is the
 * one place where an end that comes later is kept, whatever the protocol. An agent has one for its command, and one for each
 * asynchronous command; they are used again.
 *
 * <p>Its life: {@link Call#operation} or {@link Agent#operation} begins it, {@link #run} asks hardware by a {@link Procedure}.
 * What ends at once ends in there. Else the command's reply is put off ({@link Call#defer}), and {@link #ended} answers it:
 * {@link Call#complete}, or for an asynchronous command {@link Agent#asyncEnded}. In between
 *
 * <ul>
 *   <li>the command may be abandoned, as its ring was stopped: nobody waits, and it comes again. What hardware did is
 *       kept, and what it did not do is taken back;
 *   <li>the agent may give up everything ({@link #revoke}): if it still waits, and would hold something now, it is
 *       answered BUSY, and has nothing.
 * </ul>
 */
public final class Operation implements Waiter {
    private final Agent agent;
    private @Nullable Procedure procedure;
    private @Nullable AgentResource resource;
    private @Nullable AgentResource other;
    private @Nullable Call call;
    private int ticket;
    private boolean isOut;
    private boolean isRevoked;
    private long wanted;
    private int flags;
    private int before;
    private boolean isCounted;
    private long value;

    Operation(Agent agent) {
        this.agent = agent;
    }

    Operation begin(Call itsCall, @Nullable AgentResource of) {
        call = itsCall;
        return begin(of);
    }

    /** Begins an asynchronous command of this number. */
    Operation begin(int sequence, AgentResource of) {
        call = null;
        ticket = sequence;
        return begin(of);
    }

    private Operation begin(@Nullable AgentResource of) {
        resource = of;
        other = null;
        isRevoked = false;
        isCounted = false;
        return this;
    }

    // ---- What is asked.

    /** Who asks. */
    public Agent agent() {
        return agent;
    }

    /** The resource that is asked. */
    public AgentResource resource() {
        return present(resource);
    }

    /** Another resource that the command names, such as a clock's new parent. */
    public AgentResource other() {
        return present(other);
    }

    /** Says which other resource the command names. */
    public Operation names(AgentResource its) {
        other = its;
        return this;
    }

    /** Says what is wanted, and the command's flags. */
    public Operation wants(long quantity, int itsFlags) {
        wanted = quantity;
        flags = itsFlags;
        return this;
    }

    /** What is wanted, such as a rate in Hz. */
    public long wanted() {
        return wanted;
    }

    /** The command's flags. */
    public int flags() {
        return flags;
    }

    /** The command, whose reply is written. */
    public Call call() {
        return present(call);
    }

    /** Whether it is an asynchronous command, which has no reply to be written. */
    public boolean isAsync() {
        return call == null;
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("nothing is asked");
        }
        return part;
    }

    // ---- What a procedure notes, to take it back.

    /** The agent's flags before. */
    public int before() {
        return before;
    }

    /** Whether the count of the resource's users was changed. */
    public boolean hasCounted() {
        return isCounted;
    }

    /** Notes the agent's flags before, and whether the count of the resource's users is changed. */
    public void note(int flagsBefore, boolean counted) {
        before = flagsBefore;
        isCounted = counted;
    }

    // ---- What has become of it.

    /** What was read. */
    public long value() {
        return value;
    }

    @Override
    public void value(long read) {
        value = read;
    }

    /**
     * Asks hardware.
     *
     * @return the status, the rest of the reply is in the call; or {@link Call#DEFERRED}
     */
    public int run(Procedure its) {
        int status = goOn(its);
        if (status == Call.DEFERRED && call != null) {
            ticket = call.defer();
        }
        return status;
    }

    /**
     * What was asked already has not succeeded at once: it ends later, or not at all.
     *
     * @param its how it goes on
     * @return as {@link #run}
     */
    public int later(Procedure its, Outcome outcome) {
        procedure = its;
        isOut = outcome.isLater();
        if (!isOut) {
            return its.statusOf(outcome);
        }
        ticket = call().defer();
        return Call.DEFERRED;
    }

    /** From {@link Procedure#done}: something else is to be asked before the command is answered. */
    public int goOn(Procedure its) {
        procedure = its;
        return conclude(ask(its));
    }

    /** While it is asked it counts as out: hardware may tell of its end from within. */
    private Outcome ask(Procedure its) {
        boolean isLater = false;
        isOut = true;
        try {
            Outcome outcome = its.ask(this);
            isLater = outcome.isLater();
            return outcome;
        } finally {
            isOut = isLater;
        }
    }

    private int conclude(Outcome outcome) {
        Procedure its = present(procedure);
        if (outcome == Outcome.OK) {
            its.succeeded(this);
            return its.done(this);
        }
        if (outcome.isLater()) {
            return Call.DEFERRED;
        }
        return its.statusOf(outcome);
    }

    /** Whether hardware will still call back, even if nobody waits any more. */
    boolean isOut() {
        return isOut;
    }

    /** Whether its agent has given up everything meanwhile. */
    public boolean isRevoked() {
        return isRevoked;
    }

    /** The agent has given up everything that it holds: it gets an answer, and nothing for it. */
    void revoke() {
        isRevoked = true;
    }

    @Override
    public void mayAskAgain() {
        isOut = false;
        if (isWanted()) {
            goOnLater(Outcome.BUSY);
        }
    }

    @Override
    public void ended(Outcome outcome) {
        isOut = false;
        goOnLater(outcome);
    }

    /** Whoever waits is owed an answer, whatever happens. */
    private void goOnLater(Outcome outcome) {
        Agent acted = agent.agents().act(agent);
        int status;
        try {
            status = concludeLater(outcome);
            Mapping.raiseFault(); // a register file that was cut off says so late
        } catch (RuntimeException | InternalError failure) {
            String about = resource == null ? "" : " about " + resource.name();
            agent.reportFailure("a command" + about + " failed", failure);
            status = Status.Code.HARDWARE_ERROR;
        } finally {
            agent.agents().act(acted);
        }
        if (status != Call.DEFERRED && isWanted()) {
            answer(status);
        }
    }

    private int concludeLater(Outcome outcome) {
        Procedure its = present(procedure);
        boolean isVoid = isRevoked && its.isHolding();
        if (outcome == Outcome.BUSY) {
            return isVoid ? Status.Code.BUSY : conclude(ask(its));
        }
        if (outcome != Outcome.OK && !isRevoked) {
            its.undone(this);
        }
        if (isVoid || !isWanted()) {
            if (outcome == Outcome.OK) {
                its.succeeded(this);
            }
            return Status.Code.BUSY; // the agent may ask again, and has nothing now
        }
        return conclude(outcome);
    }

    @Override
    public Waiter cause() {
        return agent.behalf();
    }

    /** The asynchronous commands of an agent that has given up everything are gone; if it has left, its state is, too. */
    private boolean isWanted() {
        Call its = call;
        return its != null ? its.isWaiting(ticket) : !isRevoked;
    }

    private void answer(int status) {
        Call its = call;
        if (its != null) {
            its.complete(ticket, status);
        } else {
            agent.asyncEnded(ticket, status, value);
        }
    }
}
