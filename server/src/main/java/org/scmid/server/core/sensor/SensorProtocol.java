// The Sensor protocol: what an agent may ask of its sensors, and what it is told of them.
package org.scmid.server.core.sensor;

import java.util.Arrays;
import java.util.List;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.UpdateIntervals;
import org.scmid.platform.driver.Outcome;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.platform.driver.Waiter;
import org.scmid.protocol.Aspect;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.sensor.SensorConfig;
import org.scmid.protocol.sensor.SensorConfigGet;
import org.scmid.protocol.sensor.SensorConfigSet;
import org.scmid.protocol.sensor.SensorContinuousUpdateNotify;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.sensor.SensorProtocolAttributes;
import org.scmid.protocol.sensor.SensorReadingGet;
import org.scmid.protocol.sensor.SensorTripPointConfig;
import org.scmid.protocol.sensor.SensorTripPointNotify;
import org.scmid.protocol.sensor.SensorVersion;
import org.scmid.protocol.sensor.UpdateInterval;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Agents;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.Holders;
import org.scmid.server.core.agent.NotificationQueue;
import org.scmid.server.core.agent.Operation;
import org.scmid.server.core.agent.Procedure;
import org.scmid.server.core.agent.ResourceView;
import org.scmid.server.core.protocol.Protocol;
import org.scmid.server.core.state.AgentState;
import org.scmid.server.core.state.ResourceState;
import org.scmid.server.core.state.Section;

/**
 * The Sensor protocol 3.1, and 3.0, 2.0 and 1.0 for agents that negotiate them (DEN0056, "Sensor management protocol").
 *
 * <p>Enabling is a vote. An agent that may control a sensor has a switch of its own, which starts as the board file says,
 * and sees what it says once it has set it; the sensor is on while any of these switches is. All others see whether it is
 * on. So an agent that switches a sensor off after use takes it from nobody else.
 *
 * <p>The update interval is one for all agents: the last one that sets it wins, and when that agent goes it is the board
 * file's again. Trip points, subscriptions and whether readings have timestamps are each agent's own.
 */
public final class SensorProtocol extends Protocol {
    /** Flags of a sensor in the agent's state: its switch is not as the board file says. */
    static final int SWITCHED = 1;

    static final int TRIP_EVENTS = 1 << 1;
    static final int UPDATES = 1 << 2;
    static final int TIMESTAMPS = 1 << 3;

    /** The agent has set its switch, if only to what the board file says. */
    static final int SET = 1 << 4;

    /** What SENSOR_CONFIG_SET leaves behind. */
    private static final int CONFIGURED = SWITCHED | TIMESTAMPS | SET;

    private static final int FLAGS_OF_STATE = CONFIGURED | TRIP_EVENTS | UPDATES;

    /** Word of a sensor in the agent's state: the update interval if this agent was the last that set it, else 0. */
    private static final int INTERVAL = 1;

    // How a crossing is queued: the trip point's number, and whether it was crossed in positive direction.
    private static final int POSITIVE = 1 << 8;
    private static final int TRIP_POINT = POSITIVE - 1;

    private final List<? extends SensorDriver> sensors;
    private final TripPoints tripPoints;
    private final SensorDescriptions descriptions;

    // By the sensor's position on the board.
    private final boolean[] isSampled; // somebody needs samples
    private final boolean[] isSampling; // and it is on
    private final boolean[] hasBaseline;
    private final long[] baseline; // what the next sample is compared with
    private final Baseline[] baselines;

    private final SensorProtocolAttributes.Reply attributesReply = new SensorProtocolAttributes.Reply();
    private final SensorTripPointConfig.Request tripPointRequest = new SensorTripPointConfig.Request();
    private final SensorReadingGet.Request readingRequest = new SensorReadingGet.Request();
    private final SensorReadingGet.Reply readingReply = new SensorReadingGet.Reply();
    private final SensorReadingGet.Delayed readingDelayed = new SensorReadingGet.Delayed();
    private final SensorConfigGet.Reply configReply = new SensorConfigGet.Reply();
    private final SensorConfigSet.Request configRequest = new SensorConfigSet.Request();
    private final SensorTripPointNotify.Event tripPointEvent = new SensorTripPointNotify.Event();
    private final SensorContinuousUpdateNotify.Event updateEvent = new SensorContinuousUpdateNotify.Event();

