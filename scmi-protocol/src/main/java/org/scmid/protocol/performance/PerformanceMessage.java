/* The table of the Performance protocol's messages. */
package org.scmid.protocol.performance;

import static org.scmid.protocol.Aspect.LEVEL;
import static org.scmid.protocol.Aspect.LIMITS;
import static org.scmid.protocol.Field.bits;
import static org.scmid.protocol.Field.list;
import static org.scmid.protocol.Field.resource;
import static org.scmid.protocol.Field.shortName;
import static org.scmid.protocol.Field.u32;
import static org.scmid.protocol.Field.u64;
import static org.scmid.protocol.Presence.MANDATORY;
import static org.scmid.protocol.Presence.OPTIONAL;
import static org.scmid.protocol.Tier.NOTIFY;
import static org.scmid.protocol.common.CommonLayouts.notifyEnable;
import static org.scmid.protocol.performance.PerformanceVersion.V1_0;
import static org.scmid.protocol.performance.PerformanceVersion.V2_0;
import static org.scmid.protocol.performance.PerformanceVersion.V3_0;
import static org.scmid.protocol.performance.PerformanceVersion.V4_0;

import org.scmid.protocol.Aspect;
import org.scmid.protocol.Layout;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.Presence;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.Tier;
import org.scmid.protocol.common.CommonLayouts;

/** The messages of the Performance protocol, versions 1.0, 2.0, 3.0 and 4.0. */
public enum PerformanceMessage implements Message {
    PROTOCOL_VERSION(0x0, V1_0, MANDATORY, Layout.EMPTY, CommonLayouts.VERSION),
    PROTOCOL_ATTRIBUTES(
            0x1,
            V1_0,
            MANDATORY,
            Layout.EMPTY,
            Layout.of(bits("attributes"), u64("statistics_address"), u32("statistics_length"))),
    PROTOCOL_MESSAGE_ATTRIBUTES(0x2, V1_0, MANDATORY, CommonLayouts.MESSAGE_ID, CommonLayouts.ATTRIBUTES),
    PERFORMANCE_DOMAIN_ATTRIBUTES(
            0x3,
            V1_0,
            MANDATORY,
            CommonLayouts.resource("domain"),
            Layout.of(
                    bits("attributes"),
                    u32("rate_limit"),
                    u32("sustained_freq"),
                    u32("sustained_perf_level"),
                    shortName("name"))),
    PERFORMANCE_DESCRIBE_LEVELS(
            0x4,
            V1_0,
            MANDATORY,
            Layout.of(resource("domain"), u32("level_index")),
            Layout.of(
                    bits("num_levels"),
                    list(
                            "levels",
                            0xFFF,
                            u32("level"),
                            u32("power"),
                            u32("latency"),
                            u32("frequency").since(V4_0),
                            u32("index").since(V4_0)))),
    PERFORMANCE_LIMITS_SET(
            0x5,
            V1_0,
            MANDATORY,
            LIMITS,
            Layout.of(resource("domain"), u32("range_max"), u32("range_min")),
            Layout.EMPTY),
    PERFORMANCE_LIMITS_GET(
            0x6, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(u32("range_max"), u32("range_min"))),
    PERFORMANCE_LEVEL_SET(0x7, V1_0, MANDATORY, LEVEL, Layout.of(resource("domain"), u32("level")), Layout.EMPTY),
    PERFORMANCE_LEVEL_GET(0x8, V1_0, MANDATORY, CommonLayouts.resource("domain"), Layout.of(u32("level"))),
    PERFORMANCE_NOTIFY_LIMITS(0x9, V1_0, OPTIONAL, NOTIFY, notifyEnable("domain"), Layout.EMPTY),
    PERFORMANCE_NOTIFY_LEVEL(0xA, V1_0, OPTIONAL, NOTIFY, notifyEnable("domain"), Layout.EMPTY),
    PERFORMANCE_DESCRIBE_FASTCHANNEL(
            0xB,
            V2_0,
            OPTIONAL,
            Layout.of(resource("domain"), bits("message_id")),
            Layout.of(
                    bits("attributes"),
                    u32("rate_limit"),
                    u64("channel_address"),
                    u32("channel_size"),
                    u64("doorbell_address"),
                    u64("doorbell_set_mask"),
                    u64("doorbell_preserve_mask"))),
    PERFORMANCE_DOMAIN_NAME_GET(0xC, V3_0, OPTIONAL, CommonLayouts.resource("domain"), CommonLayouts.NAME),
    NEGOTIATE_PROTOCOL_VERSION(0x10, V4_0, MANDATORY, CommonLayouts.VERSION, Layout.EMPTY),

    PERFORMANCE_LIMITS_CHANGED(Description.notification(
            0x0, V1_0, Layout.of(u32("agent"), u32("domain"), u32("range_max"), u32("range_min")))),
    PERFORMANCE_LEVEL_CHANGED(
            Description.notification(0x1, V1_0, Layout.of(u32("agent"), u32("domain"), u32("level"))));

    /** All messages, by id. */
    public static final MessageTable<PerformanceMessage> TABLE = MessageTable.of(ProtocolId.PERFORMANCE, values());

    @SuppressWarnings("ImmutableEnumChecker") // a record of lists that nobody can change
    private final Description description;

    PerformanceMessage(int id, int since, Presence presence, Layout request, Layout response) {
        this(id, since, presence, Tier.READ, request, response);
    }

    PerformanceMessage(int id, int since, Presence presence, Tier tier, Layout request, Layout response) {
        this(Description.command(id, since, presence, tier, request, response));
    }

    PerformanceMessage(int id, int since, Presence presence, Aspect aspect, Layout request, Layout response) {
        this(Description.command(id, since, presence, aspect, request, response));
    }

    PerformanceMessage(Description description) {
        this.description = description;
    }

    @Override
    public ProtocolId protocol() {
        return ProtocolId.PERFORMANCE;
    }

    @Override
    public Description description() {
        return description;
    }
}
