/* The table of the Power domain protocol's messages. */
package org.scmid.protocol.power;

import static org.scmid.protocol.Aspect.STATE;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.common.CommonLayouts.notifyEnable;
import static org.scmid.protocol.power.PowerVersion.V1_0;
import static org.scmid.protocol.power.PowerVersion.V2_0;
import static org.scmid.protocol.power.PowerVersion.V3_0;
import static org.scmid.protocol.power.PowerVersion.V3_1;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/**
 * The messages of the Power domain protocol, versions 1.0, 2.0, 2.1, 3.0 and 3.1.
 *
 * <p>There is no delayed response: an asynchronous POWER_STATE_SET is answered when it is accepted, and who wants to
 * know when it is done subscribes to POWER_STATE_CHANGED.
 */
public enum PowerMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(
            0x1,
            V1_0,
            MANDATORY,
            Layout.EMPTY,
            Layout.of(bits("attributes"), u32("statistics_low"), u32("statistics_high"), u32("statistics_len"))),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    POWER_DOMAIN_ATTRIBUTES(
            0x3, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(bits("attributes"), shortName("name"))),
    POWER_STATE_SET(
            0x4,
            V1_0,
            MANDATORY,
            STATE,
            Layout.of(
                    bits("flags").reserved(PowerStateSet.Request.FLAGS_RESERVED),
                    resource("domain"),
                    bits("power_state")),
            Layout.EMPTY),
    POWER_STATE_GET(0x5, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(bits("power_state"))),
    POWER_STATE_NOTIFY(0x6, V1_0, OPTIONAL, NOTIFY, notifyEnable("domain"), Layout.EMPTY),
    POWER_STATE_CHANGE_REQUESTED_NOTIFY(0x7, V2_0, OPTIONAL, NOTIFY, notifyEnable("domain"), Layout.EMPTY),
    POWER_DOMAIN_NAME_GET(0x8, V3_0, OPTIONAL, CommonLayouts.resource("domain"), CommonLayouts.NAME),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V3_1, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    POWER_STATE_CHANGED(Description.notification(0x0, V1_0, stateOfDomain())),
    POWER_STATE_CHANGE_REQUESTED(Description.notification(0x1, V2_0, stateOfDomain()));

    /** All messages, by id. */
    public static final MessageTable<PowerMessage> TABLE = MessageTable.of(ProtocolId.POWER, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    PowerMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    PowerMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    PowerMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    PowerMessage(Description description) {
        this.description = description;
    }

    private static Layout stateOfDomain() {
        return Layout.of(u32("agent"), u32("domain"), bits("power_state"));
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.POWER;
    }

    @Override
    public Description description() {
        return description;
    }
}
