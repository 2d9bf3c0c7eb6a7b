// Asks a platform for its supplies.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.voltage.VoltageDescribeLevels;
import org.scmid.protocol.voltage.VoltageDomainAttributes;
import org.scmid.protocol.voltage.VoltageMessage;
import org.scmid.protocol.voltage.VoltageProtocolAttributes;

/** Asks for supplies and their levels. Versions 1.0 to 2.1. */
final class VoltageDiscovery extends ProtocolDiscovery {
    private static final int MOST_LEVELS = 65_536;

    private final VoltageProtocolAttributes.Reply counts = new VoltageProtocolAttributes.Reply();
    private final VoltageDomainAttributes.Reply attributes = new VoltageDomainAttributes.Reply();
    private final VoltageDescribeLevels.Reply levels = new VoltageDescribeLevels.Reply();
    private final List<VoltageDomainOffer> domains = new ArrayList<>();

    /** A supply that is being asked for. */
    private static final class Draft {
        final int id;
        final String name;
        final boolean asynchronous;
        final TreeSet<Integer> levels = new TreeSet<>();
        int step;

        Draft(int id, String name, boolean asynchronous) {
            this.id = id;
            this.name = name;
            this.asynchronous = asynchronous;
        }
    }

    VoltageDiscovery(Inquirer inquirer, Findings findings) {
        super(inquirer, findings, VoltageMessage.TABLE, ResourceKind.VOLTAGE_DOMAIN);
    }

    List<VoltageDomainOffer> domains() {
        return domains;
    }

    @Override
    void attributes() {
        inquirer.ask(VoltageMessage.PROTOCOL_ATTRIBUTES, reply -> {
            if (reply.holds(counts)) {
                resources(counts.domains());
            } else {
                find("voltage domains are left out: " + reply.problem());
                end();
            }
        });
    }

    @Override
    void resource(int id) {
        askOf(id, VoltageMessage.VOLTAGE_DOMAIN_ATTRIBUTES, reply -> {
            if (!reply.holds(attributes)) {
                leaveOut(id, reply.problem());
                return;
            }
            int bits = attributes.attributes() & VoltageDomainAttributes.Reply.definedAttributes(version());
            name(
                    id,
                    (bits & VoltageDomainAttributes.Reply.EXTENDED_NAME) != 0,
                    VoltageMessage.VOLTAGE_DOMAIN_NAME_GET,
                    attributes.name(),
                    name -> askLevels(
                            new Draft(id, name, (bits & VoltageDomainAttributes.Reply.ASYNC_LEVEL_SET) != 0),
                            new Paging(MOST_LEVELS)));
        });
    }

    private void askLevels(Draft supply, Paging paging) {
        inquirer.ask(
                VoltageMessage.VOLTAGE_DESCRIBE_LEVELS,
                new VoltageDescribeLevels.Request()
                        .begin(inquirer.request(), 0)
                        .resource(supply.id)
                        .levelIndex(paging.taken()),
                reply -> {
                    String wrong = reply.holds(levels) ? page(supply, paging) : reply.problem();
                    if (wrong != null) {
                        leaveOut(supply.id, wrong);
                    } else if (!paging.isComplete()) {
                        askLevels(supply, paging);
                    } else if (supply.levels.isEmpty()) {
                        leaveOut(supply.id, "it has no levels");
                    } else {
                        domains.add(new VoltageDomainOffer(
                                supply.id, supply.name, List.copyOf(supply.levels), supply.step, supply.asynchronous));
                        nextResource();
                    }
                });
    }

    /** Takes a page of levels; what is wrong with it, or null. */
    private @Nullable String page(Draft supply, Paging paging) {
        int returned = levels.returned();
        boolean isFirst = paging.taken() == 0;
        String wrong = paging.page(returned, levels.remaining());
        if (wrong != null) {
            return "its list of levels " + wrong;
        }
        if (levels.isRange()) {
            return isFirst && returned == VoltageDescribeLevels.Reply.RANGE_VALUES && paging.isComplete()
                    ? range(supply)
                    : "its range of levels is not of three numbers";
        }
        if (!inquirer.mayKeep(returned)) {
            return "the platform offers more than scmid keeps";
        }
        for (int i = 0; i < returned; i++) {
            if (levels.level(i) == Integer.MIN_VALUE) {
                return "a level of it is " + Integer.MIN_VALUE + " uV";
            }
            supply.levels.add(levels.level(i));
        }
        return null;
    }

    private @Nullable String range(Draft supply) {
        int lowest = levels.level(0);
        int highest = levels.level(1);
        int step = levels.level(2);
        if (highest < lowest || lowest == Integer.MIN_VALUE || (step < 1 && lowest != highest)) {
            return "its range of levels from " + lowest + " uV to " + highest + " uV by " + step + " uV is none";
        }
        supply.levels.add(lowest);
        supply.levels.add(highest);
        supply.step = lowest == highest ? 0 : step;
        return null;
    }
}
