// The demo's table of what is no clock: the guest's view beside the server's.
package org.scmid.server.demo;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.server.service.PowerDomainSnapshot;
import org.scmid.server.service.ResetSnapshot;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.PerformanceDomainSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.server.service.ServiceSnapshot.VoltageDomainSnapshot;
import org.scmid.server.view.Rates;

/**
 * Reads what the guest says of its resources, a line for each: kind, name, value and sometimes one word more
 * (guests/linux/init), and prints it beside a snapshot of the service.
 */
final class ResourceTable {
    private static final String NOT_THERE = "not there";
    private static final int MICRO = 6;
    private static final int MILLI = 3;

    private final PrintWriter out;
    private final Map<String, String[]> guest = new HashMap<>();
    private final String performanceDomain;
    private boolean same = true;

    /**
     * @param block what the guest said
     * @param performanceDomain the one that the guest's processor is in
     */
    ResourceTable(String block, String performanceDomain, PrintWriter out) {
        this.out = out;
        this.performanceDomain = performanceDomain;
        block.lines().map(line -> line.strip().split(" ")).forEach(words -> {
            if (words.length > 2) {
                guest.put(words[0] + " " + words[1], words);
            }
        });
    }

    /** Prints the table; false if the two sides have different voltages or levels of performance. */
    boolean show(ServiceSnapshot server) {
        row("", "", "guest", "server", List.of("wanted by"), true);
        server.powerDomains().forEach(this::show);
        server.resets().forEach(this::show);
        server.performanceDomains().forEach(this::show);
        server.voltageDomains().forEach(this::show);
        server.sensors().forEach(this::show);
        out.flush();
        return same;
    }

    private void show(PowerDomainSnapshot domain) {
        String state = word("power-domain " + domain.name(), 2);
        String seen = state == null ? NOT_THERE : state.startsWith("on") ? "on" : "off";
        row("power domain", domain.name(), seen, onOrOff(domain.on()), domain.votes(), true);
    }

    private void show(ResetSnapshot reset) {
        String served = reset.asserted() == null ? "not known" : reset.asserted() ? "asserted" : "released";
        row("reset", reset.name(), "-", served, List.of(), true);
    }

    private void show(PerformanceDomainSnapshot domain) {
        // cpufreq knows processors, not the names of domains.
        String kilohertz = domain.name().equals(performanceDomain) ? word("cpufreq cpu0", 2) : null;
        String seen = kilohertz == null ? NOT_THERE : Rates.text(Long.parseLong(kilohertz) * 1000);
        Long rate = domain.rateHz();
        String served = rate == null ? "not known" : Rates.text(rate);
        row("performance", domain.name(), seen, served, List.of(), seen.equals(served));
    }

    private void show(VoltageDomainSnapshot domain) {
        String microvolts = word("regulator " + domain.name(), 2);
        String seen = microvolts == null
                ? NOT_THERE
                : number(new BigDecimal(microvolts).movePointLeft(MICRO)) + " V, "
                        + onOrOff("enabled".equals(word("regulator " + domain.name(), 3)));
        Integer level = domain.microvolts();
        String served = (level == null ? "no known level" : number(BigDecimal.valueOf(level, MICRO)) + " V") + ", "
                + onOrOff(domain.enabled());
        row("voltage domain", domain.name(), seen, served, domain.votes(), seen.equals(served));
    }

    private void show(SensorSnapshot sensor) {
        List<String> seen = new ArrayList<>();
        for (String type : List.of("temp", "in", "curr", "power", "energy")) {
            String value = word("hwmon-" + type + " " + sensor.name(), 2);
            if (value != null) {
                boolean isMicro = type.equals("power") || type.equals("energy");
                seen.add(number(new BigDecimal(value).movePointLeft(isMicro ? MICRO : MILLI)));
            }
        }
        for (String axis : List.of("x", "y", "z")) {
            String key = "iio-in_accel_" + axis + " " + sensor.name();
            String raw = word(key, 2);
            String scale = word(key, 3);
            if (raw != null && scale != null) {
                seen.add(number(new BigDecimal(raw).multiply(new BigDecimal(scale))));
            }
        }
        List<String> served = new ArrayList<>();
        for (SensorValue value : sensor.values()) {
            Double number = value.value();
            if (number != null) {
                served.add(number(BigDecimal.valueOf(number)));
            }
        }
        String unit = sensor.values().getFirst().unit();
        String seenText = seen.isEmpty() ? NOT_THERE : text(seen, unit);
        row("sensor", sensor.name(), seenText, served.isEmpty() ? "off" : text(served, unit), List.of(), true);
    }

    private void row(String kind, String name, String seen, String served, List<String> votes, boolean agree) {
        same &= agree;
        String line = "%-14s  %-25s  %-22s  %-22s  %s%s"
                .formatted(kind, name, seen, served, String.join(", ", votes), agree ? "" : "   <-- differs");
        out.println(line.stripTrailing());
    }

    private @Nullable String word(String key, int index) {
        String[] words = guest.get(key);
        return words == null || words.length <= index ? null : words[index];
    }

    private static String text(List<String> values, String unit) {
        return (String.join(" ", values) + " " + unit).strip();
    }

    private static String onOrOff(@Nullable Boolean on) {
        return on == null ? "not known" : on ? "on" : "off";
    }

    private static String number(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