    private final Procedure read = Procedure.reading(this::askValues, this::replyValues);
    private final Procedure readAsynchronously = Procedure.reading(this::askValues, operation -> Status.Code.SUCCESS);
    private final Procedure configure = Procedure.reading(this::askToConfigure, this::configured);

    /**
     * @param sensors the sensors; {@link #sampled} is to be told of their samples
     * @param agents all agents
     */
    public SensorProtocol(List<? extends SensorDriver> sensors, Agents agents) {
        super(SensorMessage.TABLE, SensorVersion.V3_1, ResourceKind.SENSOR, sensors.size(), agents);
        this.sensors = sensors;
        tripPoints = new TripPoints(sensors.stream()
                .mapToInt(sensor -> sensor.spec().tripPoints())
                .max()
                .orElse(0));
        descriptions = new SensorDescriptions(sensors);
        isSampled = new boolean[sensors.size()];
        isSampling = new boolean[sensors.size()];
        hasBaseline = new boolean[sensors.size()];
        baseline = new long[sensors.size()];
        baselines = new Baseline[sensors.size()];
        Arrays.setAll(baselines, Baseline::new);
        on(SensorMessage.PROTOCOL_ATTRIBUTES, this::attributes);
        on(SensorMessage.SENSOR_DESCRIPTION_GET, call -> descriptions.describe(call, view(call.agent())));
        on(SensorMessage.SENSOR_TRIP_POINT_NOTIFY, this::tripPointNotify);
        on(SensorMessage.SENSOR_TRIP_POINT_CONFIG, this::tripPointConfig);
        on(SensorMessage.SENSOR_READING_GET, this::readingGet);
        on(SensorMessage.SENSOR_AXIS_DESCRIPTION_GET, descriptions::describeAxes);
        on(SensorMessage.SENSOR_LIST_UPDATE_INTERVALS, descriptions::listIntervals);
        on(SensorMessage.SENSOR_CONFIG_GET, this::askSettings, this::replyConfig);
        on(SensorMessage.SENSOR_CONFIG_SET, this::configSet);
        on(SensorMessage.SENSOR_CONTINUOUS_UPDATE_NOTIFY, this::continuousUpdateNotify);
        on(SensorMessage.SENSOR_NAME_GET, this::nameGet);
        on(SensorMessage.SENSOR_AXIS_NAME_GET, descriptions::nameAxes);
    }

    @Override
    public Section section() {
        return Section.of(id().id(), ResourceKind.SENSOR, tripPoints.words(), FLAGS_OF_STATE);
    }

    @Override
    protected int heldBy(Aspect aspect) {
        return aspect == Aspect.CONFIG ? CONFIGURED : 0;
    }

    private SensorDriver sensorOf(AgentResource resource) {
        return sensors.get(resource.index());
    }

    private SensorSpec specOf(AgentResource resource) {
        return sensorOf(resource).spec();
    }

    private int attributes(Call call) {
        Agent agent = call.agent();
        ResourceView view = view(agent);
        attributesReply
                .begin(call.reply(), call.header())
                .counts(view.size(), agent.hasEvents() && hasAsynchronous(view) ? AgentState.MAX_PENDING : 0)
                .registers(0, 0);
        return call.succeed(attributesReply.messageLength());
    }

    private boolean hasAsynchronous(ResourceView view) {
        for (int id = 0; id < view.size(); id++) {
            if (view.at(id).isVisible() && specOf(view.at(id)).asynchronous()) {
                return true;
            }
        }
        return false;
    }

    // ---- Reading.

    private int readingGet(Call call) {
        AgentResource resource = call.resource();
        int flags = readingRequest.wrap(call.request()).flags();
        boolean isAsync = (flags & SensorReadingGet.Request.FLAG_ASYNC) != 0;
        if (isAsync && !(specOf(resource).asynchronous() && call.agent().hasEvents())) {
            return Status.Code.NOT_SUPPORTED;
        }
        if (!isEnabledFor(call.agent(), resource)) {
            return Status.Code.PROTOCOL_ERROR;
        }
        return isAsync ? acceptAsync(call, flags, 0) : read(call, sensorOf(resource));
    }

    private int read(Call call, SensorDriver sensor) {
        if (SensorReadingGet.Reply.messageLength(readings(sensor, call.version()), call.version()) > call.capacity()) {
            return Status.Code.PROTOCOL_ERROR;
        }
        return call.operation().run(read);
    }

