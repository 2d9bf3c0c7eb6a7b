// A board's clocks without its hardware.
package org.scmid.server.view;

import java.util.ArrayList;
import java.util.List;
import org.scmid.config.Board;
import org.scmid.platform.clock.Clock;
import org.scmid.platform.clock.ClockTree;
import org.scmid.platform.register.WindowException;
import org.scmid.platform.register.Windows;
import org.scmid.server.core.ServiceSnapshot.ClockSnapshot;

/** What a board's clocks are if its registers hold their initial values. */
public final class SimulatedBoard {
    private SimulatedBoard() {}

    /** Every clock, in the board file's order. No hardware is touched. */
    public static List<ClockSnapshot> clocks(Board board) {
        try (Windows windows = Windows.open(board, true)) {
            var clocks = new ArrayList<ClockSnapshot>();
            for (Clock clock : new ClockTree(board, windows).clocks()) {
                clocks.add(ClockSnapshot.of(clock, List.of()));
            }
            return clocks;
        } catch (WindowException e) {
            throw new IllegalStateException("a simulated window cannot fail to open", e);
        }
    }
}
