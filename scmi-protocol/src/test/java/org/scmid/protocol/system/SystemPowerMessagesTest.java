/* Every message of the System power protocol, byte by byte, both directions, old layouts included. */
package org.scmid.protocol.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.protocol.Wire.assertWritten;
import static org.scmid.protocol.Wire.message;
import static org.scmid.protocol.Wire.room;

import org.junit.jupiter.api.Test;
import org.scmid.protocol.EmptyRequest;
import org.scmid.protocol.MessageBuffer;
import org.scmid.protocol.catalogue.MessageText;
import org.scmid.protocol.common.NotifyEnable;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 48 14 00}. */
class SystemPowerMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @Test
    void genericMessages() {
        assertWritten("00481400", room, EmptyRequest.write(room, SystemPowerMessage.PROTOCOL_VERSION, 5));
        assertEquals(
                "system PROTOCOL_VERSION token=5 SUCCESS version=0x20001",
                MessageText.ofReply(message("00481400 00000000 01000200")));
        assertEquals(
                "system NEGOTIATE_PROTOCOL_VERSION token=5 version=0x10000",
                MessageText.ofRequest(message("10481400 00000100")));
    }

    @Test
    void protocolAttributesAreZero() {
        assertWritten("01481400", room, EmptyRequest.write(room, SystemPowerMessage.PROTOCOL_ATTRIBUTES, 5));
        SystemPowerProtocolAttributes.Reply flyweight = new SystemPowerProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00144801).none();
        assertWritten("01481400 00000000 00000000", answer, flyweight.messageLength());
        assertEquals(1, flyweight.wrap(message("01481400 00000000 01000000")).attributes());
    }

    @Test
    void stateSetHasItsFlagsFirst() {
        String request = "03481400 01000000 04000000";
        SystemPowerStateSet.Request asked = new SystemPowerStateSet.Request();
        asked.begin(room, 5).flags(-1).state(SystemState.SUSPEND);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("03481400 0f000000 01000080"));
        assertEquals(0xF, asked.flags());
        assertEquals(0xE, asked.flags() & SystemState.FLAGS_RESERVED);
        assertEquals(0x8000_0001, asked.state());
        assertTrue(Integer.compareUnsigned(asked.state(), SystemState.FIRST_OF_VENDORS) > 0);
        assertEquals(
                "SYSTEM_POWER_STATE_SET token=5 flags=0x1 system_state=0x4", MessageText.ofRequest(message(request)));
        assertEquals(
                "SYSTEM_POWER_STATE_SET token=5 INVALID_PARAMETERS", MessageText.ofReply(message("03481400 feffffff")));
    }

    @Test
    void statesAndAttributesAreTheNumbersOfTheSpecification() {
        assertEquals(0, SystemState.SHUTDOWN);
        assertEquals(1, SystemState.COLD_RESET);
        assertEquals(2, SystemState.WARM_RESET);
        assertEquals(3, SystemState.POWER_UP);
        assertEquals(4, SystemState.SUSPEND);
        assertEquals(0x8000_0000, SystemPowerStateSet.ATTRIBUTE_WARM_RESET);
        assertEquals(0x4000_0000, SystemPowerStateSet.ATTRIBUTE_SUSPEND);
    }

    @Test
    void stateGet() {
        assertWritten("04481400", room, EmptyRequest.write(room, SystemPowerMessage.SYSTEM_POWER_STATE_GET, 5));
        String reply = "04481400 00000000 02000000";
        SystemPowerStateGet.Reply flyweight = new SystemPowerStateGet.Reply();
        flyweight.begin(answer, 0x00144804).state(SystemState.WARM_RESET);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(2, flyweight.wrap(message(reply)).state());
        assertEquals("SYSTEM_POWER_STATE_GET token=5 SUCCESS system_state=0x2", MessageText.ofReply(message(reply)));
    }

    @Test
    void stateNotify() {
        String request = "05481400 01000000";
        SystemPowerStateNotify.Request asked = new SystemPowerStateNotify.Request();
        asked.begin(room, 5).notifyEnable(true);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("05481400 0f000000"));
        assertEquals(0xE, asked.notifyEnable() & NotifyEnable.RESERVED);
        assertEquals("SYSTEM_POWER_STATE_NOTIFY token=5 notify_enable=0x1", MessageText.ofRequest(message(request)));
    }

    @Test
    void theNotifierHasATimeoutFromVersion2On() {
        String event = "004b1400 02000000 01000000 00000000 10270000";
        SystemPowerStateNotify.Event flyweight = new SystemPowerStateNotify.Event();
        flyweight
                .begin(answer, 5)
                .agent(2)
                .flags(-1)
                .state(SystemState.SHUTDOWN)
                .timeout(10_000);
        assertWritten(event, answer, flyweight.messageLength(SystemPowerVersion.V2_0));
        flyweight.wrap(message(event));
        assertTrue(flyweight.isComplete());
        assertEquals(2, flyweight.agent());
        assertTrue(flyweight.isGraceful());
        assertEquals(0, flyweight.state());
        assertEquals(10_000, flyweight.timeout());
        assertEquals(
                "SYSTEM_POWER_STATE_NOTIFIER token=5 agent=2 flags=0x1 system_state=0x0 timeout=10000",
                MessageText.ofReply(message(event)));
    }

    @Test
    void theNotifierOfVersion1HasThreeWords() {
        String event = "004b1400 00000000 00000000 01000000";
        SystemPowerStateNotify.Event flyweight = new SystemPowerStateNotify.Event();
        flyweight.begin(answer, 5).agent(0).flags(0).state(SystemState.COLD_RESET);
        assertWritten(event, answer, flyweight.messageLength(SystemPowerVersion.V1_0));
        flyweight.wrap(message(event));
        assertTrue(flyweight.isComplete());
        assertFalse(flyweight.hasTimeout());
        assertFalse(flyweight.isGraceful());
        assertEquals(0, flyweight.timeout());
        assertEquals(
                "SYSTEM_POWER_STATE_NOTIFIER token=5 agent=0 flags=0x0 system_state=0x1",
                MessageText.ofReply(message(event), SystemPowerVersion.V1_0));
    }
}
