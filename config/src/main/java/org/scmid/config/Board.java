// A board file, checked: the register windows and the clocks of a piece of hardware.
package org.scmid.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checked board: every name that it uses exists, no two register fields overlap, the clocks form no loop.
 *
 * @param name what the file says in {@code board:}
 * @param description one line for people, may be empty
 * @param compatible the device tree's names of this board, may be empty
 * @param registers the windows of registers by name, in the file's order
 * @param clocks the clocks by name, in the file's order
 * @param place where the board begins
 */
public record Board(
        String name,
        String description,
        List<String> compatible,
        Map<String, WindowSpec> registers,
        Map<String, ClockSpec> clocks,
        Place place)
        implements ConfigFile {

    /** Copies, keeping the order of windows and clocks. */
    public Board {
        compatible = List.copyOf(compatible);
        registers = Collections.unmodifiableMap(new LinkedHashMap<>(registers));
        clocks = Collections.unmodifiableMap(new LinkedHashMap<>(clocks));
    }

    /** The same board with every register window simulated from its initial values ({@code --simulate}). */
    public Board simulated() {
        Map<String, WindowSpec> windows = new LinkedHashMap<>();
        registers.forEach((window, spec) -> windows.put(window, spec.withAccess(new Access.Simulated())));
        return withRegisters(windows);
    }

    Board withRegisters(Map<String, WindowSpec> windows) {
        return new Board(name, description, compatible, windows, clocks, place);
    }
}
