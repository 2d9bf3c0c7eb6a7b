// Gives a platform's clocks again what they were given before it came back.
package org.scmid.upstream.driver;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.offer.ClockOffer;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;

/**
 * Gives the clocks of a platform that is back the parents and rates that were set last, and then lets each know that it is
 * back. One setting is asked for after the other, and a clock after those that it may run from: what a rate comes to depends
 * on what is above. One that is not answered is asked for again, twice, since it is the same.
 */
final class Restoration implements Waiter {
    private static final System.Logger LOG = System.getLogger(Restoration.class.getName());
    private static final int TRIES = 3;

    private final Room room;
    private final List<ClockClient> clocks;
    private int next;
    private boolean isParentSet;
    private int tries;
    private boolean cancelled;

    /** @param clocks in the order in which they are restored */
    Restoration(Room room, List<ClockClient> clocks) {
        this.room = room;
        this.clocks = clocks;
    }

    /**
     * The clocks in an order in which none comes before one that it may run from, as far as there is such an order.
     *
     * @param offers what the platform offers
     * @param known the clocks that are wanted, by its names
     */
    static List<ClockClient> order(List<ClockOffer> offers, Map<String, ClockClient> known) {
        Map<String, ClockOffer> byName = new HashMap<>();
        offers.forEach(offer -> byName.put(offer.name(), offer));
        List<ClockClient> ordered = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ClockOffer offer : offers) {
            if (seen.add(offer.name())) {
                visit(offer, byName, known, seen, ordered);
            }
        }
        return ordered;
    }

    /** Without recursion: how long a chain of parents is, the platform says. */
    private static void visit(
            ClockOffer first,
            Map<String, ClockOffer> byName,
            Map<String, ClockClient> known,
            Set<String> seen,
            List<ClockClient> ordered) {
        Deque<ClockOffer> path = new ArrayDeque<>(List.of(first));
        Deque<Iterator<String>> parents =
                new ArrayDeque<>(List.of(first.parents().iterator()));
        while (!path.isEmpty()) {
            Iterator<String> left = parents.getLast();
            if (left.hasNext()) {
                ClockOffer parent = byName.get(left.next());
                if (parent != null && seen.add(parent.name())) {
                    path.addLast(parent);
                    parents.addLast(parent.parents().iterator());
                }
            } else {
                parents.removeLast();
                ClockClient clock = known.get(path.removeLast().name());
                if (clock != null) {
                    ordered.add(clock);
                }
            }
        }
    }

    /** Begins. */
    void begin() {
        goOn();
    }

    /** Asks for nothing more; what is under way may end. */
    void cancel() {
        cancelled = true;
    }

    private void goOn() {
        while (!cancelled && next < clocks.size()) {
            ClockClient clock = clocks.get(next);
            Outcome outcome = isParentSet ? clock.setRateAgain(this) : clock.setParentAgain(this);
            if (outcome.isLater()) {
                return;
            }
            hasEnded(clock, outcome);
        }
    }

    private void hasEnded(ClockClient clock, Outcome outcome) {
        if (outcome == Outcome.FAILED && room.upstream().isUp() && ++tries < TRIES) {
            return; // and again
        }
        tries = 0;
        if (outcome != Outcome.OK && room.upstream().isUp() && room.upstream().mayReport()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "upstream {0} has not set the {1} of clock {2} again: it {3}",
                    room.upstream().spec().name(),
                    isParentSet ? "rate" : "parent",
                    clock.name(),
                    outcome == Outcome.FAILED ? "did not answer or failed" : "refused");
        }
        isParentSet = !isParentSet;
        if (!isParentSet) {
            next++;
            clock.listener().isBack(/* apply= */ true);
        }
    }

    @Override
    public void mayAskAgain() {
        goOn();
    }

    @Override
    public void ended(Outcome outcome) {
        if (!cancelled) {
            hasEnded(clocks.get(next), outcome);
            goOn();
        }
    }
}
