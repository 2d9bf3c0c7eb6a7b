/* Every message of the Base protocol, byte by byte, both directions. */
package org.scmid.protocol.base;

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
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 40 14 00}. */
class BaseMessagesTest {
    private final MessageBuffer room = room();

    @ParameterizedTest
    @CsvSource({
        "PROTOCOL_VERSION,                     00, base PROTOCOL_VERSION token=5",
        "PROTOCOL_ATTRIBUTES,                  01, base PROTOCOL_ATTRIBUTES token=5",
        "BASE_DISCOVER_VENDOR,                 03, BASE_DISCOVER_VENDOR token=5",
        "BASE_DISCOVER_SUB_VENDOR,             04, BASE_DISCOVER_SUB_VENDOR token=5",
        "BASE_DISCOVER_IMPLEMENTATION_VERSION, 05, BASE_DISCOVER_IMPLEMENTATION_VERSION token=5"
    })
    void requestsWithoutPayload(BaseMessage command, String id, String text) {
        String hex = id + " 40 14 00";
        assertWritten(hex, room, EmptyRequest.write(room, command, 5));
        assertEquals(text, MessageText.ofRequest(message(hex)));
    }

    @ParameterizedTest
    @CsvSource({
        "BASE_NOTIFY_ERRORS,             08",
        "BASE_SET_DEVICE_PERMISSIONS,    09",
        "BASE_SET_PROTOCOL_PERMISSIONS,  0a",
        "BASE_RESET_AGENT_CONFIGURATION, 0b"
    })
    void repliesWithoutPayload(BaseMessage command, String id) {
        String hex = id + " 40 14 00  fd ff ff ff";
        int header = message(id + "401400").getU32(0);
        assertWritten(hex, room, StatusReply.write(room, header, Status.DENIED.code()));
        assertEquals(-3, StatusReply.status(message(hex)));
        assertEquals(command + " token=5 DENIED", MessageText.ofReply(message(hex)));
    }

    @Test
    void protocolVersion() {
        String reply = "00401400 00000000 01000200";
        ProtocolVersionGet.Reply flyweight = new ProtocolVersionGet.Reply();
        flyweight.begin(room, 0x00144000).version(BaseVersion.V2_1);
        assertWritten(reply, room, flyweight.messageLength());
        assertEquals(0x20001, flyweight.wrap(message(reply)).version());
        assertEquals("base PROTOCOL_VERSION token=5 SUCCESS version=0x20001", MessageText.ofReply(message(reply)));
    }

    @Test
    void protocolAttributes() {
        String reply = "01401400 00000000 02030000";
        BaseProtocolAttributes.Reply flyweight = new BaseProtocolAttributes.Reply();
        flyweight.begin(room, 0x00144001).counts(2, 3);
        assertWritten(reply, room, flyweight.messageLength());
        flyweight.wrap(message("01401400 00000000 0203ffff"));
        assertEquals(2, flyweight.protocols());
        assertEquals(3, flyweight.agents());
        assertEquals("base PROTOCOL_ATTRIBUTES token=5 SUCCESS attributes=0x302", MessageText.ofReply(message(reply)));
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(256, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.counts(0, -1));
    }

    @Test
    void messageAttributes() {
        String request = "02401400 09000000";
        ProtocolMessageAttributes.Request asked =
                new ProtocolMessageAttributes.Request(BaseMessage.PROTOCOL_MESSAGE_ATTRIBUTES);
        asked.begin(room, 5).messageId(9);
        assertWritten(request, room, asked.messageLength());
        assertEquals(9, asked.wrap(message(request)).messageId());
        assertEquals(
                "base PROTOCOL_MESSAGE_ATTRIBUTES token=5 message_id=0x9", MessageText.ofRequest(message(request)));

        MessageBuffer answer = room();
        String reply = "02401400 00000000 04030201";
        ProtocolMessageAttributes.Reply flyweight = new ProtocolMessageAttributes.Reply();
        flyweight.begin(answer, 0x00144002).attributes(0x01020304);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(0x01020304, flyweight.wrap(message(reply)).attributes());
    }

    @Test
    void vendorAndSubVendor() {
        String reply = "03401400 00000000" + name("Acme Systems Li", 16);
        BaseDiscoverVendor.Reply vendor = new BaseDiscoverVendor.Reply();
        vendor.begin(room, 0x00144003).name("Acme Systems Limited");
        assertWritten(reply, room, vendor.messageLength());
        assertEquals("Acme Systems Li", vendor.wrap(message(reply)).name());
        assertEquals(
                "BASE_DISCOVER_VENDOR token=5 SUCCESS vendor=\"Acme Systems Li\"", MessageText.ofReply(message(reply)));

        MessageBuffer second = room();
        String subReply = "04401400 00000000" + name("boards", 16);
        BaseDiscoverSubVendor.Reply subVendor = new BaseDiscoverSubVendor.Reply();
        subVendor.begin(second, 0x00144004).name("boards");
        assertWritten(subReply, second, subVendor.messageLength());
        assertEquals("boards", subVendor.wrap(message(subReply)).name());
    }

