/* The header word against the specification's bits. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scmid.protocol.clock.ClockMessage;

class HeaderTest {
    @Test
    void clockRateGetWithToken5IsTheKnownWord() {
        assertEquals(0x00145006, Header.encode(0x6, MessageType.COMMAND, 0x14, 5));
        assertEquals(0x00145006, Header.encode(ClockMessage.CLOCK_RATE_GET, 5));
    }

    @Test
    void everyPartIsFoundAgain() {
        int header = 0xFFFF_FFFF;
        assertEquals(0xFF, Header.messageId(header));
        assertEquals(3, Header.type(header));
        assertEquals(0xFF, Header.protocolId(header));
        assertEquals(0x3FF, Header.token(header));
        assertEquals(0xF, Header.reserved(header));
        assertEquals(0xFF, Header.messageId(0x0000_00FF));
        assertEquals(3, Header.type(0x0000_0300));
        assertEquals(0xFF, Header.protocolId(0x0003_FC00));
        assertEquals(0x3FF, Header.token(0x0FFC_0000));
    }

    @Test
    void partsThatAreTooWideDoNotTouchTheirNeighbours() {
        assertEquals(0x0000_00FF, Header.encode(0xFFFF_FFFF, MessageType.COMMAND, 0, 0));
        assertEquals(0x0003_FC00, Header.encode(0, MessageType.COMMAND, 0xFFFF_FFFF, 0));
        assertEquals(0x0FFC_0000, Header.encode(0, MessageType.COMMAND, 0, 0xFFFF_FFFF));
    }

    @Test
    void aDelayedResponseHasTheIdsAndTokenOfItsCommandAndNoReservedBits() {
        assertEquals(0x00145205, Header.delayedResponseTo(0xF014_5005));
    }

    @Test
    void onlyTypeZeroIsACommand() {
        assertTrue(Header.isCommand(0x00145006));
        assertFalse(Header.isCommand(0x00145106));
        assertFalse(Header.isCommand(0x00145206));
        assertFalse(Header.isCommand(0x00145306));
        assertEquals(MessageType.COMMAND, MessageType.of(0));
        assertNull(MessageType.of(1));
        assertEquals(MessageType.DELAYED_RESPONSE, MessageType.of(2));
        assertEquals(MessageType.NOTIFICATION, MessageType.of(3));
    }
}
