// What a service looked like.
package org.scmid.server.service;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.performance.PerformanceLevelSpec;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockReading;
import org.scmid.platform.driver.PerformanceDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.platform.performance.PerformanceDomain;
import org.scmid.platform.sensor.Sensor;
import org.scmid.platform.voltage.VoltageDomain;
import org.scmid.transport.SharedRegion;
import org.scmid.upstream.Upstream;
import org.scmid.upstream.driver.RemotePerformanceDomain;
import org.scmid.upstream.driver.RemoteSupply;

/**
 * What a service looked like, for management. Immutable. It is taken in pieces between messages: what changes meanwhile
 * shows in some places and not yet in others.
 *
 * @param board the board's name
 * @param clocks every clock of the board, in the board file's order
 * @param powerDomains every power domain of the board, in the board file's order
 * @param sensors every sensor of the board, in the board file's order
 * @param resets every reset of the board, in the board file's order
 * @param voltageDomains every voltage domain of the board, in the board file's order
 * @param performanceDomains every performance domain of the board, in the board file's order
 * @param peers whom the service speaks to
 */
public record ServiceSnapshot(
        String board,
        List<ClockSnapshot> clocks,
        List<PowerDomainSnapshot> powerDomains,
        List<SensorSnapshot> sensors,
        List<ResetSnapshot> resets,
        List<VoltageDomainSnapshot> voltageDomains,
        List<PerformanceDomainSnapshot> performanceDomains,
        Peers peers) {

    /** Copies the lists. */
    public ServiceSnapshot {
        clocks = List.copyOf(clocks);
        powerDomains = List.copyOf(powerDomains);
        sensors = List.copyOf(sensors);
        resets = List.copyOf(resets);
        voltageDomains = List.copyOf(voltageDomains);
        performanceDomains = List.copyOf(performanceDomains);
    }

    /**
     * Whom the service speaks to.
     *
     * @param agents every agent, that with id 1 first
     * @param upstreams every platform that it asks as an agent, in the board file's order
     */
    public record Peers(List<AgentSnapshot> agents, List<Upstream.Snapshot> upstreams) {
        /** Copies the lists. */
        public Peers {
            agents = List.copyOf(agents);
            upstreams = List.copyOf(upstreams);
        }
    }

    /** Every agent, that with id 1 first. */
    public List<AgentSnapshot> agents() {
        return peers.agents();
    }

    /**
     * One clock.
     *
     * @param name its name in the board file
     * @param parents names of its possible parents, in the board file's order
     * @param parent the parent it runs from, null for a root or if the hardware selects none
     * @param rateHz its rate in Hz, or the one it would have if enabled
     * @param enabled whether the hardware runs it
     * @param votes names of the agents that have enabled it, by agent id
     */
    public record ClockSnapshot(
            String name,
            List<String> parents,
            @Nullable String parent,
            long rateHz,
            boolean enabled,
            List<String> votes) {

        /** Copies the lists. */
        public ClockSnapshot {
            parents = List.copyOf(parents);
            votes = List.copyOf(votes);
        }

        /** A clock as its registers were read, with the votes that are given. */
        public static ClockSnapshot of(Clock clock, ClockReading reading, List<String> votes) {
            Clock parent = reading.parent(clock);
            return new ClockSnapshot(
                    clock.name(),
                    clock.parents().stream().map(Clock::name).toList(),
                    parent == null ? null : parent.name(),
                    reading.rate(clock),
                    reading.enabled(clock),
                    votes);
        }
    }

    /**
     * One sensor.
     *
     * @param name its name in the board file
     * @param enabled whether it is on
     * @param intervalNanos its update interval
     * @param hasAxes whether its values are those of axes
     * @param values its values: one, or one for each axis
     * @param enabledBy names of the agents that may control it and have it on, by agent id
     */
    public record SensorSnapshot(
            String name,
            boolean enabled,
            long intervalNanos,
            boolean hasAxes,
            List<SensorValue> values,
            List<String> enabledBy) {

        /** Copies the lists. */
        public SensorSnapshot {
            values = List.copyOf(values);
            enabledBy = List.copyOf(enabledBy);
        }

        /** A sensor as it is now; it is read unless it is off. One that takes time has what was read before, if that succeeded. */
        public static SensorSnapshot of(Sensor sensor, List<String> enabledBy) {
            boolean isKnown = sensor.enabled()
                    && switch (sensor.read(Waiter.NOBODY)) {
                        case OK -> true;
                        case STARTED -> sensor.isUpToDate();
                        default -> false;
                    };
            List<SensorValue> values = new ArrayList<>();
            for (int i = 0; i < sensor.channels(); i++) {
                SensorSpec.Channel channel = sensor.spec().channels().get(i);
                Double value = isKnown
                        ? Double.valueOf(BigDecimal.valueOf(sensor.value(i))
                                .scaleByPowerOfTen(channel.scale())
                                .doubleValue())
                        : null;
                values.add(new SensorValue(channel.name(), channel.unit().symbol(), value));
            }
            return new SensorSnapshot(
                    sensor.name(),
                    sensor.enabled(),
                    sensor.intervalNanos(),
                    sensor.spec().hasAxes(),
                    values,
                    enabledBy);
        }
    }

    /**
     * One voltage domain.
     *
     * @param name its name in the board file
     * @param microvolts its level; null if the register holds what the board file does not know, or another platform has
     *     not told yet
     * @param lowest its lowest level in microvolts
     * @param highest its highest level in microvolts
     * @param enabled whether it is on; null if that is not known of another platform's
     * @param settling whether it needs time after its last change
     * @param votes names of the agents that have it switched on, by agent id
     */
    public record VoltageDomainSnapshot(
            String name,
            @Nullable Integer microvolts,
            int lowest,
            int highest,
            @Nullable Boolean enabled,
            boolean settling,
            List<String> votes) {

        /** Copies the list. */
        public VoltageDomainSnapshot {
            votes = List.copyOf(votes);
        }

        /** A supply of another platform, as it was when that was asked last, with the votes that are given. */
        public static VoltageDomainSnapshot of(String name, RemoteSupply supply, List<String> votes) {
            return new VoltageDomainSnapshot(
                    name,
                    supply.knownLevel(),
                    supply.levelAt(0),
                    supply.levelAt(supply.levels() - 1),
                    supply.knownState(),
                    supply.isSettling(),
                    votes);
        }

        /** A supply as its registers have it now, with the votes that are given. */
        public static VoltageDomainSnapshot of(VoltageDomain domain, List<String> votes) {
            int level = domain.level();
            return new VoltageDomainSnapshot(
                    domain.name(),
                    level == VoltageDomain.UNKNOWN ? null : level,
                    domain.levelAt(0),
                    domain.levelAt(domain.levels() - 1),
                    domain.isEnabled(),
                    domain.isSettling(),
                    votes);
        }
    }

    /**
     * One value of a sensor.
     *
     * @param name the axis; the sensor's name if it has no axes
     * @param unit the symbol of the unit, empty if it has none
     * @param value in that unit; null if the sensor is off or cannot be read
     */
    public record SensorValue(
            String name, String unit, @Nullable Double value) {}

    /**
     * One performance domain.
     *
     * @param name its name in the board file
     * @param clock the clock whose rate a level sets; null if it is another platform's
     * @param level the number of its level, as agents know it; null if another platform has not told it yet
     * @param rateHz the clock's rate in Hz; of another platform what it says that the level stands for, null if not known
     * @param lowest the lowest level that its limits allow
     * @param highest the highest level that its limits allow
     * @param changing whether a change waits for the supply
     */
    public record PerformanceDomainSnapshot(
            String name,
            @Nullable String clock,
            @Nullable Long level,
            @Nullable Long rateHz,
            long lowest,
            long highest,
            boolean changing) {

        /** A performance domain of another platform, as it was when that was asked last. */
        public static PerformanceDomainSnapshot of(RemotePerformanceDomain domain) {
            List<PerformanceLevelSpec> levels = domain.spec().levels();
            PerformanceLevelSpec level =
                    domain.knownLevel() == PerformanceDriver.NOTHING ? null : levels.get(domain.knownLevel());
            return new PerformanceDomainSnapshot(
                    domain.spec().name(),
                    null,
                    level == null ? null : Long.valueOf(level.level()),
                    level == null || level.kilohertz() == 0 ? null : Long.valueOf(1000 * level.kilohertz()),
                    levels.get(domain.lowest()).level(),
                    levels.get(domain.highest()).level(),
                    domain.isChanging());
        }

        /** A performance domain as its registers have it now. */
        public static PerformanceDomainSnapshot of(PerformanceDomain domain) {
            List<PerformanceLevelSpec> levels = domain.spec().levels();
            return new PerformanceDomainSnapshot(
                    domain.name(),
                    domain.clock().name(),
                    levels.get(domain.level()).level(),
                    domain.clock().rate(),
                    levels.get(domain.lowest()).level(),
                    levels.get(domain.highest()).level(),
                    domain.isChanging());
        }
    }

    /**
     * One agent.
     *
     * @param id its id, from 1
     * @param name its name
     * @param attached whether it can send messages now
     * @param events whether it can be sent notifications and delayed responses now
     * @param memory what is mapped of its memory, the lowest guest address first
     */
    public record AgentSnapshot(int id, String name, boolean attached, boolean events, List<SharedRegion> memory) {

        /** Copies the list. */
        public AgentSnapshot {
            memory = List.copyOf(memory);
        }
    }
}
