// All power domains of a board: votes are counted, parents and clocks are held, and hardware follows.
package org.scmid.platform.power;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.loop.Scheduler;
import org.scmid.loop.Work;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PowerDriver;
import org.scmid.platform.driver.PowerListener;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.power.PowerDomain.Phase;
import org.scmid.platform.power.PowerDomain.Then;
import org.scmid.platform.register.Windows;

/**
 * The power domains of a board.
 *
 * <ul>
 *   <li>A domain is on while anybody votes for it, or a domain below it is on or on its way. Its parents are switched on
 *       before it, and its clocks run while it is switched and while it is on.
 *   <li>It goes off when the last vote goes, once nothing below it and none of the clocks that stand in it is in use.
 *       Then its clocks and its parent are let go of; a parent that was on before anybody used it stays on.
 *   <li>In one domain one transition goes on at a time. What is asked meanwhile is looked at when it has ended.
 *   <li>A transition that fails stops where it stands, and nothing is tried again before somebody asks again. What
 *       registers say is the state.
 * </ul>
 *
 * <p>Building the tree reads and writes no register. It belongs to one thread; its operations allocate nothing.
 */
public final class PowerTree {
    private static final System.Logger LOG = System.getLogger(PowerTree.class.getName());

    /** Units of work that a domain costs at least, and a clock of it. */
    private static final int ONE_DOMAIN = 10;

    private static final int ONE_CLOCK = 10;

    /** So many counts are looked at in a unit of work: they are no registers. */
    private static final int COUNTS_OF_A_UNIT = 16;

    private static final PowerListener NOBODY = (domain, on, cause) -> {};

    /** Is told how what goes on in a domain ends: those who wait for it are. */
    interface Ends {
        /**
         * A transition has ended.
         *
         * @param on whether it was to switch on
         * @param ok whether hardware says what was wanted
         */
        void finished(PowerDomain domain, boolean on, boolean ok);

        /** Nothing goes on in the domain any more: whatever was asked of it is done, or has become needless. */
        void settled(PowerDomain domain);
    }

    private final List<PowerDomain> domains;
    private final List<TreePowerDomain> drivers;
    private Ends ends = new EndsOfDrivers();
    private final ClockTree clocks;
    private final Work work;
    private final Scheduler.Timer reconsider;
    private final Scheduler.Timer wake;

    /** Those that are to go off as soon as nothing needs them, by index. */
    private final BitSet toGoOff = new BitSet();

    private int nextToReconsider;

    /** Those whose children are being told that they are on, or are not. */
    private final BitSet waking = new BitSet();

    private PowerListener listener = NOBODY;

    /**
     * Builds the tree of a board.
     *
     * @param board a checked board
     * @param windows its registers
     * @param clocks its clocks; this tree listens for clocks that are let go of
     * @param scheduler gives time to hardware
     */
    public PowerTree(Board board, Windows windows, ClockTree clocks, Scheduler scheduler) {
        this.clocks = clocks;
        List<PowerDomain> made = new ArrayList<>();
        Map<String, PowerDomain> byName = new HashMap<>();
        for (PowerDomainSpec spec : board.powerDomains().values()) {
            PowerDomain domain = new PowerDomain(made.size(), spec, windows, clocks, scheduler, new Waits());
            made.add(domain);
            byName.put(spec.name(), domain);
        }
        for (PowerDomainSpec spec : board.powerDomains().values()) {
            PowerDomain domain = byName.get(spec.name());
            PowerDomain parent = spec.parent() == null ? null : byName.get(spec.parent());
            if (domain != null && parent != null) {
                domain.parent = parent;
                parent.children.add(domain);
            }
        }
        domains = Collections.unmodifiableList(made);
        drivers = made.stream().map(domain -> new TreePowerDomain(this, domain)).toList();
        work = scheduler.work();
        wake = scheduler.timer(this::wakeAll);
        reconsider = scheduler.timer(this::reconsiderAll);
        if (!made.isEmpty()) {
            clocks.setReleaseListener(this::clockReleased);
        }
    }

    /** Every domain, in the board file's order. */
    public List<PowerDomain> domains() {
        return domains;
    }

    /** What the Power domain protocol uses, in the board file's order. */
    public List<PowerDriver> drivers() {
        return Collections.unmodifiableList(drivers);
    }

