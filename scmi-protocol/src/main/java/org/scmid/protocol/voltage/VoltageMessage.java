/* The table of the Voltage protocol's messages. */
package org.scmid.protocol.voltage;

import static org.scmid.protocol.Aspect.LEVEL;
import static org.scmid.protocol.Aspect.STATE;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.i32;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.voltage.VoltageVersion.V1_0;
import static org.scmid.protocol.voltage.VoltageVersion.V2_0;
import static org.scmid.protocol.voltage.VoltageVersion.V2_1;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Voltage protocol, versions 1.0, 2.0 and 2.1. It has no notifications. */
public enum VoltageMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(0x1, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.ATTRIBUTES),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    VOLTAGE_DOMAIN_ATTRIBUTES(
            0x3, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(bits("attributes"), shortName("name"))),
    VOLTAGE_DESCRIBE_LEVELS(
            0x4,
            V1_0,
            MANDATORY,
            Layout.of(resource("domain"), u32("level_index")),
            Layout.of(bits("flags"), list("levels", 0xFFF, i32("level")))),
    VOLTAGE_CONFIG_SET(
            0x5,
            V1_0,
            MANDATORY,
            STATE,
            Layout.of(resource("domain"), bits("config").reserved(VoltageConfig.RESERVED)),
            Layout.EMPTY),
    VOLTAGE_CONFIG_GET(0x6, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(bits("config"))),
    VOLTAGE_LEVEL_SET(
            0x7,
            V1_0,
            MANDATORY,
            LEVEL,
            Layout.of(
                    resource("domain"),
                    bits("flags")
                            .reserved(
                                    VoltageLevelSet.Request.RESERVED,
                                    V2_0,
                                    VoltageLevelSet.Request.RESERVED_BEFORE_2_0),
                    i32("level")),
            Layout.EMPTY),
    VOLTAGE_LEVEL_GET(0x8, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(i32("level"))),
    VOLTAGE_DOMAIN_NAME_GET(0x9, V2_0, OPTIONAL, CommonLayouts.resource("domain"), CommonLayouts.NAME),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V2_1, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    VOLTAGE_LEVEL_SET_COMPLETE(Description.delayedResponse(0x7, V2_0, Layout.of(u32("domain"), i32("level"))));

    /** All messages, by id. */
    public static final MessageTable<VoltageMessage> TABLE = MessageTable.of(ProtocolId.VOLTAGE, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    VoltageMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    VoltageMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    VoltageMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    VoltageMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.VOLTAGE;
    }

    @Override
    public Description description() {
        return description;
    }
}
