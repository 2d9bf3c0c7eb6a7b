/* The table of the Reset protocol's messages. */
package org.scmid.protocol.reset;

import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.common.CommonLayouts.notifyEnable;
import static org.scmid.protocol.reset.ResetVersion.V1_0;
import static org.scmid.protocol.reset.ResetVersion.V3_0;
import static org.scmid.protocol.reset.ResetVersion.V3_1;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Reset protocol, versions 1.0, 2.0, 3.0 and 3.1. */
public enum ResetMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(0x1, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.ATTRIBUTES),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    RESET_DOMAIN_ATTRIBUTES(
            0x3,
            V1_0,
            MANDATORY,
            CommonLayouts.resource("domain"),
            Layout.of(bits("attributes"), u32("latency"), shortName("name"))),
    RESET(
            0x4,
            V1_0,
            MANDATORY,
            Aspect.RESET,
            Layout.of(
                    resource("domain"),
                    bits("flags").reserved(ResetCommand.Request.FLAGS_RESERVED),
                    bits("reset_state")),
            Layout.EMPTY),
    RESET_NOTIFY(0x5, V1_0, OPTIONAL, NOTIFY, notifyEnable("domain"), Layout.EMPTY),
    RESET_DOMAIN_NAME_GET(0x6, V3_0, OPTIONAL, CommonLayouts.resource("domain"), CommonLayouts.NAME),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V3_1, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    RESET_COMPLETE(Description.delayedResponse(0x4, V1_0, Layout.of(u32("domain")))),

    RESET_ISSUED(Description.notification(0x0, V1_0, Layout.of(u32("agent"), u32("domain"), bits("reset_state"))));

    /** All messages, by id. */
    public static final MessageTable<ResetMessage> TABLE = MessageTable.of(ProtocolId.RESET, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    ResetMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    ResetMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    ResetMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    ResetMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.RESET;
    }

    @Override
    public Description description() {
        return description;
    }
}
