// Whether the microcontroller's registers are what messages say of its clocks.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.document.ConfigException;

/**
 * Two judges say what the registers come to: QEMU's monitor, and the board file {@code stm32l4x5}, which describes the same
 * chip.
 */
record MicrocontrollerJudge(ModelledMachine machine, MicrocontrollerClocks clocks) {
    /** The chip, as the board file has it. */
    static final Board BOARD = board();

    private static final int OTHERS = 5;
    private static final long RCC = 0x40021000L;
    private static final long RCC_BYTES = 0x98;
    private static final long CFGR = RCC + 0x08;

    /** What QEMU's monitor knows of the clocks that are not served. */
    private static final Set<String> NOT_COMPARED =
            Set.of("hse", "aes-out", "lcd-out", "rtc-out", "wwdg-out", "fw-out");

    private static Board board() {
        try {
            return ConfigFiles.builtInBoard("stm32l4x5");
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /**
     * Sends random requests, and compares after each one: the monitor's frequencies, the clocks that the request was about,
     * some others, and in the end all.
     *
     * @return how many have changed a frequency
     */
    int compareAfterEach(int count, ClockRequests requests, Random random) {
        int changes = 0;
        for (int i = 1; i <= count; i++) {
            int number = i;
            Map<String, Frequency> before = machine.clocks();
            ClockRequests.Request request = requests.next();
            Supplier<String> when = () -> "after request " + number + "; the last ones:\n" + requests.history();
            judge(request, when);
            compare(others(request.clock(), random), when);
            changes += machine.clocks().equals(before) ? 0 : 1;
        }
        compareAll(() -> "at the end; the last requests:\n" + requests.history());
        return changes;
    }

    /** Notes what the agent has asked for, and looks at what it got. */
    private void judge(ClockRequests.Request request, Supplier<String> when) {
        clocks.askAnew(request.clock());
        if (request.status() != Scmi.SUCCESS) {
            return;
        }
        switch (request.kind()) {
            case "enable", "disable" ->
                clocks.hasAskedFor(request.clock(), request.kind().equals("enable"));
            case "parent" -> assertEquals(request.parent(), clocks.parent(request.clock()), when);
            default -> {
                long hz = clocks.rate(request.clock());
                boolean fits = switch (request.rounding()) {
                    case DOWN -> hz <= request.hz();
                    case UP -> hz >= request.hz();
                    case NEAREST -> true;
                };
                assertTrue(fits, () -> hz + " Hz " + when.get());
            }
        }
    }

    /** The clock, what runs from it, and some that nobody asked for anything. */
    private Set<String> others(String clock, Random random) {
        var others = new TreeSet<String>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(clocks.clocks().get(random.nextInt(clocks.clocks().size())));
        }
        clocks.clocks().stream().filter(name -> clocks.isBelow(name, clock)).forEach(others::add);
        return others;
    }

    void compareAll(Supplier<String> when) {
        clocks.clocks().forEach(clocks::askAnew);
        compare(new TreeSet<>(clocks.clocks()), when);
    }

    /** Compares some clocks with their registers, and all with the monitor. */
    private void compare(Set<String> looked, Supplier<String> when) {
        var wrong = new ArrayList<String>();
        // The messages first: what was asked for before without waiting is done when they are answered.
        var shown = new TreeMap<String, BoardOracle.State>();
        for (String name : looked) {
            shown.put(
                    name,
                    new BoardOracle.State(clocks.readParent(name), clocks.readRate(name), clocks.readEnabled(name)));
        }
        Map<Long, Integer> registers = machine.registers(RCC, RCC_BYTES);
        var oracle = new BoardOracle(BOARD, registers);
        shown.forEach((name, said) -> {
            BoardOracle.State state = oracle.state(name);
            var expected = new BoardOracle.State(
                    said.parent().isEmpty() ? "" : state.parent(),
                    state.hz(),
                    state.runs() && !clocks.isUnwanted(name));
            if (!said.equals(expected)) {
                wrong.add(name + " is " + expected + " by its registers, and " + said + " by the firmware");
            }
            if (state.runs() != clocks.isEnabled(name)) {
                wrong.add(name + (state.runs() ? " runs" : " stands") + ", other than the agent has asked for");
            }
        });
        Map<String, Frequency> seen = machine.clocks();
        new Stm32Clocks(() -> registers.getOrDefault(CFGR, 0)).expectations().forEach((clock, hz) -> {
            if (Stream.of(clock.split(" ", -1)).noneMatch(NOT_COMPARED::contains)) {
                Frequency frequency = seen.get(clock);
                long expected = hz.applyAsLong(clocks);
                if (frequency == null || !frequency.isOf(expected)) {
                    wrong.add(clock + " is " + (frequency == null ? "nothing" : frequency.text())
                            + " in the model, and " + expected + " Hz by the firmware");
                }
            }
        });
        if (!wrong.isEmpty()) {
            throw new AssertionError(when.get() + "\n" + String.join("\n", wrong));
        }
    }
}
