// What may be said about a window of shared memory, and how it is read.
package org.scmid.config.window;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Malformed;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/** What may be said about a window of shared memory, and how it is read. */
public final class WindowShapes {
    private static final long PAGE = 4096;
    private static final String PCI_ADDRESS = "[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]";
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    /** How long a polled window is not looked at, at most, unless the file says otherwise. */
    public static final NotifySpec.Poll POLL = new NotifySpec.Poll(Duration.ofMillis(10));

    /** Keys of a region. */
    public static final class Region {
        public static final Key<Path> FILE = Key.optional(
                "file", Values.PATH, "A file in shared memory, as in /dev/shm; made, of zeros, if it is not there.");
        public static final Key<String> UIO =
                Key.optional("uio", Values.NAME, "A UIO device of the host, by its name in /sys/class/uio/*/name.");
        public static final Key<String> PCI = Key.optional(
                "pci",
                Values.scalar(WindowShapes::pciAddress, Map.of("type", "string", "pattern", "^" + PCI_ADDRESS + "$")),
                "An ivshmem device of the machine that the service runs in, by its PCI address; the window is its BAR 2.");
        public static final Key<Long> PHYSICAL =
                Key.optional("physical", Values.NUMBER, "An address of the host's physical memory, by /dev/mem.");
        public static final Key<Long> MAP =
                Key.withDefault("map", Values.number(4), 0L, 0, "Which map of the UIO device, from 0.");
        public static final Key<Long> SIZE =
                Key.required("size", Values.SIZE, "Bytes of the window, a multiple of 4 KiB; both sides know it.");
        public static final Key<Long> OFFSET = Key.withDefault(
                "offset",
                Values.SIZE,
                0L,
                0,
                "Where in this memory the window begins, a multiple of 4 KiB; not with `uio`.");
        public static final Key<Long> GUEST_ADDRESS = Key.withDefault(
                "guest-address",
                Values.NUMBER,
                0L,
                0,
                "The address at which the guest counts the window's first byte; 0 with ivshmem.");
        public static final Shape SHAPE = new Shape(
                        "region",
                        "Where the window of shared memory is.",
                        FILE,
                        UIO,
                        PCI,
                        PHYSICAL,
                        MAP,
                        SIZE,
                        OFFSET,
                        GUEST_ADDRESS)
                .rule(new Shape.Rule.ExactlyOne(List.of(FILE, UIO, PCI, PHYSICAL)));

        private Region() {}
    }

    /** How the sides tell each other, as it was written. */
    public sealed interface WrittenNotify {
        /** Both look. */
        record Poll(NotifySpec.Poll spec) implements WrittenNotify {}

        /** Both ring; the socket's permissions are the agent's. */
        record Ivshmem(Path socket, Place place) implements WrittenNotify {}
    }

    private static final Key<Duration> POLL_PAUSE = Key.optional(
            "poll",
            Values.DURATION,
            "Both sides look: the longest time between two looks of the service, 1 ms to 1 s; 10 ms for just `poll`.");
    private static final Key<Path> IVSHMEM = Key.optional(
            "ivshmem", Values.PATH, "Both sides ring: the socket at which the service is the ivshmem server.");
    private static final Shape NOTIFY_SHAPE = new Shape(
                    "notify", "How the service and the driver tell each other that there is work.", POLL_PAUSE, IVSHMEM)
            .rule(new Shape.Rule.ExactlyOne(List.of(POLL_PAUSE, IVSHMEM)));

    /** {@code poll}, or a mapping. */
    public static final Value<WrittenNotify> NOTIFY = new NotifyValue();

    private WindowShapes() {}

    private static String pciAddress(String text) throws Malformed {
        if (!text.matches(PCI_ADDRESS)) {
            throw new Malformed(
                    "is not a PCI address; write it in full and in small letters, like `0000:00:02.0`, as `lspci -D` does");
        }
        return text;
    }

