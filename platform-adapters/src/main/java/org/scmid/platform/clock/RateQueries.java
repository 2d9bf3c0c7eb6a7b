// The questions about rates that are under way: who goes on in this turn of the loop, and who waits.
package org.scmid.platform.clock;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.clock.RateQuery.Kind;
import org.scmid.platform.driver.ClockAuthority;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;

/**
 * The questions about rates that are under way. Each gets a slice of {@value #SLICE} units of work when it is asked; most
 * have ended by then. What has not goes on slice by slice, one in each turn of the loop, all in turn. Who asked was told
 * {@link org.scmid.platform.driver.Outcome#BUSY} and asks again when the answer is there, which it then gets at once.
 *
 * <p>{@value #MOST} go on beside each other, one for each cause; a longer one does not hold up what ends in its first
 * slice. Who changes what a question has looked at makes it begin anew. One that has done so {@value #MOST_RESTARTS}
 * times keeps what it looks at from being changed until it has ended, as a change of the tree does; only one at a time.
 *
 * <p>Allocates nothing once it is made.
 */
final class RateQueries {
    /** Units of work in one go. */
    static final int SLICE = Work.SLICE;

    /** So many go on beside each other. */
    static final int MOST = 4;

    /** So often a question begins anew before it keeps others from changing what it looks at. */
    static final int MOST_RESTARTS = 3;

    private final Changes changes;
    private final boolean hasTime;
    private final Scheduler.Timer timer;
    private final RateQuery[] all = new RateQuery[MOST + 1];
    private final RateQuery[] active = new RateQuery[MOST];
    private final boolean[] isParked = new boolean[MOST];
    private int count;
    private int next;
    private RateQuery spare;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private @Nullable RateQuery telling;
    private @Nullable RateQuery holder;
    private boolean isArmed;
    private boolean isAskingsTurn;

    RateQueries(List<Clock> clocks, RateBounds reach, Changes changes, Scheduler scheduler) {
        this.changes = changes;
        hasTime = !scheduler.equals(Scheduler.NEVER);
        timer = scheduler.timer(this::turn);
        for (int i = 0; i < all.length; i++) {
            all[i] = new RateQuery(clocks, reach, changes.make(), scheduler.work());
        }
        spare = all[0];
    }

    /** Says what a request for one clock may do to others. */
    void govern(ClockAuthority authority) {
        for (RateQuery query : all) {
            query.search.govern(authority);
        }
    }

    /**
     * Asks something.
     *
     * @param amount a rate in Hz, or the position of a parent
     * @param waiter is told to ask again if it takes long; nobody waits, so that nobody gets it all at once
     * @return the question that has ended, or meets a change; null if the waiter is to ask again
     */
    @Nullable
    RateQuery ask(Kind kind, Clock clock, long amount, Rounding rounding, Waiter waiter) {
        RateQuery told = telling;
        if (told != null && told.isFor(kind, clock, amount, rounding, waiter)) {
            telling = null;
            endHold(told);
            rethrow(told.failure);
            return told;
        }
        if (isUnderWay(kind, clock, amount, rounding, waiter)) {
            return null;
        }
        RateQuery query = spare;
        query.begin(kind, clock, amount, rounding, waiter);
        boolean isAlone = !hasTime || waiter.equals(Waiter.NOBODY);
        if (query.advance(isAlone ? Long.MAX_VALUE : SLICE)) {
            return query;
        }
        if (count == MOST || hasCause(waiter.cause())) {
            query.forget();
            askLater(waiter);
            return null;
        }
        isParked[count] = false;
        active[count++] = query;
        spare = free();
        arm();
        return null;
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {}
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }

    /** Whether the same is asked already; what the same one asked before instead is forgotten. */
    private boolean isUnderWay(Kind kind, Clock clock, long amount, Rounding rounding, Waiter waiter) {
        for (int i = 0; i < count; i++) {
            if (active[i].waiter().equals(waiter)) {
                if (active[i].isFor(kind, clock, amount, rounding, waiter)) {
                    return true;
                }
                telling = active[i] == telling ? null : telling;
                endHold(active[i]);
                remove(i);
                return false;
            }
        }
        return false;
    }

