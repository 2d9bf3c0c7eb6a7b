/* PROTOCOL_ATTRIBUTES of the Sensor protocol: how many sensors there are. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Layout.U32;
import org.scmid.protocol.Layout.U64;
import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Sensor protocol. Its request is empty. */
public final class SensorProtocolAttributes {
    private SensorProtocolAttributes() {}

    /**
     * <pre>
     * attributes
     *   15:0   sensors; their ids are 0..n-1
     *   23:16  most asynchronous readings that may be pending, 0 if asynchronous is not supported
     *   31:24  reserved
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        private static final Layout LAYOUT = SensorMessage.PROTOCOL_ATTRIBUTES.fromPlatform();
        private static final U32 ATTRIBUTES = LAYOUT.u32("attributes");
        private static final U64 REGISTERS_ADDRESS = LAYOUT.u64("sensor_reg_address");
        private static final U32 REGISTERS_LENGTH = LAYOUT.u32("sensor_reg_len");

        public static final int MAX_SENSORS = 0xFFFF;
        public static final int MAX_PENDING = 0xFF;
        private static final int PENDING_SHIFT = 16;

        public Reply() {
            super(LAYOUT);
        }

        public int sensors() {
            return get(ATTRIBUTES) & MAX_SENSORS;
        }

        public int maxPending() {
            return get(ATTRIBUTES) >>> PENDING_SHIFT & MAX_PENDING;
        }

        /** Writes the first word; 0..65535 sensors, 0..255 pending readings. */
        public Reply counts(int sensors, int maxPending) {
            return put(
                    ATTRIBUTES,
                    checkCount("number of sensors", sensors, MAX_SENSORS)
                            | checkCount("number of pending readings", maxPending, MAX_PENDING) << PENDING_SHIFT);
        }

        /** Address of the sensor registers that are shared with agents. */
        public long registersAddress() {
            return get(REGISTERS_ADDRESS);
        }

        /** Bytes, unsigned; 0 if there are no shared registers. */
        public int registersLength() {
            return get(REGISTERS_LENGTH);
        }

        /** Registers that agents can read for themselves; 0 and 0 if there are none. */
        public Reply registers(long address, int length) {
            return put(REGISTERS_ADDRESS, address).put(REGISTERS_LENGTH, length);
        }
    }
}