    /** The domain at a position in the board file, from 0. */
    public PowerDomain domain(int index) {
        return domains.get(index);
    }

    /**
     * The domain of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public PowerDomain get(String name) {
        for (PowerDomain domain : domains) {
            if (domain.name().equals(name)) {
                return domain;
            }
        }
        throw new IllegalArgumentException("no power domain " + name);
    }

    /** Says who is told of what happens; null for nobody. */
    public void setListener(@Nullable PowerListener listener) {
        this.listener = listener == null ? NOBODY : listener;
    }

    /** Says who is told of ends, instead of the drivers. */
    void setEnds(Ends ends) {
        this.ends = ends;
    }

    private final class EndsOfDrivers implements Ends {
        @Override
        public void finished(PowerDomain domain, boolean on, boolean ok) {
            drivers.get(domain.index()).finished(on, ok);
        }

        @Override
        public void settled(PowerDomain domain) {
            drivers.get(domain.index()).settled();
        }
    }

    // ---- Votes.

    /**
     * Counts a vote for on, and switches the domain on if it is not.
     *
     * @param cause who asks, for the listener
     * @return {@link Outcome#OK}; {@link Outcome#STARTED}; {@link Outcome#FAILED}
     */
    public Outcome vote(PowerDomain domain, @Nullable Waiter cause) {
        domain.votes++;
        domain.ours = true;
        return makeOn(domain, cause);
    }

    /** Switches a domain on that is voted for already, if hardware says that it is not. */
    public Outcome makeOn(PowerDomain domain, @Nullable Waiter cause) {
        domain.cause = cause;
        domain.failed = false;
        advance(domain);
        return progress(domain);
    }

    /**
     * Whether a request to switch off must be refused: nobody else votes for the domain, something is in use that needs
     * it, and it is not to wait.
     *
     * @param counted whether the one who asks votes for on
     */
    public boolean refusesToGoOff(PowerDomain domain, boolean counted) {
        return domain.refusesWhenInUse() && domain.votes == (counted ? 1 : 0) && isInUse(domain);
    }

    /** Takes a vote away; with the last one the domain goes off as soon as nothing needs it. */
    public Outcome unvote(PowerDomain domain, @Nullable Waiter cause) {
        domain.votes--;
        return makeOff(domain, cause);
    }

    /** Switches a domain off that nobody votes for, as soon as nothing needs it; one that is voted for stays on. */
    public Outcome makeOff(PowerDomain domain, @Nullable Waiter cause) {
        if (domain.votes > 0) {
            return Outcome.OK;
        }
        domain.cause = cause;
        domain.failed = false;
        domain.ours = true; // who names it may switch it off
        wantOff(domain);
        advance(domain);
        return domain.isWanted() && domain.phase == Phase.IDLE ? Outcome.OK : progress(domain);
    }

    /** Takes back a vote for on that came to nothing: the domain is left as it is, its parent may go off. */
    public void forget(PowerDomain domain) {
        domain.votes--;
        letParentGo(domain);
    }

    /**
     * Counts a vote that an earlier process of the service took, or of somebody whose request for off came to nothing.
     * Nothing is switched.
     */
    public void restore(PowerDomain domain) {
        domain.votes++;
        domain.ours = true;
        wantOffNoMore(domain);
        holdQuietly(domain);
    }

    private static Outcome progress(PowerDomain domain) {
        if (domain.phase != Phase.IDLE) {
            return Outcome.STARTED;
        }
        return domain.failed ? Outcome.FAILED : Outcome.OK;
    }

    // ---- What needs a domain.

    /**
     * Whether a domain below is on or on its way, or somebody uses a clock that stands in it. True also as long as that is
     * not known, as there are more domains below than can be asked at once: the next question goes on there.
     */
    public boolean isInUse(PowerDomain domain) {
        if (domain.childVotes > 0 || isAnyOnBelow(domain)) {
            return true;
        }
        work.add(domain.feeds.length / COUNTS_OF_A_UNIT);
        for (Clock clock : domain.feeds) {
            if (isUsedByOthers(clock, domain)) {
                return true;
            }
        }
        return false;
    }

