/* Every message of the Reset protocol, byte by byte, both directions, old versions included. */
package org.scmid.protocol.reset;

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

/** Token 5 throughout: the header of message {@code mm} is {@code mm 58 14 00}. */
class ResetMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({"RESET_DOMAIN_ATTRIBUTES, 03", "RESET_DOMAIN_NAME_GET, 06"})
    void requestsThatNameOnlyTheDomain(ResetMessage command, String id) {
        String request = id + "581400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(0x102, flyweight.wrap(message(request)).resource());
        assertEquals(command + " token=5 domain=258", MessageText.ofRequest(message(request)));
    }

    @Test
    void notifyNamesTheDomainAndSwitches() {
        String request = "05581400 03000000 01000000";
        NotifyRequest flyweight = new NotifyRequest(ResetMessage.RESET_NOTIFY);
        flyweight.begin(room, 5).resource(3).notifyEnable(true);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals("RESET_NOTIFY token=5 domain=3 notify_enable=0x1", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({"RESET, 04", "RESET_NOTIFY, 05"})
    void repliesWithoutPayload(ResetMessage command, String id) {
        String reply = id + "581400 f7ffffff";
        int header = message(id + "581400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.HARDWARE_ERROR.code()));
        assertEquals(command + " token=5 HARDWARE_ERROR", MessageText.ofReply(message(reply)));
        assertEquals(command + " token=5 SUCCESS", MessageText.ofReply(message(id + "581400 00000000")));
    }

    @Test
    void genericMessages() {
        assertWritten("00581400", room, EmptyRequest.write(room, ResetMessage.PROTOCOL_VERSION, 5));
        ProtocolVersionGet.Reply version = new ProtocolVersionGet.Reply();
        version.begin(answer, 0x00145800).version(ResetVersion.V3_1);
        assertWritten("00581400 00000000 01000300", answer, version.messageLength());

        MessageBuffer third = room();
        ProtocolMessageAttributes.Request attributes =
                new ProtocolMessageAttributes.Request(ResetMessage.PROTOCOL_MESSAGE_ATTRIBUTES);
        attributes.begin(third, 5).messageId(0x5);
        assertWritten("02581400 05000000", third, attributes.messageLength());

        MessageBuffer fourth = room();
        NegotiateProtocolVersion.Request negotiate =
                new NegotiateProtocolVersion.Request(ResetMessage.NEGOTIATE_PROTOCOL_VERSION);
        negotiate.begin(fourth, 5).version(ResetVersion.V2_0);
        assertWritten("10581400 00000200", fourth, negotiate.messageLength());
        assertEquals(
                "reset NEGOTIATE_PROTOCOL_VERSION token=5 version=0x20000",
                MessageText.ofRequest(message("10581400 00000200")));
    }

    @Test
    void protocolAttributes() {
        assertWritten("01581400", room, EmptyRequest.write(room, ResetMessage.PROTOCOL_ATTRIBUTES, 5));
        ResetProtocolAttributes.Reply flyweight = new ResetProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00145801).domains(0x1234);
        assertWritten("01581400 00000000 34120000", answer, flyweight.messageLength());
        assertEquals(
                0x1234, flyweight.wrap(message("01581400 00000000 3412ffff")).domains());
        assertThrows(IllegalArgumentException.class, () -> flyweight.domains(0x10000));
        assertThrows(IllegalArgumentException.class, () -> flyweight.domains(-1));
    }

    @Test
    void attributes() {
        String reply = "03581400 00000000 000000e0 14000000" + name("uart0-rst", 16);
        ResetDomainAttributes.Reply flyweight = new ResetDomainAttributes.Reply();
        flyweight
                .begin(answer, 0x00145803)
                .attributes(-1, ResetVersion.V3_1)
                .latency(20)
                .name("uart0-rst");
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isSuccess());
        assertEquals(
                ResetDomainAttributes.Reply.EXTENDED_NAME
                        | ResetDomainAttributes.Reply.NOTIFY
                        | ResetDomainAttributes.Reply.ASYNC,
                flyweight.attributes());
        assertEquals(20, flyweight.latency());
        assertEquals("uart0-rst", flyweight.name());
        assertEquals(
                "RESET_DOMAIN_ATTRIBUTES token=5 SUCCESS attributes=0xe0000000 latency=20 name=\"uart0-rst\"",
                MessageText.ofReply(message(reply)));
        assertFalse(flyweight.wrap(message("03581400 00000000 000000e0")).isComplete());
    }

    @ParameterizedTest
    @CsvSource({"0x10000, c0", "0x20000, c0", "0x30000, e0", "0x30001, e0"})
    void attributeBitsAreThoseOfTheVersion(String version, String topByte) {
        ResetDomainAttributes.Reply flyweight = new ResetDomainAttributes.Reply();
        flyweight
                .begin(answer, 0x00145803)
                .attributes(-1, Integer.decode(version))
                .latency(ResetDomainAttributes.Reply.LATENCY_UNKNOWN)
                .name("");
        assertWritten(
                "03581400 00000000 000000" + topByte + "ffffffff" + name("", 16), answer, flyweight.messageLength());
    }

    @Test
    void eachAttributeAndFlagHasItsBit() {
        assertEquals(1 << 31, ResetDomainAttributes.Reply.ASYNC);
        assertEquals(1 << 30, ResetDomainAttributes.Reply.NOTIFY);
        assertEquals(1 << 29, ResetDomainAttributes.Reply.EXTENDED_NAME);
        assertEquals(1, ResetCommand.Request.FLAG_AUTONOMOUS);
        assertEquals(2, ResetCommand.Request.FLAG_ASSERT);
        assertEquals(4, ResetCommand.Request.FLAG_ASYNC);
        assertEquals(0xFFFF_FFF8, ResetCommand.Request.FLAGS_RESERVED);
    }

    @Test
    void reset() {
        String request = "04581400 02000000 05000000 00000000";
        ResetCommand.Request flyweight = new ResetCommand.Request();
        flyweight
                .begin(room, 5)
                .resource(2)
                .flags(ResetCommand.Request.FLAG_AUTONOMOUS | ResetCommand.Request.FLAG_ASYNC | 0x100)
                .resetState(ResetCommand.Request.COLD_RESET);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message("04581400 02000000 f8000000 01000080"));
        assertEquals(2, flyweight.resource());
        assertEquals(0xF8, flyweight.flags());
        assertEquals(0x8000_0001, flyweight.resetState());
        assertEquals("RESET token=5 domain=2 flags=0x5 reset_state=0x0", MessageText.ofRequest(message(request)));
    }

    @Test
    void resetComplete() {
        String delayed = "045a1400 00000000 02000000";
        ResetCommand.Delayed flyweight = new ResetCommand.Delayed();
        flyweight.begin(answer, 0x00145804).domain(2);
        assertWritten(delayed, answer, flyweight.messageLength());
        flyweight.wrap(message(delayed));
        assertTrue(flyweight.isSuccess());
        assertEquals(2, flyweight.domain());
        assertEquals("RESET_COMPLETE token=5 SUCCESS domain=2", MessageText.ofReply(message(delayed)));
        assertEquals("RESET_COMPLETE token=5 HARDWARE_ERROR", MessageText.ofReply(message("045a1400 f7ffffff")));
    }

    @Test
    void resetIssued() {
        String issued = "005b1400 01000000 02000000 00000000";
        ResetIssued event = new ResetIssued();
        event.begin(room, 5).agent(1).domain(2).resetState(0);
        assertWritten(issued, room, event.messageLength());
        event.wrap(message("005b1400 01000000 02000000 01000080"));
        assertEquals(1, event.agent());
        assertEquals(2, event.domain());
        assertEquals(0x8000_0001, event.resetState());
        assertEquals("RESET_ISSUED token=5 agent=1 domain=2 reset_state=0x0", MessageText.ofReply(message(issued)));
    }

    @Test
    void nameGet() {
        String reply = "06581400 00000000 00000000" + name("a-reset-with-a-long-name", 64);
        NameReply whole = new NameReply();
        whole.begin(answer, 0x00145806).name("a-reset-with-a-long-name");
        assertWritten(reply, answer, whole.messageLength());
        assertEquals(
                "RESET_DOMAIN_NAME_GET token=5 SUCCESS flags=0x0 name=\"a-reset-with-a-long-name\"",
                MessageText.ofReply(message(reply)));
    }
}