    private Outcome askValues(Operation operation) {
        return sensorOf(operation.resource()).read(operation);
    }

    private int replyValues(Operation operation) {
        return writeReading(operation.call(), sensorOf(operation.resource()));
    }

    private int writeReading(Call call, SensorDriver sensor) {
        readingReply.begin(call.reply(), call.header());
        int readings = readings(sensor, call.version());
        if (hasTimestamps(call.version())) {
            long timestamp = timestampFor(call.agent(), call.resource().id(), sensor);
            for (int i = 0; i < readings; i++) {
                readingReply.reading(i, sensor.value(i), timestamp);
            }
        } else {
            readingReply.valueV1(sensor.value(0));
        }
        return call.succeed(SensorReadingGet.Reply.messageLength(readings, call.version()));
    }

    /** An agent of version 1.0 sees the first axis, as if it was all there is. */
    private static int readings(SensorDriver sensor, int version) {
        return hasTimestamps(version) ? sensor.channels() : 1;
    }

    private static boolean hasTimestamps(int version) {
        return ProtocolVersion.isAtLeast(version, SensorVersion.V2_0);
    }

    private long timestampFor(Agent agent, int id, SensorDriver sensor) {
        return state(agent).is(TIMESTAMPS, id) ? sensor.timestamp() : 0;
    }

    // ---- Reading asynchronously.

    @Override
    public int carryOut(Agent agent, int slot) {
        AgentResource resource = pendingResource(agent, slot);
        return isEnabledFor(agent, resource)
                ? agent.begin(slot, resource).run(readAsynchronously)
                : Status.Code.PROTOCOL_ERROR;
    }

    /** Has the newest values: those that the command read, or later ones. */
    @Override
    public int renderDelayed(Agent agent, int slot, MessageBuffer into) {
        int header = agent.state().pendingHeader(slot);
        int id = agent.state().pendingResource(slot);
        SensorDriver sensor = sensorOf(view(agent).at(id));
        // What an earlier process of this service read is gone with it.
        if (!sensor.isKnown() && sensor.read(Waiter.NOBODY) != Outcome.OK) {
            return StatusReply.writeDelayed(into, header, Status.Code.HARDWARE_ERROR);
        }
        int version = versionFor(agent);
        int readings = readings(sensor, version);
        readingDelayed.begin(into, header).sensor(id);
        if (hasTimestamps(version)) {
            long timestamp = timestampFor(agent, id, sensor);
            for (int i = 0; i < readings; i++) {
                readingDelayed.reading(i, sensor.value(i), timestamp);
            }
        } else {
            readingDelayed.valueV1(sensor.value(0));
        }
        return SensorReadingGet.Delayed.messageLength(readings, version);
    }

    // ---- On and off, and how often.

    /** What the agent's own switch says, if it has set it; else whether the sensor is on. */
    private boolean isEnabledFor(Agent agent, AgentResource resource) {
        boolean hasSetIt = hasSwitch(resource) && state(agent).is(SET | SWITCHED, resource.id());
        return hasSetIt ? isSwitchedOn(agent, resource) : sensorOf(resource).enabled();
    }

    /** What a trusted agent took away is still there, it only cannot be moved. */
    private static boolean hasSwitch(AgentResource resource) {
        return resource.isGranted(Aspect.CONFIG);
    }

    private boolean isSwitchedOn(Agent agent, AgentResource resource) {
        return specOf(resource).enabled() != state(agent).is(SWITCHED, resource.id());
    }

    private Outcome askSettings(Operation operation) {
        return sensorOf(operation.resource()).readSettings(operation);
    }

    private int replyConfig(Operation operation) {
        Call call = operation.call();
        AgentResource resource = operation.resource();
        int flags = isEnabledFor(call.agent(), resource) ? SensorConfig.ENABLED : 0;
        if (state(call.agent()).is(TIMESTAMPS, resource.id())) {
            flags |= SensorConfig.TIMESTAMPS;
        }
        int interval = UpdateInterval.ofNanos(sensorOf(resource).intervalNanos());
        configReply.begin(call.reply(), call.header()).config(SensorConfig.of(interval, flags));
        return call.succeed(configReply.messageLength());
    }

