// What a platform offers, for a terminal.
package org.scmid.server.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.scmid.config.document.Units;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.Offered;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.offer.PerformanceDomainOffer;
import org.scmid.config.offer.PowerDomainOffer;
import org.scmid.config.offer.ResetOffer;
import org.scmid.config.offer.SensorOffer;
import org.scmid.config.offer.VoltageDomainOffer;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.protocol.sensor.SensorType;
import org.scmid.upstream.discovery.Discovered;

/** Writes what a platform has said of itself: who it is, its protocols, a table for each kind of resource, findings. */
public final class OfferText {
    private static final int MOST_LISTED = 6;
    private static final int MOST_PARENTS = 8;
    private static final long LATENCY_UNKNOWN = 0xFFFF_FFFFL;

    private final StringBuilder text = new StringBuilder();

    private OfferText() {}

    /** The text, which ends with a line break. */
    public static String of(UpstreamSpec upstream, Discovered all) {
        OfferText text = new OfferText();
        text.write(upstream, all);
        return text.text.toString();
    }

    private void write(UpstreamSpec upstream, Discovered all) {
        Offer offer = all.offer();
        line(upstream.name() + ": " + upstream.way().shown());
        String vendor = offer.vendor().isEmpty() ? "unknown" : offer.vendor();
        line("  vendor " + vendor + (offer.subVendor().isEmpty() ? "" : ", " + offer.subVendor())
                + "; implementation version 0x" + Long.toHexString(offer.implementationVersion()));
        line("  protocols: "
                + all.protocols().stream().map(Discovered.Spoken::shown).collect(Collectors.joining(", ")));
        for (ResourceKind kind : ResourceKind.values()) {
            table(kind, offer.of(kind));
        }
        if (!all.findings().isEmpty()) {
            line("  what is wrong with it:");
            all.findings().forEach(finding -> line("    " + finding));
        }
    }

    private void table(ResourceKind kind, List<? extends Offered> resources) {
        if (resources.isEmpty()) {
            return;
        }
        line("  " + kind.key() + ":");
        List<String[]> rows = new ArrayList<>();
        for (Offered resource : resources) {
            rows.add(row(resource));
        }
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder shown = new StringBuilder("   ");
            for (int column = 0; column < row.length; column++) {
                int missing = widths[column] - row[column].length();
                shown.append(column == 0 ? " ".repeat(missing + 1) : "  ").append(row[column]);
                shown.repeat(' ', column == 0 ? 0 : missing);
            }
            line(shown.toString().stripTrailing());
        }
    }

    private static String[] row(Offered resource) {
        return new String[] {
            Integer.toString(resource.id()), resource.name(), values(resource), String.join(", ", abilities(resource))
        };
    }

    // ---- what it can have ----

    private static String values(Offered resource) {
        return switch (resource) {
            case ClockOffer it -> rates(it);
            case PowerDomainOffer it -> it.asynchronous() ? "asynchronous only" : "";
            case SensorOffer it ->
                it.channels().stream().map(OfferText::channel).distinct().collect(Collectors.joining(", "));
            case ResetOffer it -> it.latencyMicros() == LATENCY_UNKNOWN ? "" : it.latencyMicros() + " us";
            case VoltageDomainOffer it ->
                it.step() != 0
                        ? Units.showVoltage(it.levels().getFirst()) + " to "
                                + Units.showVoltage(it.levels().getLast()) + " by " + Units.showVoltage(it.step())
                        : some(it.levels().stream().map(Units::showVoltage).toList());
            case PerformanceDomainOffer it ->
                some(it.levels().stream()
                        .map(level -> level.kilohertz() == 0
                                ? Long.toString(level.level())
                                : Units.showRate(level.kilohertz() * 1000))
                        .toList());
        };
    }

    private static String rates(ClockOffer clock) {
        return switch (clock.rates()) {
            case null -> "rates not known";
            case OfferedRates.Listed it ->
                some(it.hz().stream().map(Units::showRate).toList());
            case OfferedRates.Range it -> Units.showRate(it.lowest()) + " to " + Units.showRate(it.highest());
        };
    }

    private static String channel(SensorOffer.Channel channel) {
        SensorType type = SensorType.of(channel.type());
        String unit = type == null ? "unit " + channel.type() : type.unit().isEmpty() ? "no unit" : type.unit();
        return channel.scale() == 0 ? unit : "10^" + channel.scale() + " " + unit;
    }

    /** The first and the last of many. */
    private static String some(List<String> values) {
        return values.size() <= MOST_LISTED
                ? String.join(", ", values)
                : values.getFirst() + " to " + values.getLast() + " (" + values.size() + ")";
    }

    // ---- what may be done with it ----

    private static List<String> abilities(Offered resource) {
        List<String> can = new ArrayList<>();
        switch (resource) {
            case ClockOffer it -> {
                add(can, it.maySwitch(), "switch");
                add(can, it.maySetRate(), "set rate");
                add(can, it.maySetParent(), "set parent");
                add(can, can.isEmpty(), "read only");
                add(can, it.notifiesRate(), "tells of rates");
                add(can, !it.parents().isEmpty(), "from " + parents(it.parents()));
            }
            case PowerDomainOffer it -> add(can, it.notifies(), "tells of states");
            case SensorOffer it -> {
                add(
                        can,
                        it.hasAxes(),
                        "axes "
                                + it.channels().stream()
                                        .map(SensorOffer.Channel::name)
                                        .collect(Collectors.joining(", ")));
                add(can, it.asynchronous(), "asynchronous");
            }
            case ResetOffer it -> add(can, it.asynchronous(), "asynchronous");
            case VoltageDomainOffer it -> add(can, it.asynchronous(), "asynchronous");
            case PerformanceDomainOffer it -> {
                add(can, it.maySetLevel(), "set level");
                add(can, it.maySetLimits(), "set limits");
                add(can, can.isEmpty(), "read only");
                add(can, it.notifiesLevel(), "tells of levels");
                add(can, it.notifiesLimits(), "tells of limits");
            }
        }
        return can;
    }

    private static String parents(List<String> parents) {
        return parents.size() <= MOST_PARENTS ? String.join(" or ", parents) : parents.size() + " parents";
    }

    private static void add(List<String> abilities, boolean has, String ability) {
        if (has) {
            abilities.add(ability);
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
