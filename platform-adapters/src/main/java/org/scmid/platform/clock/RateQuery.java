// One question about rates, from its first look at the tree to the answer.
package org.scmid.platform.clock;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.clock.ClockWarnings;
import org.scmid.config.clock.Describe;
import org.scmid.loop.Work;
import org.scmid.platform.clock.RateSearch.Goal;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.RateDescription;
import org.scmid.platform.driver.Rounding;
import org.scmid.platform.driver.Waiter;

/**
 * One question about rates: whether and how a rate can be set, whether a parent or the host's rate may change as far as
 * others depend on it, or which rates there are. It goes on in slices, by one search after the other, and may begin anew.
 * Used again and again; nothing is allocated but for the first long list.
 */
final class RateQuery {
    /** What is asked. */
    enum Kind {
        RATE,
        FOREIGN_RATE,
        PARENT,
        /** Whether it may be switched on, and with which settings of its own. */
        START,
        DESCRIPTION
    }

    /**
     * So much work is done for one list of rates; what takes more is described as a range. With each setting goes some
     * work to get there.
     */
    static final long MOST_LIST_WORK = 3 * ClockWarnings.MOST_LIST_STEPS;

    /**
     * So much work is done for one search, of which a question takes a few: whatever is in a list can be found, since that
     * looks at no more, once for each number of ancestors that may change.
     */
    static final long MOST_WORK = MOST_LIST_WORK * (RateSearch.MOST_ANCESTORS + 1);

    /** Linux 6.12 reads no more rates of a list, and would take the last it has read for the highest. */
    private static final int LONGEST_AUTOMATIC_LIST = 16;

    /** What SCMI can count as remaining behind a first reply without rates. */
    private static final int LONGEST_LIST = 0xFFFF;

    /** So many rates are looked for at once: each time the settings of all parents are gone through. */
    private static final int LIST_AT_ONCE = 512;

    private enum Step {
        BEGIN,
        EXACT,
        HIGHEST_OF_ALL,
        LOWEST_OF_ALL,
        ABOVE,
        BELOW,
        NEAREST_BELOW,
        ANY_AT_ALL,
        BOUNDS,
        OTHER_SETTINGS,
        STANDING,
        STARTING,
        STARTING_SETTINGS,
        SOURCE,
        LIST,
        RANGE_LOWEST,
        RANGE_HIGHEST,
        END
    }

    final RateSearch search;

    /** What keeps others from changing what it looks at, if it has begun anew too often. */
    final Change hold;

    private final Ratio trial = new Ratio();
    private final Ratio low = new Ratio();
    private final Ratio high = new Ratio();
    private @Nullable Clock asked;
    private Kind kind = Kind.RATE;
    private long wanted;
    private Rounding rounding = Rounding.DOWN;
    private Waiter waiter = Waiter.NOBODY;
    private Step step = Step.END;
    private Outcome outcome = Outcome.OK;
    private boolean isNothingToDo;
    private boolean setsToo;
    private int chosenLevel;

    /** What is to be started with what was asked for, and which clock below it does not count. */
    private @Nullable Clock standing;

    private @Nullable Clock belowStanding;
    private long above;
    private int keptChoices;
    private RateDescription draft = new RateDescription();
    private long lowest;

    /** The search's work after which a list is given up. */
    private long listEnd;

    /** Whether somebody has begun to change what it has looked at. */
    boolean isDisturbed;

    /** How often it began anew. */
    int restarts;

    /** What came upon a register that cannot be reached; null for nothing. */
    @Nullable
    Throwable failure;

    RateQuery(List<Clock> clocks, RateBounds reach, Change hold, Work work) {
        search = new RateSearch(clocks, reach, LIST_AT_ONCE, work);
        this.hold = hold;
    }

