// A board's clocks without its hardware.
package org.scmid.server.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.board.Board;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.WindowSpec;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockReading;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.SimulatedWindow;
import org.scmid.platform.register.WindowException;
import org.scmid.platform.register.Windows;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;

/** What a board's clocks are if its registers hold their initial values, or those of a dump. */
public final class SimulatedBoard {
    private SimulatedBoard() {}

    /**
     * Clocks by a dump.
     *
     * @param clocks every clock, in the board file's order
     * @param missing how many registers say something of the clocks and are not in the dump
     */
    public record Dumped(List<ClockSnapshot> clocks, int missing) {}

    /** Every clock, in the board file's order. No hardware is touched. */
    public static List<ClockSnapshot> clocks(Board board) {
        try (Windows windows = Windows.open(board, true)) {
            return clocks(board, windows);
        } catch (WindowException e) {
            throw new IllegalStateException("a simulated window cannot fail to open", e);
        }
    }

    /** Every clock by a dump; registers that it does not have hold their initial values. No hardware is touched. */
    public static Dumped clocks(RegisterDump dump) {
        Board board = dump.applied();
        Map<String, RegisterWindow> watched = new HashMap<>();
        Set<FieldRef> missing = new HashSet<>();
        for (WindowSpec spec : board.registers().values()) {
            watched.put(spec.name(), new Watched(spec, dump, missing));
        }
        try (Windows windows = Windows.of(board, watched)) {
            return new Dumped(clocks(board, windows), missing.size());
        }
    }

    private static List<ClockSnapshot> clocks(Board board, Windows windows) {
        var clocks = new ArrayList<ClockSnapshot>();
        List<Clock> tree = new ClockTree(board, windows).clocks();
        ClockReading reading = ClockReading.ofAll(tree);
        for (Clock clock : tree) {
            clocks.add(ClockSnapshot.of(clock, reading, List.of()));
        }
        return clocks;
    }

    /** A window that notes which registers are read that a dump does not have. */
    private static final class Watched implements RegisterWindow {
        private final WindowSpec spec;
        private final SimulatedWindow registers;
        private final RegisterDump dump;
        private final Set<FieldRef> missing;

        Watched(WindowSpec spec, RegisterDump dump, Set<FieldRef> missing) {
            this.spec = spec;
            this.registers = new SimulatedWindow(spec);
            this.dump = dump;
            this.missing = missing;
        }

        @Override
        public String name() {
            return registers.name();
        }

        @Override
        public long size() {
            return registers.size();
        }

        @Override
        public int width() {
            return registers.width();
        }

        @Override
        public long read(long offset) {
            if (!dump.has(spec.name(), offset)) {
                missing.add(new FieldRef(spec.name(), offset, spec.width() - 1, 0, spec.place()));
            }
            return registers.read(offset);
        }

        @Override
        public void write(long offset, long value) {
            throw new IllegalStateException("drawing a tree writes no register");
        }

        @Override
        public void close() {
            registers.close();
        }
    }
}
