// A supply of another platform.
package org.scmid.upstream.driver;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.VoltageDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.RequestPayload;
import org.scmid.protocol.common.ResourceRequest;
import org.scmid.protocol.voltage.VoltageConfig;
import org.scmid.protocol.voltage.VoltageConfigGet;
import org.scmid.protocol.voltage.VoltageConfigSet;
import org.scmid.protocol.voltage.VoltageLevelGet;
import org.scmid.protocol.voltage.VoltageLevelSet;
import org.scmid.protocol.voltage.VoltageMessage;

/**
 * A supply of another platform, asked by messages of the Voltage protocol, versions 1.0 to 2.1. Its levels are those that it
 * was offered with at first: one that comes back with others is not there any more.
 */
public final class RemoteSupply extends RemoteSwitch implements VoltageDriver {
    private static final int NOTHING = Integer.MIN_VALUE;

    private final VoltageDomainOffer offer;
    private final int[] levels;
    private final VoltageConfigSet.Request switched = new VoltageConfigSet.Request();
    private final ResourceRequest askedState = new ResourceRequest(VoltageMessage.VOLTAGE_CONFIG_GET);
    private final VoltageConfigGet.Reply state = new VoltageConfigGet.Reply();
    private final Level level;
    private final LevelChange change;
    private final Waiter applied = new Waiter() {
        @Override
        public void mayAskAgain() {
            applyLevel();
        }

        @Override
        public void ended(Outcome outcome) {}
    };

    private int wanted = NOTHING;
    private int known = NOTHING;
    private int id;

    RemoteSupply(Room room, VoltageDomainOffer offer) {
        super(room);
        this.offer = offer;
        levels = offer.levels().stream().mapToInt(Integer::intValue).toArray();
        level = new Level(room);
        change = new LevelChange(room);
    }

    String name() {
        return offer.name();
    }

    /** The platform is there; what it offers by this name, null if it does not. */
    void found(@Nullable VoltageDomainOffer now) {
        boolean isSame = now != null && now.levels().equals(offer.levels()) && now.step() == offer.step();
        if (now != null && isSame) {
            id = now.id();
        }
        isThere(isSame);
    }

    @Override
    void isBack(boolean apply) {
        if (apply) {
            applyLevel();
        }
        super.isBack(apply);
    }

    private void applyLevel() {
        if (wanted != NOTHING && isThere()) {
            setLevel(wanted, applied);
        }
    }

    // ---- on and off ----

    @Override
    int writeSwitch(MessageBuffer request, boolean on) {
        return switched.begin(request, 0)
                .resource(id)
                .config(on ? VoltageConfig.ON : VoltageConfig.OFF)
                .messageLength();
    }

    @Override
    RequestPayload<?> writeState(MessageBuffer request) {
        return askedState.begin(request, 0).resource(id);
    }

    @Override
    int stateIn(MessageBuffer reply) {
        if (!state.wrap(reply).isSuccess()) {
            return -1;
        }
        return state.config() == VoltageConfig.OFF ? 0 : 1;
    }

    @Override
    void changed(boolean on, @Nullable Waiter cause) {} // nobody is told of supplies

    // ---- levels ----

    @Override
    public boolean isAsynchronous() {
        return offer.asynchronous();
    }

    @Override
    public boolean isFollowing() {
        return false;
    }

    @Override
    public boolean isRange() {
        return offer.step() != 0;
    }

    private int lowest() {
        return levels[0];
    }

    private int highest() {
        return levels[levels.length - 1];
    }

    @Override
    public int levels() {
        return isRange()
                ? (int) Math.min(((long) highest() - lowest()) / offer.step(), Integer.MAX_VALUE - 1) + 1
                : levels.length;
    }

    @Override
    public int levelAt(int at) {
        return isRange() ? lowest() + at * offer.step() : levels[at];
    }

    @Override
    public int step() {
        return offer.step();
    }

    @Override
    public boolean isLevel(int microvolts) {
        if (!isRange()) {
            return Arrays.binarySearch(levels, microvolts) >= 0;
        }
        long above = (long) microvolts - lowest();
        return above >= 0 && microvolts <= highest() && above % offer.step() == 0;
    }

    /** The level that it had when the platform said so last, in microvolts; null if it never did. */
    public @Nullable Integer knownLevel() {
        return known == NOTHING ? null : Integer.valueOf(known);
    }

    /** Whether the platform is being asked for a level. */
    public boolean isSettling() {
        return change.isUnderWay();
    }

    @Override
    public Outcome readLevel(Waiter waiter) {
        return isThere() ? level.read(waiter) : Outcome.FAILED;
    }

    @Override
    public Outcome setLevel(int microvolts, Waiter waiter) {
        if (!isThere()) {
            return Outcome.FAILED;
        }
        if (!isLevel(microvolts)) {
            return Outcome.OUT_OF_LIMITS;
        }
        return change.isUnderWay() ? change.awaitTurn(waiter) : change.begin(microvolts, waiter);
    }

    private final class Level extends ResourceReading<VoltageLevelGet.Reply> {
        Level(Room room) {
            super(room, changes, VoltageMessage.VOLTAGE_LEVEL_GET, new VoltageLevelGet.Reply());
        }

        @Override
        int resource() {
            return id;
        }

        @Override
        boolean take(VoltageLevelGet.Reply whole) {
            known = whole.level();
            has(known);
            return true;
        }
    }

    private final class LevelChange extends Exchange {
        private final VoltageLevelSet.Request asked = new VoltageLevelSet.Request();
        private int microvolts;

        LevelChange(Room room) {
            super(room);
        }

        Outcome begin(int value, Waiter waiter) {
            changes.more();
            int flags = offer.asynchronous() ? VoltageLevelSet.Request.FLAG_ASYNC : 0;
            asked.begin(request, 0).flags(flags).resource(id).level(value);
            Outcome outcome = send(asked.messageLength(), offer.asynchronous(), waiter);
            if (outcome == Outcome.STARTED) {
                microvolts = value;
            }
            return outcome;
        }

        @Override
        Outcome ended() {
            changes.more();
            wanted = microvolts;
            known = microvolts;
            return Outcome.OK;
        }

        @Override
        void lost() {
            changes.more();
        }
    }
}