    /**
     * Begins.
     *
     * @param amount a rate in Hz, or the position of a parent
     * @param whoAsks also on whose behalf
     */
    void begin(Kind itsKind, Clock clock, long amount, Rounding itsRounding, Waiter whoAsks) {
        kind = itsKind;
        asked = clock;
        wanted = amount;
        rounding = itsRounding;
        waiter = whoAsks;
        restarts = 0;
        failure = null;
        beginAnew();
    }

    /** Begins with what registers say now. */
    void beginAnew() {
        step = Step.BEGIN;
        isDisturbed = false;
        isNothingToDo = false;
        setsToo = false;
        search.begin(waiter.cause());
    }

    /** Nobody wants to know any more. */
    void forget() {
        waiter = Waiter.NOBODY;
        step = Step.END;
    }

    Waiter waiter() {
        return waiter;
    }

    boolean isFor(Kind itsKind, Clock clock, long amount, Rounding itsRounding, Waiter whoAsks) {
        return kind == itsKind
                && asked == clock
                && wanted == amount
                && rounding == itsRounding
                && waiter.equals(whoAsks);
    }

    /** The answer, when it has ended. */
    Outcome outcome() {
        return outcome;
    }

    /** Whether the rate that was asked for is there, so that no settings are needed. */
    boolean isNothingToDo() {
        return isNothingToDo;
    }

    /**
     * Goes on for so many units of work at most.
     *
     * @return whether it has ended, or {@linkplain RateSearch#meetsChange meets a change}
     */
    boolean advance(long units) {
        long left = units;
        while (step != Step.END && !search.meetsChange()) {
            if (left <= 0) {
                return false;
            }
            left = search.advance(left);
            if (search.isOver()) {
                goOn(clock());
                left--;
            }
        }
        return true;
    }

    private Clock clock() {
        if (asked == null) {
            throw new IllegalStateException("nothing is asked");
        }
        return asked;
    }

    private void goOn(Clock clock) {
        long found = search.found();
        switch (step) {
            case BEGIN -> beginKind(clock);
            case EXACT -> afterExact(clock, found);
            case HIGHEST_OF_ALL -> {
                if (found == wanted) {
                    chosen();
                } else {
                    search(
                            Step.LOWEST_OF_ALL,
                            Goal.LOWEST,
                            clock.limits().min(),
                            clock.limits().max());
                }
            }
            case LOWEST_OF_ALL -> {
                if (found == wanted) {
                    chosen();
                } else {
                    lookAbove(clock);
                }
            }
            case ABOVE -> afterAbove(clock, found);
            case BELOW -> {
                if (found == RateSearch.NOTHING) {
                    end(refusal(Outcome.UNSUPPORTED_RATE));
                } else {
                    chosen();
                }
            }
            case NEAREST_BELOW -> {
                if (found == RateSearch.NOTHING) {
                    search.takeKept(keptChoices);
                }
                chosen();
            }
            case ANY_AT_ALL -> {
                if (found == RateSearch.NOTHING) {
                    isNothingToDo = true;
                    end(Outcome.OK);
                } else {
                    lookWithinLimits(clock);
                }
            }
            case BOUNDS -> {
                boolean fits = !trial.isBelow(search.low()) && trial.isBelow(search.high());
                if (fits) {
                    parentFits(clock);
                } else {
                    lookForOtherSettings(clock);
                }
            }
            case OTHER_SETTINGS -> {
                setsToo = found != RateSearch.NOTHING;
                if (setsToo) {
                    parentFits(clock);
                } else {
                    end(refusal(Outcome.OUT_OF_LIMITS));
                }
            }
            case STANDING -> {
                if (isWithinBounds(below())) {
                    standing = below().parent();
                    lookAtStanding(clock);
                } else {
                    end(Outcome.OUT_OF_LIMITS);
                }
            }
            case STARTING -> afterStarting(clock);
            case STARTING_SETTINGS -> {
                setsToo = found != RateSearch.NOTHING;
                end(setsToo ? Outcome.OK : Outcome.OUT_OF_LIMITS);
            }
            case SOURCE -> afterSource(clock);
            case LIST -> afterList(clock);
            case RANGE_LOWEST -> {
                if (found == RateSearch.NOTHING) {
                    describeWhatItHas(clock);
                } else {
                    lowest = found;
                    search(
                            Step.RANGE_HIGHEST,
                            Goal.HIGHEST,
                            clock.limits().min(),
                            clock.limits().max());
                }
            }
            case RANGE_HIGHEST -> {
                draft.makeRange(lowest, Math.max(lowest, found));
                endDescription(clock);
            }
            case END -> {}
        }
    }

