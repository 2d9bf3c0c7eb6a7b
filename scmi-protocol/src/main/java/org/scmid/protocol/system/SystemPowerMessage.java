/* The table of the System power protocol's messages. */
package org.scmid.protocol.system;

import static org.scmid.protocol.Aspect.STATE;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.Tier.READ;
import static org.scmid.protocol.common.CommonLayouts.notifyWord;
import static org.scmid.protocol.system.SystemPowerVersion.V1_0;
import static org.scmid.protocol.system.SystemPowerVersion.V2_0;
import static org.scmid.protocol.system.SystemPowerVersion.V2_1;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the System power protocol, versions 1.0, 2.0 and 2.1. */
public enum SystemPowerMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, READ, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(0x1, V1_0, MANDATORY, READ, Layout.EMPTY, CommonLayouts.ATTRIBUTES),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, READ, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    SYSTEM_POWER_STATE_SET(
            0x3,
            V1_0,
            MANDATORY,
            STATE,
            Layout.of(bits("flags").reserved(SystemState.FLAGS_RESERVED), bits("system_state")),
            Layout.EMPTY),
    SYSTEM_POWER_STATE_GET(0x4, V1_0, MANDATORY, READ, Layout.EMPTY, Layout.of(bits("system_state"))),
    SYSTEM_POWER_STATE_NOTIFY(0x5, V1_0, OPTIONAL, NOTIFY, Layout.of(notifyWord("notify_enable")), Layout.EMPTY),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V2_1, MANDATORY, READ, CommonLayouts.VERSION, Layout.EMPTY),

    SYSTEM_POWER_STATE_NOTIFIER(Description.notification(
            0x0,
            V1_0,
            Layout.of(
                    u32("agent"),
                    bits("flags"),
                    bits("system_state"),
                    u32("timeout").since(V2_0))));

    /** All messages, by id. */
    public static final MessageTable<SystemPowerMessage> TABLE = MessageTable.of(ProtocolId.SYSTEM, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    SystemPowerMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    SystemPowerMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    SystemPowerMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.SYSTEM;
    }

    @Override
    public Description description() {
        return description;
    }
}