    @Test
    void implementationVersion() {
        String reply = "05401400 00000000 0d0c0b0a";
        BaseDiscoverImplementationVersion.Reply flyweight = new BaseDiscoverImplementationVersion.Reply();
        flyweight.begin(room, 0x00144005).version(0x0A0B0C0D);
        assertWritten(reply, room, flyweight.messageLength());
        assertEquals(0x0A0B0C0D, flyweight.wrap(message(reply)).version());
    }

    @Test
    void listProtocolsPadsTheIdsToWords() {
        String request = "06401400 02000000";
        BaseDiscoverListProtocols.Request asked = new BaseDiscoverListProtocols.Request();
        asked.begin(room, 5).skip(2);
        assertWritten(request, room, asked.messageLength());
        assertEquals(2, asked.wrap(message(request)).skip());

        MessageBuffer answer = room();
        String reply = "06401400 00000000 05000000 11141516 17000000";
        BaseDiscoverListProtocols.Reply flyweight = new BaseDiscoverListProtocols.Reply();
        flyweight.begin(answer, 0x00144006).count(5);
        int[] ids = {0x11, 0x14, 0x15, 0x16, 0x17};
        for (int i = 0; i < ids.length; i++) {
            flyweight.protocol(i, ids[i]);
        }
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isComplete());
        assertEquals(5, flyweight.count());
        for (int i = 0; i < ids.length; i++) {
            assertEquals(ids[i], flyweight.protocol(i));
        }
        assertEquals(
                "BASE_DISCOVER_LIST_PROTOCOLS token=5 SUCCESS num_protocols=5 protocols=[0x11,0x14,0x15,0x16,0x17]",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void listProtocolsOfWholeWordsHasNoPadding() {
        BaseDiscoverListProtocols.Reply flyweight = new BaseDiscoverListProtocols.Reply();
        flyweight.begin(room, 0x00144006).count(4);
        assertEquals(16, flyweight.messageLength());
        assertEquals(12, flyweight.count(0).messageLength());
        assertFalse(
                flyweight.wrap(message("06401400 00000000 01000000 11")).isComplete(), "one byte without its padding");
        assertFalse(flyweight.wrap(message("06401400 00000000 ffffffff")).isComplete());
        assertEquals(4, BaseDiscoverListProtocols.Reply.capacity(16));
        assertEquals(4, BaseDiscoverListProtocols.Reply.capacity(19));
        assertEquals(0, BaseDiscoverListProtocols.Reply.capacity(3));
        assertEquals(124, BaseDiscoverListProtocols.Reply.capacity(136));
    }

    @Test
    void discoverAgent() {
        String request = "07401400 ffffffff";
        BaseDiscoverAgent.Request asked = new BaseDiscoverAgent.Request();
        asked.begin(room, 5).agent(BaseDiscoverAgent.CALLER);
        assertWritten(request, room, asked.messageLength());
        assertEquals(BaseDiscoverAgent.CALLER, asked.wrap(message(request)).agent());

        MessageBuffer answer = room();
        String reply = "07401400 00000000 02000000" + name("linux", 16);
        BaseDiscoverAgent.Reply flyweight = new BaseDiscoverAgent.Reply();
        flyweight.begin(answer, 0x00144007).agent(2).name("linux");
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertEquals(2, flyweight.agent());
        assertEquals("linux", flyweight.name());
        assertEquals("BASE_DISCOVER_AGENT token=5 SUCCESS agent=2 name=\"linux\"", MessageText.ofReply(message(reply)));
    }

    @Test
    void discoverAgentOfVersion1HasOnlyTheName() {
        String reply = "07401400 00000000" + name("linux", 16);
        BaseDiscoverAgent.ReplyV1 flyweight = new BaseDiscoverAgent.ReplyV1();
        flyweight.begin(room, 0x00144007).name("linux");
        assertWritten(reply, room, flyweight.messageLength());
        assertEquals("linux", flyweight.wrap(message(reply)).name());
        assertEquals(
                "BASE_DISCOVER_AGENT token=5 SUCCESS name=\"linux\"",
                MessageText.ofReply(message(reply), BaseVersion.V1_0));
    }

    @Test
    void notifyErrors() {
        BaseNotifyErrors.Request flyweight = new BaseNotifyErrors.Request();
        flyweight.begin(room, 5).notifyEnable(true);
        assertWritten("08401400 01000000", room, flyweight.messageLength());
        assertEquals(0xFFFFFFFE, flyweight.wrap(message("08401400 feffffff")).notifyEnable());
        assertEquals(
                "BASE_NOTIFY_ERRORS token=5 notify_enable=0x1", MessageText.ofRequest(message("08401400 01000000")));
    }

    @Test
    void setDevicePermissions() {
        String request = "09401400 01000000 02000000 01000000";
        BaseSetDevicePermissions.Request flyweight = new BaseSetDevicePermissions.Request();
        flyweight.begin(room, 5).agent(1).device(2).flags(-1);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message("09401400 01000000 02000000 030000f0"));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.device());
        assertEquals(0xF0000003, flyweight.flags());
        assertEquals(0xF0000002, flyweight.flags() & BaseSetDevicePermissions.Request.FLAGS_RESERVED);
        assertEquals(
                "BASE_SET_DEVICE_PERMISSIONS token=5 agent=1 device=2 flags=0x1",
                MessageText.ofRequest(message(request)));
    }

    @Test
    void setProtocolPermissions() {
        String request = "0a401400 01000000 02000000 14000000 01000000";
        BaseSetProtocolPermissions.Request flyweight = new BaseSetProtocolPermissions.Request();
        flyweight.begin(room, 5).agent(1).device(2).protocolId(0x514).flags(-1);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message("0a401400 01000000 02000000 14010000 01000000"));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.device());
        assertEquals(0x114, flyweight.commandId());
        assertEquals(0x14, flyweight.protocolId());
        assertEquals(1, flyweight.flags());
        assertEquals(
                "BASE_SET_PROTOCOL_PERMISSIONS token=5 agent=1 device=2 command_id=0x14 flags=0x1",
                MessageText.ofRequest(message(request)));
    }

    @Test
    void resetAgentConfiguration() {
        String request = "0b401400 03000000 01000000";
        BaseResetAgentConfiguration.Request flyweight = new BaseResetAgentConfiguration.Request();
        flyweight.begin(room, 5).agent(3).flags(-1);
        assertWritten(request, room, flyweight.messageLength());
        flyweight.wrap(message(request));
        assertEquals(3, flyweight.agent());
        assertEquals(1, flyweight.flags());
        assertEquals(
                "BASE_RESET_AGENT_CONFIGURATION token=5 agent=3 flags=0x1", MessageText.ofRequest(message(request)));
    }

    @Test
    void negotiateProtocolVersion() {
        String request = "10401400 00000100";
        NegotiateProtocolVersion.Request flyweight =
                new NegotiateProtocolVersion.Request(BaseMessage.NEGOTIATE_PROTOCOL_VERSION);
        flyweight.begin(room, 5).version(BaseVersion.V1_0);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(0x10000, flyweight.wrap(message(request)).version());
        assertEquals(
                "base NEGOTIATE_PROTOCOL_VERSION token=5 version=0x10000", MessageText.ofRequest(message(request)));
        assertEquals(
                "base NEGOTIATE_PROTOCOL_VERSION token=5 NOT_SUPPORTED",
                MessageText.ofReply(message("10401400 ffffffff")));
    }

    @Test
    void errorEvent() {
        String event = "00431400 02000000 02000080 05501400 f7ffffff 06501400 f8ffffff";
        BaseErrorEvent.Event flyweight = new BaseErrorEvent.Event();
        flyweight
                .begin(room, 5)
                .agent(2)
                .errorStatus(true, 2)
                .report(0, 0x00145005, -9)
                .report(1, 0x00145006, -8);
        assertWritten(event, room, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertTrue(flyweight.isComplete());
        assertEquals(2, flyweight.agent());
        assertTrue(flyweight.isFatal());
        assertEquals(2, flyweight.reports());
        assertEquals(0x00145005, flyweight.reportHeader(0));
        assertEquals(-9, flyweight.reportStatus(0));
        assertEquals(0x00145006, flyweight.reportHeader(1));
        assertEquals(-8, flyweight.reportStatus(1));
        assertEquals(
                "BASE_ERROR_EVENT token=5 agent=2 error_status=0x80000002 reports=[0x145005/-9,0x145006/-8]",
                MessageText.ofReply(message(event)));
        assertFalse(flyweight
                .wrap(message("00431400 02000000 02000080 05501400 f7ffffff 06501400"))
                .isComplete());
        flyweight.wrap(message("00431400 00000000 00fcff7f"));
        assertFalse(flyweight.isFatal());
        assertEquals(0, flyweight.reports(), "reserved bits are not counted");
    }
}
