/* The tables of messages against the specification's, written here by hand. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseVersion;
import org.scmid.protocol.catalogue.MessageTables;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.clock.ClockVersion;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceVersion;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.protocol.system.SystemPowerVersion;

class MessageTableTest {
    /** Protocol, kind, id, name, presence, since, bytes from the agent, bytes from the platform (+: and a list). */
    private static final String SPECIFICATION = """
            base  command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            base  command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  4
            base  command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            base  command      0x3  BASE_DISCOVER_VENDOR                  M 1.0  0  16
            base  command      0x4  BASE_DISCOVER_SUB_VENDOR              O 1.0  0  16
            base  command      0x5  BASE_DISCOVER_IMPLEMENTATION_VERSION  M 1.0  0  4
            base  command      0x6  BASE_DISCOVER_LIST_PROTOCOLS          M 1.0  4  4+
            base  command      0x7  BASE_DISCOVER_AGENT                   O 1.0  4  20
            base  command      0x8  BASE_NOTIFY_ERRORS                    O 1.0  4  0
            base  command      0x9  BASE_SET_DEVICE_PERMISSIONS           O 2.0  12 0
            base  command      0xa  BASE_SET_PROTOCOL_PERMISSIONS         O 2.0  16 0
            base  command      0xb  BASE_RESET_AGENT_CONFIGURATION        O 2.0  8  0
            base  command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 2.1  4  0
            base  notification 0x0  BASE_ERROR_EVENT                      O 1.0  0  8+
            clock command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            clock command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  4
            clock command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            clock command      0x3  CLOCK_ATTRIBUTES                      M 1.0  4  24
            clock command      0x4  CLOCK_DESCRIBE_RATES                  M 1.0  8  4+
            clock command      0x5  CLOCK_RATE_SET                        M 1.0  16 0
            clock command      0x6  CLOCK_RATE_GET                        M 1.0  4  8
            clock command      0x7  CLOCK_CONFIG_SET                      M 1.0  12 0
            clock command      0x8  CLOCK_NAME_GET                        O 2.0  4  68
            clock command      0x9  CLOCK_RATE_NOTIFY                     O 2.0  8  0
            clock command      0xa  CLOCK_RATE_CHANGE_REQUESTED_NOTIFY    O 2.0  8  0
            clock command      0xb  CLOCK_CONFIG_GET                      M 3.0  8  12
            clock command      0xc  CLOCK_POSSIBLE_PARENTS_GET            O 3.0  8  4+
            clock command      0xd  CLOCK_PARENT_SET                      O 3.0  8  0
            clock command      0xe  CLOCK_PARENT_GET                      O 3.0  4  4
            clock command      0xf  CLOCK_GET_PERMISSIONS                 O 3.0  4  4
            clock command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 3.0  4  0
            clock delayed      0x5  CLOCK_RATE_SET_COMPLETE               O 1.0  0  12
            clock notification 0x0  CLOCK_RATE_CHANGED                    O 2.0  0  16
            clock notification 0x1  CLOCK_RATE_CHANGE_REQUESTED           O 2.0  0  16
            system command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            system command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  4
            system command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            system command      0x3  SYSTEM_POWER_STATE_SET                M 1.0  8  0
            system command      0x4  SYSTEM_POWER_STATE_GET                M 1.0  0  4
            system command      0x5  SYSTEM_POWER_STATE_NOTIFY             O 1.0  4  0
            system command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 2.1  4  0
            system notification 0x0  SYSTEM_POWER_STATE_NOTIFIER           O 1.0  0  16
            performance command      0x0  PROTOCOL_VERSION                 M 1.0  0  4
            performance command      0x1  PROTOCOL_ATTRIBUTES              M 1.0  0  16
            performance command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES      M 1.0  4  4
            performance command      0x3  PERFORMANCE_DOMAIN_ATTRIBUTES    M 1.0  4  32
            performance command      0x4  PERFORMANCE_DESCRIBE_LEVELS      M 1.0  8  4+
            performance command      0x5  PERFORMANCE_LIMITS_SET           M 1.0  12 0
            performance command      0x6  PERFORMANCE_LIMITS_GET           M 1.0  4  8
            performance command      0x7  PERFORMANCE_LEVEL_SET            M 1.0  8  0
            performance command      0x8  PERFORMANCE_LEVEL_GET            M 1.0  4  4
            performance command      0x9  PERFORMANCE_NOTIFY_LIMITS        O 1.0  8  0
            performance command      0xa  PERFORMANCE_NOTIFY_LEVEL         O 1.0  8  0
            performance command      0xb  PERFORMANCE_DESCRIBE_FASTCHANNEL O 2.0  8  44
            performance command      0xc  PERFORMANCE_DOMAIN_NAME_GET      O 3.0  4  68
            performance command      0x10 NEGOTIATE_PROTOCOL_VERSION       M 4.0  4  0
            performance notification 0x0  PERFORMANCE_LIMITS_CHANGED       O 1.0  0  16
            performance notification 0x1  PERFORMANCE_LEVEL_CHANGED        O 1.0  0  12
            voltage command      0x0  PROTOCOL_VERSION                     M 1.0  0  4
            voltage command      0x1  PROTOCOL_ATTRIBUTES                  M 1.0  0  4
            voltage command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES          M 1.0  4  4
            voltage command      0x3  VOLTAGE_DOMAIN_ATTRIBUTES            M 1.0  4  20
            voltage command      0x4  VOLTAGE_DESCRIBE_LEVELS              M 1.0  8  4+
            voltage command      0x5  VOLTAGE_CONFIG_SET                   M 1.0  8  0
            voltage command      0x6  VOLTAGE_CONFIG_GET                   M 1.0  4  4
            voltage command      0x7  VOLTAGE_LEVEL_SET                    M 1.0  12 0
            voltage command      0x8  VOLTAGE_LEVEL_GET                    M 1.0  4  4
            voltage command      0x9  VOLTAGE_DOMAIN_NAME_GET              O 2.0  4  68
            voltage command      0x10 NEGOTIATE_PROTOCOL_VERSION           M 2.1  4  0
            voltage delayed      0x7  VOLTAGE_LEVEL_SET_COMPLETE           O 2.0  0  8
            power command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            power command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  16
            power command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            power command      0x3  POWER_DOMAIN_ATTRIBUTES               M 1.0  4  20
            power command      0x4  POWER_STATE_SET                       M 1.0  12 0
            power command      0x5  POWER_STATE_GET                       M 1.0  4  4
            power command      0x6  POWER_STATE_NOTIFY                    O 1.0  8  0
            power command      0x7  POWER_STATE_CHANGE_REQUESTED_NOTIFY   O 2.0  8  0
            power command      0x8  POWER_DOMAIN_NAME_GET                 O 3.0  4  68
            power command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 3.1  4  0
            power notification 0x0  POWER_STATE_CHANGED                   O 1.0  0  12
            power notification 0x1  POWER_STATE_CHANGE_REQUESTED          O 2.0  0  12
            reset command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            reset command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  4
            reset command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            reset command      0x3  RESET_DOMAIN_ATTRIBUTES               M 1.0  4  24
            reset command      0x4  RESET                                 M 1.0  12 0
            reset command      0x5  RESET_NOTIFY                          O 1.0  8  0
            reset command      0x6  RESET_DOMAIN_NAME_GET                 O 3.0  4  68
            reset command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 3.1  4  0
            reset delayed      0x4  RESET_COMPLETE                        O 1.0  0  4
            reset notification 0x0  RESET_ISSUED                          O 1.0  0  12
            sensor command      0x0  PROTOCOL_VERSION                      M 1.0  0  4
            sensor command      0x1  PROTOCOL_ATTRIBUTES                   M 1.0  0  16
            sensor command      0x2  PROTOCOL_MESSAGE_ATTRIBUTES           M 1.0  4  4
            sensor command      0x3  SENSOR_DESCRIPTION_GET                M 1.0  4  4+
            sensor command      0x4  SENSOR_TRIP_POINT_NOTIFY              O 1.0  8  0
            sensor command      0x5  SENSOR_TRIP_POINT_CONFIG              O 1.0  16 0
            sensor command      0x6  SENSOR_READING_GET                    M 1.0  8  16+
            sensor command      0x7  SENSOR_AXIS_DESCRIPTION_GET           O 2.0  8  4+
            sensor command      0x8  SENSOR_LIST_UPDATE_INTERVALS          O 2.0  8  4+
            sensor command      0x9  SENSOR_CONFIG_GET                     O 2.0  4  4
            sensor command      0xa  SENSOR_CONFIG_SET                     O 2.0  8  0
            sensor command      0xb  SENSOR_CONTINUOUS_UPDATE_NOTIFY       O 2.0  8  0
            sensor command      0xc  SENSOR_NAME_GET                       O 3.0  4  68
            sensor command      0xd  SENSOR_AXIS_NAME_GET                  O 3.0  8  4+
            sensor command      0x10 NEGOTIATE_PROTOCOL_VERSION            M 3.1  4  0
            sensor delayed      0x6  SENSOR_READING_COMPLETE               O 1.0  0  20+
            sensor notification 0x0  SENSOR_TRIP_POINT_EVENT               O 1.0  0  12
            sensor notification 0x1  SENSOR_UPDATE                         O 2.0  0  24+
            """;

    @Test
    void everyMessageOfTheSpecificationIsInTheTablesAndNoOther() {
        int rows = 0;
        for (String line : SPECIFICATION.lines().toList()) {
            String[] row = line.trim().split(" +", 8);
            MessageType type = switch (row[1]) {
                case "command" -> MessageType.COMMAND;
                case "delayed" -> MessageType.DELAYED_RESPONSE;
                default -> MessageType.NOTIFICATION;
            };
            int protocol = protocolId(row[0]);
            Message message = MessageTables.of(type, protocol, Integer.decode(row[2]));
            assertNotNull(message, line);
            int newest = message.protocol().newestVersion();
            assertEquals(row[3], message.name());
            assertEquals(row[0], message.protocol().label(), line);
            assertEquals(row[4].equals("M"), message.isMandatory(), line);
            assertEquals(row[5], ProtocolVersion.text(message.description().since()), line);
            assertEquals(
                    Integer.parseInt(row[6]), message.description().fromAgent().length(newest), line);
            Layout fromPlatform = message.description().fromPlatform();
            assertEquals(row[7], fromPlatform.length(newest) + (fromPlatform.isVariable() ? "+" : ""), line);
            rows++;
        }
        int messages = 0;
        for (MessageTable<?> table : MessageTables.all()) {
            messages += table.messages().size();
        }
        assertEquals(rows, messages);
    }

    private static int protocolId(String label) {
        return switch (label) {
            case "base" -> 0x10;
            case "system" -> 0x12;
            case "power" -> 0x11;
            case "performance" -> 0x13;
            case "clock" -> 0x14;
            case "reset" -> 0x16;
            case "sensor" -> 0x15;
            case "voltage" -> 0x17;
            default -> throw new IllegalArgumentException(label);
        };
    }

    @Test
    void noTwoMessagesShareTypeAndIdOrName() {
        for (MessageTable<?> table : MessageTables.all()) {
            Set<String> ids = new HashSet<>();
            Set<String> names = new HashSet<>();
            for (Message message : table.messages()) {
                assertTrue(ids.add(message.type() + " " + message.id()), message.name());
                assertTrue(names.add(message.name()), message.name());
                assertSame(message, table.find(message.type(), message.id()));
                assertSame(table.protocol(), message.protocol());
                assertTrue(message.protocol().hasVersion(message.description().since()), message.name());
            }
        }
        ClockMessage[] twice = {ClockMessage.CLOCK_RATE_GET, ClockMessage.CLOCK_RATE_GET};
        assertThrows(IllegalArgumentException.class, () -> MessageTable.of(ProtocolId.CLOCK, twice));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertNull(ClockMessage.TABLE.command(0x11));
        assertNull(ClockMessage.TABLE.command(0xFF));
        assertNull(ClockMessage.TABLE.command(-1));
        assertNull(ClockMessage.TABLE.command(Integer.MIN_VALUE));
        assertNull(ClockMessage.TABLE.delayedResponse(0x4));
        assertNull(ClockMessage.TABLE.notification(2));
        assertNull(BaseMessage.TABLE.command(0xC));
        assertNull(BaseMessage.TABLE.delayedResponse(0));
        assertNull(MessageTables.of(0x99));
        assertNull(MessageTables.of(-1));
        assertNull(MessageTables.of(0x100));
        assertNull(MessageTables.of(MessageType.COMMAND, 0x99, 0));
        assertEquals(0x11, ClockMessage.TABLE.commandLimit());
    }

    @Test
    void aMessageIsThereFromTheVersionThatIntroducedIt() {
        assertFalse(ClockMessage.CLOCK_CONFIG_GET.isIn(ClockVersion.V2_0));
        assertTrue(ClockMessage.CLOCK_CONFIG_GET.isIn(ClockVersion.V3_0));
        assertFalse(BaseMessage.NEGOTIATE_PROTOCOL_VERSION.isIn(BaseVersion.V2_0));
        assertTrue(BaseMessage.NEGOTIATE_PROTOCOL_VERSION.isIn(BaseVersion.V2_1));
    }

    @Test
    void aRequestOfTheWrongLengthIsNotAccepted() {
        for (MessageTable<?> table : MessageTables.all()) {
            for (Message message : table.messages()) {
                if (message.type() != MessageType.COMMAND || message == ClockMessage.CLOCK_CONFIG_SET) {
                    continue;
                }
                int version = table.protocol().newestVersion();
                int right = message.description().fromAgent().length(version);
                for (int length = 0; length <= right + 9; length++) {
                    assertEquals(length == right, message.acceptsRequest(length, version), message + " " + length);
                }
            }
        }
    }

    @Test
    void configSetTakesTwoOrThreeWordsInEveryVersion() {
        for (int version : ProtocolId.CLOCK.versions()) {
            for (int length = 0; length <= 20; length++) {
                assertEquals(
                        length == 8 || length == 12, ClockMessage.CLOCK_CONFIG_SET.acceptsRequest(length, version));
            }
        }
        Layout layout = ClockMessage.CLOCK_CONFIG_SET.description().fromAgent();
        assertEquals(8, layout.length(ClockVersion.V2_0));
        assertEquals(12, layout.length(ClockVersion.V3_0));
    }

    @Test
    void layoutsOfOldVersionsLackWhatCameLater() {
        Layout attributes = ClockMessage.CLOCK_ATTRIBUTES.description().fromPlatform();
        assertEquals(20, attributes.length(ClockVersion.V1_0));
        assertEquals(24, attributes.length(ClockVersion.V2_0));
        Layout agent = BaseMessage.BASE_DISCOVER_AGENT.description().fromPlatform();
        assertEquals(16, agent.length(BaseVersion.V1_0));
        assertEquals(20, agent.length(BaseVersion.V2_0));
        Layout notifier =
                SystemPowerMessage.SYSTEM_POWER_STATE_NOTIFIER.description().fromPlatform();
        assertEquals(12, notifier.length(SystemPowerVersion.V1_0));
        assertEquals(16, notifier.length(SystemPowerVersion.V2_0));
        Field level = PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS
                .description()
                .fromPlatform()
                .fields()
                .getLast();
        assertEquals(12, level.itemBytes(PerformanceVersion.V3_0));
        assertEquals(20, level.itemBytes(PerformanceVersion.V4_0));
    }

    @Test
    void aLayoutWithAListInTheMiddleIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Layout.of(Field.u32("count"), Field.list("items", 0xFF, Field.u32("item")), Field.u32("after")));
        assertThrows(IllegalArgumentException.class, () -> Layout.of(Field.list("items", 0xFF, Field.u32("item"))));
        assertThrows(IllegalArgumentException.class, () -> Field.list("items", 0xFF));
    }

    @Test
    void protocolsAreFoundByTheirIds() {
        assertSame(ProtocolId.CLOCK, ProtocolId.of(0x14));
        assertNull(ProtocolId.of(0x1A));
        assertNull(ProtocolId.of(0x100));
        assertNull(ProtocolId.of(-1));
        assertEquals(0x30000, ProtocolId.CLOCK.newestVersion());
        assertEquals(0x20001, ProtocolId.BASE.newestVersion());
        assertEquals(0x20001, ProtocolVersion.of(2, 1));
        assertEquals("2.1", ProtocolVersion.text(0x20001));
        assertTrue(ProtocolVersion.isAtLeast(0xFFFF_0000, 0x30000));
    }
}