    private void end(Outcome its) {
        outcome = its;
        step = Step.END;
    }

    /** What it is refused for: somebody has a say in another clock, else what hardware can do. */
    private Outcome refusal(Outcome otherwise) {
        return search.meetsPolicy() ? Outcome.REFUSED : otherwise;
    }

    private void search(Step next, Goal goal, long from, long to) {
        step = next;
        search.start(goal, clock(), from, to, MOST_WORK);
    }

    private void beginKind(Clock clock) {
        switch (kind) {
            case RATE -> beginRate(clock);
            case FOREIGN_RATE -> beginForeignRate(clock);
            case PARENT -> beginParent(clock);
            case START -> beginStanding(clock, clock.parent(), clock);
            case DESCRIPTION -> {
                step = Step.SOURCE;
                search.start(Goal.FINGERPRINT, clock, 1, Long.MAX_VALUE, Long.MAX_VALUE);
            }
        }
    }

    // ---- A rate.

    private void beginRate(Clock clock) {
        long min = clock.limits().min();
        long max = clock.limits().max();
        long now = search.rateNow(clock).floor();
        if (now != wanted) {
            lookWithinLimits(clock);
        } else if (now >= min && now <= max) {
            isNothingToDo = true;
            end(Outcome.OK);
        } else { // where nothing else is possible this is what is described
            search(Step.ANY_AT_ALL, Goal.ANY, min, max);
        }
    }

    private void lookWithinLimits(Clock clock) {
        long min = clock.limits().min();
        long max = clock.limits().max();
        if (wanted < 0 || wanted > max || (wanted < min && rounding == Rounding.DOWN)) {
            end(Outcome.OUT_OF_LIMITS);
        } else if (!search.mayReach(clock, wanted, false, rounding != Rounding.DOWN)) {
            end(refusal(Outcome.UNSUPPORTED_RATE));
        } else if (wanted < min) {
            lookAbove(clock);
        } else {
            search(Step.EXACT, Goal.LOWEST, wanted, wanted);
        }
    }

    private void afterExact(Clock clock, long found) {
        if (found != RateSearch.NOTHING) {
            chosen();
        } else if (search.isCut()) { // the ends of a range are found as they were when it was described
            search(
                    Step.HIGHEST_OF_ALL,
                    Goal.HIGHEST,
                    clock.limits().min(),
                    clock.limits().max());
        } else {
            lookAbove(clock);
        }
    }

    private void lookAbove(Clock clock) {
        long max = clock.limits().max();
        if (wanted == max) {
            end(refusal(Outcome.UNSUPPORTED_RATE));
        } else {
            long from = Math.max(wanted + 1, clock.limits().min());
            search(Step.ABOVE, rounding == Rounding.DOWN ? Goal.ANY : Goal.LOWEST, from, max);
        }
    }

    private void afterAbove(Clock clock, long found) {
        long min = clock.limits().min();
        if (found == RateSearch.NOTHING) {
            end(refusal(Outcome.UNSUPPORTED_RATE));
        } else if (rounding == Rounding.DOWN) {
            search(Step.BELOW, Goal.HIGHEST, min, wanted - 1);
        } else if (rounding == Rounding.UP || wanted <= min) {
            chosen();
        } else {
            above = found;
            keptChoices = search.choices();
            search.keep();
            search(Step.NEAREST_BELOW, Goal.HIGHEST, Math.max(min, wanted - (above - wanted) + 1), wanted - 1);
        }
    }

