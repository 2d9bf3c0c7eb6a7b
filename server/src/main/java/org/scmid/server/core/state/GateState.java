// Which gates the service has opened itself, though it be killed.
package org.scmid.server.core.state;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
 * 64   u32     number of clocks
 * 68   u32     bytes of their names
 * 72   u8[]    one byte for each clock of the board, in the board file's order: 1 if the service answers for its gate
 * then the clocks' names, UTF-8, in the same order, with line ends between
 * </pre>
 *
 * <p>Each change is one store of a byte. The note of a gate is there before the gate is opened and until it is closed:
 * SIGKILL in between leaves the note of a gate that is closed, and that says nothing.
 */
public final class GateState implements OpenedGates, AutoCloseable {
    private static final StateHeader HEADER = new StateHeader(0x4753_4353, 2); // "SCSG"

    private static final int AT_COUNT = 64;
    private static final int AT_NAMES_LENGTH = 68;
    private static final int AT_NOTES = 72;
    private static final String BETWEEN = "\n";

    private final Mapping memory;
    private final List<String> clocks;

    private GateState(Mapping memory, List<String> clocks) {
        this.memory = memory;
        this.clocks = List.copyOf(clocks);
    }

    /** State that ends with the process. */
    static GateState inMemory(List<String> clocks) throws LinuxException {
        return anew(Mapping.anonymous(length(clocks)), clocks);
    }

    /** Notes nothing yet, in memory that is all 0, of {@link #length} bytes. */
    static GateState anew(Mapping memory, List<String> clocks) {
        byte[] names = names(clocks);
        memory.putInt(AT_COUNT, clocks.size());
        memory.putInt(AT_NAMES_LENGTH, names.length);
        memory.write(AT_NOTES + clocks.size(), names, 0, names.length);
        return new GateState(memory, clocks);
    }

    /** Makes what {@link #anew} made valid. */
    void validate(byte[] bootId) {
        HEADER.write(memory, bootId);
    }

    /** What is in this memory; null if it is not the notes of this boot of the host, or damaged. */
    static @Nullable GateState read(Mapping memory, byte[] bootId, Consumer<String> complaint) {
        String problem = memory.size() < AT_NOTES ? "it is too short" : HEADER.whyNotUsable(memory, bootId);
        if (problem != null) {
            complaint.accept(problem);
            return null;
        }
        int count = memory.getInt(AT_COUNT);
        int length = memory.getInt(AT_NAMES_LENGTH);
        if (count >= 0 && length >= 0 && (long) AT_NOTES + count + length <= memory.size()) {
            byte[] names = new byte[length];
            memory.read(AT_NOTES + (long) count, names, 0, length);
            List<String> clocks =
                    length == 0 ? List.of() : List.of(new String(names, StandardCharsets.UTF_8).split(BETWEEN, -1));
            if (clocks.size() == count) {
                return new GateState(memory, clocks);
            }
        }
        complaint.accept("it is damaged");
        return null;
    }

    private static byte[] names(List<String> clocks) {
        return String.join(BETWEEN, clocks).getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes for a board with these clocks. */
    static long length(List<String> clocks) {
        return (long) AT_NOTES + clocks.size() + names(clocks).length;
    }

    boolean isOf(List<String> itsClocks) {
        return clocks.equals(itsClocks);
    }

    /** Takes over the notes of an earlier state, of clocks that are in both. */
    void takeOver(GateState earlier) {
        Map<String, Integer> places = new HashMap<>();
        clocks.forEach(clock -> places.put(clock, places.size()));
        for (int i = 0; i < earlier.clocks.size(); i++) {
            Integer place = places.get(earlier.clocks.get(i));
            if (place != null && earlier.contains(i)) {
                add(place);
            }
        }
    }

    @Override
    public boolean contains(int clock) {
        return memory.getByte(AT_NOTES + clock) != 0;
    }

    @Override
    public void add(int clock) {
        memory.putByte(AT_NOTES + clock, (byte) 1);
    }

    @Override
    public void remove(int clock) {
        memory.putByte(AT_NOTES + clock, (byte) 0);
    }

    /** Lets go of the memory; a file keeps what is in it. */
    @Override
    public void close() {
        memory.close();
    }
}
