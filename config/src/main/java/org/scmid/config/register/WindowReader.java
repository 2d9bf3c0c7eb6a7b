// Reads the windows of registers of a board, and checks what the shapes cannot.
package org.scmid.config.register;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.register.RegisterShapes.Window;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Values.Named;

/** Reads the windows of registers of a board, and checks what the shapes cannot. */
public final class WindowReader {
    /** A simulated window is memory of the service. */
    private static final long LARGEST_WINDOW = 256L << 20;

    private final Problems problems;
    private final Map<String, Path> folders;
    private final Map<String, WindowSpec> windows = new LinkedHashMap<>();

    /** Those of the windows whose address is given. */
    private final Map<String, WindowSpec> located = new LinkedHashMap<>();

    /**
     * The windows of a board.
     *
     * @param names what the file calls them, right or wrong, in its order
     * @param sound those that are right, in the file's order
     */
    public record Windows(Set<String> names, Map<String, WindowSpec> sound) {}

    private WindowReader(Problems problems, Map<String, Path> folders) {
        this.problems = problems;
        this.folders = folders;
    }

    /**
     * Reads windows.
     *
     * @param folders the folder of each file, as places name it: what relative paths in it start from
     */
    public static Windows read(List<Named<String, Fields>> written, Map<String, Path> folders, Problems problems) {
        WindowReader reader = new WindowReader(problems, folders);
        Set<String> names = new LinkedHashSet<>();
        for (Named<String, Fields> window : written) {
            names.add(window.key());
            reader.window(window);
        }
        reader.checkOverlap();
        return new Windows(names, reader.windows);
    }

    private void checkOverlap() {
        WindowOverlap.checkAddresses(located.values(), problems);
        WindowOverlap.checkAccess(
                windows.values().stream()
                        .filter(window -> window.access() instanceof Access.File || !located.containsKey(window.name()))
                        .toList(),
                WindowSpec::place,
                problems);
    }

    private void window(Named<String, Fields> named) {
        Fields fields = named.value();
        int before = problems.count();
        if (fields == null || fields.get(Window.SIZE) == null || fields.get(Window.WIDTH) == null) {
            return;
        }
        Access access = fields.get(Window.ACCESS, new Access.Devmem()).from(folder(fields.place(Window.ACCESS)));
        long at = fields.get(Window.AT, 0L);
        long size = fields.get(Window.SIZE, 0L);
        int width = fields.get(Window.WIDTH, 32);
        int bytes = width / 8;
        String what = fields.what();

        String addressed = access.needingAddress();
        if (addressed != null && !fields.has(Window.AT)) {
            problems.add(
                    fields.owner(),
                    what + " lacks the key `at`: " + Window.AT.doc() + " `access: " + addressed + "` needs it");
        }
        if (at % bytes != 0) {
            problems.add(
                    fields.place(Window.AT),
                    "`at` of " + what + ": 0x" + Long.toHexString(at) + " is not a multiple of the register width, "
                            + bytes + " bytes");
        }
        if (size == 0 || size % bytes != 0) {
            problems.add(
                    fields.place(Window.SIZE),
                    "`size` of " + what + ": " + size + " bytes must be a multiple of the register width, " + bytes
                            + " bytes, and at least that");
        } else if (size > LARGEST_WINDOW) {
            problems.add(
                    fields.place(Window.SIZE),
                    "`size` of " + what + ": " + size
                            + " bytes is more than the 256 MiB that a window may have; describe only the part"
                            + " that has the registers");
        } else if (Long.compareUnsigned(at + size - 1, at) < 0) {
            problems.add(fields.place(Window.SIZE), what + " ends beyond the largest address, 0xffffffffffffffff");
        }
        long ones = -1L >>> (64 - width);
        long writeKey = fields.get(Window.WRITE_KEY, 0L);
        if ((writeKey & ~ones) != 0) {
            problems.add(
                    fields.place(Window.WRITE_KEY),
                    "`write-key` of " + what + ": 0x" + Long.toHexString(writeKey) + " does not fit a register of "
                            + width + " bits");
        }
        long shift = fields.get(Window.WRITE_MASK_SHIFT, -1L);
        if (shift >= width) {
            problems.add(
                    fields.place(Window.WRITE_MASK_SHIFT),
                    "`write-mask-shift` of " + what + ": " + shift + " must be less than the register width, " + width
                            + " bits");
        }
        SortedMap<Long, Long> initial = initial(fields, bytes, size, ones);
        WindowRules rules = RuleReader.read(fields, bytes, size, problems);
        if (fields.sound() && problems.count() == before) {
            WindowSpec window = new WindowSpec(
                    named.key(), access, at, size, width, writeKey, (int) shift, initial, rules, named.place());
            windows.put(named.key(), window);
            // At 0 a UIO window has no address of its own: it begins where a map of the device does.
            if (fields.has(Window.AT) && !(access instanceof Access.Uio && at == 0)) {
                located.put(named.key(), window);
            }
        }
    }

    private SortedMap<Long, Long> initial(Fields fields, int bytes, long size, long ones) {
        SortedMap<Long, Long> initial = new TreeMap<>();
        for (Named<Long, Long> entry : fields.get(Window.INITIAL, List.of())) {
            long offset = entry.key();
            Long value = entry.value();
            String what = "initial value at `0x" + Long.toHexString(offset) + "` of " + fields.what();
            if (offset % bytes != 0) {
                problems.add(entry.place(), what + " is not at a multiple of the register width, " + bytes + " bytes");
            } else if (offset > size - bytes) {
                problems.add(
                        entry.place(),
                        what + " is outside the window; the last register is at 0x" + Long.toHexString(size - bytes));
            }
            if (value != null && (value & ~ones) != 0) {
                problems.add(
                        entry.valuePlace(),
                        what + ": 0x" + Long.toHexString(value) + " does not fit a register of " + bytes * 8 + " bits");
            }
            if (value != null) {
                initial.put(offset, value);
            }
        }
        return initial;
    }

    /** What a relative path starts from that is written at this place. */
    private Path folder(Place place) {
        return folders.getOrDefault(place.file(), Path.of(""));
    }
}
