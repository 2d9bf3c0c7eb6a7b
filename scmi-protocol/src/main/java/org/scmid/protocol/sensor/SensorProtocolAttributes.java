/* PROTOCOL_ATTRIBUTES of the Sensor protocol: how many sensors there are. */
package org.scmid.protocol.sensor;

import org.scmid.protocol.ReplyPayload;

/** PROTOCOL_ATTRIBUTES (0x1) of the Sensor protocol. Its request is empty. */
public final class SensorProtocolAttributes {
    private SensorProtocolAttributes() {}

    /**
     * <pre>
     * 0   u32  attributes
     *            15:0   sensors; their ids are 0..n-1
     *            23:16  most asynchronous readings that may be pending, 0 if asynchronous is not supported
     *            31:24  reserved
     * 4   u64  address of the sensor registers that are shared with agents, low word first
     * 12  u32  bytes of these registers, 0 if there are none
     * </pre>
     */
    public static final class Reply extends ReplyPayload<Reply> {
        public static final int LENGTH = 16;
        public static final int MAX_SENSORS = 0xFFFF;
        public static final int MAX_PENDING = 0xFF;
        private static final int ATTRIBUTES = 0;
        private static final int PENDING_SHIFT = 16;
        private static final int REGISTERS_ADDRESS = 4;
        private static final int REGISTERS_LENGTH = 12;

        public Reply() {
            super(LENGTH);
        }

        public int sensors() {
            return u32(ATTRIBUTES) & MAX_SENSORS;
        }

        public int maxPending() {
            return u32(ATTRIBUTES) >>> PENDING_SHIFT & MAX_PENDING;
        }

        /** Writes the first word; 0..65535 sensors, 0..255 pending readings. */
        public Reply counts(int sensors, int maxPending) {
            return putU32(
                    ATTRIBUTES,
                    checkCount("number of sensors", sensors, MAX_SENSORS)
                            | checkCount("number of pending readings", maxPending, MAX_PENDING) << PENDING_SHIFT);
        }

        public long registersAddress() {
            return u64(REGISTERS_ADDRESS);
        }

        /** Bytes, unsigned; 0 if there are no shared registers. */
        public int registersLength() {
            return u32(REGISTERS_LENGTH);
        }

        /** Registers that agents can read for themselves; 0 and 0 if there are none. */
        public Reply registers(long address, int length) {
            return putU64(REGISTERS_ADDRESS, address).putU32(REGISTERS_LENGTH, length);
        }
    }
}
