// Registers that exist in the service's memory only.
package org.scmid.platform.register;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.register.WindowSpec;

/**
 * Registers of a simulated board. They start with the initial values of the board file, all others with 0, and behave
 * as hardware of that kind does: with a write key, a word without the key changes nothing and the key itself is not
 * kept; with a write mask, only the bits whose mask bit is set change, and the mask reads as 0. What registers with rules
 * do is in {@link SimulatedRules}.
 *
 * <p>A window may be large, as an SoC's peripheral space is: memory is taken for the parts that are written.
 */
public final class SimulatedWindow implements RegisterWindow {
    private static final int PAGE_REGISTERS = 256;

    private final WindowSpec spec;
    private final long widthMask;
    private final int widthBytes;
    private final long[] @Nullable [] pages;
    private final @Nullable SimulatedReactions reactions;
    private final @Nullable SimulatedRules rules;
    private boolean open = true;

    /**
     * Fills a window.
     *
     * @param spec its size, width, key, mask and initial values
     */
    public SimulatedWindow(WindowSpec spec) {
        this(spec, null);
    }

    /**
     * Fills a window whose registers change by themselves.
     *
     * @param spec its size, width, key, mask and initial values
     * @param reactions what the board's hardware does by itself; null for nothing
     */
    public SimulatedWindow(WindowSpec spec, @Nullable SimulatedReactions reactions) {
        this.spec = spec;
        this.reactions = reactions;
        widthBytes = spec.width() / 8;
        widthMask = -1L >>> (64 - spec.width());
        pages = new long[Math.toIntExact((spec.size() / widthBytes + PAGE_REGISTERS - 1) / PAGE_REGISTERS)][];
        for (Map.Entry<Long, Long> value : spec.initial().entrySet()) {
            store(value.getKey(), value.getValue());
        }
        rules = SimulatedRules.of(spec, new Storage());
        if (reactions != null) {
            reactions.connect(this);
        }
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public long size() {
        return spec.size();
    }

    @Override
    public int width() {
        return spec.width();
    }

    @Override
    public long read(long offset) {
        if (reactions != null) {
            reactions.catchUp();
        }
        return rules == null ? load(offset) : rules.read(offset);
    }

    /** What is stored, for the rules. */
    private final class Storage implements SimulatedRules.Storage {
        @Override
        public long load(long offset) {
            return SimulatedWindow.this.load(offset);
        }

        @Override
        public void store(long offset, long word, long changing) {
            keep(offset, word, changing);
        }
    }

    private long load(long offset) {
        long register = registerAt(offset);
        long[] page = pages[(int) (register / PAGE_REGISTERS)];
        return page == null ? 0 : page[(int) (register % PAGE_REGISTERS)];
    }

    @Override
    public void write(long offset, long value) {
        registerAt(offset);
        if (rules != null) {
            rules.write(offset, value);
            return;
        }
        long key = spec.writeKey();
        if ((value & key) != key) {
            return;
        }
        long word = value & ~key;
        long changing = widthMask;
        int shift = spec.writeMaskShift();
        if (shift >= 0) {
            changing = (value >>> shift) & ((1L << shift) - 1);
            word = (read(offset) & ~changing) | (value & changing);
        }
        keep(offset, word, changing);
    }

    private void keep(long offset, long word, long changing) {
        store(offset, word);
        if (reactions != null) {
            reactions.written(this, offset, changing, word);
        }
    }

    /** What a register holds, whatever a read of it would do. */
    long peek(long offset) {
        return load(offset);
    }

    /** Hardware changes some bits by itself. */
    void react(long offset, long mask, long bits) {
        store(offset, (load(offset) & ~mask) | (bits & mask));
    }

    @Override
    public void close() {
        open = false;
    }

    private void store(long offset, long value) {
        long register = registerAt(offset);
        int number = (int) (register / PAGE_REGISTERS);
        long[] page = pages[number];
        if (page == null) {
            page = new long[PAGE_REGISTERS];
            pages[number] = page;
        }
        page[(int) (register % PAGE_REGISTERS)] = value & widthMask;
    }

    private long registerAt(long offset) {
        if (!open) {
            throw new IllegalStateException("register window " + spec.name() + " is closed");
        }
        if (offset < 0 || offset > spec.size() - widthBytes) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " of register window " + spec.name() + " of " + spec.size() + " bytes");
        }
        if (offset % widthBytes != 0) {
            throw new IllegalArgumentException(
                    "offset " + offset + " of register window " + spec.name() + " is no multiple of " + widthBytes);
        }
        return offset / widthBytes;
    }
}
