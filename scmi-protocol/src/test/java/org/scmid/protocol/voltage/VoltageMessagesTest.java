/* Every message of the Voltage protocol, byte by byte, both directions, old layouts included. */
package org.scmid.protocol.voltage;

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
import org.scmid.protocol.common.ResourceRequest;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 5c 14 00}. */
class VoltageMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({
        "VOLTAGE_DOMAIN_ATTRIBUTES, 03",
        "VOLTAGE_CONFIG_GET,        06",
        "VOLTAGE_LEVEL_GET,         08",
        "VOLTAGE_DOMAIN_NAME_GET,   09"
    })
    void requestsThatNameOnlyTheDomain(VoltageMessage command, String id) {
        String request = id + "5c1400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(0x102, flyweight.wrap(message(request)).resource());
        assertEquals(command + " token=5 domain=258", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({"VOLTAGE_CONFIG_SET, 05", "VOLTAGE_LEVEL_SET, 07"})
    void repliesWithoutPayload(VoltageMessage command, String id) {
        String reply = id + "5c1400 fdffffff";
        int header = message(id + "5c1400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.DENIED.code()));
        assertEquals(command + " token=5 DENIED", MessageText.ofReply(message(reply)));
    }

    @Test
    void genericMessages() {
        assertWritten("005c1400", room, EmptyRequest.write(room, VoltageMessage.PROTOCOL_VERSION, 5));
        assertEquals(
                "voltage PROTOCOL_VERSION token=5 SUCCESS version=0x20001",
                MessageText.ofReply(message("005c1400 00000000 01000200")));
        MessageBuffer second = room();
        NegotiateProtocolVersion.Request negotiate =
                new NegotiateProtocolVersion.Request(VoltageMessage.NEGOTIATE_PROTOCOL_VERSION);
        negotiate.begin(second, 5).version(VoltageVersion.V2_0);
        assertWritten("105c1400 00000200", second, negotiate.messageLength());
    }

    @Test
    void protocolAttributes() {
        assertWritten("015c1400", room, EmptyRequest.write(room, VoltageMessage.PROTOCOL_ATTRIBUTES, 5));
        VoltageProtocolAttributes.Reply flyweight = new VoltageProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00145C01).domains(0x1234);
        assertWritten("015c1400 00000000 34120000", answer, flyweight.messageLength());
        assertEquals(
                0x1234, flyweight.wrap(message("015c1400 00000000 3412ffff")).domains());
        assertThrows(IllegalArgumentException.class, () -> flyweight.domains(0x10000));
    }

    @Test
    void domainAttributes() {
        String reply = "035c1400 00000000 000000c0" + name("vdd-sd", 16);
        VoltageDomainAttributes.Reply flyweight = new VoltageDomainAttributes.Reply();
        flyweight.begin(answer, 0x00145C03).attributes(-1, VoltageVersion.V2_1).name("vdd-sd");
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertEquals(
                VoltageDomainAttributes.Reply.ASYNC_LEVEL_SET | VoltageDomainAttributes.Reply.EXTENDED_NAME,
                flyweight.attributes());
        assertEquals("vdd-sd", flyweight.name());
        assertEquals(
                "VOLTAGE_DOMAIN_ATTRIBUTES token=5 SUCCESS attributes=0xc0000000 name=\"vdd-sd\"",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void domainAttributesOfVersion1HaveNoBit() {
        VoltageDomainAttributes.Reply flyweight = new VoltageDomainAttributes.Reply();
        flyweight.begin(answer, 0x00145C03).attributes(-1, VoltageVersion.V1_0).name("vdd-sd");
        assertWritten("035c1400 00000000 00000000" + name("vdd-sd", 16), answer, flyweight.messageLength());
        flyweight.attributes(-1, VoltageVersion.V2_0);
        assertEquals(0xC0000000, flyweight.attributes());
    }

    @Test
    void aLongNameIsWholeInNameGet() {
        String name = "a-supply-with-a-name-of-more-than-fifteen-characters";
        String reply = "095c1400 00000000 00000000" + name(name, 64);
        NameReply whole = new NameReply();
        whole.begin(answer, 0x00145C09).name(name);
        assertWritten(reply, answer, whole.messageLength());
        assertEquals(
                "VOLTAGE_DOMAIN_NAME_GET token=5 SUCCESS flags=0x0 name=\"" + name + "\"",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void describeLevelsAsAList() {
        String request = "045c1400 02000000 01000000";
        VoltageDescribeLevels.Request asked = new VoltageDescribeLevels.Request();
        asked.begin(room, 5).resource(2).levelIndex(1);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message(request));
        assertEquals(2, asked.resource());
        assertEquals(1, asked.levelIndex());
        assertEquals("VOLTAGE_DESCRIBE_LEVELS token=5 domain=2 level_index=1", MessageText.ofRequest(message(request)));

        String reply = "045c1400 00000000 02000500 f0d8ffff a05a3200";
        VoltageDescribeLevels.Reply flyweight = new VoltageDescribeLevels.Reply();
        flyweight.begin(answer, 0x00145C04).list(2, 5).level(0, -10_000).level(1, 3_300_000);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message("045c1400 00000000 02e00500 f0d8ffff a05a3200"));
        assertTrue(flyweight.isComplete());
        assertFalse(flyweight.isRange());
        assertEquals(2, flyweight.returned());
        assertEquals(5, flyweight.remaining());
        assertEquals(-10_000, flyweight.level(0));
        assertEquals(3_300_000, flyweight.level(1));
        assertEquals(
                "VOLTAGE_DESCRIBE_LEVELS token=5 SUCCESS flags=0x50002 levels=[-10000,3300000]",
                MessageText.ofReply(message(reply)));
        assertFalse(flyweight
                .wrap(message("045c1400 00000000 02000000 f0d8ffff a05a32"))
                .isComplete());
    }

    @Test
    void describeLevelsAsARange() {
        String reply = "045c1400 00000000 03100000 c0270900 20d61300 d4300000";
        VoltageDescribeLevels.Reply flyweight = new VoltageDescribeLevels.Reply();
        flyweight.begin(answer, 0x00145C04).range(600_000, 1_300_000, 12_500);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isRange());
        assertEquals(3, flyweight.returned());
        assertEquals(0, flyweight.remaining());
        assertEquals(600_000, flyweight.level(0));
        assertEquals(1_300_000, flyweight.level(1));
        assertEquals(12_500, flyweight.level(2));
    }

    @Test
    void describeLevelsCountsWhatFits() {
        assertEquals(0, VoltageDescribeLevels.Reply.capacity(0));
        assertEquals(0, VoltageDescribeLevels.Reply.capacity(15));
        assertEquals(1, VoltageDescribeLevels.Reply.capacity(16));
        assertEquals(31, VoltageDescribeLevels.Reply.capacity(136));
        assertEquals(4095, VoltageDescribeLevels.Reply.capacity(1 << 20));
        VoltageDescribeLevels.Reply flyweight = new VoltageDescribeLevels.Reply().wrap(answer);
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(4096, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(0, 65536));
    }

    @Test
    void configSetAndConfigGet() {
        String request = "055c1400 02000000 07000000";
        VoltageConfigSet.Request asked = new VoltageConfigSet.Request();
        asked.begin(room, 5).resource(2).config(VoltageConfig.ON);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("055c1400 02000000 18000000"));
        assertEquals(0x18, asked.config());
        assertEquals(0x10, asked.config() & VoltageConfig.RESERVED);
        assertEquals(8, asked.config() & VoltageConfig.VENDOR);
        assertEquals("VOLTAGE_CONFIG_SET token=5 domain=2 config=0x7", MessageText.ofRequest(message(request)));

        String reply = "065c1400 00000000 0f000000";
        VoltageConfigGet.Reply flyweight = new VoltageConfigGet.Reply();
        flyweight.begin(answer, 0x00145C06).config(-1);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(15, flyweight.wrap(message(reply)).config());
        assertEquals("VOLTAGE_CONFIG_GET token=5 SUCCESS config=0xf", MessageText.ofReply(message(reply)));
        assertEquals(0, VoltageConfig.OFF);
    }

    @Test
    void levelSetHasItsDomainFirst() {
        String request = "075c1400 02000000 01000000 f0d8ffff";
        VoltageLevelSet.Request asked = new VoltageLevelSet.Request();
        asked.begin(room, 5).resource(2).flags(-1).level(-10_000);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message("075c1400 02000000 03000000 f0d8ffff"));
        assertEquals(2, asked.resource());
        assertEquals(3, asked.flags());
        assertEquals(-10_000, asked.level());
        assertEquals(2, asked.flags() & VoltageLevelSet.Request.RESERVED);
        assertEquals(3, asked.flags() & VoltageLevelSet.Request.RESERVED_BEFORE_2_0);
        assertEquals(
                "VOLTAGE_LEVEL_SET token=5 domain=2 flags=0x1 level=-10000", MessageText.ofRequest(message(request)));
    }

    @Test
    void levelSetComplete() {
        String delayed = "075e1400 00000000 02000000 a05a3200";
        VoltageLevelSet.Delayed flyweight = new VoltageLevelSet.Delayed();
        flyweight.begin(answer, 0x00145C07).domain(2).level(3_300_000);
        assertWritten(delayed, answer, flyweight.messageLength());
        flyweight.wrap(message(delayed));
        assertTrue(flyweight.isSuccess());
        assertEquals(2, flyweight.domain());
        assertEquals(3_300_000, flyweight.level());
        assertEquals(
                "VOLTAGE_LEVEL_SET_COMPLETE token=5 SUCCESS domain=2 level=3300000",
                MessageText.ofReply(message(delayed)));
        assertFalse(flyweight.wrap(message("075e1400 f7ffffff")).isSuccess());
        assertEquals(-9, flyweight.status());
    }

    @Test
    void levelGet() {
        String reply = "085c1400 00000000 f0d8ffff";
        VoltageLevelGet.Reply flyweight = new VoltageLevelGet.Reply();
        flyweight.begin(answer, 0x00145C08).level(-10_000);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(-10_000, flyweight.wrap(message(reply)).level());
        assertEquals("VOLTAGE_LEVEL_GET token=5 SUCCESS level=-10000", MessageText.ofReply(message(reply)));
    }
}
