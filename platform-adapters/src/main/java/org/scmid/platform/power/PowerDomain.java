// One power domain.
package org.scmid.platform.power;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.config.power.WhenInUse;
import org.scmid.loop.Scheduler;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.register.RegisterField;
import org.scmid.platform.register.Windows;
import org.scmid.platform.sequence.Sequence;
import org.scmid.platform.sequence.SequenceRunner;

/** One power domain. Whether it is on is read from its registers each time; it is changed by its {@link PowerTree}. */
public final class PowerDomain {
    /** What goes on in a domain. */
    enum Phase {
        IDLE,
        /** It is to be switched on when its parent is on. */
        WAITING_FOR_PARENT,
        SWITCHING_ON,
        SWITCHING_OFF
    }

    /** What is to be done when the domain's clocks run. */
    enum Then {
        NOTHING,
        TURN_ON,
        TURN_OFF
    }

    /** No clock is being started. */
    static final int NONE = -1;

    private final int index;
    private final String name;
    private final WhenInUse whenInUse;
    private final RegisterField state;
    private final long onValue;
    final Sequence turnOn;
    final Sequence turnOff;
    final SequenceRunner runner;
    final List<PowerDomain> children = new ArrayList<>();
    final Clock[] clocks;
    final Clock[] feeds;
    final boolean[] heldClocks;

    /** What waits for the domain's clocks. */
    final Waiter waiter;

    Then then = Then.NOTHING;

    /** Whether a clock is being started, or has to be asked for again. */
    boolean isWaitingForClocks;

    /** Which of the clocks is the next that is started, or let go of. */
    int nextClock;

    /** Whether its clocks are being let go of, which takes several turns. */
    boolean isLettingGo;

    /** Goes on with its clocks. */
    final Scheduler.Timer more;

    /** How many domains below were found off in a row, and which is the next. */
    int lookedAt;

    int lookAt;

    /** The next domain below that is told that this one is on, or is not. */
    int wake;

    /** Places among its clocks, in the order of the board. */
    private final int[] heldPlaces;

    /** Which of the clocks is being started; {@link #NONE} if none is. */
    int starting = NONE;

    @Nullable
    PowerDomain parent;

    Phase phase = Phase.IDLE;
    int votes;
    int childVotes;

    @Nullable
    Waiter cause;

    @Nullable
    Waiter transitionCause;

    /** Whether the parent counts this domain as one of its {@link #childVotes}. */
    boolean holdsParent;

    /** Whether it may be switched off with the last domain below it: nobody but us has switched it on. */
    boolean ours;

    /** Whether it is to go off as soon as nothing needs it. */
    boolean offWanted;

    /** Whether the last transition failed. */
    boolean failed;

    /** What hardware said before the transition that goes on. */
    boolean wasOn;

    PowerDomain(
            int index, PowerDomainSpec spec, Windows windows, ClockTree clockTree, Scheduler scheduler, Owner owner) {
        this.index = index;
        name = spec.name();
        whenInUse = spec.whenInUse();
        state = windows.field(spec.on().field());
        onValue = spec.on().value();
        turnOn = Sequence.of(spec.turnOn(), windows);
        turnOff = Sequence.of(spec.turnOff(), windows);
        clocks = spec.clocks().stream().map(clockTree::get).toArray(Clock[]::new);
        feeds = spec.feeds().stream().map(clockTree::get).toArray(Clock[]::new);
        heldClocks = new boolean[clocks.length];
        more = scheduler.timer(() -> owner.goOn(this));
        heldPlaces = IntStream.range(0, clocks.length)
                .boxed()
                .sorted(Comparator.comparingInt(place -> clocks[place].index()))
                .mapToInt(Integer::intValue)
                .toArray();
        runner = new SequenceRunner("power domain " + name, scheduler, ok -> owner.ended(this, ok));
        waiter = new Waiter() {
            @Override
            public void mayAskAgain() {
                owner.clocksMayStart(PowerDomain.this);
            }

            @Override
            public void ended(Outcome outcome) {
                owner.clockStarted(PowerDomain.this, outcome == Outcome.OK);
            }
        };
    }

    /** Is told of what a domain waited for. */
    interface Owner {
        /** The next turn has come for what did not fit into one. */
        void goOn(PowerDomain domain);

        /** The sequence has ended. */
        void ended(PowerDomain domain, boolean ok);

        /** A clock that could not be asked for may be asked for now. */
        void clocksMayStart(PowerDomain domain);

        /** The clock that was being started runs, or does not. */
        void clockStarted(PowerDomain domain, boolean ok);
    }

    /** Its position in the board file, from 0. */
    public int index() {
        return index;
    }

    /** Its name in the board file. */
    public String name() {
        return name;
    }

    /** The domain that must be on while this one is; null for none. */
    public @Nullable PowerDomain parent() {
        return parent;
    }

    /** Whether a request to switch it off is refused while it is in use. */
    public boolean refusesWhenInUse() {
        return whenInUse == WhenInUse.REFUSE;
    }

    /** Whether hardware says that it is on. */
    public boolean isOn() {
        return state.read() == onValue;
    }

    /** Whether it is being switched, or waits for its parent. */
    public boolean isSwitching() {
        return phase != Phase.IDLE;
    }

    /** Whether it is to go off as soon as nothing needs it. */
    public boolean isWaitingToGoOff() {
        return offWanted && phase == Phase.IDLE;
    }

    /** How many votes for on there are, those of domains below it not counted. */
    public int votes() {
        return votes;
    }

    /** How often it holds a clock. */
    int holdsOf(Clock clock) {
        int low = 0;
        int high = heldPlaces.length;
        while (low < high) { // the first of this clock, if there is one
            int middle = (low + high) >>> 1;
            if (clocks[heldPlaces[middle]].index() < clock.index()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        int holds = 0;
        for (int i = low; i < heldPlaces.length && clocks[heldPlaces[i]] == clock; i++) {
            holds += heldClocks[heldPlaces[i]] ? 1 : 0;
        }
        return holds;
    }

    /** Whether anybody votes for on, or a domain below needs it. */
    boolean isWanted() {
        return votes + childVotes > 0;
    }

    @Override
    public String toString() {
        return name;
    }
}