    /** Domains below that are on without a vote, as a boot loader left them: only their registers say so. */
    private boolean isAnyOnBelow(PowerDomain domain) {
        int count = domain.children.size();
        long end = work.endOfSlice();
        for (; domain.lookedAt < count; domain.lookedAt++) {
            if (work.done() >= end) {
                return true; // it is not known yet
            }
            work.add(1);
            PowerDomain child = domain.children.get(domain.lookAt);
            if (child.isWanted() || child.isSwitching() || child.isOn()) {
                domain.lookedAt = 0;
                return true;
            }
            domain.lookAt = (domain.lookAt + 1) % count;
        }
        domain.lookedAt = 0;
        return false;
    }

    /** Whether anybody but the domain itself uses a clock, or one that runs from it. */
    private static boolean isUsedByOthers(Clock clock, PowerDomain domain) {
        if (clock.users() > domain.holdsOf(clock)) {
            return true;
        }
        List<Clock> below = clock.children();
        int left = clock.usedByClocks();
        for (int i = 0; i < below.size() && left > 0; i++) {
            Clock child = below.get(i);
            if (child.isHolding(clock)) {
                left--;
                if (isUsedByOthers(child, domain)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void wantOff(PowerDomain domain) {
        domain.offWanted = true;
        toGoOff.set(domain.index());
    }

    private void wantOffNoMore(PowerDomain domain) {
        domain.offWanted = false;
        domain.lookedAt = 0;
        toGoOff.clear(domain.index());
    }

    private void clockReleased() {
        if (!toGoOff.isEmpty()) {
            nextToReconsider = 0;
            reconsider.arm(0); // not here: whoever let go of the clock is not done yet
        }
    }

    private void reconsiderAll() {
        long end = work.endOfSlice();
        int index = toGoOff.nextSetBit(nextToReconsider);
        nextToReconsider = 0;
        for (; index >= 0; index = toGoOff.nextSetBit(index + 1)) {
            if (work.done() >= end) {
                nextToReconsider = index;
                reconsider.arm(0);
                return;
            }
            work.add(ONE_DOMAIN);
            PowerDomain domain = domains.get(index);
            if (domain.isWaitingToGoOff()) {
                advanceSafely(domain);
            }
        }
    }

    // ---- Transitions.

    /** Begins what is to be done in a domain where nothing goes on. */
    private void advance(PowerDomain domain) {
        if (domain.phase != Phase.IDLE) {
            return;
        }
        if (domain.isWanted()) {
            wantOffNoMore(domain);
            if (domain.isOn()) {
                hold(domain);
            } else {
                begin(domain);
            }
        } else if (domain.offWanted) {
            if (!domain.isOn()) {
                wantOffNoMore(domain);
                letGo(domain);
                letParentGo(domain);
            } else if (!isInUse(domain)) {
                switchOff(domain);
            } else if (domain.lookedAt > 0) {
                reconsider.arm(0);
            }
        }
    }

    /** As {@link #advance}, where nobody is there to whom a register that cannot be reached could be reported. */
    private void advanceSafely(PowerDomain domain) {
        try {
            advance(domain);
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "power domain " + domain + ": its registers cannot be reached", failure);
            domain.phase = Phase.IDLE;
            domain.failed = true;
        }
    }

    /** Switches on, the parent first. */
    private void begin(PowerDomain domain) {
        domain.phase = Phase.WAITING_FOR_PARENT;
        domain.wasOn = false;
        domain.transitionCause = domain.cause;
        holdParent(domain);
        PowerDomain parent = domain.parent;
        if (parent == null) {
            switchOn(domain);
        } else if (parent.phase == Phase.IDLE && domain.phase == Phase.WAITING_FOR_PARENT) {
            parentIsReady(domain, saysOn(parent));
        }
    }

    private void parentIsReady(PowerDomain domain, boolean isOn) {
        if (isOn) {
            switchOn(domain);
        } else {
            transitionEnded(domain, true, false);
        }
    }

    private void switchOn(PowerDomain domain) {
        domain.phase = Phase.SWITCHING_ON;
        holdClocks(domain, Then.TURN_ON);
    }

    private void switchOff(PowerDomain domain) {
        domain.phase = Phase.SWITCHING_OFF;
        domain.wasOn = true;
        domain.transitionCause = domain.cause;
        holdClocks(domain, Then.TURN_OFF);
    }

    /** What a domain waits for calls back here. */
    private final class Waits implements PowerDomain.Owner {
        @Override
        public void ended(PowerDomain domain, boolean ok) {
            boolean on = domain.phase == Phase.SWITCHING_ON;
            transitionEnded(domain, on, ok && saysOn(domain) == on);
        }

        @Override
        public void goOn(PowerDomain domain) {
            if (domain.isLettingGo) {
                letGoMore(domain);
            }
            if (!domain.isLettingGo) {
                clocksMayStart(domain);
            }
        }

        @Override
        public void clocksMayStart(PowerDomain domain) {
            if (domain.isWaitingForClocks && domain.starting == PowerDomain.NONE) {
                startClocks(domain);
            }
        }

        @Override
        public void clockStarted(PowerDomain domain, boolean ok) {
            int clock = domain.starting;
            domain.starting = PowerDomain.NONE;
            domain.heldClocks[clock] = ok;
            if (ok) {
                startClocks(domain);
            } else {
                clocksEnded(domain, false);
            }
        }
    }

    private void transitionEnded(PowerDomain domain, boolean on, boolean ok) {
        boolean isOn = saysOn(domain);
        domain.phase = Phase.IDLE;
        domain.failed = !ok;
        if (ok) {
            domain.ours = on;
        }
        if (!on) {
            wantOffNoMore(domain);
        }
        if (on != ok) {
            letGo(domain); // off now, or never on
        }
        // Whoever is told may ask for the next thing at once; from here on everything is as it was before a request.
        if (isOn != domain.wasOn) {
            listener.changed(domain.index(), isOn, domain.transitionCause);
        }
        ends.finished(domain, on, ok);
        if (on || !ok) {
            wakeChildren(domain);
        }
        if (ok || domain.offWanted || (!on && domain.isWanted())) {
            advanceSafely(domain);
        }
        letParentGo(domain);
        if (domain.phase == Phase.IDLE) {
            ends.settled(domain);
        }
    }

    /** Those below that have waited for it go on, in as many turns as that takes. */
    private void wakeChildren(PowerDomain parent) {
        parent.wake = 0;
        wakeMore(parent);
    }

    private void wakeMore(PowerDomain parent) {
        long end = work.endOfSlice();
        while (parent.wake < parent.children.size() && parent.phase == Phase.IDLE) {
            PowerDomain child = parent.children.get(parent.wake);
            if (child.phase == Phase.WAITING_FOR_PARENT) {
                if (work.done() >= end) {
                    waking.set(parent.index());
                    wake.arm(0);
                    return;
                }
                work.add(ONE_DOMAIN);
                parent.wake++;
                parentIsReady(child, saysOn(parent));
            } else {
                parent.wake++;
            }
        }
    }

    private void wakeAll() {
        for (int index = waking.nextSetBit(0); index >= 0; index = waking.nextSetBit(index + 1)) {
            waking.clear(index);
            wakeMore(domains.get(index));
        }
    }

    private static boolean saysOn(PowerDomain domain) {
        try {
            return domain.isOn();
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "power domain " + domain + ": its state cannot be read", failure);
            return false;
        }
    }

    // ---- What a domain holds.

    private void hold(PowerDomain domain) {
        holdParent(domain);
        holdClocks(domain, Then.NOTHING);
    }

    /** What a domain holds that is on, without switching anything. */
    private void holdQuietly(PowerDomain domain) {
        if (!saysOn(domain)) {
            return;
        }
        for (int i = 0; i < domain.clocks.length; i++) {
            if (!domain.heldClocks[i] && domain.clocks[i].enabled()) {
                clocks.adopt(domain.clocks[i]);
                domain.heldClocks[i] = true;
            }
        }
        PowerDomain parent = domain.parent;
        if (parent != null && !domain.holdsParent && saysOn(parent)) {
            domain.holdsParent = true;
            parent.childVotes++;
            holdQuietly(parent);
        }
    }

    private void holdParent(PowerDomain domain) {
        PowerDomain parent = domain.parent;
        if (parent != null && !domain.holdsParent) {
            domain.holdsParent = true;
            parent.childVotes++;
        }
        if (parent != null) {
            parent.cause = domain.cause;
            parent.failed = false;
            advanceSafely(parent);
        }
    }

    /** Starts a domain's clocks, which may take time, and then goes on with the domain. */
    private void holdClocks(PowerDomain domain, Then then) {
        domain.then = then;
        domain.isLettingGo = false;
        if (!domain.isWaitingForClocks) {
            domain.nextClock = 0;
            startClocks(domain);
        }
    }

    private void startClocks(PowerDomain domain) {
        long end = work.endOfSlice();
        domain.isWaitingForClocks = false;
        try {
            for (; domain.nextClock < domain.clocks.length; domain.nextClock++) {
                int i = domain.nextClock;
                if (domain.heldClocks[i]) {
                    continue;
                }
                if (work.done() >= end) {
                    domain.isWaitingForClocks = true;
                    domain.more.arm(0);
                    return;
                }
                work.add(ONE_CLOCK);
                Outcome outcome = startClock(domain, i);
                if (outcome.isLater()) {
                    domain.isWaitingForClocks = true;
                    return;
                }
                if (outcome != Outcome.OK) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "power domain " + domain + ": clock " + domain.clocks[i]
                                    + " is not switched on, it would run beyond its limits");
                    clocksEnded(domain, false);
                    return;
                }
            }
        } catch (RuntimeException | InternalError failure) {
            LOG.log(System.Logger.Level.ERROR, "power domain " + domain + ": a clock of it does not start", failure);
            clocksEnded(domain, false);
            return;
        }
        clocksEnded(domain, true);
    }

