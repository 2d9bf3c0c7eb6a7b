// A performance domain of another platform.
package org.scmid.upstream.driver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Place;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.PerformanceListener;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.performance.PerformanceLevelGet;
import org.scmid.protocol.performance.PerformanceLevelSet;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceVersion;

/**
 * A performance domain of another platform, asked by messages of the Performance protocol, versions 1.0 to 4.0. Limits are
 * kept here: the platform is only asked for levels, within them. One request for a level is under way at a time, and the
 * last one that came meanwhile follows it.
 */
public final class RemotePerformanceDomain implements PerformanceDriver {
    private final PerformanceDomainOffer offer;
    private final PerformanceDomainSpec spec;
    private final long[] numbers; // of the levels, as the platform has them, ascending
    private final int[] positions; // of the same levels
    private final int position;
    private final PerformanceListener listener;
    private final Room room;
    private final Reading.Changes changes = new Reading.Changes();
    private final Level reading;
    private final Change change;
    private final Waiter quietly = new Waiter() {
        @Override
        public void mayAskAgain() {
            settle();
        }

        @Override
        public void ended(Outcome outcome) {} // settled by the change itself
    };

    private int wished = NOTHING;
    private int lowest;
    private int highest;
    private int sent = NOTHING;
    private int known = NOTHING;
    private boolean isThere;
    private boolean isIndexed;
    private int id;

    /**
     * @param position on the board, for the listener
     * @param place where the board takes it
     */
    RemotePerformanceDomain(
            Room room,
            PerformanceDomainOffer offer,
            String name,
            int position,
            Place place,
            PerformanceListener listener) {
        this.offer = offer;
        this.position = position;
        this.listener = listener;
        this.room = room;
        List<PerformanceLevelSpec> levels = new ArrayList<>();
        for (PerformanceDomainOffer.Level level : offer.levels()) {
            levels.add(new PerformanceLevelSpec(
                    level.level(), Math.max(1, level.kilohertz() * 1000), 0, level.power(), level.latencyMicros()));
        }
        spec = new PerformanceDomainSpec(
                name, "", null, levels, offer.sustained(), offer.levelIndexing(), offer.rateLimitMicros(), place);
        highest = levels.size() - 1;
        numbers = new long[levels.size()];
        positions = new int[levels.size()];
        reading = new Level(room);
        change = new Change(room);
    }

    String name() {
        return offer.name();
    }

    int id() {
        return id;
    }

    boolean isThere() {
        return isThere;
    }

    /** The platform is there; what it offers by this name, null if it does not. */
    void found(@Nullable PerformanceDomainOffer now, int version) {
        isThere = now != null && now.levels().equals(offer.levels());
        if (now != null && isThere) {
            id = now.id();
            isIndexed = now.levelIndexing() && ProtocolVersion.isAtLeast(version, PerformanceVersion.V4_0);
            sortNumbers();
        }
    }

    /** The platform is back. */
    void isBack(boolean apply) {
        sent = NOTHING;
        if (apply) {
            settle();
        } else if (isThere) {
            reading.read(Waiter.NOBODY);
        }
    }

    /** The platform tells of a level. */
    void levelChanged(int number) {
        int level = positionOf(number);
        if (level != NOTHING) {
            hasLevel(level, null);
        }
    }

    private void hasLevel(int level, @Nullable Waiter cause) {
        boolean isNew = known != level;
        known = level;
        if (isNew) {
            listener.levelChanged(position, level, cause);
        }
    }

    private int number(int level) {
        PerformanceDomainOffer.Level its = offer.levels().get(level);
        return (int) (isIndexed ? its.index() : its.level());
    }

    private int positionOf(int number) {
        int at = Arrays.binarySearch(numbers, Integer.toUnsignedLong(number));
        return at < 0 ? NOTHING : positions[at];
    }

    /** Indices of levels are in whatever order the platform gives them. */
    private void sortNumbers() {
        long[] keyed = new long[numbers.length];
        for (int i = 0; i < keyed.length; i++) {
            keyed[i] = Integer.toUnsignedLong(number(i)) << Integer.SIZE | i;
        }
        sortUnsigned(keyed);
        for (int i = 0; i < keyed.length; i++) {
            numbers[i] = keyed[i] >>> Integer.SIZE;
            positions[i] = (int) keyed[i];
        }
    }

