// All resets of a board.
package org.scmid.platform.reset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.scmid.config.board.Board;
import org.scmid.config.reset.ResetSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.driver.ResetDriver;
import org.scmid.platform.register.Windows;

/** All resets of a board. Making them reads and writes no register. */
public final class ResetLines {
    private final List<ResetLine> lines;

    /**
     * @param board a checked board
     * @param windows its registers
     * @param scheduler gives time to hardware
     */
    public ResetLines(Board board, Windows windows, Scheduler scheduler) {
        List<ResetLine> made = new ArrayList<>();
        for (ResetSpec spec : board.resets().values()) {
            made.add(new ResetLine(made.size(), spec, windows, scheduler));
        }
        lines = Collections.unmodifiableList(made);
    }

    /** Every reset, in the board file's order. */
    public List<ResetLine> lines() {
        return lines;
    }

    /** What the Reset protocol uses, in the board file's order. */
    public List<ResetDriver> drivers() {
        return Collections.unmodifiableList(lines);
    }

    /** The reset at a position in the board file, from 0. */
    public ResetLine line(int index) {
        return lines.get(index);
    }

    /**
     * The reset of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public ResetLine get(String name) {
        for (ResetLine line : lines) {
            if (line.name().equals(name)) {
                return line;
            }
        }
        throw new IllegalArgumentException("no reset " + name);
    }
}