    // ---- What others depend on.

    private void beginParent(Clock clock) {
        if (search.positionNow(clock) == wanted) {
            isNothingToDo = true;
            end(Outcome.OK);
            return;
        }
        Ratio parentRate = search.rateNow(clock.parents().get((int) wanted));
        if (!clock.standsParentRate(parentRate)) {
            end(Outcome.OUT_OF_LIMITS);
            return;
        }
        clock.passNow(trial.set(parentRate));
        step = Step.BOUNDS;
        search.startBounds(clock, clock.enabled());
    }

    /** Its own divider may keep a clock within its own limits that was asked to run from another parent. */
    private void lookForOtherSettings(Clock clock) {
        long hz = trial.floor();
        boolean isOutOfItsOwn = hz < clock.limits().min() || hz > clock.limits().max();
        if (kind != Kind.PARENT || clock.divider() == null || !clock.enabled() || !isOutOfItsOwn) {
            end(refusal(Outcome.OUT_OF_LIMITS));
            return;
        }
        boolean isTooSlow = trial.isBelow(search.low());
        low.set(search.low());
        high.set(search.high());
        step = Step.OTHER_SETTINGS;
        search.startAlone(clock, (int) wanted, low, high, isTooSlow);
    }

    private void parentFits(Clock clock) {
        if (kind == Kind.PARENT && clock.isInUse()) {
            beginStanding(clock, clock.parents().get((int) wanted), clock);
        } else {
            end(Outcome.OK);
        }
    }

    /** Whether what was asked for takes settings of the clock itself, too, which the search has found. */
    boolean setsToo() {
        return setsToo;
    }

    // ---- What is started.

    /** Settings were found: the new parents of clocks in use may have to be started. */
    private void chosen() {
        boolean isAnother =
                search.choice(0).rate.floor() != search.rateNow(clock()).floor();
        chosenLevel = isAnother ? 0 : search.choices();
        nextNewParent();
    }

    private void nextNewParent() {
        while (chosenLevel < search.choices()) {
            RateSearch.Choice choice = search.choice(chosenLevel++);
            Clock its = choice.clock();
            if (choice.position != search.positionNow(its) && its.isInUse()) {
                beginStanding(clock(), its.parents().get(choice.position), its);
                return;
            }
        }
        end(Outcome.OK);
    }

    /**
     * Begins to find out whether a clock that is to run, and those above it that stand, would be within their limits, and
     * what runs with them in its own.
     *
     * @param without which clock below it does not count
     */
    private void beginStanding(Clock clock, @Nullable Clock first, Clock without) {
        standing = first;
        belowStanding = without;
        lookAtStanding(clock);
    }

    private void lookAtStanding(Clock clock) {
        Clock its = standing;
        Clock without = belowStanding;
        while (its != null && !its.enabled() && !its.state.isMinded) {
            without = its;
            its = its.parent();
        }
        if (its != null && !its.enabled()) {
            standing = its;
            belowStanding = its;
            step = Step.STANDING;
            search.startStarting(its, without, low, high);
        } else if (kind == Kind.START) {
            step = Step.STARTING;
            search.startStarting(clock, null, low, high);
        } else if (kind == Kind.RATE) {
            nextNewParent();
        } else {
            end(Outcome.OK);
        }
    }

    private Clock below() {
        if (belowStanding == null) {
            throw new IllegalStateException("nothing is to be started");
        }
        return belowStanding;
    }

