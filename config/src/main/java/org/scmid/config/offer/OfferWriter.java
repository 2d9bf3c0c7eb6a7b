// Writes what a platform offers as YAML that people can read, and OfferReader too.
package org.scmid.config.offer;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;

/** Writes an offer; the result depends on nothing else, so that two of them can be compared by their text. */
final class OfferWriter {
    private static final long LATENCY_UNKNOWN = 0xFFFF_FFFFL;
    private static final int LINE = 118;
    private static final long[] RATE_SCALES = {1_000_000_000, 1_000_000, 1_000};
    private static final String[] RATE_UNITS = {"GHz", "MHz", "kHz"};

    private final StringBuilder text = new StringBuilder();

    private OfferWriter() {}

    /** @param upstream the board file's name of the platform */
    static String write(String upstream, Offer offer) {
        OfferWriter writer = new OfferWriter();
        writer.file(upstream, offer);
        return writer.text.toString();
    }

    private void file(String upstream, Offer offer) {
        line("# What a platform offers, written by `scmid upstream --save`. Written anew by the same command.");
        line("# A board file that takes resources from the platform is checked and simulated by this file; a service");
        line("# goes by what the platform itself says. What is left out here cannot be taken from it.");
        line("upstream-offer: " + quoted(upstream));
        line("vendor: " + quoted(offer.vendor()));
        line("sub-vendor: " + quoted(offer.subVendor()));
        line("implementation-version: 0x" + Long.toHexString(offer.implementationVersion()));
        each(ResourceKind.CLOCK, offer.clocks(), this::clock);
        each(ResourceKind.POWER_DOMAIN, offer.powerDomains(), this::powerDomain);
        each(ResourceKind.SENSOR, offer.sensors(), this::sensor);
        each(ResourceKind.RESET, offer.resets(), this::reset);
        each(ResourceKind.VOLTAGE_DOMAIN, offer.voltageDomains(), this::voltageDomain);
        each(ResourceKind.PERFORMANCE_DOMAIN, offer.performanceDomains(), this::performanceDomain);
    }

    private <T extends Offered> void each(ResourceKind kind, List<T> resources, Consumer<T> write) {
        if (resources.isEmpty()) {
            return;
        }
        line("");
        line(kind.key() + ":");
        for (T resource : resources) {
            line("  " + quoted(resource.name()) + ":");
            key("id", Integer.toString(resource.id()));
            write.accept(resource);
        }
    }

    private void clock(ClockOffer clock) {
        switch (clock.rates()) {
            case null -> line("    # it did not say which rates it can have");
            case OfferedRates.Listed it ->
                list("rates", it.hz().stream().map(OfferWriter::rate).toList());
            case OfferedRates.Range it ->
                key(
                        "rates",
                        "{ lowest: " + rate(it.lowest()) + ", highest: " + rate(it.highest()) + ", step: "
                                + rate(it.step()) + " }");
        }
        list("parents", clock.parents().stream().map(OfferWriter::quoted).toList());
        if (clock.enableDelayMicros() != 0) {
            key("enable-delay", clock.enableDelayMicros() + " us");
        }
        List<String> may = new ArrayList<>();
        add(may, clock.maySwitch(), "switch");
        add(may, clock.maySetRate(), "set-rate");
        add(may, clock.maySetParent(), "set-parent");
        list("may", may);
        flag("asynchronous", clock.asynchronous());
        notifies(clock.notifiesRate() ? "rate" : null);
    }

    private void powerDomain(PowerDomainOffer domain) {
        flag("asynchronous", domain.asynchronous());
        notifies(domain.notifies() ? "state" : null);
    }

    private void sensor(SensorOffer sensor) {
        if (sensor.hasAxes()) {
            line("    axes:");
            for (SensorOffer.Channel channel : sensor.channels()) {
                line("      " + quoted(channel.name()) + ": " + channel(channel));
            }
        } else {
            channelKeys(sensor.channels().getFirst(), this::key);
        }
        flag("asynchronous", sensor.asynchronous());
    }

    private static String channel(SensorOffer.Channel channel) {
        StringJoiner keys = new StringJoiner(", ", "{ ", " }");
        channelKeys(channel, (key, value) -> keys.add(key + ": " + value));
        return keys.toString();
    }

    /** Takes a key and its value. */
    private interface Keys {
        void key(String key, String value);
    }

