// What an agent asked of a clock, until it is answered.
package org.scmid.server.core;

import org.jspecify.annotations.Nullable;
import org.scmid.platform.clock.ClockWaiter;

/**
 * What an agent asked of a clock, until it is answered, which may be after hardware has taken its time. An agent has one
 * for its commands and one for each asynchronous command; they are used again.
 */
final class ClockRequest implements ClockWaiter {
    /** What is asked. */
    enum Action {
        RATE,
        PARENT,
        ENABLE
    }

    private final ClockProtocol protocol;
    private @Nullable Agent agent;
    private @Nullable AgentResource clock;
    private @Nullable AgentResource parent;
    private Action action = Action.RATE;
    private long rate;
    private int flags;
    private @Nullable Call call;
    private int ticket;
    private boolean isInTree;
    private boolean isRevoked;
    private boolean addsUser;

    ClockRequest(ClockProtocol protocol) {
        this.protocol = protocol;
    }

    /** Begins a command; what it wants is set next. */
    ClockRequest begin(Action what, Agent by, AgentResource of) {
        action = what;
        agent = by;
        clock = of;
        parent = null;
        call = null;
        isRevoked = false;
        addsUser = false;
        return this;
    }

    /** @param hz the wanted rate; RATE_SET's flags say how it is rounded */
    ClockRequest rate(long hz, int itsFlags) {
        rate = hz;
        flags = itsFlags;
        return this;
    }

    ClockRequest parent(AgentResource wanted) {
        parent = wanted;
        return this;
    }

    Action action() {
        return action;
    }

    Agent agent() {
        return present(agent);
    }

    AgentResource clock() {
        return present(clock);
    }

    AgentResource parent() {
        return present(parent);
    }

    long rate() {
        return rate;
    }

    int flags() {
        return flags;
    }

    private static <T> T present(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("nothing is asked");
        }
        return part;
    }

    // ---- What has become of it.

    /** The tree counts a user for it. */
    void addsUser() {
        addsUser = true;
    }

    /** Whether the tree counts a user for it, which it does not if it fails. */
    boolean hasAddedUser() {
        return addsUser;
    }

    /** The agent has given up everything that it holds: it gets an answer, and nothing for it. */
    void revoke() {
        isRevoked = true;
    }

    boolean isRevoked() {
        return isRevoked;
    }

    // ---- Who waits for it.

    /** The clocks' tree will call back. */
    void entersTree() {
        isInTree = true;
    }

    /** Whether the clocks' tree will still call back, even if nobody waits any more. */
    boolean isInTree() {
        return isInTree;
    }

    /** It is answered later, by {@link Call#complete} with this ticket. */
    void waitWith(Call itsCall, int itsTicket) {
        call = itsCall;
        ticket = itsTicket;
    }

    /** It is an asynchronous command of this number. */
    void waitWith(int sequence) {
        call = null;
        ticket = sequence;
    }

    /** The call that is answered later; null for an asynchronous command. */
    @Nullable
    Call call() {
        return call;
    }

    /** The call's ticket, or the asynchronous command's number. */
    int ticket() {
        return ticket;
    }

    /** Whether anybody still waits for the answer. */
    boolean isWanted() {
        Call its = call;
        return its != null ? its.isWaiting(ticket) : agent().state().begun(ticket) != AgentState.NONE;
    }

    @Override
    public void mayAskAgain() {
        isInTree = false;
        protocol.askAgain(this);
    }

    @Override
    public void ended(boolean ok) {
        isInTree = false;
        protocol.ended(this, ok);
    }
}
