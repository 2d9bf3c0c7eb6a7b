// Messages of one kind about one resource.
package org.scmid.upstream.driver;

import org.scmid.agent.Command;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;

/**
 * Messages of one kind about one resource, one under way at a time: whoever comes meanwhile is asked to come again, in the
 * order of coming. Nothing is ever sent again by itself.
 */
abstract class Exchange implements Command.Listener {
    private static final int LONGEST_REQUEST = 64;
    private static final int STATUS_AT = 4;

    /** How long a delayed response is waited for. */
    static final long DELAYED_NANOS = 4_000_000_000L;

    /** Where the request is written. */
    final MessageBuffer request = new MessageBuffer(LONGEST_REQUEST);

    /** The reply, while it is looked at. */
    final MessageBuffer reply = new MessageBuffer();

    /** Those who wait for the end of what is under way. */
    final WaiterList waiting = new WaiterList();

    private final WaiterList turns = new WaiterList();
    private final Room room;
    private final Command command;

    Exchange(Room room) {
        this.room = room;
        this.command = room.upstream().command(this);
    }

    boolean isUnderWay() {
        return command.isUnderWay();
    }

    /** What is answered to who comes while something is under way. */
    final Outcome awaitTurn(Waiter waiter) {
        turns.add(waiter);
        return Outcome.BUSY;
    }

    /**
     * Sends what was written.
     *
     * @param length of the message in bytes
     * @param isAsynchronous whether the end comes by a delayed response
     */
    final Outcome send(int length, boolean isAsynchronous, Waiter waiter) {
        return send(length, isAsynchronous, waiter, waiter);
    }

    /**
     * As {@link #send(int, boolean, Waiter)}.
     *
     * @param later may ask again when there is room, in place of who waits for the end
     */
    final Outcome send(int length, boolean isAsynchronous, Waiter waiter, Waiter later) {
        if (!room.upstream().isUp()) {
            return Outcome.FAILED;
        }
        long timeout = room.timeoutNanos();
        boolean isSent = isAsynchronous
                ? command.sendAsynchronous(request.array(), length, timeout, DELAYED_NANOS)
                : command.send(request.array(), length, timeout);
        if (!isSent) {
            return room.await(later);
        }
        waiting.add(waiter);
        return Outcome.STARTED;
    }

    @Override
    public final void replied(byte[] message, int length) {
        if (command.isUnderWay()) {
            return; // the delayed response is still to come
        }
        take(message, length);
    }

    @Override
    public final void delayed(byte[] message, int length) {
        take(message, length);
    }

    private void take(byte[] message, int length) {
        reply.wrap(message, 0, length);
        Outcome outcome = meaningOf(reply.getU32(STATUS_AT));
        conclude(outcome == Outcome.OK ? ended() : outcome);
    }

    @Override
    public final void failed(Command.Failure why) {
        lost();
        conclude(Outcome.FAILED);
    }

    private void conclude(Outcome outcome) {
        if (outcome == Outcome.STARTED) {
            afterwards();
        } else {
            tell(outcome);
            turnIsOver();
        }
        room.free();
    }

    /** Those who have waited for their turn may ask again. */
    final void turnIsOver() {
        turns.tell(Outcome.BUSY);
    }

    /** Goes on after {@link #ended} has said that those who wait are told later. */
    void afterwards() {}

    /** Tells those who wait. */
    void tell(Outcome outcome) {
        waiting.tell(outcome);
    }

    /**
     * The platform has done it; {@link #reply} has its values.
     *
     * @return {@link Outcome#STARTED} if those who wait are told later; {@link Outcome#FAILED} if the reply holds less than it
     *     has to
     */
    abstract Outcome ended();

    /** What a platform's status means to who asked for this. */
    Outcome meaningOf(int status) {
        return outcomeOf(status);
    }

    /** No answer came: nobody knows whether it was done. */
    void lost() {}

    /** What a platform's status means to who asked. */
    static Outcome outcomeOf(int status) {
        return switch (status) {
            case Status.Code.SUCCESS -> Outcome.OK;
            case Status.Code.INVALID_PARAMETERS, Status.Code.OUT_OF_RANGE -> Outcome.OUT_OF_LIMITS;
            case Status.Code.DENIED -> Outcome.REFUSED;
            case Status.Code.BUSY -> Outcome.NOT_NOW;
            default -> Outcome.FAILED;
        };
    }
}