    /** Starts a clock of a domain, whose waiter is called if that ends later. */
    private Outcome startClock(PowerDomain domain, int clock) {
        Outcome outcome = clocks.acquire(domain.clocks[clock], domain.waiter);
        domain.heldClocks[clock] = outcome == Outcome.OK;
        domain.starting = outcome == Outcome.STARTED ? clock : PowerDomain.NONE;
        return outcome;
    }

    private void clocksEnded(PowerDomain domain, boolean ok) {
        Then then = domain.then;
        domain.then = Then.NOTHING;
        domain.isWaitingForClocks = false;
        switch (then) {
            case NOTHING -> letGoOfNeedless(domain);
            case TURN_ON, TURN_OFF -> {
                boolean on = then == Then.TURN_ON;
                if (ok) {
                    domain.runner.start(on ? domain.turnOn : domain.turnOff);
                } else {
                    transitionEnded(domain, on, false);
                }
            }
        }
    }

    /** The domain may have gone off while its clocks were started. */
    private void letGoOfNeedless(PowerDomain domain) {
        if (domain.phase == Phase.IDLE && !domain.isWanted() && !saysOn(domain)) {
            letGo(domain);
        }
    }

    /** What is off needs neither its clocks nor its parent. */
    private void letGo(PowerDomain domain) {
        domain.nextClock = 0;
        letGoOfClocks(domain);
    }

