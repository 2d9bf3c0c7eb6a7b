// Asks a platform for its performance domains.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PerformanceDomainOffer.Level;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.performance.PerformanceDescribeLevels;
import org.scmid.protocol.performance.PerformanceDomainAttributes;
import org.scmid.protocol.performance.PerformanceMessage;
import org.scmid.protocol.performance.PerformanceProtocolAttributes;
import org.scmid.protocol.performance.PerformanceVersion;

/** Asks for performance domains and their levels. Versions 1.0 to 4.0. */
final class PerformanceDiscovery extends ProtocolDiscovery {
    private static final int MOST_LEVELS = 65_536;
    private static final int LEVEL_VALUES = 5;

    private final PerformanceProtocolAttributes.Reply counts = new PerformanceProtocolAttributes.Reply();
    private final PerformanceDomainAttributes.Reply attributes = new PerformanceDomainAttributes.Reply();
    private final List<PerformanceDomainOffer> domains = new ArrayList<>();
    private PerformanceDescribeLevels.@Nullable Reply levels;

    /** A domain that is being asked for. */
    private static final class Draft {
        final int id;
        final String name;
        final int bits;
        final int rateLimit;
        final long sustainedKilohertz;
        final long sustainedLevel;
        final List<Level> levels = new ArrayList<>();

        Draft(int id, String name, int bits, int rateLimit, long sustainedKilohertz, long sustainedLevel) {
            this.id = id;
            this.name = name;
            this.bits = bits;
            this.rateLimit = rateLimit;
            this.sustainedKilohertz = sustainedKilohertz;
            this.sustainedLevel = sustainedLevel;
        }

        boolean is(int bit) {
            return (bits & bit) != 0;
        }

        /** The frequency of a level that the platform does not say: levels are proportional to it before version 4.0. */
        long kilohertz(long level) {
            if (sustainedKilohertz == 0 || sustainedLevel == 0) {
                return 0;
            }
            long kilohertz = Math.round((double) level * sustainedKilohertz / sustainedLevel);
            return kilohertz > 0xFFFF_FFFFL ? 0 : kilohertz;
        }
    }

    PerformanceDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, PerformanceMessage.TABLE, ResourceKind.PERFORMANCE_DOMAIN);
    }

    List<PerformanceDomainOffer> domains() {
        return domains;
    }

    @Override
    void attributes() {
        levels = new PerformanceDescribeLevels.Reply(version());
        inquirer.ask(PerformanceMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (reply.holds(counts)) {
                resources(counts.domains());
            } else {
                find("performance domains are left out: " + reply.problem());
                end();
            }
        });
    }

    @Override
    void resource(int id) {
        askOf(id, PerformanceMessage.PERFORMANCE_DOMAIN_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                leaveOut(id, reply.problem());
                return;
            }
            int bits = attributes.attributes() & PerformanceDomainAttributes.Reply.definedAttributes(version());
            int rateLimit = attributes.rateLimit();
            long kilohertz = Integer.toUnsignedLong(attributes.sustainedFrequency());
            long level = Integer.toUnsignedLong(attributes.sustainedLevel());
            name(
                    id,
                    (bits & PerformanceDomainAttributes.Reply.EXTENDED_NAME) != 0,
                    PerformanceMessage.PERFORMANCE_DOMAIN_NAME_GET,
                    attributes.name(),
                    name -> askLevels(new Draft(id, name, bits, rateLimit, kilohertz, level), new Paging(MOST_LEVELS)));
        });
    }

    private void askLevels(Draft domain, Paging paging) {
        inquirer.ask(
                PerformanceMessage.PERFORMANCE_DESCRIBE_LEVELS,
                new PerformanceDescribeLevels.Request()
                        .begin(inquirer.request(), 0)
                        .resource(domain.id)
                        .levelIndex(paging.taken()),
                reply -> {
                    PerformanceDescribeLevels.Reply page = levels;
                    String wrong = page != null && reply.holds(page) ? page(domain, paging, page) : reply.problem();
                    if (wrong == null && !paging.isComplete()) {
                        askLevels(domain, paging);
                        return;
                    }
                    wrong = wrong == null ? order(domain) : wrong;
                    if (wrong != null) {
                        leaveOut(domain.id, wrong);
                    } else {
                        domains.add(offer(domain));
                        nextResource();
                    }
                });
    }

    /** Takes a page of levels; what is wrong with it, or null. */
    private @Nullable String page(Draft domain, Paging paging, PerformanceDescribeLevels.Reply page) {
        int returned = page.returned();
        String wrong = paging.page(returned, page.remaining());
        if (wrong != null) {
            return "its list of levels " + wrong;
        }
        if (!inquirer.mayKeep(LEVEL_VALUES * returned)) {
            return "the platform offers more than scmid keeps";
        }
        boolean isNew = isAtLeast(PerformanceVersion.V4_0);
        for (int i = 0; i < returned; i++) {
            long level = Integer.toUnsignedLong(page.level(i));
            domain.levels.add(new Level(
                    level,
                    isNew ? Integer.toUnsignedLong(page.frequency(i)) : domain.kilohertz(level),
                    Integer.toUnsignedLong(page.power(i)),
                    page.latency(i),
                    isNew ? Integer.toUnsignedLong(page.index(i)) : 0));
        }
        return null;
    }

    /** Brings the levels into the order that scmid has them in; what is wrong with them, or null. */
    private static @Nullable String order(Draft domain) {
        if (domain.levels.isEmpty()) {
            return "it has no levels";
        }
        domain.levels.sort(Comparator.comparingLong(Level::level));
        Set<Long> indices = new HashSet<>();
        long before = 0;
        for (Level level : domain.levels) {
            if (level.level() <= before) {
                return before == 0 ? "it has a level 0" : "it lists level " + before + " twice";
            }
            before = level.level();
            if (domain.is(PerformanceDomainAttributes.Reply.LEVEL_INDEXING) && !indices.add(level.index())) {
                return "two levels of it have the index " + level.index();
            }
        }
        return null;
    }

    private PerformanceDomainOffer offer(Draft domain) {
        return new PerformanceDomainOffer(
                domain.id,
                domain.name,
                domain.levels,
                sustained(domain),
                domain.is(PerformanceDomainAttributes.Reply.LEVEL_INDEXING),
                domain.rateLimit,
                domain.is(PerformanceDomainAttributes.Reply.MAY_SET_LEVEL)
                        && has(PerformanceMessage.PERFORMANCE_LEVEL_SET),
                domain.is(PerformanceDomainAttributes.Reply.MAY_SET_LIMITS)
                        && has(PerformanceMessage.PERFORMANCE_LIMITS_SET),
                domain.is(PerformanceDomainAttributes.Reply.LEVEL_NOTIFY)
                        && has(PerformanceMessage.PERFORMANCE_NOTIFY_LEVEL),
                domain.is(PerformanceDomainAttributes.Reply.LIMITS_NOTIFY)
                        && has(PerformanceMessage.PERFORMANCE_NOTIFY_LIMITS));
    }

    /** The position of the sustained level; of the highest one below it, if it is none of them. */
    private int sustained(Draft domain) {
        int position = 0;
        for (int i = 0; i < domain.levels.size(); i++) {
            if (domain.levels.get(i).level() <= domain.sustainedLevel) {
                position = i;
            }
        }
        if (domain.levels.get(position).level() != domain.sustainedLevel) {
            find(what(domain.id) + " says that level " + domain.sustainedLevel + " is the highest sustained one, and"
                    + " has no such level; " + domain.levels.get(position).level() + " is taken");
        }
        return position;
    }
}