    private static void channelKeys(SensorOffer.Channel channel, Keys keys) {
        keys.key("type", Integer.toString(channel.type()));
        if (channel.scale() != 0) {
            keys.key("scale", Integer.toString(channel.scale()));
        }
        if (channel.resolution() != 0) {
            keys.key("resolution", Integer.toString(channel.resolution()));
        }
        if (channel.resolutionScale() != 0) {
            keys.key("resolution-scale", Integer.toString(channel.resolutionScale()));
        }
        if (channel.min() != Long.MIN_VALUE) {
            keys.key("min", Long.toString(channel.min()));
        }
        if (channel.max() != Long.MAX_VALUE) {
            keys.key("max", Long.toString(channel.max()));
        }
    }

    private void reset(ResetOffer reset) {
        if (reset.latencyMicros() != LATENCY_UNKNOWN) {
            key("latency", reset.latencyMicros() + " us");
        }
        flag("asynchronous", reset.asynchronous());
    }

    private void voltageDomain(VoltageDomainOffer domain) {
        list("levels", domain.levels().stream().map(OfferWriter::voltage).toList());
        if (domain.step() != 0) {
            key("step", voltage(domain.step()));
        }
        flag("asynchronous", domain.asynchronous());
    }

    private void performanceDomain(PerformanceDomainOffer domain) {
        line("    levels:");
        for (PerformanceDomainOffer.Level level : domain.levels()) {
            StringJoiner keys = new StringJoiner(", ", "      - { ", " }");
            keys.add("level: " + level.level());
            if (level.kilohertz() != 0) {
                keys.add("frequency: " + rate(level.kilohertz() * 1000));
            }
            if (level.power() != 0) {
                keys.add("power: " + level.power());
            }
            if (level.latencyMicros() != 0) {
                keys.add("latency-us: " + level.latencyMicros());
            }
            if (level.index() != 0) {
                keys.add("index: " + level.index());
            }
            line(keys.toString());
        }
        key("sustained", Long.toString(domain.levels().get(domain.sustained()).level()));
        flag("level-indexing", domain.levelIndexing());
        if (domain.rateLimitMicros() != 0) {
            key("rate-limit-us", Integer.toString(domain.rateLimitMicros()));
        }
        List<String> may = new ArrayList<>();
        add(may, domain.maySetLevel(), "set-level");
        add(may, domain.maySetLimits(), "set-limits");
        list("may", may);
        notifies(domain.notifiesLevel() ? "level" : null, domain.notifiesLimits() ? "limits" : null);
    }

    // ---- keys ----

    private void key(String key, String value) {
        line("    " + key + ": " + value);
    }

    private void flag(String key, boolean value) {
        if (value) {
            key(key, "true");
        }
    }

    private void notifies(@Nullable String... changes) {
        List<String> words = new ArrayList<>();
        for (String change : changes) {
            add(words, change != null, String.valueOf(change));
        }
        list("notifies", words);
    }

    private static void add(List<String> words, boolean wanted, String word) {
        if (wanted) {
            words.add(word);
        }
    }

    /** A list in as many lines as it needs; nothing if it is empty. */
    private void list(String key, List<String> items) {
        if (items.isEmpty()) {
            return;
        }
        StringBuilder row = new StringBuilder("    " + key + ": [");
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i) + (i < items.size() - 1 ? ", " : "]");
            if (row.length() + item.length() > LINE && !row.toString().isBlank()) {
                line(row.toString().stripTrailing());
                row.setLength(0);
                row.append("      ");
            }
            row.append(item);
        }
        line(row.toString());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    // ---- values ----

    /** Exactly this rate, in a unit that people count in. */
    static String rate(long hz) {
        for (int i = 0; i < RATE_SCALES.length; i++) {
            if (hz >= RATE_SCALES[i]) {
                return plain(BigDecimal.valueOf(hz).divide(BigDecimal.valueOf(RATE_SCALES[i]))) + " " + RATE_UNITS[i];
            }
        }
        return hz + " Hz";
    }

    private static String voltage(int microvolts) {
        return plain(BigDecimal.valueOf(microvolts).movePointLeft(3)) + " mV";
    }

    private static String plain(BigDecimal value) {
        return value.stripTrailingZeros().toPlainString();
    }

    /** A name in quotes, whatever is in it: it is printable ASCII. */
    private static String quoted(String name) {
        return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
