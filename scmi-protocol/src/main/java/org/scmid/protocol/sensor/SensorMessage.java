/* The table of the Sensor protocol's messages. */
package org.scmid.protocol.sensor;

import static org.scmid.protocol.Aspect.CONFIG;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.extendedName;
import static org.scmid.protocol.Field.i64;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.rest;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u64;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.common.CommonLayouts.notifyEnable;
import static org.scmid.protocol.common.CommonLayouts.notifyWord;
import static org.scmid.protocol.sensor.SensorVersion.V1_0;
import static org.scmid.protocol.sensor.SensorVersion.V2_0;
import static org.scmid.protocol.sensor.SensorVersion.V3_0;
import static org.scmid.protocol.sensor.SensorVersion.V3_1;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Sensor protocol, versions 1.0, 2.0, 3.0 and 3.1. */
public enum SensorMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(
            0x1,
            V1_0,
            MANDATORY,
            Layout.EMPTY,
            Layout.of(bits("attributes"), u64("sensor_reg_address"), u32("sensor_reg_len"))),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    SENSOR_DESCRIPTION_GET(
            0x3,
            V1_0,
            MANDATORY,
            Layout.of(u32("desc_index")),
            Layout.of(bits("num_sensor_flags"), rest("descriptors"))),
    SENSOR_TRIP_POINT_NOTIFY(
            0x4, V1_0, OPTIONAL, NOTIFY, Layout.of(resource("sensor"), notifyWord("event_control")), Layout.EMPTY),
    SENSOR_TRIP_POINT_CONFIG(
            0x5,
            V1_0,
            OPTIONAL,
            NOTIFY,
            Layout.of(
                    resource("sensor"),
                    bits("event_control").reserved(SensorTripPointConfig.Request.RESERVED),
                    i64("value")),
            Layout.EMPTY),
    // At least one reading, and the others of an axis sensor behind it: their number is the sensor's number of axes.
    SENSOR_READING_GET(
            0x6,
            V1_0,
            MANDATORY,
            Layout.of(resource("sensor"), bits("flags").reserved(SensorReadingGet.Request.FLAGS_RESERVED)),
            Layout.of(i64("value"), u64("timestamp").since(V2_0), rest("more_readings"))),
    SENSOR_AXIS_DESCRIPTION_GET(
            0x7,
            V2_0,
            OPTIONAL,
            Layout.of(resource("sensor"), u32("axis_desc_index")),
            Layout.of(bits("num_axis_flags"), rest("descriptors"))),
    SENSOR_LIST_UPDATE_INTERVALS(
            0x8,
            V2_0,
            OPTIONAL,
            Layout.of(resource("sensor"), u32("index")),
            Layout.of(bits("num_intervals_flags"), list("intervals", 0xFFF, bits("interval")))),
    SENSOR_CONFIG_GET(0x9, V2_0, OPTIONAL, CommonLayouts.resource("sensor"), Layout.of(bits("sensor_config"))),
    SENSOR_CONFIG_SET(
            0xA,
            V2_0,
            OPTIONAL,
            CONFIG,
            Layout.of(resource("sensor"), bits("sensor_config").reserved(SensorConfig.RESERVED)),
            Layout.EMPTY),
    SENSOR_CONTINUOUS_UPDATE_NOTIFY(0xB, V2_0, OPTIONAL, NOTIFY, notifyEnable("sensor"), Layout.EMPTY),
    SENSOR_NAME_GET(0xC, V3_0, OPTIONAL, CommonLayouts.resource("sensor"), CommonLayouts.NAME),
    SENSOR_AXIS_NAME_GET(
            0xD,
            V3_0,
            OPTIONAL,
            Layout.of(resource("sensor"), u32("axis_desc_index")),
            Layout.of(bits("num_axis_flags"), list("names", 0x3F, u32("axis"), extendedName("name")))),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V3_1, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    SENSOR_READING_COMPLETE(Description.delayedResponse(
            0x6, V1_0, Layout.of(u32("sensor"), i64("value"), u64("timestamp").since(V2_0), rest("more_readings")))),

    SENSOR_TRIP_POINT_EVENT(
            Description.notification(0x0, V1_0, Layout.of(u32("agent"), u32("sensor"), bits("trip_point_desc")))),
    SENSOR_UPDATE(Description.notification(
            0x1, V2_0, Layout.of(u32("agent"), u32("sensor"), i64("value"), u64("timestamp"), rest("more_readings"))));

    /** All messages, by id. */
    public static final MessageTable<SensorMessage> TABLE = MessageTable.of(ProtocolId.SENSOR, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    SensorMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    SensorMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    SensorMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    SensorMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.SENSOR;
    }

    @Override
    public Description description() {
        return description;
    }
}