    /** Its own settings may bring a clock that stands within its bounds. */
    private void afterStarting(Clock clock) {
        if (!clock.state.isMinded || isWithinBounds(clock)) {
            end(Outcome.OK);
            return;
        }
        int position = search.positionNow(clock);
        if (position == Clock.NONE) {
            end(Outcome.OUT_OF_LIMITS);
            return;
        }
        step = Step.STARTING_SETTINGS;
        search.startAlone(clock, position, low, high, search.rateNow(clock).isBelow(low));
    }

    /** Whether a clock's rate is in the bounds; one that has none runs too fast for nobody. */
    private boolean isWithinBounds(Clock clock) {
        Ratio rate = search.rateNow(clock);
        return rate.isZero() || (!rate.isBelow(low) && rate.isBelow(high));
    }

    /** Its owner makes of a rate what he can; so it is not known before, but has to be allowed. */
    private void beginForeignRate(Clock root) {
        if (wanted < 0
                || wanted > root.limits().max()
                || (wanted < root.limits().min() && rounding == Rounding.DOWN)) {
            end(Outcome.OUT_OF_LIMITS);
            return;
        }
        ForeignRoot foreign = foreign(root);
        long asked = foreign.wanted(wanted, rounding);
        if (asked == ForeignRoot.NONE) {
            end(Outcome.UNSUPPORTED_RATE);
            return;
        }
        isNothingToDo = foreign.isSure()
                && wanted >= root.limits().min()
                && search.rateNow(root).floor() == wanted;
        trial.set(asked, 1);
        step = Step.BOUNDS;
        search.startBounds(root, /* withItsOwn= */ false);
    }

    private static ForeignRoot foreign(Clock root) {
        ForeignRoot foreign = root.foreign();
        if (foreign == null) {
            throw new IllegalStateException(root.name() + " is nobody else's clock");
        }
        return foreign;
    }

    // ---- All rates.

    private void afterSource(Clock clock) {
        long source = search.fingerprint();
        if (clock.state.description.isMadeFrom(source)) {
            end(Outcome.OK);
            return;
        }
        draft.begin(source);
        listEnd = search.work() + MOST_LIST_WORK;
        if (clock.foreign() != null) {
            foreign(clock).describe(draft);
            if (draft.count() == 0) {
                describeWhatItHas(clock);
            } else {
                endDescription(clock);
            }
        } else if (clock.describe() == Describe.RANGE) {
            search(
                    Step.RANGE_LOWEST,
                    Goal.LOWEST,
                    clock.limits().min(),
                    clock.limits().max());
        } else {
            listFrom(clock, clock.limits().min());
        }
    }

    private void listFrom(Clock clock, long from) {
        boolean isAll = clock.describe() == Describe.LIST;
        step = Step.LIST;
        search.startList(
                clock,
                from,
                clock.limits().max(),
                isAll ? LIST_AT_ONCE : LONGEST_AUTOMATIC_LIST + 1,
                !isAll,
                listEnd - search.work());
    }

    private void afterList(Clock clock) {
        int longest = clock.describe() == Describe.LIST ? LONGEST_LIST : LONGEST_AUTOMATIC_LIST;
        if (search.isCut() || draft.count() + search.listed() > longest) {
            search(
                    Step.RANGE_LOWEST,
                    Goal.LOWEST,
                    clock.limits().min(),
                    clock.limits().max());
            return;
        }
        for (int i = 0; i < search.listed(); i++) {
            draft.add(search.listed(i));
        }
        long last = draft.highest();
        if (draft.count() == 0) {
            describeWhatItHas(clock);
        } else if (search.isListFull() && last < clock.limits().max()) {
            listFrom(clock, last + 1);
        } else {
            endDescription(clock);
        }
    }

    /** Nothing can be set: it has what it has. */
    private void describeWhatItHas(Clock clock) {
        draft.add(search.rateNow(clock).floor());
        draft.forgetSource();
        endDescription(clock);
    }

    private void endDescription(Clock clock) {
        RateDescription before = clock.state.description;
        clock.state.description = draft;
        draft = before;
        end(Outcome.OK);
    }
}
