// Boards of any number of clocks.
package org.scmid.benchmarks;

/**
 * Boards of any number of clocks: {@code osc} 24 MHz (id 0) and {@code pll} 1200 MHz (id 1), from which buses run, and
 * nine peripherals from each bus. A bus has multiplexer, divider and gate, a peripheral a divider of 16 steps and a gate;
 * each has a register of its own. All registers are 0: every bus and peripheral has 24 MHz.
 */
final class GeneratedBoard {
    private static final int ROOTS = 2;
    private static final int GROUP = 10;

    /** The highest rate of a peripheral, in Hz: that of its bus. */
    static final long FULL_RATE = 24_000_000;

    private GeneratedBoard() {}

    /** @param clocks 4 or more */
    static String yaml(int clocks) {
        StringBuilder yaml = new StringBuilder(160 * clocks);
        yaml.append("board: generated\nregisters:\n  cru: { at: 0, size: ")
                .append(4L * clocks)
                .append(", width: 32, access: simulated }\nclocks:\n")
                .append("  osc: { fixed: 24 MHz }\n  pll: { fixed: 1200 MHz }\n");
        int bus = 0;
        for (int id = ROOTS; id < clocks; id++) {
            String register = "register: cru+" + 4L * id;
            if (isBus(id)) {
                bus = id;
                yaml.append("  bus%d: { parents: [osc, pll], mux: { %s, bits: 9..9 }".formatted(id, register));
            } else {
                yaml.append("  dev%d: { parent: bus%d".formatted(id, bus));
            }
            yaml.append(", divider: { %s, bits: 3..0, kind: linear }, gate: { %s, bit: 8 } }\n"
                    .formatted(register, register));
        }
        return yaml.toString();
    }

    /**
     * The same kind of board with its units written once.
     *
     * @param clocks about how many: two roots and whole groups of ten
     */
    static String yamlOfTemplates(int clocks) {
        int groups = Math.max(1, (clocks - ROOTS) / GROUP);
        String numbers = "{0.." + (groups - 1) + "}";
        StringBuilder yaml = new StringBuilder("""
                board: generated
                registers:
                  cru: { at: 0, size: %d, width: 32, access: simulated }
                templates:
                  bus:
                    parents: [osc, pll]
                    mux:     { register: cru+$r, bits: 9..9 }
                    divider: { register: cru+$r, bits: 3..0, kind: linear }
                    gate:    { register: cru+$r, bit: 8 }
                  dev:
                    parent:  $bus
                    divider: { register: cru+$r, bits: 3..0, kind: linear }
                    gate:    { register: cru+$r, bit: 8 }
                clocks:
                  osc: { fixed: 24 MHz }
                  pll: { fixed: 1200 MHz }
                  bus%s: { template: bus, r: $(%d*i) }
                """.formatted(4 * GROUP * groups, numbers, 4 * GROUP));
        for (int i = 1; i < GROUP; i++) {
            yaml.append("  dev%d-%s: { template: dev, bus: bus$i, r: $(%d*i + %d) }\n"
                    .formatted(i, numbers, 4 * GROUP, 4 * i));
        }
        return yaml.toString();
    }

    private static boolean isBus(int id) {
        return (id - ROOTS) % GROUP == 0;
    }

    /**
     * Ids of peripherals that are spread evenly over a board.
     *
     * @param clocks how many the board has
     * @param count how many are wanted, at most 7
     */
    static int[] peripherals(int clocks, int count) {
        int groups = (clocks - ROOTS + GROUP - 1) / GROUP;
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            int group = (int) ((long) i * groups / count);
            int id = ROOTS + group * GROUP + 1 + i;
            ids[i] = Math.min(id, clocks - 1);
        }
        return ids;
    }
}
