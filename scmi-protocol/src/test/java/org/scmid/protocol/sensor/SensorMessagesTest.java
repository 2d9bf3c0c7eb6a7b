/* Every message of the Sensor protocol, byte by byte, both directions, old layouts included. */
package org.scmid.protocol.sensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.protocol.Wire.assertWritten;
import static org.scmid.protocol.Wire.message;
import static org.scmid.protocol.Wire.name;
import static org.scmid.protocol.Wire.room;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scmid.protocol.EmptyRequest;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.Status;
import org.scmid.protocol.StatusReply;
import org.scmid.protocol.catalogue.MessageText;
import org.scmid.protocol.common.NameReply;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.protocol.common.ResourceRequest;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 54 14 00}. */
class SensorMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({"SENSOR_CONFIG_GET, 09", "SENSOR_NAME_GET, 0c"})
    void requestsThatNameOnlyTheSensor(SensorMessage command, String id) {
        String request = id + "541400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(command + " token=5 sensor=258", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({
        "SENSOR_TRIP_POINT_NOTIFY,        04, event_control",
        "SENSOR_CONTINUOUS_UPDATE_NOTIFY, 0b, notify_enable"
    })
    void requestsThatSwitchNotifications(SensorMessage command, String id, String word) {
        String request = id + "541400 02000000 01000000";
        NotifyRequest flyweight = new NotifyRequest(command);
        flyweight.begin(room, 5).resource(2).notifyEnable(true);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(command + " token=5 sensor=2 " + word + "=0x1", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({
        "SENSOR_TRIP_POINT_NOTIFY,        04",
        "SENSOR_TRIP_POINT_CONFIG,        05",
        "SENSOR_CONFIG_SET,               0a",
        "SENSOR_CONTINUOUS_UPDATE_NOTIFY, 0b"
    })
    void repliesWithoutPayload(SensorMessage command, String id) {
        String reply = id + "541400 faffffff";
        int header = message(id + "541400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.BUSY.code()));
        assertEquals(command + " token=5 BUSY", MessageText.ofReply(message(reply)));
        assertEquals(command + " token=5 SUCCESS", MessageText.ofReply(message(id + "541400 00000000")));
    }

    @Test
    void genericMessages() {
        assertWritten("00541400", room, EmptyRequest.write(room, SensorMessage.PROTOCOL_VERSION, 5));
        ProtocolVersionGet.Reply version = new ProtocolVersionGet.Reply();
        version.begin(answer, 0x00145400).version(SensorVersion.V3_1);
        assertWritten("00541400 00000000 01000300", answer, version.messageLength());
        MessageBuffer third = room();
        ProtocolMessageAttributes.Request attributes =
                new ProtocolMessageAttributes.Request(SensorMessage.PROTOCOL_MESSAGE_ATTRIBUTES);
        attributes.begin(third, 5).messageId(0xB);
        assertWritten("02541400 0b000000", third, attributes.messageLength());
        MessageBuffer fourth = room();
        NegotiateProtocolVersion.Request negotiate =
                new NegotiateProtocolVersion.Request(SensorMessage.NEGOTIATE_PROTOCOL_VERSION);
        negotiate.begin(fourth, 5).version(SensorVersion.V2_0);
        assertWritten("10541400 00000200", fourth, negotiate.messageLength());
    }

    @Test
    void protocolAttributes() {
        String reply = "01541400 00000000 34125600 8877665544332211 00010000";
        assertWritten("01541400", room, EmptyRequest.write(room, SensorMessage.PROTOCOL_ATTRIBUTES, 5));
        SensorProtocolAttributes.Reply flyweight = new SensorProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00145401).counts(0x1234, 0x56).registers(0x1122334455667788L, 256);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply.replace("34125600", "341256ff")));
        assertEquals(0x1234, flyweight.sensors());
        assertEquals(0x56, flyweight.maxPending());
        assertEquals(0x1122334455667788L, flyweight.registersAddress());
        assertEquals(256, flyweight.registersLength());
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(0x10000, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(0, 0x100));
    }

    @Test
    void descriptorsOfThreeSizesFollowEachOtherWithoutGaps() {
        String request = "03541400 07000000";
        SensorDescriptionGet.Request asked = new SensorDescriptionGet.Request();
        asked.begin(room, 5).index(7);
        assertWritten(request, room, asked.messageLength());
        assertEquals(7, asked.wrap(message(request)).index());
        assertEquals("SENSOR_DESCRIPTION_GET token=5 desc_index=7", MessageText.ofRequest(message(request)));

        String reply = "03541400 00000000 03000100"
                // A temperature in millidegrees with everything: timestamps in 10^-6 s, three trip points.
                + "07000000 036b00e0 02e80000" + name("soc-temp", 16)
                + "f4010000 190000f0 c063ffffffffffff 48e8010000000000"
                // Three axes, extended.
                + "08000000 00010040 00010300" + name("accel", 16) + "00000000"
                // A bare voltage.
                + "09000000 00000000 05000000" + name("a-voltage-with-", 16);
        SensorDescriptionGet.Reply flyweight = new SensorDescriptionGet.Reply();
        flyweight.begin(answer, 0x00145403).counts(3, 1);
        SensorDescriptor descriptor = new SensorDescriptor();
        int all = SensorDescriptor.ASYNC
                | SensorDescriptor.CONTINUOUS_UPDATE
                | SensorDescriptor.EXTENDED_NAME
                | SensorDescriptor.TIMESTAMPS
                | SensorDescriptor.EXTENDED;
        descriptor
                .wrap(answer, SensorDescriptionGet.Reply.DESCRIPTORS)
                .id(7)
                .attributes(
                        SensorDescriptor.attributesLow(all, 3, -6, SensorVersion.V3_0),
                        SensorDescriptor.scalar(SensorType.DEGREES_CELSIUS.code(), -3))
                .name("soc-temp")
                .power(500)
                .range(Resolution.of(25, -2), -40_000, 125_000);
        assertEquals(12 + 52, descriptor.end());
        descriptor
                .wrap(answer, descriptor.end())
                .id(8)
                .attributes(
                        SensorDescriptor.attributesLow(
                                SensorDescriptor.CONTINUOUS_UPDATE | SensorDescriptor.EXTENDED,
                                0,
                                0,
                                SensorVersion.V3_0),
                        SensorDescriptor.axes(3))
                .name("accel")
                .power(0);
        assertEquals(12 + 52 + 32, descriptor.end());
        descriptor
                .wrap(answer, descriptor.end())
                .id(9)
                .attributes(
                        SensorDescriptor.attributesLow(0, 0, 0, SensorVersion.V3_0),
                        SensorDescriptor.scalar(SensorType.VOLT.code(), 0))
                .name("a-voltage-with-a-long-name");
        assertEquals(12 + 52 + 32 + 28, descriptor.end());
        assertWritten(reply, answer, flyweight.messageLength());

        MessageBuffer read = message(reply);
        flyweight.wrap(read);
        assertTrue(flyweight.isSuccess());
        assertEquals(3, flyweight.returned());
        assertEquals(1, flyweight.remaining());
        descriptor.wrap(read, flyweight.start(0));
        assertEquals(7, descriptor.id());
        assertEquals(3, descriptor.tripPoints());
        assertEquals(-6, descriptor.timestampExponent());
        assertEquals(-3, descriptor.unitExponent());
        assertEquals(2, descriptor.type());
        assertEquals(500, descriptor.power());
        assertEquals(25, Resolution.value(descriptor.resolution()));
        assertEquals(-2, Resolution.exponent(descriptor.resolution()));
        assertEquals(-40_000, descriptor.min());
        assertEquals(125_000, descriptor.max());
        assertFalse(descriptor.hasAxes());
        descriptor.wrap(read, flyweight.start(1));
        assertTrue(descriptor.hasAxes());
        assertEquals(3, descriptor.axes());
        assertEquals("accel", descriptor.name());
        assertEquals(
                "a-voltage-with-", descriptor.wrap(read, flyweight.start(2)).name());
        assertTrue(MessageText.ofReply(read)
                .startsWith("SENSOR_DESCRIPTION_GET token=5 SUCCESS num_sensor_flags=0x10003 descriptors=07000000"));
    }

    @Test
    void aListOfDescriptorsThatIsCutOffIsNotComplete() {
        String whole = "03541400 00000000 01000000 07000000 00010000 02000000" + name("t", 16)
                + "00000000 00000000 0000000000000000 0000000000000000";
        SensorDescriptionGet.Reply flyweight = new SensorDescriptionGet.Reply();
        MessageBuffer all = message(whole);
        assertTrue(flyweight.wrap(all).isComplete());
        for (int length = 0; length < all.length(); length++) {
            assertFalse(
                    flyweight
                            .wrap(new MessageBuffer().wrap(all.array(), 0, length))
                            .isComplete(),
                    "" + length);
        }
    }

    @Test
    void attributesOfVersion1HaveTheIntervalAndNoFlagsButAsync() {
        int low = SensorDescriptor.attributesLow(-1, 4, -6, SensorVersion.V1_0);
        assertEquals(0x80000004, low);
        assertEquals(0x80005B04 | 1 << 30, SensorDescriptor.attributesLow(0xFFFFC3FF, 4, -10, SensorVersion.V2_0));
        MessageBuffer buffer = room();
        SensorDescriptor descriptor =
                new SensorDescriptor().wrap(buffer, 0).attributes(low, SensorDescriptor.scalarV1(2, -3, 100_000_000));
        // One times 10^-1 seconds, 10^-3 degrees.
        assertEquals(1 << 27 | 0x1F << 22 | 0x1D << 11 | 2, descriptor.attributesHigh());
        assertEquals(100_000_000, descriptor.intervalV1());
        assertEquals(28, descriptor.end());
    }

    @Test
    void countsThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SensorDescriptor.attributesLow(0, 256, 0, 0x30000));
        assertThrows(IllegalArgumentException.class, () -> SensorDescriptor.attributesLow(0, 0, 16, 0x30000));
        assertThrows(IllegalArgumentException.class, () -> SensorDescriptor.axes(64));
        assertThrows(IllegalArgumentException.class, () -> SensorDescriptor.axes(0));
        assertThrows(IllegalArgumentException.class, () -> SensorDescriptor.scalar(2, -17));
        assertThrows(IllegalArgumentException.class, () -> Resolution.of(1 << 27, 0));
        assertThrows(IllegalArgumentException.class, () -> UpdateInterval.of(65536, 0));
    }

    @Test
    void tripPointConfig() {
        String request = "05541400 02000000 f30f0000 c063ffffffffffff";
        SensorTripPointConfig.Request flyweight = new SensorTripPointConfig.Request();
        flyweight
                .begin(room, 5)
                .resource(2)
                .tripPoint(255, SensorTripPointConfig.Request.BOTH)
                .value(-40_000);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message(request));
        assertEquals(2, flyweight.resource());
        assertEquals(255, flyweight.tripPoint());
        assertEquals(3, flyweight.direction());
        assertEquals(-40_000, flyweight.value());
        assertEquals(0, flyweight.eventControl() & SensorTripPointConfig.Request.RESERVED);
        assertEquals(
                "SENSOR_TRIP_POINT_CONFIG token=5 sensor=2 event_control=0xff3 value=-40000",
                MessageText.ofRequest(message(request)));
    }

    @Test
    void tripPointEvent() {
        String event = "00571400 00000000 02000000 04000100";
        SensorTripPointNotify.Event flyweight = new SensorTripPointNotify.Event();
        flyweight.begin(room, 5).agent(0).sensor(2).tripPoint(4, true);
        assertWritten(event, room, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertEquals(0, flyweight.agent());
        assertEquals(2, flyweight.sensor());
        assertEquals(4, flyweight.tripPoint());
        assertTrue(flyweight.isPositive());
        assertFalse(
                flyweight.wrap(message("00571400 00000000 02000000 04000000")).isPositive());
        assertEquals(
                "SENSOR_TRIP_POINT_EVENT token=5 agent=0 sensor=2 trip_point_desc=0x10004",
                MessageText.ofReply(message(event)));
    }

    @Test
    void readingOfVersion1IsABareValue() {
        String request = "06541400 02000000 01000000";
        SensorReadingGet.Request asked = new SensorReadingGet.Request();
        asked.begin(room, 5).resource(2).flags(-1);
        assertWritten(request, room, asked.messageLength());
        assertEquals(1, asked.wrap(message(request)).flags());

        String reply = "06541400 00000000 c063ffffffffffff";
        SensorReadingGet.Reply flyweight = new SensorReadingGet.Reply();
        flyweight.begin(answer, 0x00145406).valueV1(-40_000);
        assertWritten(reply, answer, SensorReadingGet.Reply.messageLength(1, SensorVersion.V1_0));
        assertEquals(-40_000, flyweight.wrap(message(reply)).valueV1());
        assertTrue(flyweight.isSuccess());
        assertEquals(
                "SENSOR_READING_GET token=5 SUCCESS value=-40000",
                MessageText.ofReply(message(reply), SensorVersion.V1_0));
    }

    @Test
    void readingOfLaterVersionsHasATimestampForEachAxis() {
        String reply = "06541400 00000000 c063ffffffffffff 8877665544332211 0100000000000000 0200000000000000";
        SensorReadingGet.Reply flyweight = new SensorReadingGet.Reply();
        flyweight
                .begin(answer, 0x00145406)
                .reading(0, -40_000, 0x1122334455667788L)
                .reading(1, 1, 2);
        assertWritten(reply, answer, SensorReadingGet.Reply.messageLength(2, SensorVersion.V2_0));
        flyweight.wrap(message(reply));
        assertEquals(2, flyweight.readings());
        assertEquals(-40_000, flyweight.value(0));
        assertEquals(0x1122334455667788L, flyweight.timestamp(0));
        assertEquals(1, flyweight.value(1));
        assertEquals(2, flyweight.timestamp(1));
        assertEquals(
                "SENSOR_READING_GET token=5 SUCCESS value=-40000 timestamp=1234605616436508552"
                        + " more_readings=01000000000000000200000000000000",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void readingComplete() {
        String delayed = "06561400 00000000 02000000 c063ffffffffffff 0300000000000000";
        SensorReadingGet.Delayed flyweight = new SensorReadingGet.Delayed();
        flyweight.begin(room, 0x00145406).sensor(2).reading(0, -40_000, 3);
        assertWritten(delayed, room, SensorReadingGet.Delayed.messageLength(1, SensorVersion.V3_0));
        flyweight.wrap(message(delayed));
        assertEquals(2, flyweight.sensor());
        assertEquals(1, flyweight.readings());
        assertEquals(-40_000, flyweight.value(0));
        assertEquals(3, flyweight.timestamp(0));
        assertEquals(
                "SENSOR_READING_COMPLETE token=5 SUCCESS sensor=2 value=-40000 timestamp=3",
                MessageText.ofReply(message(delayed)));

        String old = "06561400 00000000 02000000 c063ffffffffffff";
        flyweight.begin(answer, 0x00145406).sensor(2).valueV1(-40_000);
        assertWritten(old, answer, SensorReadingGet.Delayed.messageLength(1, SensorVersion.V1_0));
        assertEquals(-40_000, flyweight.wrap(message(old)).valueV1());
    }

    @Test
    void axisDescriptorsOfTwoSizes() {
        String request = "07541400 02000000 01000000";
        SensorAxisDescriptionGet.Request asked = new SensorAxisDescriptionGet.Request();
        asked.begin(room, 5).resource(2).index(1);
        assertWritten(request, room, asked.messageLength());
        assertEquals(1, asked.wrap(message(request)).index());

        String reply = "07541400 00000000 02000004"
                + "01000000 00030000 59e80000" + name("accel_Y", 16) + "01000000 f0d8ffffffffffff 1027000000000000"
                + "02000000 00000000 57000000" + name("gyro_Z", 16);
        SensorAxisDescriptionGet.Reply flyweight = new SensorAxisDescriptionGet.Reply();
        flyweight.begin(answer, 0x00145407).counts(2, 1);
        AxisDescriptor axis = new AxisDescriptor();
        axis.wrap(answer, AxisReply.AXES)
                .id(1)
                .attributes(-1, SensorType.METER_PER_SECOND_SQUARED.code(), -3, SensorVersion.V3_0)
                .name("accel_Y")
                .range(1, -10_000, 10_000);
        axis.wrap(answer, axis.end())
                .id(2)
                .attributes(0, 0x57, 0, SensorVersion.V3_0)
                .name("gyro_Z");
        assertWritten(reply, answer, flyweight.messageLength());

        MessageBuffer read = message(reply);
        assertTrue(flyweight.wrap(read).isSuccess());
        assertEquals(2, flyweight.returned());
        assertEquals(1, flyweight.remaining());
        axis.wrap(read, flyweight.start(0));
        assertEquals(0x59, axis.type());
        assertEquals(-3, axis.unitExponent());
        assertEquals(-10_000, axis.min());
        assertEquals(10_000, axis.max());
        assertEquals(1, axis.resolution());
        axis.wrap(read, flyweight.start(1));
        assertEquals(2, axis.id());
        assertEquals("gyro_Z", axis.name());
        assertFalse(axis.isExtended());
        assertFalse(flyweight
                .wrap(new MessageBuffer().wrap(read.array(), 0, read.length() - 1))
                .isComplete());
        // Version 2.0 has no extended names.
        assertEquals(
                AxisDescriptor.EXTENDED,
                axis.wrap(answer, 0).attributes(-1, 0, 0, SensorVersion.V2_0).attributesLow());
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(64, 0));
    }

    @Test
    void updateIntervalsAsAListAndAsARange() {
        String request = "08541400 02000000 01000000";
        SensorListUpdateIntervals.Request asked = new SensorListUpdateIntervals.Request();
        asked.begin(room, 5).resource(2).index(1);
        assertWritten(request, room, asked.messageLength());
        assertEquals(1, asked.wrap(message(request)).index());

        String list = "08541400 00000000 02000700 3f000000 20000000";
        SensorListUpdateIntervals.Reply flyweight = new SensorListUpdateIntervals.Reply();
        flyweight
                .begin(answer, 0x00145408)
                .list(2, 7)
                .interval(0, UpdateInterval.of(1, -1))
                .interval(1, UpdateInterval.of(1, 0));
        assertWritten(list, answer, flyweight.messageLength());
        flyweight.wrap(message(list));
        assertFalse(flyweight.isRange());
        assertEquals(2, flyweight.returned());
        assertEquals(7, flyweight.remaining());
        assertEquals(100_000_000, UpdateInterval.nanos(flyweight.interval(0)));
        assertEquals(
                "SENSOR_LIST_UPDATE_INTERVALS token=5 SUCCESS num_intervals_flags=0x70002 intervals=[0x3f,0x20]",
                MessageText.ofReply(message(list)));

        MessageBuffer other = room();
        flyweight.begin(other, 0x00145408).range(0x3f, 0x20, 0x3e);
        assertWritten("08541400 00000000 03100000 3f000000 20000000 3e000000", other, flyweight.messageLength());
        assertTrue(flyweight.isRange());
    }

    @ParameterizedTest
    @CsvSource({
        "0,                   0,     0",
        "1,                   1,     -9",
        "1000,                1,     -6",
        "100_000_000,         1,     -1",
        "1_500_000_000,       15,    -1",
        "10_000_000_000,      10,    0",
        "65_535_000_000_000,  65535, 0",
        "655_360_000_000_000, 6554,  2",
        "65_536_000_000_001,  6554,  1",
        "1_234_567_890,       12346, -4"
    })
    void anIntervalOfNanosecondsIsWrittenAsWellAsItCan(String nanos, int seconds, int exponent) {
        int word = UpdateInterval.ofNanos(Long.parseLong(nanos.replace("_", "")));
        assertEquals(seconds, UpdateInterval.seconds(word));
        assertEquals(exponent, UpdateInterval.exponent(word));
    }

    @Test
    void extremeIntervalsDoNotOverflow() {
        assertEquals(Long.MAX_VALUE, UpdateInterval.nanos(UpdateInterval.of(65535, 15)));
        assertEquals(0, UpdateInterval.nanos(UpdateInterval.of(1, -16)));
        assertEquals(65535 / 10, UpdateInterval.nanos(UpdateInterval.of(65535, -10)));
        assertEquals(9223, UpdateInterval.seconds(UpdateInterval.ofNanos(Long.MAX_VALUE)));
        assertEquals(6, UpdateInterval.exponent(UpdateInterval.ofNanos(Long.MAX_VALUE)));
    }

    @Test
    void config() {
        // 1500 x 10^-3 s, timestamps, enabled.
        String reply = "09541400 00000000 03e8dc05";
        SensorConfigGet.Reply flyweight = new SensorConfigGet.Reply();
        int config = SensorConfig.of(
                UpdateInterval.of(1500, -3), SensorConfig.ENABLED | SensorConfig.TIMESTAMPS | SensorConfig.RESERVED);
        flyweight.begin(answer, 0x00145409).config(SensorConfig.withRounding(config, 2));
        assertWritten(reply, answer, flyweight.messageLength());
        int read = flyweight.wrap(message(reply)).config();
        assertTrue(SensorConfig.isEnabled(read));
        assertTrue(SensorConfig.hasTimestamps(read));
        assertEquals(1500, SensorConfig.seconds(read));
        assertEquals(-3, SensorConfig.exponent(read));
        assertEquals(1_500_000_000, SensorConfig.intervalNanos(read));
        assertEquals(0, SensorConfig.rounding(read));

        String request = "0a541400 02000000 03ecdc05";
        SensorConfigSet.Request set = new SensorConfigSet.Request();
        set.begin(room, 5).resource(2).config(SensorConfig.withRounding(config, SensorConfig.ROUND_NEAREST));
        assertWritten(request, room, set.messageLength());
        assertEquals(2, SensorConfig.rounding(set.wrap(message(request)).config()));
        assertEquals(
                "SENSOR_CONFIG_SET token=5 sensor=2 sensor_config=0x5dcec03", MessageText.ofRequest(message(request)));
    }

    @Test
    void update() {
        String event =
                "01571400 03000000 02000000 c063ffffffffffff 0500000000000000" + "0700000000000000 0600000000000000";
        SensorContinuousUpdateNotify.Event flyweight = new SensorContinuousUpdateNotify.Event();
        flyweight.begin(room, 5).agent(3).sensor(2).reading(0, -40_000, 5).reading(1, 7, 6);
        assertWritten(event, room, SensorContinuousUpdateNotify.Event.messageLength(2));
        flyweight.wrap(message(event));
        assertEquals(3, flyweight.agent());
        assertEquals(2, flyweight.sensor());
        assertEquals(2, flyweight.readings());
        assertEquals(-40_000, flyweight.value(0));
        assertEquals(5, flyweight.timestamp(0));
        assertEquals(7, flyweight.value(1));
        assertEquals(6, flyweight.timestamp(1));
        assertEquals(
                "SENSOR_UPDATE token=5 agent=3 sensor=2 value=-40000 timestamp=5"
                        + " more_readings=07000000000000000600000000000000",
                MessageText.ofReply(message(event)));
    }

    @Test
    void names() {
        String reply = "0c541400 00000000 00000000" + name("a-temperature-with-a-long-name", 64);
        NameReply whole = new NameReply();
        whole.begin(answer, 0x0014540C).name("a-temperature-with-a-long-name");
        assertWritten(reply, answer, whole.messageLength());

        String request = "0d541400 02000000 01000000";
        SensorAxisNameGet.Request asked = new SensorAxisNameGet.Request();
        asked.begin(room, 5).resource(2).index(1);
        assertWritten(request, room, asked.messageLength());
        String axes = "0d541400 00000000 02000004 01000000" + name("a-long-accelerometer_Y", 64) + "02000000"
                + name("a-long-accelerometer_Z", 64);
        MessageBuffer other = room();
        SensorAxisNameGet.Reply flyweight = new SensorAxisNameGet.Reply();
        flyweight
                .begin(other, 0x0014540D)
                .counts(2, 1)
                .axis(0, 1, "a-long-accelerometer_Y")
                .axis(1, 2, "a-long-accelerometer_Z");
        assertWritten(axes, other, flyweight.messageLength());
        assertEquals(2, SensorAxisNameGet.Reply.capacity(flyweight.messageLength()));
        flyweight.wrap(message(axes));
        assertTrue(flyweight.isSuccess());
        assertEquals(2, flyweight.axis(1));
        assertEquals("a-long-accelerometer_Z", flyweight.name(1));
        assertEquals(
                "SENSOR_AXIS_NAME_GET token=5 SUCCESS num_axis_flags=0x4000002"
                        + " names=[1/\"a-long-accelerometer_Y\",2/\"a-long-accelerometer_Z\"]",
                MessageText.ofReply(message(axes)));
    }

    @Test
    void typesAreFoundByTheirCodes() {
        assertEquals(95, SensorType.values().length);
        for (SensorType type : SensorType.values()) {
            assertSame(type, SensorType.of(type.code()));
        }
        assertNull(SensorType.of(0x5F));
        assertNull(SensorType.of(-1));
        assertNull(SensorType.of(0x100));
        assertSame(SensorType.METER_PER_SECOND_SQUARED, SensorType.of(0x59));
        assertEquals("m/s\u00b2", SensorType.METER_PER_SECOND_SQUARED.unit());
        assertEquals(0x41, SensorType.PERCENT.code());
        assertEquals(0x07, SensorType.WATT.code());
        assertEquals(0x08, SensorType.JOULE.code());
    }
}