    /** It goes on with what a domain lets go of; in a turn of its own, so that its parent is told of it here. */
    private void letGoMore(PowerDomain domain) {
        letGoOfClocks(domain);
        if (!domain.isLettingGo) {
            letParentGo(domain);
        }
    }

    private void letGoOfClocks(PowerDomain domain) {
        long end = work.endOfSlice();
        domain.isLettingGo = false;
        for (; domain.nextClock < domain.clocks.length; domain.nextClock++) {
            int i = domain.nextClock;
            if (!domain.heldClocks[i]) {
                continue;
            }
            if (work.done() >= end) {
                domain.isLettingGo = true;
                domain.more.arm(0);
                return;
            }
            work.add(ONE_CLOCK);
            domain.heldClocks[i] = false;
            letGo(domain, domain.clocks[i]);
        }
        PowerDomain parent = domain.parent;
        if (parent != null && domain.holdsParent) {
            domain.holdsParent = false;
            parent.childVotes--;
            if (parent.ours && !parent.isWanted()) {
                wantOff(parent);
            }
            parent.cause = domain.transitionCause;
        }
    }

    private void letGo(PowerDomain domain, Clock clock) {
        try {
            clocks.release(clock);
        } catch (RuntimeException | InternalError failure) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "power domain " + domain + ": clock " + clock + " cannot be stopped",
                    failure);
        }
    }

    private void letParentGo(PowerDomain domain) {
        PowerDomain parent = domain.parent;
        if (parent != null && parent.isWaitingToGoOff()) {
            advanceSafely(parent);
        }
    }
}
