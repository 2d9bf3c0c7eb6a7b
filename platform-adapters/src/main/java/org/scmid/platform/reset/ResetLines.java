// All resets of a board.
package org.scmid.platform.reset;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.reset.ResetSpec;
import org.scmid.loop.Scheduler;
import org.scmid.platform.register.Windows;

/** All resets of a board. Making them reads and writes no register. */
public final class ResetLines {
    private final List<ResetLine> lines;
    private @Nullable ResetListener listener;

    /**
     * @param board a checked board
     * @param windows its registers
     * @param scheduler gives time to hardware
     */
    public ResetLines(Board board, Windows windows, Scheduler scheduler) {
        List<ResetLine> made = new ArrayList<>();
        for (ResetSpec spec : board.resets().values()) {
            made.add(new ResetLine(made.size(), spec, windows, scheduler, this));
        }
        lines = Collections.unmodifiableList(made);
    }

    /** Every reset, in the board file's order. */
    public List<ResetLine> lines() {
        return lines;
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

    /** Says who is told of ends that come later; null for nobody. */
    public void setListener(@Nullable ResetListener listener) {
        this.listener = listener;
    }

    void tell(ResetLine line, ResetAction action, int tag, boolean ok) {
        if (listener != null) {
            listener.ended(line, action, tag, ok);
        }
    }
}
