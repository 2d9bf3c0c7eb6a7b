/* Which bits of requests must be 0, as the tables say it against the specification, written here by hand. */
package org.scmid.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u64;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.catalogue.MessageTables;

class ReservedBitsTest {
    private static final int V1_0 = 0x10000;

    /** Protocol, command, offset of the word, the bits in the oldest version and in the newest. */
    private static final List<String> SPECIFICATION = """
            base BASE_NOTIFY_ERRORS 0 fffffffe fffffffe
            base BASE_SET_DEVICE_PERMISSIONS 8 fffffffe fffffffe
            base BASE_SET_PROTOCOL_PERMISSIONS 8 ffffff00 ffffff00
            base BASE_SET_PROTOCOL_PERMISSIONS 12 fffffffe fffffffe
            base BASE_RESET_AGENT_CONFIGURATION 4 fffffffe fffffffe
            power POWER_STATE_SET 0 fffffffe fffffffe
            power POWER_STATE_NOTIFY 4 fffffffe fffffffe
            power POWER_STATE_CHANGE_REQUESTED_NOTIFY 4 fffffffe fffffffe
            system SYSTEM_POWER_STATE_SET 0 fffffffe fffffffe
            system SYSTEM_POWER_STATE_NOTIFY 0 fffffffe fffffffe
            performance PERFORMANCE_NOTIFY_LIMITS 4 fffffffe fffffffe
            performance PERFORMANCE_NOTIFY_LEVEL 4 fffffffe fffffffe
            clock CLOCK_RATE_SET 0 fffffff0 fffffff0
            clock CLOCK_CONFIG_SET 4 fffffffe ff00fffc
            clock CLOCK_RATE_NOTIFY 4 fffffffe fffffffe
            clock CLOCK_RATE_CHANGE_REQUESTED_NOTIFY 4 fffffffe fffffffe
            clock CLOCK_CONFIG_GET 4 ffffff00 ffffff00
            sensor SENSOR_TRIP_POINT_NOTIFY 4 fffffffe fffffffe
            sensor SENSOR_TRIP_POINT_CONFIG 4 fffff00c fffff00c
            sensor SENSOR_READING_GET 4 fffffffe fffffffe
            sensor SENSOR_CONFIG_SET 4 1fc 1fc
            sensor SENSOR_CONTINUOUS_UPDATE_NOTIFY 4 fffffffe fffffffe
            reset RESET 4 fffffff8 fffffff8
            reset RESET_NOTIFY 4 fffffffe fffffffe
            voltage VOLTAGE_CONFIG_SET 4 fffffff0 fffffff0
            voltage VOLTAGE_LEVEL_SET 4 ffffffff fffffffe
            """.lines().toList();

    @Test
    void theTablesReserveWhatTheSpecificationReserves() {
        List<String> found = new ArrayList<>();
        for (MessageTable<?> table : MessageTables.all()) {
            for (Message message : table.messages()) {
                int offset = 0;
                for (Field field : message.fromAgent().fields()) {
                    if (field.reserved().isAny()) {
                        found.add("%s %s %d %x %x"
                                .formatted(
                                        table.protocol().label(),
                                        message.name(),
                                        offset,
                                        field.reserved().in(V1_0),
                                        field.reserved().in(Integer.MAX_VALUE)));
                    }
                    offset += field.kind().bytes();
                }
            }
        }
        assertEquals(String.join("\n", SPECIFICATION), String.join("\n", found));
    }

    @Test
    void aReservedBitIsSeenInEachWordAndByVersion() {
        Layout layout = Layout.of(u32("id"), bits("flags").reserved(0xFFFF_FFFC, 0x20000, 0xFFFF_FFFE), u64("value"));
        MessageBuffer request = new MessageBuffer(20);
        request.putU32(8, 2);
        assertFalse(layout.setsReservedBits(request, 4, 0x20000));
        assertTrue(layout.setsReservedBits(request, 4, V1_0), "reserved until 2.0");
        request.putU32(8, 4);
        assertTrue(layout.setsReservedBits(request, 4, 0x20000));
        request.putU32(8, 1);
        request.putU32(4, -1);
        request.putU32(12, -1);
        assertFalse(layout.setsReservedBits(request, 4, V1_0), "other words");
    }

    @Test
    void onlyAWordHasReservedBits() {
        assertThrows(IllegalArgumentException.class, () -> u64("value").reserved(1));
    }
}
