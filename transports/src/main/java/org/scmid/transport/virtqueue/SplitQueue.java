// A split virtqueue as the device sees it: taking what is available, returning what is used, and who must be woken.
package org.scmid.transport.virtqueue;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.MalformedInput;

/**
 * The device's side of one split virtqueue (virtio 1.2, section 2.7). One chain is in hand at a time: {@link #take},
 * then {@link #complete}, so that used elements are written in available order, and after a death of this process
 * exactly the unanswered requests come again. A chain whose reply takes time stays in hand by {@link #hold}; a queue
 * that is stopped meanwhile has not taken it.
 *
 * <p>What the device publishes (used.idx) it keeps in private, and never reads back while the ring runs.
 *
 * <p>Every call but {@link #start}, {@link #running} and {@link #stop} needs a running queue. A peer that shrinks the
 * memory under a ring makes any of them throw {@link InternalError}, see {@link Mapping}: whoever owns the connection
 * ends it.
 */
public final class SplitQueue {
    /** What {@link #take} found. */
    public enum Taken {
        /** Nothing is available. */
        NOTHING,
        /** The chain is filled; {@link #complete} returns it. */
        CHAIN,
        /** The chain is malformed, {@link Chain#fault} says why; {@link #complete} with 0 returns it. */
        MALFORMED,
        /** The ring cannot be believed any more. It stays so until it is started again. */
        BROKEN
    }

    /** How the driver says whether it wants to be told of used elements. */
    private enum Telling {
        /** By the flags of the available ring (section 2.7.7). */
        BY_FLAGS,
        /** By VIRTIO_F_EVENT_IDX (section 2.7.8). */
        BY_EVENT_IDX,
        /** Not at all: it is told of each, and both flags words stay 0. */
        ALWAYS
    }

    private static final int AVAIL_NO_INTERRUPT = 1;
    private static final int USED_NO_NOTIFY = 1;

    private static final int FLAGS = 0;
    private static final int IDX = 2;
    private static final int RING = 4;

    private final ChainReader reader;
    private final boolean strict;

    private @Nullable RingLayout layout;
    private Telling telling = Telling.BY_FLAGS;
    private boolean indirect;
    private boolean broken;
    private @Nullable MalformedInput brokenBy;
    private long brokenAt;
    private boolean kicksWanted;
    private boolean holding;

    /** Free-running 16-bit positions, as in the rings. */
    private int lastAvail;

    private int availSeen;
    private int usedIdx;
    private int usedIdxAnnounced;

    private SplitQueue(ChainReader reader, boolean strict) {
        this.reader = reader;
        this.strict = strict;
    }

    /**
     * Makes a queue that does not run, and that returns a malformed chain unused: one bad buffer costs the driver that
     * buffer.
     *
     * @param reader reads its chains
     */
    public static SplitQueue forgiving(ChainReader reader) {
        return new SplitQueue(reader, false);
    }

    /**
     * Makes a queue that does not run, and that a malformed chain breaks, unless it is only too long for a message: for
     * rings whose driver has a way to begin anew that needs nobody's help.
     *
     * @param reader reads its chains
     */
    public static SplitQueue strict(ChainReader reader) {
        return new SplitQueue(reader, true);
    }

    /**
     * Begins to serve a ring, from whatever state. used.idx is taken over from the ring.
     *
     * @param layout where it is
     * @param base the available position to begin with, 0..65535; 0 for a fresh ring
     * @param eventIdx VIRTIO_F_EVENT_IDX was negotiated
     * @param indirect VIRTIO_F_INDIRECT_DESC was negotiated; without it the flag makes a chain malformed
     */
    public void start(RingLayout layout, int base, boolean eventIdx, boolean indirect) {
        begin(layout, base & 0xffff, usedIdxInMemory(layout));
        this.telling = eventIdx ? Telling.BY_EVENT_IDX : Telling.BY_FLAGS;
        this.indirect = indirect;
        // Whatever a predecessor left: the driver must kick for what it adds before the first poll.
        kicksWanted = false;
        wantKicks(layout);
    }

    /**
     * Begins to serve an empty ring that this side looks at by itself: both positions are 0, used.idx is set to 0. Flags
     * and event indices are not used, in either direction; indirect descriptors are not allowed.
     *
     * @param layout where it is
     */
    public void startEmpty(RingLayout layout) {
        clearUsed(layout);
        begin(layout, 0, 0);
        telling = Telling.ALWAYS;
        indirect = false;
    }

