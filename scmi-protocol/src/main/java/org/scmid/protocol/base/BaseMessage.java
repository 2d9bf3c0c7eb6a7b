/* The table of the Base protocol's messages. */
package org.scmid.protocol.base;

import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.i32;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u8;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.base.BaseVersion.V1_0;
import static org.scmid.protocol.base.BaseVersion.V2_0;
import static org.scmid.protocol.base.BaseVersion.V2_1;
import static org.scmid.protocol.common.CommonLayouts.notifyWord;

import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Base protocol, versions 1.0, 2.0 and 2.1. */
public enum BaseMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(0x1, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.ATTRIBUTES),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    BASE_DISCOVER_VENDOR(0x3, V1_0, MANDATORY, Layout.EMPTY, Layout.of(shortName("vendor"))),
    BASE_DISCOVER_SUB_VENDOR(0x4, V1_0, OPTIONAL, Layout.EMPTY, Layout.of(shortName("sub_vendor"))),
    BASE_DISCOVER_IMPLEMENTATION_VERSION(0x5, V1_0, MANDATORY, Layout.EMPTY, Layout.of(bits("version"))),
    BASE_DISCOVER_LIST_PROTOCOLS(
            0x6,
            V1_0,
            MANDATORY,
            Layout.of(u32("skip")),
            Layout.of(u32("num_protocols"), list("protocols", -1, u8("protocol")))),
    BASE_DISCOVER_AGENT(
            0x7, V1_0, OPTIONAL, Layout.of(u32("agent")), Layout.of(u32("agent").since(V2_0), shortName("name"))),
    BASE_NOTIFY_ERRORS(0x8, V1_0, OPTIONAL, Tier.NOTIFY, Layout.of(notifyWord("notify_enable")), Layout.EMPTY),
    BASE_SET_DEVICE_PERMISSIONS(
            0x9,
            V2_0,
            OPTIONAL,
            Layout.of(
                    u32("agent"),
                    u32("device"),
                    bits("flags").reserved(BaseSetDevicePermissions.Request.FLAGS_RESERVED)),
            Layout.EMPTY),
    BASE_SET_PROTOCOL_PERMISSIONS(
            0xA,
            V2_0,
            OPTIONAL,
            Layout.of(
                    u32("agent"),
                    u32("device"),
                    bits("command_id").reserved(BaseSetProtocolPermissions.Request.COMMAND_ID_RESERVED),
                    bits("flags").reserved(BaseSetProtocolPermissions.Request.FLAGS_RESERVED)),
            Layout.EMPTY),
    BASE_RESET_AGENT_CONFIGURATION(
            0xB,
            V2_0,
            OPTIONAL,
            Layout.of(u32("agent"), bits("flags").reserved(BaseResetAgentConfiguration.Request.FLAGS_RESERVED)),
            Layout.EMPTY),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V2_1, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    BASE_ERROR_EVENT(Description.notification(
            0x0,
            V1_0,
            Layout.of(u32("agent"), bits("error_status"), list("reports", 0x3FF, bits("header"), i32("status")))));

    /** All messages, by id. */
    public static final MessageTable<BaseMessage> TABLE = MessageTable.of(ProtocolId.BASE, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    BaseMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    BaseMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    BaseMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.BASE;
    }

    @Override
    public Description description() {
        return description;
    }
}
