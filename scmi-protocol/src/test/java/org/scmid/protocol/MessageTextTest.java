/* The trace line of messages that are not well formed. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.protocol.Wire.message;

import org.junit.jupiter.api.Test;
import org.scmid.protocol.catalogue.MessageText;

class MessageTextTest {
    @Test
    void whatHasNoHeaderIsShownAsBytes() {
        assertEquals("no header", MessageText.ofRequest(message("")));
        assertEquals("no header bytes=0102ff", MessageText.ofRequest(message("0102ff")));
    }

    @Test
    void unknownProtocolsMessagesAndTypesAreShownAsNumbers() {
        assertEquals("clock message 0x7f type=0 token=5 payload=0102", MessageText.ofRequest(message("7f501400 0102")));
        assertEquals("clock message 0x7f type=0 token=5 NOT_FOUND", MessageText.ofReply(message("7f501400 fcffffff")));
        assertEquals(
                "pinctrl message 0x6 type=0 token=0 payload=01000000",
                MessageText.ofRequest(message("06640000 01000000")));
        assertEquals("protocol 0x80 message 0x1 type=0 token=0", MessageText.ofRequest(message("01000200")));
        assertEquals("clock message 0x6 type=1 token=5", MessageText.ofRequest(message("06511400")));
    }

    @Test
    void payloadsThatAreCutOffOrTooLongAreShownToTheLastByte() {
        assertEquals(
                "CLOCK_RATE_SET token=5 flags=0x0 clock=2 cut_off=00e1 missing=rate",
                MessageText.ofRequest(message("05501400 00000000 02000000 00e1")));
        assertEquals(
                "CLOCK_RATE_GET token=5 clock=2 surplus=aabb",
                MessageText.ofRequest(message("06501400 02000000 aabb")));
        assertEquals("CLOCK_RATE_GET token=5 missing=clock", MessageText.ofRequest(message("06501400")));
        assertEquals("CLOCK_RATE_GET token=5 no status bytes=0000", MessageText.ofReply(message("06501400 0000")));
        assertEquals(
                "CLOCK_RATE_GET token=5 NOT_FOUND surplus=00000000",
                MessageText.ofReply(message("06501400 fcffffff 00000000")));
    }

    @Test
    void aListThatIsShorterThanItSaysIsShownWithWhatIsMissing() {
        assertEquals(
                "CLOCK_DESCRIBE_RATES token=5 SUCCESS num_rates_flags=0xfff rates=[1] missing_items=4094 surplus=ff",
                MessageText.ofReply(message("04501400 00000000 ff0f0000 01000000 00000000 ff")));
        assertEquals(
                "BASE_DISCOVER_LIST_PROTOCOLS token=5 SUCCESS num_protocols=4294967295 protocols=[0x14]"
                        + " missing_items=4294967294",
                MessageText.ofReply(message("06401400 00000000 ffffffff 14")));
    }

    @Test
    void paddingThatIsNotZeroIsShown() {
        assertEquals(
                "BASE_DISCOVER_LIST_PROTOCOLS token=5 SUCCESS num_protocols=1 protocols=[0x14] surplus=000001",
                MessageText.ofReply(message("06401400 00000000 01000000 14000001")));
    }

    @Test
    void reservedHeaderBitsAreShown() {
        assertEquals("clock PROTOCOL_VERSION token=5 header_reserved=0xa", MessageText.ofRequest(message("005014a0")));
    }

    @Test
    void aLongUnknownMessageDoesNotFillTheLog() {
        String text = MessageText.ofRequest(new MessageBuffer(4096));
        assertTrue(text.endsWith("...(4092 bytes)"), text);
        assertTrue(text.length() < 250, text);
    }
}