    private int configSet(Call call) {
        AgentResource resource = call.resource();
        int config = configRequest.wrap(call.request()).config();
        if (SensorConfig.hasTimestamps(config) && !specOf(resource).timestamps()) {
            return Status.Code.NOT_SUPPORTED;
        }
        Agent agent = call.agent();
        state(agent).set(TIMESTAMPS, resource.id(), SensorConfig.hasTimestamps(config));
        state(agent)
                .set(
                        SWITCHED,
                        resource.id(),
                        SensorConfig.isEnabled(config) != specOf(resource).enabled());
        state(agent).set(SET, resource.id(), true);
        long interval = SensorConfig.seconds(config) == 0
                ? sensorOf(resource).intervalNanos()
                : claimInterval(agent, resource, config);
        return call.operation().wants(interval, 0).run(configure);
    }

    /** The agent is the last one that has set the interval, in nanoseconds. */
    private long claimInterval(Agent agent, AgentResource resource, int config) {
        SensorDriver sensor = sensorOf(resource);
        long nanos =
                closest(sensor.spec().intervals(), SensorConfig.intervalNanos(config), SensorConfig.rounding(config));
        for (int place = 0; place < agents().places(); place++) {
            Agent other = agents().at(place);
            AgentResource its = other == null ? null : view(other).of(resource.index());
            if (other != null && its != null && other != agent) {
                state(other).put(its.id(), INTERVAL, 0);
            }
        }
        state(agent).put(resource.id(), INTERVAL, UpdateInterval.ofNanos(nanos));
        return nanos;
    }

    private Outcome askToConfigure(Operation operation) {
        int index = operation.resource().index();
        return sensors.get(index).configure(isWantedOn(index), operation.wanted(), operation);
    }

    private int configured(Operation operation) {
        refresh(operation.resource().index());
        return Status.Code.SUCCESS;
    }

    /** An interval that the sensor can have; beyond its shortest and longest, that one. */
    private static long closest(UpdateIntervals intervals, long wanted, int rounding) {
        long below = intervals.shortest();
        long above = intervals.longest();
        if (wanted <= below) {
            return below;
        }
        if (wanted >= above) {
            return above;
        }
        switch (intervals) {
            case UpdateIntervals.Listed listed -> {
                for (int i = 0; i < listed.nanos().size(); i++) {
                    long nanos = listed.nanos().get(i);
                    below = nanos <= wanted ? nanos : below;
                    above = nanos >= wanted && nanos < above ? nanos : above;
                }
            }
            case UpdateIntervals.Range range -> {
                below = wanted - (wanted - range.shortest()) % range.step();
                above = below == wanted ? wanted : below + range.step();
            }
        }
        return switch (rounding) {
            case SensorConfig.ROUND_DOWN -> below;
            case SensorConfig.ROUND_UP -> above;
            default -> wanted - below <= above - wanted ? below : above;
        };
    }

    /** Has a sensor be on, and sampled, as the agents want it now. */
    private void refresh(int index) {
        SensorDriver sensor = sensors.get(index);
        sensor.configure(isWantedOn(index), sensor.intervalNanos(), Waiter.NOBODY);
        boolean wanted = needsSamples(index);
        if (wanted != isSampled[index]) {
            isSampled[index] = wanted;
            hasBaseline[index] = false;
            sensor.sample(wanted);
        }
        boolean wasSampling = isSampling[index];
        isSampling[index] = sensor.isSampling();
        if (!wasSampling && isSampling[index]) {
            // One that was off for less than an interval goes on: nobody's crossings are lost by switching it.
            hasBaseline[index] &= !sensor.hasMissedSamples();
            if (!hasBaseline[index] && sensor.read(baselines[index]) == Outcome.OK) {
                compareFrom(sensor);
            }
        }
    }

    private boolean isWantedOn(int index) {
        boolean someoneHasASwitch = false;
        for (int place = 0; place < agents().places(); place++) {
            Agent agent = agents().at(place);
            AgentResource its = agent == null ? null : view(agent).of(index);
            if (agent != null && its != null && hasSwitch(its)) {
                if (isSwitchedOn(agent, its)) {
                    return true;
                }
                someoneHasASwitch = true;
            }
        }
        return !someoneHasASwitch && sensors.get(index).spec().enabled();
    }

    /** Whether anybody is to be told: what a trusted agent took away is sampled for nobody. */
    private boolean needsSamples(int index) {
        for (int place = nextSubscriber(index, 0); place != Holders.NOBODY; place = nextSubscriber(index, place + 1)) {
            Agent agent = agents().get(place);
            AgentResource its = view(agent).of(index);
            if (its != null && its.mayBeNotified() && (wantsUpdates(agent, its) || wantsTripPoints(agent, its))) {
                return true;
            }
        }
        return false;
    }