    /**
     * Makes a region of what was read.
     *
     * @return null if something is wrong, and the problems say what
     */
    public static @Nullable RegionSpec region(Fields fields, Path folder, Problems problems) {
        int before = problems.count();
        Long size = fields.get(Region.SIZE);
        long offset = fields.get(Region.OFFSET, 0L);
        long guestAddress = fields.get(Region.GUEST_ADDRESS, 0L);
        if (size != null && size == 0) {
            problems.add(
                    fields.place(Region.SIZE),
                    "`size` of " + fields.what()
                            + " is 0, and nothing fits into it; write what both sides know, such as `64 KiB`");
        }
        checkPages(fields, Region.SIZE, size == null ? 0 : size, problems);
        checkPages(fields, Region.OFFSET, offset, problems);
        checkPages(fields, Region.GUEST_ADDRESS, guestAddress, problems);
        checkPages(fields, Region.PHYSICAL, fields.get(Region.PHYSICAL, 0L), problems);
        if (fields.has(Region.MAP) && !fields.has(Region.UIO)) {
            problems.add(
                    fields.keyPlace(Region.MAP.name()),
                    "`map` of " + fields.what() + " goes only with `uio`; remove it");
        }
        // The offset of a mapping of a UIO device says which map is meant.
        if (offset != 0 && fields.has(Region.UIO)) {
            problems.add(
                    fields.keyPlace(Region.OFFSET.name()),
                    "`offset` of " + fields.what() + " does not go with `uio`, whose maps can be mapped from their"
                            + " beginning only; remove it");
        }
        RegionSpec.Location location = location(fields, folder);
        if (size == null || location == null || !fields.sound() || problems.count() != before) {
            return null;
        }
        long start = location instanceof RegionSpec.Physical physical ? physical.address() : 0;
        if (start < 0 || start + offset < 0 || start + offset + size < 0) {
            problems.add(fields.owner(), fields.what() + " ends beyond 0x7fffffffffffffff; nothing is there");
            return null;
        }
        if (guestAddress < 0 || guestAddress + size < 0) {
            problems.add(
                    fields.place(Region.GUEST_ADDRESS),
                    "`guest-address` of " + fields.what() + ": the window ends beyond 0x7fffffffffffffff; write the"
                            + " address at which the guest has its first byte");
            return null;
        }
        return new RegionSpec(location, offset, size, guestAddress);
    }

    /**
     * Says it if a window is too small.
     *
     * @param needed bytes
     * @param bar whether the window is to be a BAR of a PCI device, whose size is a power of two
     */
    public static void checkSize(RegionSpec region, Fields written, long needed, boolean bar, Problems problems) {
        String size = "`size` of " + written.what() + ": " + region.size();
        if (region.size() < needed) {
            long enough = bar && Long.bitCount(needed) != 1 ? Long.highestOneBit(needed) << 1 : needed;
            problems.add(
                    written.place(Region.SIZE),
                    size + " bytes, where " + needed + " are needed; write at least `" + (enough >> 10) + " KiB`");
        } else if (bar && Long.bitCount(region.size()) != 1) {
            problems.add(
                    written.place(Region.SIZE),
                    size + " is no power of two, and an ivshmem device's memory is one; write `"
                            + (Long.highestOneBit(region.size()) >> 9) + " KiB`");
        }
    }

    private static RegionSpec.@Nullable Location location(Fields fields, Path folder) {
        Path file = fields.get(Region.FILE);
        String uio = fields.get(Region.UIO);
        String pci = fields.get(Region.PCI);
        Long physical = fields.get(Region.PHYSICAL);
        if (file != null) {
            return new RegionSpec.File(folder.resolve(file));
        }
        if (uio != null) {
            return new RegionSpec.Uio(uio, (int) (long) fields.get(Region.MAP, 0L));
        }
        if (pci != null) {
            return new RegionSpec.Pci(pci);
        }
        return physical == null ? null : new RegionSpec.Physical(physical);
    }

    private static void checkPages(Fields fields, Key<Long> key, long value, Problems problems) {
        if (value % PAGE != 0) {
            problems.add(
                    fields.place(key),
                    "`" + key.name() + "` of " + fields.what() + ": " + fields.text(key)
                            + " is no multiple of 4 KiB (0x1000); memory is mapped in whole pages");
        }
    }

    private static final class NotifyValue implements Value<WrittenNotify> {
        @Override
        public @Nullable WrittenNotify read(Node node, Context context) {
            if (node instanceof Node.Text text && text.value().equals("poll")) {
                return new WrittenNotify.Poll(POLL);
            }
            if (!(node instanceof Node.Mapping)) {
                context.problem(
                        node.place(),
                        "must be `poll`, `{ poll: 10 ms }` or `{ ivshmem: SOCKET }`, not " + Shape.shown(node));
                return null;
            }
            Fields fields = NOTIFY_SHAPE.read(node, context);
            if (fields == null || !fields.sound()) {
                return null;
            }
            Path socket = fields.get(IVSHMEM);
            if (socket != null) {
                return new WrittenNotify.Ivshmem(socket, fields.place(IVSHMEM));
            }
            Duration pause = fields.get(POLL_PAUSE, POLL.longestPause());
            if (pause.compareTo(SHORTEST_PAUSE) < 0 || pause.compareTo(LONGEST_PAUSE) > 0) {
                context.problem(
                        fields.place(POLL_PAUSE),
                        "has `poll: " + fields.text(POLL_PAUSE) + "`; write 1 ms to 1 s, or just `poll` for 10 ms");
                return null;
            }
            return new WrittenNotify.Poll(new NotifySpec.Poll(pause));
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            Map<String, Object> word = new LinkedHashMap<>();
            word.put("const", "poll");
            return Map.of("anyOf", List.of(word, definitions.reference(NOTIFY_SHAPE)));
        }
    }
}
