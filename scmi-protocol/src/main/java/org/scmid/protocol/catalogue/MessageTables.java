/* The list of the protocols whose messages this module can read and write. */
package org.scmid.protocol.catalogue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.clock.ClockMessage;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.protocol.reset.ResetMessage;
import org.scmid.protocol.sensor.SensorMessage;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.protocol.voltage.VoltageMessage;

/** The tables of all protocols that are implemented here, found by protocol id. */
public final class MessageTables {
    private static final List<MessageTable<?>> ALL = List.of(
            BaseMessage.TABLE,
            PowerMessage.TABLE,
            SystemPowerMessage.TABLE,
            PerformanceMessage.TABLE,
            ClockMessage.TABLE,
            SensorMessage.TABLE,
            ResetMessage.TABLE,
            VoltageMessage.TABLE);

    private static final @Nullable MessageTable<?>[] BY_ID = new MessageTable<?>[ProtocolId.MAX_ID + 1];

    static {
        for (MessageTable<?> table : ALL) {
            BY_ID[table.protocol().id()] = table;
        }
    }

    private MessageTables() {}

    /** All tables, by ascending protocol id. */
    public static List<MessageTable<?>> all() {
        return ALL;
    }

    /** The table of a protocol, null if it is not implemented here or the id is out of range. */
    public static @Nullable MessageTable<?> of(int protocolId) {
        return protocolId >= 0 && protocolId <= ProtocolId.MAX_ID ? BY_ID[protocolId] : null;
    }

    /** The message that a header announces, null if it is unknown. */
    public static @Nullable Message of(MessageType type, int protocolId, int messageId) {
        MessageTable<?> table = of(protocolId);
        return table == null ? null : table.find(type, messageId);
    }
}
