// The fat virtqueue: two rings in fixed places, with their payload in fixed slots.
package org.scmid.transport.window;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.Mapping;
import org.scmid.transport.virtqueue.RingLayout;
import org.scmid.transport.virtqueue.SlotChains;
import org.scmid.transport.virtqueue.SplitQueue;

/**
 * There is nothing to negotiate and no register: where everything is, is in the geometry line of the {@link
 * ControlBlock}, and both queues run as long as a session does. Queue 0 has pairs of request and reply.
 */
final class FatDevice implements WindowDevice {
    private static final int MAGIC = ControlBlock.magic("SCFV");

    private final FatGeometry geometry;
    private final SlotChains commandSlots;
    private final SlotChains eventSlots;
    private final SplitQueue commands;
    private final SplitQueue events;
    private @Nullable RingLayout commandRing;
    private @Nullable RingLayout eventRing;

    FatDevice(FatGeometry geometry) {
        this.geometry = geometry;
        this.commandSlots = new SlotChains(geometry.slotBytes(), true);
        this.eventSlots = new SlotChains(geometry.slotBytes(), false);
        this.commands = SplitQueue.strict(commandSlots);
        this.events = SplitQueue.strict(eventSlots);
    }

    SplitQueue commands() {
        return commands;
    }

    SplitQueue events() {
        return events;
    }

    @Override
    public ControlBlock place(Mapping window) {
        commandRing = geometry.ring(window, 0);
        eventRing = geometry.ring(window, 1);
        commandSlots.place(window, geometry.slots(0));
        eventSlots.place(window, geometry.slots(1));
        return new ControlBlock(window, 0, MAGIC, geometry);
    }

    @Override
    public void halt() {
        commands.stop();
        events.stop();
    }

    @Override
    public void reset() {
        halt();
        SplitQueue.clearUsed(placed(commandRing));
        SplitQueue.clearUsed(placed(eventRing));
    }

    @Override
    public void publish() {
        // Everything of it is in the control block.
    }

    @Override
    public void begin() {
        commands.startEmpty(placed(commandRing));
        events.startEmpty(placed(eventRing));
    }

    @Override
    public Written write(int offset, int value) {
        return Written.DONE; // there are no registers
    }

    @Override
    public String violation() {
        return "none";
    }

    @Override
    public boolean serving() {
        return commands.running();
    }

    @Override
    public boolean hasEvents() {
        return true;
    }

    @Override
    public void usedUpdated() {
        // The event counter is all.
    }

    private static RingLayout placed(@Nullable RingLayout ring) {
        if (ring == null) {
            throw new IllegalStateException("no window");
        }
        return ring;
    }
}
