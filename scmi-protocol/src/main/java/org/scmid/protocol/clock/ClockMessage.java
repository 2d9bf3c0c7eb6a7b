/* The table of the Clock protocol's messages. */
package org.scmid.protocol.clock;

import static org.scmid.protocol.Aspect.PARENT;
import static org.scmid.protocol.Aspect.RATE;
import static org.scmid.protocol.Aspect.STATE;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u64;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.clock.ClockVersion.V1_0;
import static org.scmid.protocol.clock.ClockVersion.V2_0;
import static org.scmid.protocol.clock.ClockVersion.V3_0;
import static org.scmid.protocol.common.CommonLayouts.notifyEnable;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Clock protocol, versions 1.0, 2.0 and 3.0. */
public enum ClockMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(0x1, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.ATTRIBUTES),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    CLOCK_ATTRIBUTES(
            0x3,
            V1_0,
            MANDATORY,
            CommonLayouts.resource("clock"),
            Layout.of(bits("attributes"), shortName("name"), u32("enable_delay").since(V2_0))),
    CLOCK_DESCRIBE_RATES(
            0x4,
            V1_0,
            MANDATORY,
            Layout.of(resource("clock"), u32("rate_index")),
            Layout.of(bits("num_rates_flags"), list("rates", 0xFFF, u64("rate")))),
    CLOCK_RATE_SET(
            0x5,
            V1_0,
            MANDATORY,
            RATE,
            Layout.of(bits("flags").reserved(ClockRateSet.Request.FLAGS_RESERVED), resource("clock"), u64("rate")),
            Layout.EMPTY),
    CLOCK_RATE_GET(0x6, V1_0, MANDATORY, CommonLayouts.resource("clock"), Layout.of(u64("rate"))),
    CLOCK_CONFIG_SET(
            0x7,
            V1_0,
            MANDATORY,
            STATE,
            // Zephyr sends three words to any version, and two are enough for 3.0 when there is no extended type.
            Layout.of(
                    resource("clock"),
                    bits("attributes")
                            .reserved(
                                    ClockConfigSet.Request.RESERVED, V3_0, ClockConfigSet.Request.RESERVED_BEFORE_3_0),
                    u32("extended_value").since(V3_0).leniently()),
            Layout.EMPTY),
    CLOCK_NAME_GET(0x8, V2_0, OPTIONAL, CommonLayouts.resource("clock"), CommonLayouts.NAME),
    CLOCK_RATE_NOTIFY(0x9, V2_0, OPTIONAL, NOTIFY, notifyEnable("clock"), Layout.EMPTY),
    CLOCK_RATE_CHANGE_REQUESTED_NOTIFY(0xA, V2_0, OPTIONAL, NOTIFY, notifyEnable("clock"), Layout.EMPTY),
    CLOCK_CONFIG_GET(
            0xB,
            V3_0,
            MANDATORY,
            Layout.of(resource("clock"), bits("flags").reserved(ClockConfigGet.Request.FLAGS_RESERVED)),
            Layout.of(bits("attributes"), bits("config"), u32("extended_value"))),
    CLOCK_POSSIBLE_PARENTS_GET(
            0xC,
            V3_0,
            OPTIONAL,
            Layout.of(resource("clock"), u32("skip_parents")),
            Layout.of(bits("num_parents_flags"), list("parents", 0xFF, u32("parent")))),
    CLOCK_PARENT_SET(0xD, V3_0, OPTIONAL, PARENT, Layout.of(resource("clock"), u32("parent")), Layout.EMPTY),
    CLOCK_PARENT_GET(0xE, V3_0, OPTIONAL, CommonLayouts.resource("clock"), Layout.of(u32("parent"))),
    CLOCK_GET_PERMISSIONS(0xF, V3_0, OPTIONAL, CommonLayouts.resource("clock"), Layout.of(bits("permissions"))),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V3_0, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    CLOCK_RATE_SET_COMPLETE(Description.delayedResponse(0x5, V1_0, Layout.of(u32("clock"), u64("rate")))),

    CLOCK_RATE_CHANGED(Description.notification(0x0, V2_0, rateOfClock())),
    CLOCK_RATE_CHANGE_REQUESTED(Description.notification(0x1, V2_0, rateOfClock()));

    /** All messages, by id. */
    public static final MessageTable<ClockMessage> TABLE = MessageTable.of(ProtocolId.CLOCK, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    ClockMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    ClockMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    ClockMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    ClockMessage(Description description) {
        this.description = description;
    }

    private static Layout rateOfClock() {
        return Layout.of(u32("agent"), u32("clock"), u64("rate"));
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.CLOCK;
    }

    @Override
    public Description description() {
        return description;
    }
}
