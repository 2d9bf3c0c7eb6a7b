// Random boards on which some things have very many others: clocks below a bus, domains below a domain, users of a
// supply.
package org.scmid.server.core;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.scmid.config.board.Board;
import org.scmid.config.document.Place;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.ArbitrationPolicy;
import org.scmid.config.service.ArbitrationSpec;
import org.scmid.config.service.DeviceSpec;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

/** A random board, whose kinds of resources are each of any number up to a given one, and how agents share it. */
final class WideBoard {
    private static final int STRIDE = 0x10;

    final Board board;
    final ArbitrationSpec arbitration;
    final List<DeviceSpec> devices;

    private final Random random;
    private final StringBuilder yaml = new StringBuilder();
    private final List<String> clocks = new ArrayList<>();
    private int registers;

    /**
     * @param most how many clocks a bus has at most; of other kinds there are fewer
     * @param agents their names, for policies
     */
    WideBoard(Random random, int most, Path directory, List<String> agents) throws Exception {
        this.random = random;
        int size = STRIDE * (6 * most + 64);
        yaml.append(
                "board: wide\nregisters:\n  cru: { at: 0x1000, size: 0x%x, width: 32, access: simulated }\nclocks:\n"
                        .formatted(size));
        yaml.append("  osc: { fixed: 24 MHz }\n");
        addClock("pll", "osc", true);
        int buses = 1 + random.nextInt(3);
        for (int bus = 0; bus < buses; bus++) {
            addClock("bus" + bus, random.nextBoolean() ? "pll" : "osc", random.nextBoolean());
            int count = bus == 0 ? most : random.nextInt(most / 2);
            for (int i = 0; i < count; i++) {
                addClock("c" + bus + "-" + i, "bus" + bus, false);
                if (random.nextInt(20) == 0) {
                    addClock("d" + bus + "-" + i, "c" + bus + "-" + i, false);
                }
            }
        }
        int supplies = 1 + random.nextInt(most / 8);
        int domains = 1 + random.nextInt(most / 4);
        for (int i = 0; i < domains; i++) { // with a divider that makes all their levels
            yaml.append("  k%d: { parent: bus0, divider: { register: cru+0x%x, bits: 2..0, kind: linear } }\n"
                    .formatted(i, next()));
        }
        addPowerDomains(random.nextInt(most / 2));
        yaml.append("resets:\n");
        for (int i = 0; i <= random.nextInt(most / 8); i++) {
            yaml.append("  r%d: { register: cru+0x%x, bit: 0 }\n".formatted(i, next()));
        }
        yaml.append("sensors:\n");
        for (int i = 0; i <= random.nextInt(most / 8); i++) {
            yaml.append(
                    "  s%d: { unit: degC, source: { register: cru+0x%x, bits: 15..0 }, trip-points: 1, intervals: [10 ms, 1 s], interval: 1 s }\n"
                            .formatted(i, next()));
        }
        yaml.append(
                "voltage-domains:\n  vdd: { levels: [800 mV, 900 mV, 1.1 V], level: { register: cru+0x%x, bits: 1..0 }, settle: 100 us }\n"
                        .formatted(next()));
        for (int i = 0; i < supplies; i++) {
            int at = next();
            yaml.append(
                    "  v%d: { levels: [1 V, 2 V], level: { register: cru+0x%x, bits: 1..0 }, enable: { register: cru+0x%x, bit: 8 } }\n"
                            .formatted(i, at, at));
        }
        addPerformanceDomains(domains);
        board = Bench.board(directory, yaml.toString());
        Map<ResourceKind, Map<String, ArbitrationPolicy>> policies = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind :
                List.of(ResourceKind.CLOCK, ResourceKind.VOLTAGE_DOMAIN, ResourceKind.PERFORMANCE_DOMAIN)) {
            Map<String, ArbitrationPolicy> its = new HashMap<>();
            // On some boards nobody has a say, as one who does keeps a bus from moving; on others many.
            int share = new int[] {Integer.MAX_VALUE, 2_000, 10}[random.nextInt(3)];
            for (String name : board.names(kind)) {
                if (random.nextInt(share) == 0) {
                    its.put(
                            name,
                            random.nextBoolean()
                                    ? new ArbitrationPolicy.Highest()
                                    : new ArbitrationPolicy.Owner(agents.get(random.nextInt(agents.size()))));
                }
            }
            policies.put(kind, its);
        }
        arbitration = new ArbitrationSpec(policies);
        Map<ResourceKind, List<String>> all = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            all.put(kind, List.copyOf(board.names(kind)));
        }
        Place nowhere = new Place("test", 1, 1);
        devices = List.of(new DeviceSpec("all", all, nowhere), new DeviceSpec("none", Map.of(), nowhere));
    }

    /** Everything, with control. */
    Map<ResourceKind, List<Grant>> grants() {
        Map<ResourceKind, List<Grant>> grants = new EnumMap<>(ResourceKind.class);
        for (ResourceKind kind : ResourceKind.values()) {
            grants.put(
                    kind,
                    board.names(kind).stream()
                            .map(name -> new Grant(name, Permission.CONTROL))
                            .toList());
        }
        return grants;
    }

    private int next() {
        return STRIDE * registers++;
    }

    private void addClock(String name, String parent, boolean isMoving) {
        int at = next();
        List<String> parts = new ArrayList<>();
        boolean isMuxed = !isMoving && !parent.equals("osc") && random.nextInt(4) == 0;
        parts.add(isMuxed ? "parents: [%s, osc]".formatted(parent) : "parent: " + parent);
        if (isMuxed) {
            parts.add("mux: { register: cru+0x%x, bit: 16%s }"
                    .formatted(
                            at,
                            random.nextInt(3) == 0
                                    ? ", status: { register: cru+0x%x, bit: 17, timeout: 300 us }".formatted(at)
                                    : ""));
            parts.add("reparent: " + random.nextBoolean());
        }
        if (isMoving || random.nextInt(3) != 0) {
            parts.add("divider: { register: cru+0x%x, bits: %d..0, kind: linear }".formatted(at, random.nextInt(8)));
        }
        if (random.nextInt(8) != 0) {
            parts.add("gate: { register: cru+0x%x, bit: 18 }".formatted(at));
        }
        if (random.nextInt(3) != 0 && !isMoving) {
            parts.add("rates: { max: %d MHz }".formatted(24 + random.nextInt(100)));
        }
        if (random.nextInt(3) == 0) {
            parts.add("set-parent-rate: true");
        }
        if (random.nextInt(200) == 0) {
            parts.add("critical: true");
        }
        yaml.append("  %s: { %s }\n".formatted(name, String.join(", ", parts)));
        clocks.add(name);
    }

    private void addPowerDomains(int count) {
        yaml.append("power-domains:\n");
        yaml.append("  top: { clocks: %s, feeds: %s, switch: { register: cru+0x%x, bit: 0 } }\n"
                .formatted(someClocks(), List.of(clocks.get(random.nextInt(clocks.size()))), next()));
        for (int i = 0; i < count; i++) {
            String clock =
                    random.nextInt(4) == 0 ? "clocks: [%s], ".formatted(clocks.get(random.nextInt(clocks.size()))) : "";
            String settle = random.nextInt(4) == 0 ? ", settle: 200 us" : "";
            yaml.append("  p%d: { parent: top, %sswitch: { register: cru+0x%x, bit: 0%s }, when-in-use: %s }\n"
                    .formatted(i, clock, next(), settle, random.nextBoolean() ? "wait" : "refuse"));
        }
    }

    private List<String> someClocks() {
        int from = random.nextInt(clocks.size());
        return clocks.subList(from, from + 1 + random.nextInt(clocks.size() - from));
    }

    private void addPerformanceDomains(int count) {
        yaml.append("performance-domains:\n");
        for (int i = 0; i < count; i++) {
            yaml.append(
                    "  f%d: { clock: k%d, voltage-domain: vdd, levels: [ { frequency: 6 MHz, voltage: 800 mV }, { frequency: 12 MHz, voltage: 900 mV }, { frequency: 24 MHz, voltage: 1.1 V } ] }\n"
                            .formatted(i, i));
        }
    }
}