    private boolean wantsUpdates(Agent agent, AgentResource resource) {
        return state(agent).is(UPDATES, resource.id());
    }

    private boolean wantsTripPoints(Agent agent, AgentResource resource) {
        return state(agent).is(TRIP_EVENTS, resource.id()) && tripPoints.anyIsOn(state(agent), resource.id());
    }

    // ---- Events.

    private int tripPointNotify(Call call) {
        if (specOf(call.resource()).tripPoints() == 0) {
            return Status.Code.NOT_SUPPORTED;
        }
        int status = subscribe(call, TRIP_EVENTS);
        refresh(call.resource().index());
        return status;
    }

    private int tripPointConfig(Call call) {
        AgentResource resource = call.resource();
        tripPointRequest.wrap(call.request());
        int count = specOf(resource).tripPoints();
        if (tripPointRequest.tripPoint() >= Math.max(count, 1)) {
            return Status.Code.INVALID_PARAMETERS;
        }
        if (count == 0) {
            return Status.Code.NOT_SUPPORTED; // it has not even the first
        }
        tripPoints.set(
                state(call.agent()),
                resource.id(),
                tripPointRequest.tripPoint(),
                tripPointRequest.direction(),
                tripPointRequest.value());
        refresh(resource.index());
        return Status.Code.SUCCESS;
    }

    private int continuousUpdateNotify(Call call) {
        if (!specOf(call.resource()).continuousUpdates()) {
            return Status.Code.NOT_SUPPORTED;
        }
        int status = subscribe(call, UPDATES);
        refresh(call.resource().index());
        return status;
    }

    /** A sensor, by its position on the board, was read since somebody needs samples. */
    public void sampled(int index) {
        SensorDriver sensor = sensors.get(index);
        for (int place = nextSubscriber(index, 0); place != Holders.NOBODY; place = nextSubscriber(index, place + 1)) {
            Agent agent = agents().get(place);
            AgentResource its = view(agent).of(index);
            if (its != null && its.mayBeNotified() && isEnabledFor(agent, its)) {
                if (hasBaseline[index] && wantsTripPoints(agent, its)) {
                    tellCrossings(agent, its, sensor);
                }
                if (wantsUpdates(agent, its)) {
                    tellUpdate(agent, its);
                }
            }
        }
        compareFrom(sensor);
    }

    private int nextSubscriber(int index, int from) {
        int tripEvents = holders().next(TRIP_EVENTS, index, from);
        int updates = holders().next(UPDATES, index, from);
        if (tripEvents == Holders.NOBODY || updates == Holders.NOBODY) {
            return Math.max(tripEvents, updates);
        }
        return Math.min(tripEvents, updates);
    }

    /** The first value of a sensor that is sampled from now on, if it takes time to be read. */
    private final class Baseline implements Waiter {
        private final int index;

        Baseline(int index) {
            this.index = index;
        }

        @Override
        public void mayAskAgain() {}

        @Override
        public void ended(Outcome outcome) {
            SensorDriver sensor = sensors.get(index);
            if (outcome == Outcome.OK && sensor.isSampling() && !hasBaseline[index]) {
                compareFrom(sensor);
            }
        }
    }

    private void compareFrom(SensorDriver sensor) {
        hasBaseline[sensor.index()] = true;
        baseline[sensor.index()] = sensor.value(0);
    }

    private void tellCrossings(Agent agent, AgentResource resource, SensorDriver sensor) {
        long before = baseline[resource.index()];
        long now = sensor.value(0);
        if (before == now) {
            return;
        }
        ResourceState state = state(agent);
        for (int i = 0; i < sensor.spec().tripPoints(); i++) {
            int direction = tripPoints.direction(state, resource.id(), i);
            if (direction != TripPoints.OFF
                    && TripPoints.isCrossed(direction, tripPoints.value(state, resource.id(), i), before, now)) {
                tell(
                        agent,
                        SensorMessage.SENSOR_TRIP_POINT_EVENT.id(),
                        false,
                        resource.id(),
                        Agents.PLATFORM,
                        now > before ? i | POSITIVE : i,
                        0);
            }
        }
    }