    /** Sets used.idx and the used ring's flags to 0: a ring that is not served shows nothing of its last use. */
    public static void clearUsed(RingLayout layout) {
        Mapping used = layout.used().mapping();
        long at = layout.used().offset();
        used.putU16(at + FLAGS, 0);
        used.putU16Release(at + IDX, 0);
    }

    private void begin(RingLayout place, int available, int used) {
        layout = place;
        broken = false;
        brokenBy = null;
        holding = false;
        lastAvail = available;
        availSeen = available;
        usedIdx = used;
        usedIdxAnnounced = used;
    }

    /**
     * Goes on with a ring that is now elsewhere, at the position where it is. A chain that is held stays so.
     *
     * @param newLayout where it is
     */
    public void move(RingLayout newLayout, boolean withEventIdx, boolean withIndirect) {
        boolean held = holding;
        start(newLayout, lastAvail, withEventIdx, withIndirect);
        holding = held;
    }

    /** used.idx as the ring shows it: of use before {@link #start} only. */
    public static int usedIdxInMemory(RingLayout layout) {
        return layout.used().mapping().getU16Acquire(layout.used().offset() + IDX);
    }

    /** Whether it was started, and is not broken. */
    public boolean running() {
        return layout != null && !broken;
    }

    /** Whether a violation ended the service of this ring. */
    public boolean broken() {
        return broken;
    }

    /**
     * Ends the service and lets the memory go. A chain that is held is let go as well, as one never taken; a violation is
     * forgotten.
     *
     * @return the available position that comes next, 0..65535: the base to go on from
     */
    public int stop() {
        layout = null;
        broken = false;
        holding = false;
        reader.clear();
        return lastAvail;
    }

    /** The available position that comes next, 0..65535. */
    public int position() {
        return lastAvail;
    }

    /**
     * Whether {@link #take} has something to look at. One load, when there is nothing.
     */
    public boolean hasAvailable() {
        return availSeen != lastAvail || availableIdx(ring()) != lastAvail;
    }

    /**
     * Reads the next available chain. It stays the next one until {@link #complete}.
     *
     * @param chain filled with it
     */
    public Taken take(Chain chain) {
        RingLayout ring = ring();
        if (broken) {
            return Taken.BROKEN;
        }
        if (availSeen == lastAvail) {
            availSeen = availableIdx(ring);
            if (availSeen == lastAvail) {
                return Taken.NOTHING;
            }
            if (((availSeen - lastAvail) & 0xffff) > ring.size()) {
                return breakRing();
            }
        }
        RingLayout.Part available = ring.available();
        int head = available.mapping().getU16(available.offset() + RING + 2L * (lastAvail & (ring.size() - 1)));
        if (head >= ring.size()) {
            return breakRing();
        }
        return read(ring, chain, head);
    }

    private Taken read(RingLayout ring, Chain chain, int head) {
        chain.begin(head);
        if (reader.read(ring, head, indirect, chain)) {
            return Taken.CHAIN;
        }
        MalformedInput fault = chain.fault();
        if (!strict || fault == null || fault == MalformedInput.LONG_REQUEST) {
            return Taken.MALFORMED;
        }
        brokenBy = fault;
        brokenAt = chain.faultAddress();
        return breakRing();
    }

    /**
     * Returns the chain that was taken last, and publishes it at once.
     *
     * @param chain the same as for {@link #take}
     * @param written exactly how many bytes were written into it, 0 if none
     */
    public void complete(Chain chain, int written) {
        RingLayout ring = ring();
        Mapping used = ring.used().mapping();
        long at = ring.used().offset();
        long element = at + RING + 8L * (usedIdx & (ring.size() - 1));
        used.putInt(element, chain.head());
        used.putInt(element + 4, written);
        lastAvail = (lastAvail + 1) & 0xffff;
        usedIdx = (usedIdx + 1) & 0xffff;
        used.putU16Release(at + IDX, usedIdx);
        holding = false;
    }

    /** The chain that was taken last stays in hand until {@link #complete} or {@link #stop}; no other is taken meanwhile. */
    public void hold() {
        holding = true;
    }