    private boolean hasCause(Waiter cause) {
        for (int i = 0; i < count; i++) {
            if (active[i].waiter().cause().equals(cause)) {
                return true;
            }
        }
        return false;
    }

    private RateQuery free() {
        for (RateQuery query : all) {
            if (!isActive(query)) {
                return query;
            }
        }
        throw new IllegalStateException("no question is free");
    }

    private boolean isActive(RateQuery query) {
        for (int i = 0; i < count; i++) {
            if (active[i] == query) {
                return true;
            }
        }
        return false;
    }

    private void remove(int position) {
        active[position].forget();
        count--;
        for (int i = position; i < count; i++) {
            active[i] = active[i + 1];
            isParked[i] = isParked[i + 1];
        }
        if (next > position) {
            next--;
        }
    }

    /** Has somebody ask again in one of the next turns, in the order of this. */
    void askLater(Waiter waiter) {
        if (!waiting.contains(waiter)) {
            waiting.add(waiter);
        }
        arm();
    }

    private void arm() {
        if (!isArmed && hasTime) {
            isArmed = true;
            timer.arm(0);
        }
    }

    /** One turn of the loop: one slice of one question, or one who waits may ask, in turn. */
    private void turn() {
        isArmed = false;
        int position = nextToGoOn();
        isAskingsTurn = mayAsk() && (isAskingsTurn || position < 0);
        if (isAskingsTurn) {
            Changes.letAsk(waiting.remove());
        } else if (position >= 0) {
            goOn(position);
        }
        isAskingsTurn = !isAskingsTurn;
        if (nextToGoOn() >= 0 || mayAsk()) {
            arm();
        }
    }

    private boolean mayAsk() {
        return count < MOST && !waiting.isEmpty();
    }

    private int nextToGoOn() {
        for (int i = 0; i < count; i++) {
            int position = (next + i) % count;
            if (!isParked[position]) {
                return position;
            }
        }
        return -1;
    }

    private void goOn(int position) {
        RateQuery query = active[position];
        next = position + 1;
        boolean hasEnded;
        try {
            if (query.isDisturbed) {
                beginAnew(query);
            }
            hasEnded = query.advance(SLICE);
            Mapping.raiseFault(); // a register file that was cut off says so late
            if (hasEnded && (query.search.meetsChange() || query.isDisturbed)) {
                query.isDisturbed = true;
                isParked[position] = query.search.meetsChange();
                return;
            }
            if (hasEnded && !query.search.isStillSo()) {
                query.isDisturbed = true;
                return;
            }
        } catch (RuntimeException | InternalError failure) {
            query.failure = failure; // whoever asked is told
            hasEnded = true;
        }
        if (hasEnded) {
            end(query, position);
        }
    }

    private void beginAnew(RateQuery query) {
        query.restarts++;
        query.beginAnew();
        if (query.restarts > MOST_RESTARTS && holder == null) {
            holder = query;
            query.hold.begin();
            query.search.hold(query.hold);
        }
    }

    private void end(RateQuery query, int position) {
        telling = query;
        Changes.letAsk(query.waiter());
        telling = null;
        endHold(query);
        if (position < count && active[position] == query) { // whoever was told may have asked for something else
            remove(position);
        }
    }

    private void endHold(RateQuery query) {
        if (holder == query) {
            holder = null;
            query.search.hold(null);
            changes.endHold(query.hold);
        }
    }

    // ---- What changes meanwhile.

    /** A clock takes part in a change from now on. */
    void claimed(Clock clock) {
        for (int i = 0; i < count; i++) {
            RateQuery query = active[i];
            query.isDisturbed |= query != telling && query.search.hasLookedAt(clock);
        }
    }

    /** A change has ended: what met it begins anew. */
    void changeEnded() {
        boolean isAny = false;
        for (int i = 0; i < count; i++) {
            isAny |= isParked[i];
            isParked[i] = false;
        }
        if (isAny) {
            arm();
        }
    }
}
