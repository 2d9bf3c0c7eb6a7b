// Which gates the service has opened itself, though it be killed.
package org.scmid.server.core;

import org.jspecify.annotations.Nullable;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.platform.clock.OpenedGates;

/**
 * The gates that the clock tree answers for, in a mapped file that a killed service leaves behind. Without it, after a
 * restart, a parent that was opened for an agent's clock would look as if the boot loader had left it on, and would stay
 * on when the agent lets go of its clock.
 *
 * <pre>
 * 0    {@link StateHeader}
 * 64   u8[]    one byte for each clock of the board, in the board file's order: 1 if the service answers for its gate
 * </pre>
 *
 * <p>Each change is one store of a byte. The note of a gate is there before the gate is opened and until it is closed:
 * SIGKILL in between leaves the note of a gate that is closed, and that says nothing.
 */
final class GateState implements OpenedGates, AutoCloseable {
    private static final StateHeader HEADER = new StateHeader(0x4753_4353, 1); // "SCSG"

    private final Mapping memory;
    private final int clocks;

    GateState(Mapping memory, int clocks) {
        this.memory = memory;
        this.clocks = clocks;
    }

    /** State that ends with the process. */
    static GateState inMemory(int clocks) throws LinuxException {
        return new GateState(Mapping.anonymous(length(clocks)), clocks);
    }

    /** Bytes for a board with so many clocks. */
    static long length(int clocks) {
        return (long) StateHeader.BYTES + Math.max(1, clocks);
    }

    @Override
    public boolean contains(int clock) {
        return memory.getByte(StateHeader.BYTES + clock) != 0;
    }

    @Override
    public void add(int clock) {
        memory.putByte(StateHeader.BYTES + clock, (byte) 1);
    }

    @Override
    public void remove(int clock) {
        memory.putByte(StateHeader.BYTES + clock, (byte) 0);
    }

    /** Writes the head of a new file, whose bytes are all 0. */
    void begin(byte[] bootId, long view) {
        HEADER.write(memory, bootId, view, clocks);
    }

    /** Why this memory is not the state of this service in this boot of the host; null if it is. */
    @Nullable
    String whyNotUsable(byte[] bootId, long view) {
        return HEADER.whyNotUsable(memory, bootId, view, clocks);
    }

    /** Lets go of the memory; a file keeps what is in it. */
    @Override
    public void close() {
        memory.close();
    }
}
