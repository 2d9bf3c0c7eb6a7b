// What an agent is told of its sensors: the lists of the Sensor protocol, as much of them as fits a reply.
package org.scmid.server.core.sensor;

import java.util.List;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.sensor.UpdateIntervals;
import org.scmid.platform.driver.SensorDriver;
import org.scmid.protocol.Names;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.Status;
import org.scmid.protocol.sensor.AxisDescriptor;
import org.scmid.protocol.sensor.AxisReply;
import org.scmid.protocol.sensor.Resolution;
import org.scmid.protocol.sensor.SensorAxisDescriptionGet;
import org.scmid.protocol.sensor.SensorAxisNameGet;
import org.scmid.protocol.sensor.SensorDescriptionGet;
import org.scmid.protocol.sensor.SensorDescriptor;
import org.scmid.protocol.sensor.SensorListUpdateIntervals;
import org.scmid.protocol.sensor.SensorType;
import org.scmid.protocol.sensor.SensorVersion;
import org.scmid.protocol.sensor.UpdateInterval;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.agent.AgentResource;
import org.scmid.server.core.agent.Call;
import org.scmid.server.core.agent.ResourceView;

/**
 * The lists of the Sensor protocol. Each starts at any index, ends where the reply is full, and splits no item; a reply
 * without room for one item is a PROTOCOL_ERROR.
 *
 * <p>A sensor that is hidden from an agent has a descriptor all the same, which says nothing: agents take the position in
 * the list as the id.
 */
final class SensorDescriptions {
    private final List<? extends SensorDriver> sensors;
    private final String[] hiddenNames;

    private final SensorDescriptionGet.Request request = new SensorDescriptionGet.Request();
    private final SensorDescriptionGet.Reply reply = new SensorDescriptionGet.Reply();
    private final SensorDescriptor descriptor = new SensorDescriptor();
    private final SensorAxisDescriptionGet.Request axisRequest = new SensorAxisDescriptionGet.Request();
    private final SensorAxisDescriptionGet.Reply axisReply = new SensorAxisDescriptionGet.Reply();
    private final AxisDescriptor axisDescriptor = new AxisDescriptor();
    private final SensorAxisNameGet.Request axisNameRequest = new SensorAxisNameGet.Request();
    private final SensorAxisNameGet.Reply axisNameReply = new SensorAxisNameGet.Reply();
    private final SensorListUpdateIntervals.Request intervalsRequest = new SensorListUpdateIntervals.Request();
    private final SensorListUpdateIntervals.Reply intervalsReply = new SensorListUpdateIntervals.Reply();

    /** @param sensors all sensors of the board */
    SensorDescriptions(List<? extends SensorDriver> sensors) {
        this.sensors = sensors;
        hiddenNames = new String[sensors.size()];
        for (int i = 0; i < hiddenNames.length; i++) {
            hiddenNames[i] = "hidden-" + i;
        }
    }

    // ---- Sensors.