    /** Whether a chain is held. */
    public boolean holding() {
        return holding;
    }

    /**
     * Reads the chain that is held again, since its memory may have been moved or taken away while it waited. Everything is
     * checked as if for the first time; only its head is the one that was taken.
     *
     * @param chain the same as for {@link #take}
     * @return as {@link #take}, but never NOTHING
     */
    public Taken readAgain(Chain chain) {
        return read(ring(), chain, chain.head());
    }

    /**
     * Whether the driver wants to be told of what was completed since the last call (section 2.7.7.2). The answer counts
     * for all of it, so the caller does tell it then.
     */
    public boolean mustNotify() {
        if (usedIdx == usedIdxAnnounced) {
            return false;
        }
        RingLayout ring = ring();
        Mapping available = ring.available().mapping();
        long at = ring.available().offset();
        // The new used.idx must be visible before the driver's wish is read: it does the same the other way round.
        Mapping.fullFence();
        int before = usedIdxAnnounced;
        usedIdxAnnounced = usedIdx;
        return switch (telling) {
            case ALWAYS -> true;
            case BY_FLAGS -> (available.getU16(at + FLAGS) & AVAIL_NO_INTERRUPT) == 0;
            case BY_EVENT_IDX -> passes(available.getU16(at + RING + 2L * ring.size()), usedIdx, before);
        };
    }

    /**
     * Whether an index moved past an event index: vring_need_event of section 2.7.7.2.1.
     *
     * @param event the position the other side named: it wants to be told once the element at it is there
     * @param now the index now
     * @param before the index when this was decided last
     */
    public static boolean passes(int event, int now, int before) {
        return ((now - event - 1) & 0xffff) < ((now - before) & 0xffff);
    }

    /** The driver need not kick for now. Cheap when it was told before. */
    public void suppressKicks() {
        if (!kicksWanted) {
            return;
        }
        kicksWanted = false;
        if (telling == Telling.BY_FLAGS) {
            RingLayout ring = ring();
            ring.used().mapping().putU16(ring.used().offset() + FLAGS, USED_NO_NOTIFY);
        }
        // With EVENT_IDX, avail_event stays behind: the driver kicks once at most until it is moved.
    }

    /**
     * Asks the driver to kick when it adds something (section 2.7.10), then looks once more.
     *
     * @return true if something is available already: a kick may not come for it
     */
    public boolean requestKicks() {
        RingLayout ring = ring();
        wantKicks(ring);
        // The wish must be visible before the index is read, or both sides could miss each other.
        Mapping.fullFence();
        return hasAvailable();
    }

    private void wantKicks(RingLayout ring) {
        if (telling == Telling.ALWAYS) {
            return; // the driver has no means to know whether this side looks
        }
        Mapping used = ring.used().mapping();
        long at = ring.used().offset();
        if (telling == Telling.BY_EVENT_IDX) {
            used.putU16Release(at + RING + 8L * ring.size(), lastAvail);
        }
        if (!kicksWanted) {
            kicksWanted = true;
            used.putU16(at + FLAGS, 0);
        }
    }

    /** Why a chain was malformed, for a log line: the reason's label, and for a bad address, which, and what there is. */
    String explained(Chain chain, MalformedInput reason) {
        return explained(reason, chain.faultAddress());
    }

    private String explained(MalformedInput reason, long address) {
        if (reason != MalformedInput.BAD_ADDRESS) {
            return reason.label();
        }
        String known = reader.describe();
        return reason.label() + ", there is no memory at guest address 0x" + Long.toHexString(address)
                + (known.isEmpty() ? "" : ": " + known);
    }

    /** Why the ring is {@link #broken}, for a log line. */
    public String breakage() {
        MalformedInput fault = brokenBy;
        return fault == null ? "an index that cannot be" : explained(fault, brokenAt);
    }

    private static int availableIdx(RingLayout ring) {
        return ring.available().mapping().getU16Acquire(ring.available().offset() + IDX);
    }

    private Taken breakRing() {
        broken = true;
        return Taken.BROKEN;
    }

    private RingLayout ring() {
        RingLayout ring = layout;
        if (ring == null) {
            throw new IllegalStateException("the queue does not run");
        }
        return ring;
    }
}