    private static void sortUnsigned(long[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
        Arrays.sort(values);
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Long.MIN_VALUE;
        }
    }

    // ---- for those who look at it: nobody is asked ----

    /** Position of the level that it had when the platform said so last; {@link #NOTHING} if it never did. */
    public int knownLevel() {
        return known;
    }

    /** Whether the platform is being asked for a level. */
    public boolean isChanging() {
        return change.isUnderWay();
    }

    // ---- for the protocol ----

    @Override
    public PerformanceDomainSpec spec() {
        return spec;
    }

    @Override
    public int levels() {
        return spec.levels().size();
    }

    @Override
    public Outcome readLevel(Waiter waiter) {
        return isThere ? reading.read(waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome readLimits(Waiter waiter) {
        return Outcome.OK;
    }

    @Override
    public int lowest() {
        return lowest;
    }

    @Override
    public int highest() {
        return highest;
    }

    @Override
    public boolean maySet(Waiter waiter) {
        return offer.maySetLevel();
    }

    @Override
    public Outcome setLevel(int level, Waiter waiter) {
        int before = wished;
        wished = level;
        Outcome outcome = level == NOTHING ? Outcome.OK : request(waiter);
        if (outcome != Outcome.OK && outcome != Outcome.STARTED) {
            wished = before;
        }
        return outcome;
    }

    @Override
    public Outcome setLimits(int least, int most, Waiter waiter) {
        lowest = least;
        highest = most;
        int level = wished == NOTHING ? known : wished;
        boolean isWithin = level == NOTHING || (level >= least && level <= most && (sent == NOTHING || sent == level));
        if (isWithin) {
            return Outcome.OK;
        }
        wished = wished == NOTHING ? Math.clamp(level, least, most) : wished;
        return request(waiter);
    }

    @Override
    public void restore(int level, int least, int most) {
        wished = level;
        lowest = least;
        highest = most;
    }

    /** Asks the platform now, or after what is under way; that is not waited for. */
    private Outcome request(Waiter waiter) {
        if (!isThere || !room.upstream().isUp()) {
            return Outcome.FAILED;
        }
        if (change.isUnderWay()) {
            return Outcome.OK; // settled when it has ended
        }
        Outcome outcome = change.begin(target(), waiter, quietly);
        return outcome == Outcome.BUSY ? Outcome.OK : outcome;
    }

    private int target() {
        return Math.clamp(wished, lowest, highest);
    }

    private void settle() {
        if (isThere && wished != NOTHING && !change.isUnderWay() && target() != sent) {
            change.begin(target(), quietly, quietly);
        }
    }

    private final class Change extends Exchange {
        private final PerformanceLevelSet.Request asked = new PerformanceLevelSet.Request();
        private @Nullable Waiter cause;
        private int level;

        Change(Room room) {
            super(room);
        }

        /** @param later who is called when there is room, if there is none now */
        Outcome begin(int wanted, Waiter waiter, Waiter later) {
            changes.more();
            asked.begin(request, 0).resource(id).level(number(wanted));
            Outcome outcome = send(asked.messageLength(), false, waiter, later);
            if (outcome == Outcome.STARTED) {
                level = wanted;
                sent = wanted;
                cause = waiter.equals(quietly) ? null : waiter.cause();
            }
            return outcome;
        }

        @Override
        Outcome ended() {
            changes.more();
            return Outcome.OK;
        }

        @Override
        void lost() {
            changes.more();
        }

        @Override
        void tell(Outcome outcome) {
            Waiter who = cause;
            cause = null;
            if (outcome == Outcome.OK) {
                hasLevel(level, who);
            }
            super.tell(outcome);
            settle(); // what came meanwhile; the same level is not asked for again
        }
    }

    private final class Level extends ResourceReading<PerformanceLevelGet.Reply> {
        Level(Room room) {
            super(room, changes, PerformanceMessage.PERFORMANCE_LEVEL_GET, new PerformanceLevelGet.Reply());
        }

        @Override
        int resource() {
            return id;
        }

        @Override
        boolean take(PerformanceLevelGet.Reply whole) {
            int level = positionOf(whole.level());
            if (level == NOTHING) {
                return false;
            }
            has(level);
            if (known == NOTHING) {
                known = level; // the first that is known of it is no change
            } else {
                hasLevel(level, null);
            }
            return true;
        }
    }
}
