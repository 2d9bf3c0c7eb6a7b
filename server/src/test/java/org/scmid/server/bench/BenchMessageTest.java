// Messages from words.
package org.scmid.server.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.sensor.SensorMessage;

class BenchMessageTest {
    private static String refused(String text, boolean mayChange) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> BenchMessage.parse(text, mayChange))
                .getMessage());
    }

    @Test
    void aMessageIsNamedAsInTheSpecification() {
        assertEquals(
                BaseMessage.PROTOCOL_VERSION,
                BenchMessage.parse("base-version", false).message());
        assertEquals(
                ClockMessage.PROTOCOL_ATTRIBUTES,
                BenchMessage.parse("clock-protocol-attributes", false).message());
        assertEquals(
                ClockMessage.CLOCK_ATTRIBUTES,
                BenchMessage.parse("CLOCK_ATTRIBUTES=1", false).message());
        assertEquals(
                SensorMessage.SENSOR_READING_GET,
                BenchMessage.parse("sensor-reading-get=0", false).message());
    }

    @Test
    void valuesFillTheRequestInTheOrderOfItsFields() {
        BenchMessage message = BenchMessage.parse("clock-rate-set=0x2, 7,0x100000002", true);
        assertArrayEquals(
                new byte[] {5, 0x50, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0},
                message.request(ClockVersion.V3_0));
        assertEquals("CLOCK_RATE_SET flags=2 clock=7 rate=4294967298", message.toString());
        assertEquals(
                "base PROTOCOL_VERSION",
                BenchMessage.parse("base-version", false).toString());
    }

    @Test
    void fieldsOfLaterVersionsAreLeftOut() {
        BenchMessage message = BenchMessage.parse("clock-config-set=1,2,3", true);
        assertEquals(16, message.request(ClockVersion.V3_0).length);
        assertEquals(12, message.request(ClockVersion.V2_0).length);
    }

    @Test
    void whatIsLeftOutIsZeroButNotTheResource() {
        assertEquals(
                "CLOCK_CONFIG_GET clock=3 flags=0",
                BenchMessage.parse("clock-config-get=3", false).toString());
        assertEquals(
                "BASE_DISCOVER_LIST_PROTOCOLS skip=0",
                BenchMessage.parse("base-discover-list-protocols", false).toString());
        String errors = refused("clock-rate-get", false);
        assertEquals("`clock-rate-get` is written clock-rate-get=CLOCK", errors);
        errors = refused("clock-config-get=1,2,3", false);
        assertEquals(
                "`clock-config-get` is written clock-config-get=CLOCK,FLAGS; what is left out at the end is 0", errors);
        assertEquals(
                "`clock-rate-set` is written clock-rate-set=FLAGS,CLOCK,RATE", refused("clock-rate-set=0,1", true));
        assertEquals("`base-version` has no values; leave out what follows it", refused("base-version=1", false));
    }

    @Test
    void whatIsNoValueIsSaid() {
        for (String value : List.of("", "x", "-1", "4294967296", "0x", "0x1ffffffff", "99999999999999999999")) {
            assertEquals(
                    "`" + value + "` is no value for clock of `clock-rate-get`: a number, decimal or 0x",
                    refused("clock-rate-get=" + value, false));
        }
    }

    @Test
    void aNameThatThereIsNotIsSaidWithThoseOfItsProtocol() {
        String errors = refused("clock-rat-get=1", false);
        assertTrue(errors.startsWith("`clock-rat-get` is no message that can be measured; there are clock-"), errors);
        assertTrue(errors.contains("clock-rate-get") && !errors.contains("clock-rate-set"), errors);
        assertEquals("`x` is no message that can be measured; `scmid bench --help` lists them", refused("x", false));
        refused("clock-rate-changed=1", false);
    }

    @Test
    void everyCommandHasANameOfItsOwnAndARequestThatFits() {
        Set<String> names = new HashSet<>();
        for (var table : MessageTables.all()) {
            for (Message message : table.messages()) {
                if (message.type() != MessageType.COMMAND) {
                    continue;
                }
                String name = BenchMessage.nameOf(message);
                assertTrue(names.add(name), name);
                int fields = message.description().fromAgent().fields().size();
                String text = fields == 0 ? name : name + "=0" + ",0".repeat(fields - 1);
                BenchMessage parsed = BenchMessage.parse(text, true);
                assertEquals(message, parsed.message());
                byte[] request = parsed.request(table.protocol().newestVersion());
                assertTrue(request.length <= BenchMessage.MAX_REQUEST_BYTES, text);
                assertTrue(
                        message.acceptsRequest(
                                request.length - Header.HEADER_BYTES,
                                table.protocol().newestVersion()),
                        text);
            }
        }
    }

    /** Written down, so that somebody decides about each new message whether a live platform can take it. */
    @Test
    void onlyTheseAreSentWithoutLeaveToChangeAnything() {
        assertEquals("""
                base-version base-protocol-attributes base-protocol-message-attributes base-discover-vendor
                base-discover-sub-vendor base-discover-implementation-version base-discover-list-protocols base-discover-agent
                power-version power-protocol-attributes power-protocol-message-attributes power-domain-attributes power-state-get
                power-domain-name-get
                system-version system-protocol-attributes system-protocol-message-attributes system-power-state-get
                performance-version performance-protocol-attributes performance-protocol-message-attributes
                performance-domain-attributes performance-describe-levels performance-limits-get performance-level-get
                performance-describe-fastchannel performance-domain-name-get
                clock-version clock-protocol-attributes clock-protocol-message-attributes clock-attributes clock-describe-rates
                clock-rate-get clock-name-get clock-config-get clock-possible-parents-get clock-parent-get clock-get-permissions
                sensor-version sensor-protocol-attributes sensor-protocol-message-attributes sensor-description-get
                sensor-reading-get sensor-axis-description-get sensor-list-update-intervals sensor-config-get sensor-name-get
                sensor-axis-name-get
                reset-version reset-protocol-attributes reset-protocol-message-attributes reset-domain-attributes
                reset-domain-name-get
                voltage-version voltage-protocol-attributes voltage-protocol-message-attributes voltage-domain-attributes
                voltage-describe-levels voltage-config-get voltage-level-get voltage-domain-name-get""".replace('\n', ' '), String.join(" ", BenchMessage.readOnlyNames()));
        assertEquals(
                "`clock-rate-set` changes the platform; only with --allow-changes it is sent",
                refused("clock-rate-set=0,0,0", false));
        refused("base-reset-agent-configuration=0,0", false);
        refused("base-negotiate-protocol-version=0", false);
        refused("clock-rate-notify=0,1", false);
    }
}