    /** SENSOR_DESCRIPTION_GET. */
    int describe(Call call, ResourceView view) {
        int total = view.size();
        int first = request.wrap(call.request()).index();
        if (first != 0 && Integer.compareUnsigned(first, total) >= 0) {
            return Status.Code.INVALID_PARAMETERS;
        }
        int count = 0;
        int end = SensorDescriptionGet.Reply.DESCRIPTORS;
        reply.begin(call.reply(), call.header());
        while (first + count < total && count < SensorDescriptionGet.Reply.MAX_RETURNED) {
            AgentResource resource = view.at(first + count);
            int next = end + length(resource, call.version());
            if (next > call.capacity()) {
                break;
            }
            write(call, resource, end);
            end = next;
            count++;
        }
        if (count == 0 && total > 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        reply.counts(count, total - first - count);
        return call.succeed(end);
    }

    /** Extended attributes are always there, from the version on that has them. */
    private int length(AgentResource resource, int version) {
        return SensorDescriptor.length(
                hasAxes(version), resource.isVisible() && specOf(resource).hasAxes());
    }

    /** Version 2.0 brought axes, and with them everything that is extended. */
    private static boolean hasAxes(int version) {
        return ProtocolVersion.isAtLeast(version, SensorVersion.V2_0);
    }

    private void write(Call call, AgentResource resource, int start) {
        descriptor.wrap(call.reply(), start).id(resource.id());
        if (!resource.isVisible()) {
            writeHidden(resource.id(), call.version());
            return;
        }
        SensorSpec spec = specOf(resource);
        descriptor
                .attributes(
                        attributesLow(call.agent(), resource, call.version()), attributesHigh(resource, call.version()))
                .name(spec.name());
        if (hasAxes(call.version())) {
            descriptor.power(0);
            if (!spec.hasAxes()) {
                SensorSpec.Channel value = spec.channels().getFirst();
                descriptor.range(resolution(value), value.min(), value.max());
            }
        }
    }

    private void writeHidden(int id, int version) {
        descriptor
                .attributes(
                        SensorDescriptor.attributesLow(SensorDescriptor.EXTENDED, 0, 0, version),
                        SensorDescriptor.scalar(SensorType.NONE.code(), 0))
                .name(hiddenNames[Math.min(id, hiddenNames.length - 1)]);
        if (hasAxes(version)) {
            descriptor.power(0).range(0, 0, 0);
        }
    }

    private int attributesLow(Agent agent, AgentResource resource, int version) {
        SensorSpec spec = specOf(resource);
        boolean hasEvents = agent.hasEvents();
        boolean mayBeNotified = hasEvents && resource.mayBeNotified();
        int flags = SensorDescriptor.EXTENDED;
        if (spec.asynchronous() && hasEvents) {
            flags |= SensorDescriptor.ASYNC;
        }
        if (spec.continuousUpdates() && mayBeNotified) {
            flags |= SensorDescriptor.CONTINUOUS_UPDATE;
        }
        if (Names.needsExtended(spec.name())) {
            flags |= SensorDescriptor.EXTENDED_NAME;
        }
        if (spec.timestamps()) {
            flags |= SensorDescriptor.TIMESTAMPS;
        }
        return SensorDescriptor.attributesLow(
                flags, mayBeNotified ? spec.tripPoints() : 0, spec.timestamps() ? spec.timestampScale() : 0, version);
    }

    /** An agent of version 1.0 sees the first axis, as if it was all there is. */
    private int attributesHigh(AgentResource resource, int version) {
        SensorDriver sensor = sensorOf(resource);
        SensorSpec.Channel value = sensor.spec().channels().getFirst();
        if (!hasAxes(version)) {
            return SensorDescriptor.scalarV1(value.unit().code(), value.scale(), sensor.intervalNanos());
        }
        return sensor.spec().hasAxes()
                ? SensorDescriptor.axes(sensor.channels())
                : SensorDescriptor.scalar(value.unit().code(), value.scale());
    }

    private static int resolution(SensorSpec.Channel channel) {
        return Resolution.of(channel.resolution(), channel.resolutionScale());
    }

    // ---- Axes. A sensor without axes has an empty list of them.

    /** SENSOR_AXIS_DESCRIPTION_GET. */
    int describeAxes(Call call) {
        List<SensorSpec.Channel> axes = specOf(call.resource()).channels();
        int total = axesOf(call.resource());
        int first = axisRequest.wrap(call.request()).index();
        if (isBeyond(first, total)) {
            return Status.Code.OUT_OF_RANGE;
        }
        int room = (call.capacity() - AxisReply.AXES) / AxisDescriptor.LENGTH_EXTENDED;
        int count = Math.min(total - first, room);
        if (count == 0 && total > 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        axisReply.begin(call.reply(), call.header()).counts(count, total - first - count);
        int start = AxisReply.AXES;
        for (int i = first; i < first + count; i++) {
            SensorSpec.Channel axis = axes.get(i);
            int name = Names.needsExtended(axis.name()) ? AxisDescriptor.EXTENDED_NAME : 0;
            axisDescriptor
                    .wrap(call.reply(), start)
                    .id(i)
                    .attributes(AxisDescriptor.EXTENDED | name, axis.unit().code(), axis.scale(), call.version())
                    .name(axis.name())
                    .range(resolution(axis), axis.min(), axis.max());
            start = axisDescriptor.end();
        }
        return call.succeed(start);
    }

    /** SENSOR_AXIS_NAME_GET: the names of all axes, also of those whose descriptor has the whole name. */
    int nameAxes(Call call) {
        List<SensorSpec.Channel> axes = specOf(call.resource()).channels();
        int total = axesOf(call.resource());
        int first = axisNameRequest.wrap(call.request()).index();
        if (isBeyond(first, total)) {
            return Status.Code.OUT_OF_RANGE;
        }
        int count = Math.min(total - first, SensorAxisNameGet.Reply.capacity(call.capacity()));
        if (count == 0 && total > 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        axisNameReply.begin(call.reply(), call.header()).counts(count, total - first - count);
        for (int i = 0; i < count; i++) {
            axisNameReply.axis(i, first + i, axes.get(first + i).name());
        }
        return call.succeed(axisNameReply.messageLength());
    }

    private int axesOf(AgentResource resource) {
        SensorSpec spec = specOf(resource);
        return spec.hasAxes() ? spec.channels().size() : 0;
    }

    /** Index 0 of an empty list is no mistake: the agent cannot know before. */
    private static boolean isBeyond(int index, int total) {
        return index != 0 && Integer.compareUnsigned(index, total) >= 0;
    }

    // ---- Update intervals.

    /** SENSOR_LIST_UPDATE_INTERVALS. */
    int listIntervals(Call call) {
        int first = intervalsRequest.wrap(call.request()).index();
        int room = SensorListUpdateIntervals.Reply.capacity(call.capacity());
        return switch (specOf(call.resource()).intervals()) {
            case UpdateIntervals.Listed listed -> listIntervals(call, listed.nanos(), first, room);
            case UpdateIntervals.Range range -> {
                if (first != 0) {
                    yield Status.Code.OUT_OF_RANGE;
                }
                if (room < SensorListUpdateIntervals.Reply.RANGE_VALUES) {
                    yield Status.Code.PROTOCOL_ERROR; // half a range says nothing
                }
                intervalsReply
                        .begin(call.reply(), call.header())
                        .range(
                                UpdateInterval.ofNanos(range.shortest()),
                                UpdateInterval.ofNanos(range.longest()),
                                UpdateInterval.ofNanos(range.step()));
                yield call.succeed(intervalsReply.messageLength());
            }
        };
    }

    private int listIntervals(Call call, List<Long> nanos, int first, int room) {
        if (isBeyond(first, nanos.size())) {
            return Status.Code.OUT_OF_RANGE;
        }
        int count = Math.min(nanos.size() - first, room);
        if (count == 0) {
            return Status.Code.PROTOCOL_ERROR;
        }
        intervalsReply.begin(call.reply(), call.header()).list(count, nanos.size() - first - count);
        for (int i = 0; i < count; i++) {
            intervalsReply.interval(i, UpdateInterval.ofNanos(nanos.get(first + i)));
        }
        return call.succeed(intervalsReply.messageLength());
    }

    private SensorDriver sensorOf(AgentResource resource) {
        return sensors.get(resource.index());
    }

    private SensorSpec specOf(AgentResource resource) {
        return sensorOf(resource).spec();
    }
}
