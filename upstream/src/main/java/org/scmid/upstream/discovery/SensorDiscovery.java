// Asks a platform for its sensors.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.offer.SensorOffer.Channel;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.sensor.AxisDescriptor;
import org.scmid.protocol.sensor.Resolution;
import org.scmid.protocol.sensor.SensorAxisDescriptionGet;
import org.scmid.protocol.sensor.SensorAxisNameGet;
import org.scmid.protocol.sensor.SensorDescriptionGet;
import org.scmid.protocol.sensor.SensorDescriptor;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.sensor.SensorProtocolAttributes;
import org.scmid.protocol.sensor.SensorVersion;

/**
 * Asks for sensors: first for the descriptions of all of them, then for what each says that it has besides, names and
 * axes. Versions 1.0 to 3.1.
 */
final class SensorDiscovery extends ProtocolDiscovery {
    private static final int CHANNEL_VALUES = 8;
    private static final int LONGEST_NAME = 63;

    private final SensorProtocolAttributes.Reply counts = new SensorProtocolAttributes.Reply();
    private final SensorDescriptionGet.Reply descriptions = new SensorDescriptionGet.Reply();
    private final SensorAxisDescriptionGet.Reply axes = new SensorAxisDescriptionGet.Reply();
    private final SensorAxisNameGet.Reply axisNames = new SensorAxisNameGet.Reply();
    private final SensorDescriptor descriptor = new SensorDescriptor();
    private final AxisDescriptor axis = new AxisDescriptor();
    private final List<SensorOffer> sensors = new ArrayList<>();
    private @Nullable Draft[] drafts = new Draft[0];

    /** What a description says of one value, without its name. */
    private record Quantity(int type, int scale, int resolution, int resolutionScale, long min, long max) {
        Channel named(String name) {
            return new Channel(name, type, scale, resolution, resolutionScale, min, max);
        }
    }

    /** A sensor that is being asked for. */
    private static final class Draft {
        final String shortName;
        final int bits;
        final int axes;
        final Quantity quantity;
        String name = "";
        final List<Quantity> channels = new ArrayList<>();
        final List<String> channelNames = new ArrayList<>();
        boolean hasLongNames;

        Draft(String shortName, int bits, int axes, Quantity quantity) {
            this.shortName = shortName;
            this.bits = bits;
            this.axes = axes;
            this.quantity = quantity;
        }

        boolean is(int bit) {
            return (bits & bit) != 0;
        }
    }

    SensorDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, SensorMessage.TABLE, ResourceKind.SENSOR);
    }

    List<SensorOffer> sensors() {
        return sensors;
    }

    @Override
    void attributes() {
        inquirer.ask(SensorMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (!reply.holds(counts)) {
                find("sensors are left out: " + reply.problem());
                end();
            } else if (counts.sensors() == 0) {
                resources(0);
            } else {
                drafts = new Draft[counts.sensors()];
                describe(new Paging(drafts.length));
            }
        });
    }

    // ---- descriptions ----

    private void describe(Paging paging) {
        inquirer.ask(
                SensorMessage.SENSOR_DESCRIPTION_GET,
                new SensorDescriptionGet.Request().begin(inquirer.request(), 0).index(paging.taken()),
                reply -> {
                    String wrong = reply.problem();
                    if (reply.holds(descriptions)) {
                        wrong = paging.page(descriptions.returned(), descriptions.remaining());
                        wrong = wrong == null ? null : "the list of sensors " + wrong;
                    }
                    if (wrong != null) {
                        find("sensors are left out from sensor " + paging.taken() + " on: " + wrong);
                        resources(drafts.length);
                        return;
                    }
                    take(reply);
                    if (paging.isComplete()) {
                        resources(drafts.length);
                    } else {
                        describe(paging);
                    }
                });
    }

    private void take(Reply reply) {
        int start = SensorDescriptionGet.Reply.DESCRIPTORS;
        for (int i = 0; i < descriptions.returned(); i++) {
            descriptor.wrap(reply.message(), start);
            start = descriptor.end();
            int id = descriptor.id();
            if (id < 0 || id >= drafts.length || drafts[id] != null) {
                find("a description is left out: its sensor is " + Integer.toUnsignedString(id) + ", "
                        + (id < 0 || id >= drafts.length ? "and there are " + drafts.length : "as one before"));
            } else {
                drafts[id] = draft();
            }
        }
    }

    private Draft draft() {
        boolean isFirstVersion = !isAtLeast(SensorVersion.V2_0);
        boolean hasAxes = !isFirstVersion && descriptor.hasAxes();
        boolean isExtended = !isFirstVersion && descriptor.isExtended() && !hasAxes;
        int word = isExtended ? descriptor.resolution() : 0;
        Quantity quantity = new Quantity(
                descriptor.type(),
                descriptor.unitExponent(),
                Resolution.value(word),
                Resolution.exponent(word),
                isExtended ? descriptor.min() : Long.MIN_VALUE,
                isExtended ? descriptor.max() : Long.MAX_VALUE);
        int bits = descriptor.attributesLow();
        if (!isAtLeast(SensorVersion.V3_0)) {
            bits &= ~SensorDescriptor.EXTENDED_NAME;
        }
        return new Draft(descriptor.name(), bits, hasAxes ? descriptor.axes() : 0, sound(quantity));
    }

    /** A range that is none is not known. */
    private static Quantity sound(Quantity quantity) {
        return quantity.min() <= quantity.max()
                ? quantity
                : new Quantity(
                        quantity.type(),
                        quantity.scale(),
                        quantity.resolution(),
                        quantity.resolutionScale(),
                        Long.MIN_VALUE,
                        Long.MAX_VALUE);
    }

    // ---- each sensor ----

    @Override
    void resource(int id) {
        Draft sensor = drafts[id];
        if (sensor == null) {
            find(what(id) + " is left out: the platform does not describe it");
            nextResource();
            return;
        }
        drafts[id] = null;
        name(
                id,
                sensor.is(SensorDescriptor.EXTENDED_NAME),
                SensorMessage.SENSOR_NAME_GET,
                sensor.shortName,
                name -> named(id, sensor, name));
    }

    private void named(int id, Draft sensor, String name) {
        sensor.name = name;
        if (sensor.axes == 0) {
            sensors.add(new SensorOffer(
                    id, name, false, List.of(sensor.quantity.named(name)), sensor.is(SensorDescriptor.ASYNC)));
            nextResource();
        } else {
            askAxes(id, sensor, new Paging(sensor.axes));
        }
    }

    // ---- axes ----

    private void askAxes(int id, Draft sensor, Paging paging) {
        inquirer.ask(
                SensorMessage.SENSOR_AXIS_DESCRIPTION_GET,
                new SensorAxisDescriptionGet.Request()
                        .begin(inquirer.request(), 0)
                        .resource(id)
                        .index(paging.taken()),
                reply -> {
                    String wrong = reply.holds(axes) ? page(reply, sensor, paging) : reply.problem();
                    if (wrong != null) {
                        leaveOut(id, wrong);
                    } else if (!paging.isComplete()) {
                        askAxes(id, sensor, paging);
                    } else if (sensor.channels.size() != sensor.axes) {
                        leaveOut(id, "it has " + sensor.axes + " axes and describes " + sensor.channels.size());
                    } else if (sensor.hasLongNames && has(SensorMessage.SENSOR_AXIS_NAME_GET)) {
                        askAxisNames(id, sensor, new Paging(sensor.axes));
                    } else {
                        offer(id, sensor);
                    }
                });
    }

    /** Takes a page of axes; what is wrong with it, or null. */
    private @Nullable String page(Reply reply, Draft sensor, Paging paging) {
        int returned = axes.returned();
        String wrong = paging.page(returned, axes.remaining());
        if (wrong != null) {
            return "its list of axes " + wrong;
        }
        if (!inquirer.mayKeep(CHANNEL_VALUES * returned)) {
            return "the platform offers more than scmid keeps";
        }
        int start = SensorAxisDescriptionGet.Reply.AXES;
        for (int i = 0; i < returned; i++) {
            axis.wrap(reply.message(), start);
            start = axis.end();
            if (axis.id() != sensor.channels.size()) {
                return "its axis " + sensor.channels.size() + " is described as axis "
                        + Integer.toUnsignedString(axis.id());
            }
            boolean isExtended = axis.isExtended();
            int word = isExtended ? axis.resolution() : 0;
            sensor.hasLongNames |=
                    isAtLeast(SensorVersion.V3_0) && (axis.attributesLow() & AxisDescriptor.EXTENDED_NAME) != 0;
            sensor.channelNames.add(axis.name());
            sensor.channels.add(sound(new Quantity(
                    axis.type(),
                    axis.unitExponent(),
                    Resolution.value(word),
                    Resolution.exponent(word),
                    isExtended ? axis.min() : Long.MIN_VALUE,
                    isExtended ? axis.max() : Long.MAX_VALUE)));
        }
        return null;
    }

    private void askAxisNames(int id, Draft sensor, Paging paging) {
        inquirer.ask(
                SensorMessage.SENSOR_AXIS_NAME_GET,
                new SensorAxisNameGet.Request()
                        .begin(inquirer.request(), 0)
                        .resource(id)
                        .index(paging.taken()),
                reply -> {
                    String wrong = reply.problem();
                    if (reply.holds(axisNames)) {
                        wrong = paging.page(axisNames.returned(), axisNames.remaining());
                        wrong = wrong == null ? null : "their list " + wrong;
                    }
                    if (wrong != null) {
                        find("the axes of " + what(id) + " have their short names: " + wrong);
                        offer(id, sensor);
                        return;
                    }
                    for (int i = 0; i < axisNames.returned(); i++) {
                        int of = axisNames.axis(i);
                        if (of >= 0 && of < sensor.axes) {
                            sensor.channelNames.set(of, axisNames.name(i));
                        }
                    }
                    if (paging.isComplete()) {
                        offer(id, sensor);
                    } else {
                        askAxisNames(id, sensor, paging);
                    }
                });
    }

    private void offer(int id, Draft sensor) {
        List<Channel> channels = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < sensor.axes; i++) {
            String name = sensor.channelNames.get(i).strip();
            name = name.substring(0, Math.min(name.length(), LONGEST_NAME)).strip();
            if (name.isEmpty() || !names.add(name)) {
                name = "axis-" + i;
                names.add(name);
            }
            channels.add(sensor.channels.get(i).named(name));
        }
        sensors.add(new SensorOffer(id, sensor.name, true, channels, sensor.is(SensorDescriptor.ASYNC)));
        nextResource();
    }

    @Override
    void complete() {
        Arrays.fill(drafts, null);
    }
}