    /** One that waits for a buffer will have the newest values when there is one: another would say the same. */
    private void tellUpdate(Agent agent, AgentResource resource) {
        int kind = SensorMessage.SENSOR_UPDATE.id();
        if (agent.notifications().contains(this, kind, resource.id())) {
            agent.flushSoon();
        } else {
            tell(agent, kind, true, resource.id(), Agents.PLATFORM, 0, 0);
        }
    }

    @Override
    public int render(Agent agent, NotificationQueue.Entry entry, MessageBuffer into) {
        int id = entry.resource();
        AgentResource resource = view(agent).at(id);
        if (!isEnabledFor(agent, resource)) {
            return 0;
        }
        return entry.kind() == SensorMessage.SENSOR_UPDATE.id()
                ? renderUpdate(agent, id, entry.causer(), into)
                : renderCrossing(agent, id, entry, into);
    }

    private int renderCrossing(Agent agent, int id, NotificationQueue.Entry entry, MessageBuffer into) {
        if (!state(agent).is(TRIP_EVENTS, id)) {
            return 0;
        }
        int what = (int) entry.first();
        return tripPointEvent
                .begin(into, 0)
                .agent(entry.causer())
                .sensor(id)
                .tripPoint(what & TRIP_POINT, (what & POSITIVE) != 0)
                .messageLength();
    }

    private int renderUpdate(Agent agent, int id, int causer, MessageBuffer into) {
        if (!state(agent).is(UPDATES, id) || !speaks(agent, SensorVersion.V2_0)) {
            return 0;
        }
        SensorDriver sensor = sensorOf(view(agent).at(id));
        long timestamp = timestampFor(agent, id, sensor);
        updateEvent.begin(into, 0).agent(causer).sensor(id);
        for (int i = 0; i < sensor.channels(); i++) {
            updateEvent.reading(i, sensor.value(i), timestamp);
        }
        return SensorContinuousUpdateNotify.Event.messageLength(sensor.channels());
    }

    // ---- Coming and going of agents.

    @Override
    protected int subscriptions() {
        return TRIP_EVENTS | UPDATES;
    }

    @Override
    protected void unsubscribed(AgentResource resource) {
        refresh(resource.index());
    }

    @Override
    protected void release(Agent agent, AgentResource resource) {
        giveUpInterval(agent, resource);
        state(agent).clear(resource.id());
        refresh(resource.index());
    }

    /** Who may not configure it any more may still be told of it. */
    @Override
    protected void release(Agent agent, AgentResource resource, Aspect aspect) {
        giveUpInterval(agent, resource);
        state(agent).set(CONFIGURED, resource.id(), false);
        refresh(resource.index());
    }

    /**
     * The agent keeps its switch and its subscriptions while a sensor is denied. But how often it is read for others, and
     * whether readings that the agent cannot make have timestamps, follow its wishes no longer.
     */
    @Override
    public void denialChanged(Agent agent, AgentResource resource) {
        if (resource.isDenied()) {
            giveUpInterval(agent, resource);
            state(agent).set(TIMESTAMPS, resource.id(), false);
        }
        refresh(resource.index());
    }

    /** If the agent was the last that set the interval, it is the board file's again. */
    private void giveUpInterval(Agent agent, AgentResource resource) {
        if (state(agent).word(resource.id(), INTERVAL) != 0) {
            SensorDriver sensor = sensorOf(resource);
            state(agent).put(resource.id(), INTERVAL, 0);
            sensor.configure(sensor.enabled(), sensor.spec().intervalNanos(), Waiter.NOBODY);
        }
    }

    /** Sensors are not registers: whatever the hardware is, nobody but us knows what agents asked for. */
    @Override
    protected void restore(Agent agent, AgentResource resource, boolean apply) {
        SensorDriver sensor = sensorOf(resource);
        int interval = state(agent).word(resource.id(), INTERVAL);
        if (interval != 0) {
            long nanos = closest(sensor.spec().intervals(), UpdateInterval.nanos(interval), SensorConfig.ROUND_NEAREST);
            sensor.configure(sensor.enabled(), nanos, Waiter.NOBODY);
        }
        refresh(resource.index());
    }

    /** Whether an agent's switch keeps a sensor on. */
    public boolean keepsOn(Agent agent, int index) {
        AgentResource its = view(agent).of(index);
        return its != null && hasSwitch(its) && isSwitchedOn(agent, its);
    }
}
