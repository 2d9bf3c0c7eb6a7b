/* Every message of the Power domain protocol, byte by byte, both directions, old versions included. */
package org.scmid.protocol.power;

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
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.protocol.common.ResourceRequest;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 44 14 00}. */
class PowerMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({"POWER_DOMAIN_ATTRIBUTES, 03", "POWER_STATE_GET, 05", "POWER_DOMAIN_NAME_GET, 08"})
    void requestsThatNameOnlyTheDomain(PowerMessage command, String id) {
        String request = id + "441400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(0x102, flyweight.wrap(message(request)).resource());
        assertEquals(command + " token=5 domain=258", MessageText.ofRequest(message(request)));
        assertEquals(0, command.description().fromAgent().resourceOffset());
    }

    @ParameterizedTest
    @CsvSource({"POWER_STATE_NOTIFY, 06", "POWER_STATE_CHANGE_REQUESTED_NOTIFY, 07"})
    void requestsThatSwitchNotifications(PowerMessage command, String id) {
        String request = id + "441400 03000000 01000000";
        NotifyRequest flyweight = new NotifyRequest(command);
        flyweight.begin(room, 5).resource(3).notifyEnable(true);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message(id + "441400 03000000 0f000000"));
        assertEquals(3, flyweight.resource());
        assertEquals(0xF, flyweight.notifyEnable());
        assertEquals(command + " token=5 domain=3 notify_enable=0x1", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({"POWER_STATE_SET, 04", "POWER_STATE_NOTIFY, 06", "POWER_STATE_CHANGE_REQUESTED_NOTIFY, 07"})
    void repliesWithoutPayload(PowerMessage command, String id) {
        String reply = id + "441400 faffffff";
        int header = message(id + "441400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.BUSY.code()));
        assertEquals(command + " token=5 BUSY", MessageText.ofReply(message(reply)));
        assertEquals(command + " token=5 SUCCESS", MessageText.ofReply(message(id + "441400 00000000")));
    }

    @Test
    void genericMessages() {
        assertWritten("00441400", room, EmptyRequest.write(room, PowerMessage.PROTOCOL_VERSION, 5));
        ProtocolVersionGet.Reply version = new ProtocolVersionGet.Reply();
        version.begin(answer, 0x00144400).version(PowerVersion.V3_1);
        assertWritten("00441400 00000000 01000300", answer, version.messageLength());
        assertEquals(
                "power PROTOCOL_VERSION token=5 SUCCESS version=0x30001",
                MessageText.ofReply(message("00441400 00000000 01000300")));

        MessageBuffer third = room();
        ProtocolMessageAttributes.Request attributes =
                new ProtocolMessageAttributes.Request(PowerMessage.PROTOCOL_MESSAGE_ATTRIBUTES);
        attributes.begin(third, 5).messageId(0x7);
        assertWritten("02441400 07000000", third, attributes.messageLength());

        MessageBuffer fourth = room();
        NegotiateProtocolVersion.Request negotiate =
                new NegotiateProtocolVersion.Request(PowerMessage.NEGOTIATE_PROTOCOL_VERSION);
        negotiate.begin(fourth, 5).version(PowerVersion.V2_1);
        assertWritten("10441400 00100200", fourth, negotiate.messageLength());
    }

    @Test
    void protocolAttributes() {
        assertWritten("01441400", room, EmptyRequest.write(room, PowerMessage.PROTOCOL_ATTRIBUTES, 5));
        PowerProtocolAttributes.Reply flyweight = new PowerProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00144401).domains(0x1234).noStatistics();
        assertWritten("01441400 00000000 34120000 00000000 00000000 00000000", answer, flyweight.messageLength());
        flyweight.wrap(message("01441400 00000000 3412ffff 78563412 01000000 00100000"));
        assertTrue(flyweight.isSuccess());
        assertEquals(0x1234, flyweight.domains());
        assertEquals(0x1_1234_5678L, flyweight.statisticsAddress());
        assertEquals(0x1000, flyweight.statisticsLength());
        assertThrows(IllegalArgumentException.class, () -> flyweight.domains(0x10000));
        assertThrows(IllegalArgumentException.class, () -> flyweight.domains(-1));
        MessageBuffer third = room();
        flyweight.begin(third, 0x00144401).domains(1).statistics(0x1_1234_5678L, 0x1000);
        String reply = "01441400 00000000 01000000 78563412 01000000 00100000";
        assertWritten(reply, third, flyweight.messageLength());
        assertEquals(
                "power PROTOCOL_ATTRIBUTES token=5 SUCCESS attributes=0x1 statistics_low=305419896"
                        + " statistics_high=1 statistics_len=4096",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void attributes() {
        String reply = "03441400 00000000 000000f8" + name("gpu-pd", 16);
        PowerDomainAttributes.Reply flyweight = new PowerDomainAttributes.Reply();
        flyweight.begin(answer, 0x00144403).attributes(-1, PowerVersion.V3_1).name("gpu-pd");
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isSuccess());
        assertEquals(
                PowerDomainAttributes.Reply.EXTENDED_NAME
                        | PowerDomainAttributes.Reply.CHANGE_REQUESTED_NOTIFY
                        | PowerDomainAttributes.Reply.SET_SYNC
                        | PowerDomainAttributes.Reply.SET_ASYNC
                        | PowerDomainAttributes.Reply.CHANGED_NOTIFY,
                flyweight.attributes());
        assertEquals("gpu-pd", flyweight.name());
        assertEquals(
                "POWER_DOMAIN_ATTRIBUTES token=5 SUCCESS attributes=0xf8000000 name=\"gpu-pd\"",
                MessageText.ofReply(message(reply)));
        assertFalse(flyweight.wrap(message("03441400 00000000 000000f8 00")).isComplete());
    }

    @ParameterizedTest
    @CsvSource({"0x10000, e0", "0x20000, e0", "0x21000, f0", "0x30000, f8", "0x30001, f8"})
    void attributeBitsAreThoseOfTheVersion(String version, String topByte) {
        PowerDomainAttributes.Reply flyweight = new PowerDomainAttributes.Reply();
        flyweight
                .begin(answer, 0x00144403)
                .attributes(-1, Integer.decode(version))
                .name("");
        assertWritten("03441400 00000000 000000" + topByte + name("", 16), answer, flyweight.messageLength());
    }

    @Test
    void eachAttributeHasItsBit() {
        assertEquals(1 << 31, PowerDomainAttributes.Reply.CHANGED_NOTIFY);
        assertEquals(1 << 30, PowerDomainAttributes.Reply.SET_ASYNC);
        assertEquals(1 << 29, PowerDomainAttributes.Reply.SET_SYNC);
        assertEquals(1 << 28, PowerDomainAttributes.Reply.CHANGE_REQUESTED_NOTIFY);
        assertEquals(1 << 27, PowerDomainAttributes.Reply.EXTENDED_NAME);
    }

    @Test
    void stateSetHasItsFlagsBeforeTheDomain() {
        String request = "04441400 01000000 02000000 00000040";
        PowerStateSet.Request flyweight = new PowerStateSet.Request();
        flyweight.begin(room, 5).flags(-1).resource(2).powerState(PowerState.OFF);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message("04441400 0f000000 02000000 00000040"));
        assertEquals(0xF, flyweight.flags());
        assertEquals(0xE, flyweight.flags() & PowerStateSet.Request.FLAGS_RESERVED);
        assertEquals(2, flyweight.resource());
        assertEquals(0x4000_0000, flyweight.powerState());
        assertEquals(
                "POWER_STATE_SET token=5 flags=0x1 domain=2 power_state=0x40000000",
                MessageText.ofRequest(message(request)));
        assertEquals(4, PowerMessage.POWER_STATE_SET.description().fromAgent().resourceOffset());
    }

    @Test
    void onKeepsContextAndOffLosesIt() {
        assertEquals(0, PowerState.of(true));
        assertEquals(0x4000_0000, PowerState.of(false));
    }

    @Test
    void stateGet() {
        String reply = "05441400 00000000 00000040";
        PowerStateGet.Reply flyweight = new PowerStateGet.Reply();
        flyweight.begin(answer, 0x00144405).powerState(PowerState.OFF);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(PowerState.OFF, flyweight.wrap(message(reply)).powerState());
        assertEquals("POWER_STATE_GET token=5 SUCCESS power_state=0x40000000", MessageText.ofReply(message(reply)));
    }

    @Test
    void aLongNameIsCutInTheAttributesAndWholeInNameGet() {
        String name = "a-power-domain-with-a-name-of-sixty-three-characters-the-most--";
        assertEquals(63, name.length());
        PowerDomainAttributes.Reply attributes = new PowerDomainAttributes.Reply();
        attributes.begin(answer, 0x00144403).name(name);
        assertEquals("a-power-domain-", attributes.name());
        MessageBuffer second = room();
        NameReply whole = new NameReply();
        whole.begin(second, 0x00144408).name(name);
        String reply = "08441400 00000000 00000000" + name(name, 64);
        assertWritten(reply, second, whole.messageLength());
        assertEquals(
                "POWER_DOMAIN_NAME_GET token=5 SUCCESS flags=0x0 name=\"" + name + "\"",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void theTwoNotificationsDifferInTheirIdOnly() {
        String changed = "00471400 01000000 02000000 00000040";
        PowerStateEvent event = PowerStateEvent.changed();
        event.begin(room, 5).agent(1).domain(2).powerState(PowerState.OFF);
        assertWritten(changed, room, event.messageLength());
        event.wrap(message(changed));
        assertEquals(1, event.agent());
        assertEquals(2, event.domain());
        assertEquals(PowerState.OFF, event.powerState());
        assertEquals(
                "POWER_STATE_CHANGED token=5 agent=1 domain=2 power_state=0x40000000",
                MessageText.ofReply(message(changed)));

        String requested = "01471400 01000000 02000000 00000000";
        PowerStateEvent request = PowerStateEvent.changeRequested();
        request.begin(answer, 5).agent(1).domain(2).powerState(PowerState.ON);
        assertWritten(requested, answer, request.messageLength());
        assertEquals(
                "POWER_STATE_CHANGE_REQUESTED token=5 agent=1 domain=2 power_state=0x0",
                MessageText.ofReply(message(requested)));
    }
}
