// Boards of chance, each with much of one thing: where a service could take long.
package org.scmid.system;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.scmid.protocol.ProtocolId;

/**
 * The text of a board file, from a shape and a seed. Its first clock but one is {@code calm}, which has a root of its own:
 * nobody's request moves it but one to itself.
 */
final class RandomBoard {
    /** What there is much of. */
    enum Shape {
        /** A few buses that two thousand clocks run from. */
        WIDE,
        /** Chains of forty clocks, each of which may move the one above. */
        DEEP,
        /** Clocks with dividers of up to 24 bits, multiplexers and PLLs, whose settings take long to find. */
        SEARCHING,
        /** Two hundred sensors, read by registers and by themselves, with trip points and short intervals. */
        SENSORS,
        /** Supplies, performance domains that set them, power domains and resets. */
        SUPPLIES,
        /** Some of each. */
        MIXED
    }

    /** The clock that only the calm agent sees. */
    static final String CALM_CLOCK = "calm";

    private static final int REGISTER_BYTES = 4;

    private final Shape shape;
    private final long seed;
    private final Random random;
    private final StringBuilder clocks = new StringBuilder("clocks:\n");
    private final StringBuilder rest = new StringBuilder();
    private final Map<ProtocolId, List<String>> names = new EnumMap<>(ProtocolId.class);
    private final Map<ProtocolId, String> keys = Map.of(
            ProtocolId.CLOCK, "clocks",
            ProtocolId.POWER, "power-domains",
            ProtocolId.SENSOR, "sensors",
            ProtocolId.RESET, "resets",
            ProtocolId.VOLTAGE, "voltage-domains",
            ProtocolId.PERFORMANCE, "performance-domains");
    private int registers;

    RandomBoard(Shape shape, long seed) {
        this.shape = shape;
        this.seed = seed;
        this.random = new Random(seed + shape.name().hashCode());
        clocks.append("  calm-osc: { fixed: 24 MHz }\n  calm: { parent: calm-osc, divider: { ")
                .append(field(8))
                .append(", kind: linear }, gate: { ")
                .append(register())
                .append(", bit: 0 } }\n");
        boolean some = shape == Shape.MIXED;
        roots();
        switch (shape) {
            case WIDE -> wide(2000);
            case DEEP -> deep(40);
            case SEARCHING -> searching(25);
            case SENSORS, SUPPLIES -> wide(20);
            case MIXED -> {
                wide(100);
                deep(10);
                searching(10);
            }
        }
        if (shape == Shape.SENSORS || some) {
            sensors(some ? 20 : 200);
        }
        if (shape == Shape.SUPPLIES || some) {
            supplies(some ? 6 : 40);
        }
    }

    /** The file. */
    String text() {
        return "board: random\nregisters:\n  regs: { at: 0, size: " + REGISTER_BYTES * (registers + 1)
                + ", width: 32, access: simulated }\n" + clocks + rest;
    }

    /** How many resources of a protocol an agent with {@link #lists} sees. */
    int count(ProtocolId protocol) {
        return names.getOrDefault(protocol, List.of()).size();
    }

    /** All resources but the calm clock, as lists of an agent in the service file. */
    String lists(String indent) {
        StringBuilder text = new StringBuilder();
        names.forEach((protocol, all) -> text.append(indent)
                .append(keys.get(protocol))
                .append(": ")
                .append(all)
                .append('\n'));
        return text.toString();
    }

    @Override
    public String toString() {
        return shape + " " + seed;
    }

    private String register() {
        return "register: regs+" + REGISTER_BYTES * registers++;
    }

