/* Every message of the Performance protocol, byte by byte, both directions, old layouts included. */
package org.scmid.protocol.performance;

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
import org.scmid.protocol.common.NotifyRequest;
import org.scmid.protocol.common.ResourceRequest;
import org.scmid.protocol.performance.PerformanceProtocolAttributes.PowerUnit;

/** Token 5 throughout: the header of message {@code mm} is {@code mm 4c 14 00}. */
class PerformanceMessagesTest {
    private final MessageBuffer room = room();
    private final MessageBuffer answer = room();

    @ParameterizedTest
    @CsvSource({
        "PERFORMANCE_DOMAIN_ATTRIBUTES, 03",
        "PERFORMANCE_LIMITS_GET,        06",
        "PERFORMANCE_LEVEL_GET,         08",
        "PERFORMANCE_DOMAIN_NAME_GET,   0c"
    })
    void requestsThatNameOnlyTheDomain(PerformanceMessage command, String id) {
        String request = id + "4c1400 02010000";
        ResourceRequest flyweight = new ResourceRequest(command);
        flyweight.begin(room, 5).resource(0x102);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(command + " token=5 domain=258", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({"PERFORMANCE_NOTIFY_LIMITS, 09", "PERFORMANCE_NOTIFY_LEVEL, 0a"})
    void requestsForNotifications(PerformanceMessage command, String id) {
        String request = id + "4c1400 02000000 01000000";
        NotifyRequest flyweight = new NotifyRequest(command);
        flyweight.begin(room, 5).resource(2).notifyEnable(true);
        assertWritten(request, room, flyweight.messageLength());
        assertEquals(command + " token=5 domain=2 notify_enable=0x1", MessageText.ofRequest(message(request)));
    }

    @ParameterizedTest
    @CsvSource({
        "PERFORMANCE_LIMITS_SET,    05",
        "PERFORMANCE_LEVEL_SET,     07",
        "PERFORMANCE_NOTIFY_LIMITS, 09",
        "PERFORMANCE_NOTIFY_LEVEL,  0a"
    })
    void repliesWithoutPayload(PerformanceMessage command, String id) {
        String reply = id + "4c1400 fbffffff";
        int header = message(id + "4c1400").getU32(0);
        assertWritten(reply, room, StatusReply.write(room, header, Status.OUT_OF_RANGE.code()));
        assertEquals(command + " token=5 OUT_OF_RANGE", MessageText.ofReply(message(reply)));
    }

    @Test
    void protocolAttributes() {
        assertWritten("014c1400", room, EmptyRequest.write(room, PerformanceMessage.PROTOCOL_ATTRIBUTES, 5));
        PerformanceProtocolAttributes.Reply flyweight = new PerformanceProtocolAttributes.Reply();
        flyweight.begin(answer, 0x00144C01).attributes(0x1234, PowerUnit.MICROWATTS, PerformanceVersion.V3_0);
        assertWritten("014c1400 00000000 34120200 00000000 00000000 00000000", answer, flyweight.messageLength());
        flyweight.wrap(message("014c1400 00000000 0300f9ff 44332211 00000001 40000000"));
        assertEquals(3, flyweight.domains());
        assertEquals(1, flyweight.powerUnit());
        assertEquals(0x0100_0000_1122_3344L, flyweight.statisticsAddress());
        assertEquals(64, flyweight.statisticsLength());
        flyweight.wrap(answer);
        assertThrows(
                IllegalArgumentException.class,
                () -> flyweight.attributes(1, PowerUnit.MICROWATTS, PerformanceVersion.V2_0));
        assertThrows(
                IllegalArgumentException.class,
                () -> flyweight.attributes(0x10000, PowerUnit.ABSTRACT, PerformanceVersion.V4_0));
    }

    @Test
    void domainAttributes() {
        String reply = "034c1400 00000000 000000fe e8030000 804f1200 06000000" + name("cpu", 16);
        PerformanceDomainAttributes.Reply flyweight = new PerformanceDomainAttributes.Reply();
        flyweight
                .begin(answer, 0x00144C03)
                .attributes(-1, PerformanceVersion.V4_0)
                .rateLimit(1000)
                .sustainedFrequency(1_200_000)
                .sustainedLevel(6)
                .name("cpu");
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message("034c1400 00000000 000000fe e80340ff 804f1200 06000000" + name("cpu", 16)));
        assertEquals(
                PerformanceDomainAttributes.Reply.MAY_SET_LIMITS
                        | PerformanceDomainAttributes.Reply.MAY_SET_LEVEL
                        | PerformanceDomainAttributes.Reply.LIMITS_NOTIFY
                        | PerformanceDomainAttributes.Reply.LEVEL_NOTIFY
                        | PerformanceDomainAttributes.Reply.FAST_CHANNELS
                        | PerformanceDomainAttributes.Reply.EXTENDED_NAME
                        | PerformanceDomainAttributes.Reply.LEVEL_INDEXING,
                flyweight.attributes());
        assertEquals(1000, flyweight.rateLimit());
        assertEquals(1_200_000, flyweight.sustainedFrequency());
        assertEquals(6, flyweight.sustainedLevel());
        assertEquals("cpu", flyweight.name());
        assertEquals(
                "PERFORMANCE_DOMAIN_ATTRIBUTES token=5 SUCCESS attributes=0xfe000000 rate_limit=1000"
                        + " sustained_freq=1200000 sustained_perf_level=6 name=\"cpu\"",
                MessageText.ofReply(message(reply)));
        flyweight.wrap(answer);
        assertThrows(IllegalArgumentException.class, () -> flyweight.rateLimit(0x100000));
    }

    @ParameterizedTest
    @CsvSource({"0x10000, f0", "0x20000, f8", "0x30000, fc", "0x40000, fe"})
    void domainAttributesHaveTheBitsOfTheirVersion(int version, String bits) {
        PerformanceDomainAttributes.Reply flyweight = new PerformanceDomainAttributes.Reply();
        flyweight.begin(answer, 0x00144C03).attributes(-1, version);
        assertEquals(Integer.parseInt(bits, 16) << 24, flyweight.attributes());
    }

    @Test
    void nameGet() {
        String reply = "0c4c1400 00000000 00000000" + name("a-domain-with-a-long-name", 64);
        NameReply whole = new NameReply();
        whole.begin(answer, 0x00144C0C).name("a-domain-with-a-long-name");
        assertWritten(reply, answer, whole.messageLength());
        assertEquals(
                "PERFORMANCE_DOMAIN_NAME_GET token=5 SUCCESS flags=0x0 name=\"a-domain-with-a-long-name\"",
                MessageText.ofReply(message(reply)));
    }

    @Test
    void levelsBeforeVersion4HaveThreeWords() {
        String request = "044c1400 02000000 01000000";
        PerformanceDescribeLevels.Request asked = new PerformanceDescribeLevels.Request();
        asked.begin(room, 5).resource(2).levelIndex(1);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message(request));
        assertEquals(2, asked.resource());
        assertEquals(1, asked.levelIndex());

        String reply = "044c1400 00000000 02000300 e0930400 78000000 32000000 804f1200 84030000 64000000";
        PerformanceDescribeLevels.Reply flyweight = new PerformanceDescribeLevels.Reply(PerformanceVersion.V3_0);
        flyweight
                .begin(answer, 0x00144C04)
                .list(2, 3)
                .level(0, 300_000, 120, 50)
                .indexed(0, 7, 7)
                .level(1, 1_200_000, 900, 100);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message("044c1400 00000000 02f00300 e0930400 78000000 3200ffff 804f1200 84030000 64000000"));
        assertTrue(flyweight.isComplete());
        assertEquals(2, flyweight.returned());
        assertEquals(3, flyweight.remaining());
        assertEquals(300_000, flyweight.level(0));
        assertEquals(120, flyweight.power(0));
        assertEquals(50, flyweight.latency(0));
        assertEquals(0, flyweight.frequency(0));
        assertEquals(1_200_000, flyweight.level(1));
        assertEquals(1, flyweight.index(1));
        assertEquals(
                "PERFORMANCE_DESCRIBE_LEVELS token=5 SUCCESS num_levels=0x30002"
                        + " levels=[300000/120/50,1200000/900/100]",
                MessageText.ofReply(message(reply), PerformanceVersion.V3_0));
    }

    @Test
    void levelsOfVersion4HaveFiveWords() {
        String reply = "044c1400 00000000 01000000 03000000 78000000 32000000 e0930400 02000000";
        PerformanceDescribeLevels.Reply flyweight = new PerformanceDescribeLevels.Reply(PerformanceVersion.V4_0);
        flyweight.begin(answer, 0x00144C04).list(1, 0).level(0, 3, 120, 50).indexed(0, 300_000, 2);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.isComplete());
        assertEquals(3, flyweight.level(0));
        assertEquals(300_000, flyweight.frequency(0));
        assertEquals(2, flyweight.index(0));
        assertEquals(
                "PERFORMANCE_DESCRIBE_LEVELS token=5 SUCCESS num_levels=0x1 levels=[3/120/50/300000/2]",
                MessageText.ofReply(message(reply)));
        assertFalse(flyweight
                .wrap(message("044c1400 00000000 01000000 03000000 78000000 32000000 e0930400"))
                .isComplete());
    }

    @Test
    void describeLevelsCountsWhatFits() {
        PerformanceDescribeLevels.Reply old = new PerformanceDescribeLevels.Reply(PerformanceVersion.V1_0);
        assertEquals(0, old.capacity(23));
        assertEquals(1, old.capacity(24));
        assertEquals(10, old.capacity(136));
        PerformanceDescribeLevels.Reply flyweight = new PerformanceDescribeLevels.Reply(PerformanceVersion.V4_0);
        assertEquals(0, flyweight.capacity(0));
        assertEquals(0, flyweight.capacity(31));
        assertEquals(1, flyweight.capacity(32));
        assertEquals(6, flyweight.capacity(136));
        assertEquals(4095, flyweight.capacity(1 << 20));
        flyweight.wrap(answer);
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(4096, 0));
        assertThrows(IllegalArgumentException.class, () -> flyweight.list(0, 65536));
        assertThrows(IllegalArgumentException.class, () -> flyweight.level(0, 1, 1, 65536));
    }

    @Test
    void limitsSetAndLimitsGetHaveTheHighestFirst() {
        String request = "054c1400 02000000 804f1200 e0930400";
        PerformanceLimitsSet.Request asked = new PerformanceLimitsSet.Request();
        asked.begin(room, 5).resource(2).limits(1_200_000, 300_000);
        assertWritten(request, room, asked.messageLength());
        asked.wrap(message(request));
        assertEquals(2, asked.resource());
        assertEquals(1_200_000, asked.max());
        assertEquals(300_000, asked.min());
        assertEquals(
                "PERFORMANCE_LIMITS_SET token=5 domain=2 range_max=1200000 range_min=300000",
                MessageText.ofRequest(message(request)));

        String reply = "064c1400 00000000 804f1200 e0930400";
        PerformanceLimitsGet.Reply flyweight = new PerformanceLimitsGet.Reply();
        flyweight.begin(answer, 0x00144C06).limits(1_200_000, 300_000);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertEquals(1_200_000, flyweight.max());
        assertEquals(300_000, flyweight.min());
    }

    @Test
    void levelSetAndLevelGet() {
        String request = "074c1400 02000000 804f1200";
        PerformanceLevelSet.Request asked = new PerformanceLevelSet.Request();
        asked.begin(room, 5).resource(2).level(1_200_000);
        assertWritten(request, room, asked.messageLength());
        assertEquals(1_200_000, asked.wrap(message(request)).level());
        assertEquals("PERFORMANCE_LEVEL_SET token=5 domain=2 level=1200000", MessageText.ofRequest(message(request)));

        String reply = "084c1400 00000000 804f1200";
        PerformanceLevelGet.Reply flyweight = new PerformanceLevelGet.Reply();
        flyweight.begin(answer, 0x00144C08).level(1_200_000);
        assertWritten(reply, answer, flyweight.messageLength());
        assertEquals(1_200_000, flyweight.wrap(message(reply)).level());
    }

    @Test
    void limitsChanged() {
        String event = "004f1400 01000000 02000000 804f1200 e0930400";
        PerformanceNotifyLimits.Event flyweight = new PerformanceNotifyLimits.Event();
        flyweight.begin(answer, 5).agent(1).domain(2).limits(1_200_000, 300_000);
        assertWritten(event, answer, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.domain());
        assertEquals(1_200_000, flyweight.max());
        assertEquals(300_000, flyweight.min());
        assertEquals(
                "PERFORMANCE_LIMITS_CHANGED token=5 agent=1 domain=2 range_max=1200000 range_min=300000",
                MessageText.ofReply(message(event)));
    }

    @Test
    void levelChanged() {
        String event = "014f1400 01000000 02000000 804f1200";
        PerformanceNotifyLevel.Event flyweight = new PerformanceNotifyLevel.Event();
        flyweight.begin(answer, 5).agent(1).domain(2).level(1_200_000);
        assertWritten(event, answer, flyweight.messageLength());
        flyweight.wrap(message(event));
        assertEquals(1, flyweight.agent());
        assertEquals(2, flyweight.domain());
        assertEquals(1_200_000, flyweight.level());
        assertEquals(
                "PERFORMANCE_LEVEL_CHANGED token=5 agent=1 domain=2 level=1200000",
                MessageText.ofReply(message(event)));
    }

    @Test
    void describeFastchannel() {
        String request = "0b4c1400 02000000 07000000";
        PerformanceDescribeFastchannel.Request asked = new PerformanceDescribeFastchannel.Request();
        asked.begin(room, 5).resource(2).messageId(7);
        assertWritten(request, room, asked.messageLength());
        assertEquals(7, asked.wrap(message(request)).messageId());

        String reply = "0b4c1400 00000000 05000000 e8030000 00000010 01000000 04000000"
                + " 00100010 01000000 01000000 00000000 feffffff 00000000";
        PerformanceDescribeFastchannel.Reply flyweight = new PerformanceDescribeFastchannel.Reply();
        flyweight
                .begin(answer, 0x00144C0B)
                .channel(0x1_1000_0000L, 4, 1000)
                .doorbell(32, 0x1_1000_1000L, 1, 0xFFFF_FFFEL);
        assertWritten(reply, answer, flyweight.messageLength());
        flyweight.wrap(message(reply));
        assertTrue(flyweight.hasDoorbell());
        assertEquals(32, flyweight.doorbellWidth());
        assertEquals(1000, flyweight.rateLimit());
        assertEquals(0x1_1000_0000L, flyweight.channelAddress());
        assertEquals(4, flyweight.channelSize());
        assertEquals(0x1_1000_1000L, flyweight.doorbellAddress());
        assertEquals(1, flyweight.doorbellSetMask());
        assertEquals(0xFFFF_FFFEL, flyweight.doorbellPreserveMask());
        assertThrows(IllegalArgumentException.class, () -> flyweight.doorbell(24, 0, 0, 0));
    }

    @Test
    void aFastchannelNeedsNoDoorbell() {
        PerformanceDescribeFastchannel.Reply flyweight = new PerformanceDescribeFastchannel.Reply();
        flyweight.begin(answer, 0x00144C0B).channel(0x1000, 8, 0).noDoorbell();
        assertWritten(
                "0b4c1400 00000000 00000000 00000000 00100000 00000000 08000000" + " 00000000".repeat(6),
                answer,
                flyweight.messageLength());
        assertFalse(flyweight.hasDoorbell());
    }
}
