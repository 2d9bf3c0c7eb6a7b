/* Every message of the Clock protocol, byte by byte, both directions, old layouts included. */
package org.scmid.protocol.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.scmid.protocol.common.NotifyEnable;
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.protocol.common.ResourceRequest;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 50 14 00}. */
class ClockMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({
        "CLOCK_ATTRIBUTES,      03",
        "CLOCK_RATE_GET, 06",
        "CLOCK_NAME_GET, 08",
        "CLOCK_PARENT_GET, 0e",
        "CLOCK_GET_PERMISSIONS, 0f"
    })
    void requestsThatNameOnlyTheClock(ClockMessage command, String id) {
        String request = id + "501400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(0x102, flyweight.wrap(message(request)).resource());
        assertEquals(command + " token=5 clock=258", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({
        "CLOCK_RATE_SET,                     05",
        "CLOCK_CONFIG_SET,                   07",
        "CLOCK_RATE_NOTIFY,                  09",
        "CLOCK_RATE_CHANGE_REQUESTED_NOTIFY, 0a",
        "CLOCK_PARENT_SET,                   0d"
    })
    void repliesWithoutPayload(ClockMessage command, String id) {
        String reply = id + "501400 faffffff";
        int header = message(id + "501400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.BUSY.code()));
        assertEquals(command + " token=5 BUSY", MessageText.ofReply(message(reply)));
        assertEquals(command + " token=5 SUCCESS", MessageText.ofReply(message(id + "501400 00000000")));
    }

    @Test
    void genericMessages() {
        assertWritten("00501400", room, EmptyRequest.write(room, ClockMessage.PROTOCOL_VERSION, 5));
        ProtocolVersionGet.Reply version = new ProtocolVersionGet.Reply();
        version.begin(answer, 0x00145000).version(ClockVersion.V3_0);
        assertWritten("00501400 00000000 00000300", answer, version.messageLength());
        assertEquals(
                "clock PROTOCOL_VERSION token=5 SUCCESS version=0x30000",
                MessageText.ofReply(message("00501400 00000000 00000300")));

        MessageBuffer third = room();
        ProtocolMessageAttributes.Request attributes =
                new ProtocolMessageAttributes.Request(ClockMessage.PROTOCOL_MESSAGE_ATTRIBUTES);
        attributes.begin(third, 5).messageId(0xA);
        assertWritten("02501400 0a000000", third, attributes.messageLength());

        MessageBuffer fourth = room();
        NegotiateProtocolVersion.Request negotiate =
                new NegotiateProtocolVersion.Request(ClockMessage.NEGOTIATE_PROTOCOL_VERSION);
        negotiate.begin(fourth, 5).version(ClockVersion.V2_0);
        assertWritten("10501400 00000200", fourth, negotiate.messageLength());
    }

    @Test
    void protocolAttributes() {
        assertWritten("01501400", room, EmptyRequest.write(room, ClockMessage.PROTOCOL_ATTRIBUTES, 5));
        ClockProtocolAttributes.Reply flyweight = new ClockProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00145001).counts(0x1234, 0x56);
        assertWritten("01501400 00000000 34125600", answer, flyweight.messageLength());
        flyweight.wrap(message("01501400 00000000 341256ff"));
        assertEquals(0x1234, flyweight.clocks());
        assertEquals(0x56, flyweight.maxPending());
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(0x10000, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(0, 0x100));
    }

    @Test
    void attributes() {
        String reply = "03501400 00000000 030000f8" + name("uart", 16) + "64000000";
        ClockAttributes.Reply flyweight = new ClockAttributes.Reply();
        flyweight
                .begin(answer, 0x00145003)
                .attributes(-1, ClockVersion.V3_0)
                .name("uart")
                .enableDelay(100);
        assertWritten(reply, answer, flyweight.messageLength(ClockVersion.V3_0));
        flyweight.wrap(message(reply));
        assertEquals(
                ClockAttributes.Reply.ENABLED
                        | ClockAttributes.Reply.RESTRICTED
                        | ClockAttributes.Reply.EXTENDED_CONFIG
                        | ClockAttributes.Reply.PARENTS
                        | ClockAttributes.Reply.EXTENDED_NAME
                        | ClockAttributes.Reply.RATE_CHANGE_REQUESTED_NOTIFY
                        | ClockAttributes.Reply.RATE_CHANGED_NOTIFY,
                flyweight.attributes());
        assertTrue(flyweight.isEnabled());
        assertEquals("uart", flyweight.name());
        assertEquals(100, flyweight.enableDelay());
        assertEquals(
                "CLOCK_ATTRIBUTES token=5 SUCCESS attributes=0xf8000003 name=\"uart\" enable_delay=100",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void attributesOfVersion1HaveNoDelayAndOneBit() {
        String reply = "03501400 00000000 01000000" + name("uart", 16);
        ClockAttributes.Reply flyweight = new ClockAttributes.Reply();
        flyweight.begin(answer, 0x00145003).attributes(-1, ClockVersion.V1_0).name("uart");
        assertWritten(reply, answer, flyweight.messageLength(ClockVersion.V1_0));
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isComplete());
        assertFalse(flyweight.hasEnableDelay());
        assertEquals(0, flyweight.enableDelay());
        assertEquals(
                "CLOCK_ATTRIBUTES token=5 SUCCESS attributes=0x1 name=\"uart\"",
                MessageText.ofReply(message(reply), ClockVersion.V1_0));
    }

    @Test
    void attributesOfVersion2HaveTheNotificationAndNameBits() {
        ClockAttributes.Reply flyweight = new ClockAttributes.Reply();
        flyweight.begin(answer, 0x00145003).attributes(-1, ClockVersion.V2_0);
        assertEquals(0xE0000001, flyweight.attributes());
        assertEquals(32, flyweight.messageLength(ClockVersion.V2_0));
    }

    @Test
    void aLongNameIsCutInTheAttributesAndWholeInNameGet() {
        String name = "a-clock-with-a-name-of-sixty-three-characters-which-is-the-most";
        assertEquals(63, name.length());
        ClockAttributes.Reply attributes = new ClockAttributes.Reply();
        attributes.begin(answer, 0x00145003).name(name);
        assertEquals("a-clock-with-a-", attributes.name());
        MessageBuffer second = room();
        NameReply whole = new NameReply();
        whole.begin(second, 0x00145008).name(name + "!");
        String reply = "08501400 00000000 00000000" + name(name, 64);
        assertWritten(reply, second, whole.messageLength());
        assertEquals(name, whole.wrap(message(reply)).name());
        assertEquals(
                "CLOCK_NAME_GET token=5 SUCCESS flags=0x0 name=\"" + name + "\"", MessageText.ofReply(message(reply)));
    }

    @Test
    void describeRatesAsAList() {
        String request = "04501400 02000000 03000000";
        ClockDescribeRates.Request asked = new ClockDescribeRates.Request();
        asked.begin(room, 5).resource(2).rateIndex(3);
        assertWritten(request, room, asked.messageLength());
        assertEquals(2, asked.wrap(message(request)).resource());
        assertEquals(3, asked.rateIndex());
        assertEquals("CLOCK_DESCRIBE_RATES token=5 clock=2 rate_index=3", MessageText.ofRequest(message(request)));

        String reply = "04501400 00000000 02000700 00366e01 00000000 00e40b54 02000000";
        ClockDescribeRates.Reply flyweight = new ClockDescribeRates.Reply();
        flyweight.begin(answer, 0x00145004).list(2, 7).rate(0, 24_000_000).rate(1, 10_000_000_000L);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isComplete());
        assertFalse(flyweight.isRange());
        assertEquals(2, flyweight.returned());
        assertEquals(7, flyweight.remaining());
        assertEquals(24_000_000, flyweight.rate(0));
        assertEquals(10_000_000_000L, flyweight.rate(1));
        assertEquals(
                "CLOCK_DESCRIBE_RATES token=5 SUCCESS num_rates_flags=0x70002 rates=[24000000,10000000000]",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void describeRatesAsARange() {
        String reply = "04501400 00000000 03100000 40420f00 00000000 00e1f505 00000000 01000000 00000000";
        ClockDescribeRates.Reply flyweight = new ClockDescribeRates.Reply();
        flyweight.begin(answer, 0x00145004).range(1_000_000, 100_000_000, 1);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isRange());
        assertEquals(3, flyweight.returned());
        assertEquals(0, flyweight.remaining());
        assertEquals(1_000_000, flyweight.rate(0));
        assertEquals(100_000_000, flyweight.rate(1));
        assertEquals(1, flyweight.rate(2));
    }

    @Test
    void describeRatesCountsWhatFitsAndIgnoresReservedBits() {
        assertEquals(0, ClockDescribeRates.Reply.capacity(0));
        assertEquals(0, ClockDescribeRates.Reply.capacity(19));
        assertEquals(1, ClockDescribeRates.Reply.capacity(20));
        assertEquals(15, ClockDescribeRates.Reply.capacity(136));
        assertEquals(4095, ClockDescribeRates.Reply.capacity(1 << 20));
        ClockDescribeRates.Reply flyweight = new ClockDescribeRates.Reply();
        flyweight.wrap(message("04501400 00000000 00e00000"));
        assertEquals(0, flyweight.returned());
        assertEquals(0, flyweight.remaining());
        assertFalse(flyweight.isRange());
        assertFalse(flyweight
                .wrap(message("04501400 00000000 01000000 00000000 000000"))
                .isComplete());
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(4096, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(0, 65536));
    }

    @Test
    void rateSetHasItsFlagsFirst() {
        String request = "05501400 0f000000 02000000 00e40b54 02000000";
        ClockRateSet.Request flyweight = new ClockRateSet.Request();
        flyweight.begin(room, 5).flags(-1).resource(2).rate(10_000_000_000L);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message("05501400 ffffffff 02000000 00e40b54 02000000"));
        assertEquals(-1, flyweight.flags());
        assertEquals(0xFFFFFFF0, flyweight.flags() & ClockRateSet.Request.FLAGS_RESERVED);
        assertEquals(2, flyweight.resource());
        assertEquals(10_000_000_000L, flyweight.rate());
        assertEquals(
                "CLOCK_RATE_SET token=5 flags=0x0 clock=2 rate=100000000",
                MessageText.ofRequest(message("05501400 00000000 02000000 00e1f505 00000000")));
    }

    @Test
    void rateSetFlagsAreTheBitsOfTheSpecification() {
        assertEquals(1, ClockRateSet.Request.FLAG_ASYNC);
        assertEquals(2, ClockRateSet.Request.FLAG_NO_DELAYED_RESPONSE);
        assertEquals(4, ClockRateSet.Request.FLAG_ROUND_UP);
        assertEquals(8, ClockRateSet.Request.FLAG_ROUND_NEAREST);
    }

    @Test
    void rateSetComplete() {
        String delayed = "05521400 00000000 02000000 00e40b54 02000000";
        ClockRateSet.Delayed flyweight = new ClockRateSet.Delayed();
        flyweight.begin(answer, 0x00145005).clock(2).rate(10_000_000_000L);
        assertWritten(delayed, answer, flyweight.messageLength());
        flyweight.wrap(message(delayed));
        assertTrue(flyweight.isSuccess());
        assertEquals(2, flyweight.clock());
        assertEquals(10_000_000_000L, flyweight.rate());
        assertEquals(
                "CLOCK_RATE_SET_COMPLETE token=5 SUCCESS clock=2 rate=10000000000",
                MessageText.ofReply(message(delayed)));
    }

    @Test
    void aRateSetCompleteThatFailedHasOnlyItsStatus() {
        String delayed = "05521400 f7ffffff";
        assertWritten(delayed, answer, StatusReply.writeDelayed(answer, 0x00145005, Status.HARDWARE_ERROR.code()));
        ClockRateSet.Delayed flyweight = new ClockRateSet.Delayed().wrap(message(delayed));
        assertFalse(flyweight.isComplete());
        assertFalse(flyweight.isSuccess());
        assertEquals(-9, flyweight.status());
        assertEquals("CLOCK_RATE_SET_COMPLETE token=5 HARDWARE_ERROR", MessageText.ofReply(message(delayed)));
    }

    @Test
    void rateGet() {
        String reply = "06501400 00000000 00e40b54 02000000";
        ClockRateGet.Reply flyweight = new ClockRateGet.Reply();
        flyweight.begin(answer, 0x00145006).rate(10_000_000_000L);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isSuccess());
        assertEquals(10_000_000_000L, flyweight.rate());
        assertEquals("CLOCK_RATE_GET token=5 SUCCESS rate=10000000000", MessageText.ofReply(message(reply)));
        assertFalse(flyweight.wrap(message("06501400 00000000 00e40b54")).isSuccess());
        assertFalse(flyweight.wrap(message("0650")).isSuccess());
    }

    @Test
    void configSetBeforeVersion3IsTwoWords() {
        for (int version : new int[] {ClockVersion.V1_0, ClockVersion.V2_0}) {
            MessageBuffer old = room();
            ClockConfigSet.Request flyweight = new ClockConfigSet.Request();
            flyweight.begin(old, 5).resource(2).enableV1(true);
            assertWritten("07501400 02000000 01000000", old, flyweight.messageLength(version));
            assertEquals(0xFFFFFFFE, ClockConfigSet.Request.RESERVED_BEFORE_3_0);
        }
        ClockConfigSet.Request received = new ClockConfigSet.Request().wrap(message("07501400 02000000 01000000"));
        assertTrue(received.isComplete());
        assertFalse(received.hasExtendedValue());
        assertEquals(0, received.extendedValue());
        assertEquals(ClockConfigSet.Request.ENABLE, received.state());
        assertEquals(
                "CLOCK_CONFIG_SET token=5 clock=2 attributes=0x1",
                MessageText.ofRequest(message("07501400 02000000 01000000"), ClockVersion.V2_0));
        assertEquals(
                "CLOCK_CONFIG_SET token=5 clock=2 attributes=0x1 extended_value=7",
                MessageText.ofRequest(message("07501400 02000000 01000000 07000000"), ClockVersion.V2_0));
    }

    @Test
    void configSetOfVersion3IsThreeWords() {
        String request = "07501400 02000000 03000100 32000000";
        ClockConfigSet.Request flyweight = new ClockConfigSet.Request();
        flyweight.begin(room, 5).resource(2).config(ClockConfigSet.Request.UNCHANGED, ExtendedConfig.DUTY_CYCLE, 50);
        assertWritten(request, room, flyweight.messageLength(ClockVersion.V3_0));
        flyweight.wrap(message(request));
        assertEquals(2, flyweight.resource());
        assertEquals(3, flyweight.state());
        assertEquals(1, flyweight.extendedType());
        assertTrue(flyweight.hasExtendedValue());
        assertEquals(50, flyweight.extendedValue());
        assertEquals(0xFF00FFFC, ClockConfigSet.Request.RESERVED);
        assertEquals(
                "CLOCK_CONFIG_SET token=5 clock=2 attributes=0x10003 extended_value=50",
                MessageText.ofRequest(message(request)));
        MessageBuffer masked = room();
        flyweight.begin(masked, 5).resource(2).config(-1, -1, 0);
        assertWritten("07501400 02000000 0300ff00 00000000", masked, flyweight.messageLength(ClockVersion.V3_0));
        MessageBuffer plain = room();
        flyweight.begin(plain, 5).resource(2).enable(true);
        assertWritten("07501400 02000000 01000000 00000000", plain, flyweight.messageLength(ClockVersion.V3_0));
    }

    @Test
    void rateNotifyAndItsEvent() {
        String request = "09501400 02000000 01000000";
        NotifyRequest asked = new NotifyRequest(ClockMessage.CLOCK_RATE_NOTIFY);
        asked.begin(room, 5).resource(2).notifyEnable(true);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("09501400 02000000 02000000"));
        assertEquals(2, asked.resource());
        assertFalse(NotifyEnable.isEnabled(asked.notifyEnable()));
        assertEquals(2, asked.notifyEnable() & NotifyEnable.RESERVED);
        assertEquals("CLOCK_RATE_NOTIFY token=5 clock=2 notify_enable=0x1", MessageText.ofRequest(message(request)));

        String event = "00531400 01000000 02000000 00e40b54 02000000";
        ClockRateEvent flyweight = ClockRateEvent.changed();
        flyweight.begin(answer, 5).agent(1).clock(2).rate(10_000_000_000L);
        assertWritten(event, answer, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.clock());
        assertEquals(10_000_000_000L, flyweight.rate());
        assertEquals(
                "CLOCK_RATE_CHANGED token=5 agent=1 clock=2 rate=10000000000", MessageText.ofReply(message(event)));
    }

    @Test
    void rateChangeRequestedNotifyAndItsEvent() {
        String request = "0a501400 02000000 00000000";
        NotifyRequest asked = new NotifyRequest(ClockMessage.CLOCK_RATE_CHANGE_REQUESTED_NOTIFY);
        asked.begin(room, 5).resource(2).notifyEnable(false);
        assertWritten(request, room, asked.messageLength());
        assertTrue(NotifyEnable.isEnabled(
                asked.wrap(message("0a501400 02000000 01000000")).notifyEnable()));

        String event = "01531400 01000000 02000000 00e40b54 02000000";
        ClockRateEvent flyweight = ClockRateEvent.changeRequested();
        flyweight.begin(answer, 5).agent(1).clock(2).rate(10_000_000_000L);
        assertWritten(event, answer, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.clock());
        assertEquals(10_000_000_000L, flyweight.rate());
        assertEquals(
                "CLOCK_RATE_CHANGE_REQUESTED token=5 agent=1 clock=2 rate=10000000000",
                MessageText.ofReply(message(event)));
    }

    @Test
    void configGet() {
        String request = "0b501400 02000000 01000000";
        ClockConfigGet.Request asked = new ClockConfigGet.Request();
        asked.begin(room, 5).resource(2).extendedType(0x101);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("0b501400 02000000 80010000"));
        assertEquals(2, asked.resource());
        assertEquals(0x80, asked.extendedType());
        assertEquals(0x100, asked.flags() & ClockConfigGet.Request.FLAGS_RESERVED);

        String reply = "0b501400 00000000 00000000 01000000 32000000";
        ClockConfigGet.Reply flyweight = new ClockConfigGet.Reply();
        flyweight.begin(answer, 0x0014500B).config(true, 50);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isEnabled());
        assertEquals(50, flyweight.extendedValue());
        assertFalse(flyweight
                .wrap(message("0b501400 00000000 ffffffff feffffff 00000000"))
                .isEnabled());
        assertEquals(
                "CLOCK_CONFIG_GET token=5 SUCCESS attributes=0x0 config=0x1 extended_value=50",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void possibleParentsGet() {
        String request = "0c501400 02000000 01000000";
        ClockPossibleParentsGet.Request asked = new ClockPossibleParentsGet.Request();
        asked.begin(room, 5).resource(2).skipParents(1);
        assertWritten(request, room, asked.messageLength());
        assertEquals(1, asked.wrap(message(request)).skipParents());

        String reply = "0c501400 00000000 02000003 07000000 09000000";
        ClockPossibleParentsGet.Reply flyweight = new ClockPossibleParentsGet.Reply();
        flyweight.begin(answer, 0x0014500C).list(2, 3).parent(0, 7).parent(1, 9);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message("0c501400 00000000 02ffff03 07000000 09000000"));
        assertTrue(flyweight.isComplete());
        assertEquals(2, flyweight.returned());
        assertEquals(3, flyweight.remaining());
        assertEquals(7, flyweight.parent(0));
        assertEquals(9, flyweight.parent(1));
        assertEquals(
                "CLOCK_POSSIBLE_PARENTS_GET token=5 SUCCESS num_parents_flags=0x3000002 parents=[7,9]",
                MessageText.ofReply(message(reply)));
        assertEquals(31, ClockPossibleParentsGet.Reply.capacity(136));
        assertEquals(0, ClockPossibleParentsGet.Reply.capacity(15));
        assertEquals(255, ClockPossibleParentsGet.Reply.capacity(4096));
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(256, 0));
    }

    @Test
    void parentSetAndParentGet() {
        String request = "0d501400 02000000 07000000";
        ClockParentSet.Request asked = new ClockParentSet.Request();
        asked.begin(room, 5).resource(2).parent(7);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message(request));
        assertEquals(2, asked.resource());
        assertEquals(7, asked.parent());
        assertEquals("CLOCK_PARENT_SET token=5 clock=2 parent=7", MessageText.ofRequest(message(request)));

        String reply = "0e501400 00000000 07000000";
        ClockParentGet.Reply flyweight = new ClockParentGet.Reply();
        flyweight.begin(answer, 0x0014500E).parent(7);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(7, flyweight.wrap(message(reply)).parent());
    }

    @Test
    void getPermissions() {
        String reply = "0f501400 00000000 000000e0";
        ClockGetPermissions.Reply flyweight = new ClockGetPermissions.Reply();
        flyweight.begin(answer, 0x0014500F).permissions(-1);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message("0f501400 00000000 ffffffbf"));
        assertEquals(ClockGetPermissions.Reply.STATE | ClockGetPermissions.Reply.RATE, flyweight.permissions());
        assertEquals(
                "CLOCK_GET_PERMISSIONS token=5 SUCCESS permissions=0xe0000000", MessageText.ofReply(message(reply)));
    }
}
