// Registers that count every access and show every store.
package org.scmid.platform;

import java.util.ArrayList;
import java.util.List;
import org.scmid.config.board.Board;
import org.scmid.config.register.WindowSpec;
import org.scmid.platform.register.RegisterWindow;
import org.scmid.platform.register.SimulatedWindow;
import org.scmid.platform.register.Windows;

/** A simulated window that counts reads, remembers writes, and lets a test look after every single store. */
public final class WatchedWindow implements RegisterWindow {
    private final SimulatedWindow registers;
    private final List<String> stores = new ArrayList<>();
    private Runnable afterStore = () -> {};
    private boolean keeps = true;
    private long reads;
    private long writes;

    public WatchedWindow(WindowSpec spec) {
        registers = new SimulatedWindow(spec);
    }

    public static WatchedWindow of(Board board) {
        return new WatchedWindow(board.registers().values().iterator().next());
    }

    public Windows windows(Board board) {
        return Windows.of(board, java.util.Map.of(BoardBuilder.WINDOW, this));
    }

    /** Every store so far, as {@code 0x10=0x3}. */
    public List<String> stores() {
        return stores;
    }

    public long reads() {
        return reads;
    }

    public long writes() {
        return writes;
    }

    public void afterStore(Runnable action) {
        afterStore = action;
    }

    /** Stops remembering stores, which allocates. */
    public void countOnly() {
        keeps = false;
    }

    /** What the register holds; does not count. */
    public long peek(long offset) {
        return registers.read(offset);
    }

    /** Puts a value as if something else did; does not count. */
    public void poke(long offset, long value) {
        registers.write(offset, value);
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
        reads++;
        return registers.read(offset);
    }

    @Override
    public void write(long offset, long value) {
        writes++;
        registers.write(offset, value);
        if (keeps) {
            stores.add("0x" + Long.toHexString(offset) + "=0x" + Long.toHexString(value));
        }
        afterStore.run();
    }

    @Override
    public void close() {
        registers.close();
    }
}