    private String field(int bits) {
        return register() + ", bits: " + (bits - 1) + "..0";
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private void name(ProtocolId protocol, String name) {
        names.computeIfAbsent(protocol, all -> new ArrayList<>()).add(name);
    }

    private void clock(String name, String parts) {
        clocks.append("  ").append(name).append(": { ").append(parts).append(" }\n");
        name(ProtocolId.CLOCK, name);
    }

    private void roots() {
        clock("osc", "fixed: 24 MHz");
        clock("main", "fixed: " + (800 + random.nextInt(800)) + " MHz");
    }

    private String divider(int widest) {
        int bits = 1 + random.nextInt(widest);
        return switch (random.nextInt(5)) {
            case 0 -> "divider: { " + field(bits) + ", kind: one-based, zero: bypass }";
            case 1 -> "divider: { " + field(1 + random.nextInt(4)) + ", kind: power-of-two }";
            case 2 ->
                "divider: { " + register() + ", kind: fractional, integer: 27..16, fraction: "
                        + (3 + random.nextInt(12)) + "..0 }";
            default -> "divider: { " + field(bits) + ", kind: linear }";
        };
    }

    private String gate() {
        return "gate: { " + register() + ", bit: " + random.nextInt(32) + " }";
    }

    private void wide(int count) {
        int buses = 3;
        for (int i = 0; i < buses; i++) {
            clock("bus" + i, "parents: [osc, main], mux: { " + field(1) + " }, reparent: true, " + divider(8));
        }
        for (int i = 0; i < count; i++) {
            String bus = "bus" + (oneIn(4) ? random.nextInt(buses) : 0);
            clock(
                    "dev" + i,
                    "parent: " + bus + ", " + divider(8) + ", set-parent-rate: true"
                            + (oneIn(2) ? ", " + gate() : "")
                            + (oneIn(8) ? ", rates: { max: " + (100 + random.nextInt(1500)) + " MHz }" : ""));
        }
    }

    private void deep(int length) {
        for (int chain = 0; chain < 3; chain++) {
            String parent = "main";
            for (int i = 0; i < length; i++) {
                String name = "chain" + chain + "-" + i;
                clock(
                        name,
                        "parent: " + parent + ", set-parent-rate: true, " + (oneIn(2) ? divider(4) : gate())
                                + (oneIn(4) ? ", describe: list" : ""));
                parent = name;
            }
        }
    }

    private void searching(int count) {
        List<String> parents = new ArrayList<>(List.of("osc", "main"));
        for (int i = 0; i < 2; i++) {
            clock(
                    "pll" + i,
                    "parent: osc, pll: { reference: { " + field(6)
                            + ", kind: one-based, zero: bypass }, feedback: { " + field(12)
                            + ", kind: linear, min: 16 }, post: [ { " + field(3) + ", kind: linear }, { " + field(3)
                            + ", kind: linear } ] }");
            parents.add("pll" + i);
        }
        for (int i = 0; i < count; i++) {
            String name = "find" + i;
            String from = parents.get(random.nextInt(parents.size()));
            String other = parents.get(random.nextInt(parents.size()));
            String source = from.equals(other)
                    ? "parent: " + from
                    : "parents: [" + from + ", " + other + "], mux: { " + field(1) + " }, reparent: " + oneIn(2);
            clock(
                    name,
                    source + ", " + divider(24) + ", set-parent-rate: " + !oneIn(4) + ", describe: "
                            + List.of("auto", "list", "range").get(random.nextInt(3))
                            + (oneIn(2) ? ", " + gate() : ""));
            parents.add(name);
        }
    }

    private void sensors(int count) {
        rest.append("sensors:\n");
        for (int i = 0; i < count; i++) {
            String source = oneIn(2)
                    ? "{ " + field(16) + " }"
                    : "{ simulated: { start: 0, min: -300, max: 300, step: 10, every: 1 ms } }";
            rest.append("  sensor")
                    .append(i)
                    .append(": { unit: V, scale: -3, source: ")
                    .append(source);
            rest.append(", trip-points: 4, intervals: [1 ms, 10 ms, 1 s], interval: 1 s, timestamps: true }\n");
            name(ProtocolId.SENSOR, "sensor" + i);
        }
    }

    private void supplies(int count) {
        rest.append("voltage-domains:\n");
        for (int i = 0; i < count; i++) {
            rest.append("  supply")
                    .append(i)
                    .append(": { range: { min: 600 mV, max: 1.3 V, step: 12.5 mV }, level: { ")
                    .append(field(7))
                    .append(" }, enable: { ")
                    .append(register())
                    .append(", bit: 0 }, settle: ")
                    .append(10 + random.nextInt(200))
                    .append(" us }\n");
            name(ProtocolId.VOLTAGE, "supply" + i);
        }
        rest.append("performance-domains:\n");
        for (int i = 0; i < count; i++) {
            clock(
                    "core" + i,
                    "parents: [osc, main], mux: { " + field(1) + " }, reparent: true, divider: { " + field(8)
                            + ", kind: linear }");
            rest.append("  speed")
                    .append(i)
                    .append(": { clock: core")
                    .append(i)
                    .append(", voltage-domain: supply")
                    .append(oneIn(3) ? 0 : i)
                    .append(", levels: [");
            for (int level = 1; level <= 8; level++) {
                rest.append(level == 1 ? "" : ", ")
                        .append("{ frequency: ")
                        .append(3 * level)
                        .append(" MHz, voltage: ")
                        .append(800 + 50 * level)
                        .append(" mV, power: ")
                        .append(100 * level)
                        .append(" mW }");
            }
            rest.append("] }\n");
            name(ProtocolId.PERFORMANCE, "speed" + i);
        }
        rest.append("power-domains:\n");
        for (int i = 0; i < count; i++) {
            rest.append("  domain")
                    .append(i)
                    .append(": { ")
                    .append(i > 0 && oneIn(2) ? "parent: domain" + random.nextInt(i) + ", " : "")
                    .append("switch: { ")
                    .append(register())
                    .append(", bit: 0, settle: 20 us } }\n");
            name(ProtocolId.POWER, "domain" + i);
        }
        rest.append("resets:\n");
        for (int i = 0; i < count; i++) {
            rest.append("  reset").append(i).append(": { ").append(register()).append(", bit: 0, hold: 20 us }\n");
            name(ProtocolId.RESET, "reset" + i);
        }
    }
}
