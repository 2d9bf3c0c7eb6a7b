// A board whose resources are those of two co-processors, one behind each layout of windows.
package org.scmid.system;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The two co-processors, and a board that has all of both: those of the one under their names, those of the other with
 * {@code ring-} in front.
 */
final class CoprocessorBoard implements AutoCloseable {
    /** What the names of the second one's resources begin with. */
    static final String RING = "ring-";

    private static final List<String> DOMAINS = List.of("system", "gpu", "video", "dsp");
    private static final List<String> SENSORS = List.of("temperature", "input-voltage");
    private static final List<String> SUPPLIES = List.of("vdd-core", "vdd-gpu");
    private static final List<String> RESETS = List.of("uart0", "gpu", "video");

    /** Behind a fat virtqueue. */
    final Coprocessor fat = Coprocessor.boot("fat-virtqueue");

    /** Behind a virtio-mmio ring. */
    final Coprocessor ring;

    final TestBoard files;

    /**
     * @param whenBack {@code apply} or {@code report}
     * @param agents the service file's agents
     */
    CoprocessorBoard(Path folder, String whenBack, String agents) {
        Coprocessor second = null;
        try {
            second = Coprocessor.boot("virtio-mmio");
            ring = second;
            files = TestBoard.of(
                    folder,
                    """
                    board: bridge
                    description: what two co-processors own
                    upstreams:
                      fat:  { transport: fat-virtqueue, region: { file: %s, size: 64 KiB }, timeout: 1 s, when-back: %s }
                      ring: { transport: virtio-mmio, region: { file: %s, size: 64 KiB }, timeout: 1 s, when-back: %s }
                    clocks:
                      all-of: fat
                    %s
                    power-domains:
                      all-of: fat
                    %s
                    voltage-domains:
                      all-of: fat
                    %s
                    sensors:
                      all-of: fat
                    %s
                    resets:
                      all-of: fat
                    %s
                    """.formatted(
                                    fat.window(),
                                    whenBack,
                                    ring.window(),
                                    whenBack,
                                    taken(Coprocessor.UNIT.clocks().keySet()),
                                    taken(DOMAINS),
                                    taken(SUPPLIES),
                                    taken(SENSORS),
                                    taken(RESETS)),
                    agents);
            Scmid.command("upstream", files.board, "--save").ok();
        } catch (RuntimeException | AssertionError e) {
            fat.close();
            if (second != null) {
                second.close();
            }
            throw e;
        }
    }

    private static String taken(Collection<String> names) {
        return names.stream()
                .map(name -> "  " + RING + name + ": { from: ring/" + name + " }")
                .collect(Collectors.joining("\n"));
    }

    /** Whose a resource is, by its name on the board. */
    Coprocessor of(String name) {
        return name.startsWith(RING) ? ring : fat;
    }

    /** What its platform calls a resource. */
    static String ownName(String name) {
        return name.startsWith(RING) ? name.substring(RING.length()) : name;
    }

    @Override
    public void close() {
        fat.close();
        ring.close();
    }
}
