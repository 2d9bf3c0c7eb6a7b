// The windows of shared memory of a service's agents: no byte belongs to two.
package org.scmid.config.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.window.RegionSpec;

/** Collects the windows of agents and finds those that overlap. */
final class AgentRegions {
    /**
     * One agent's window.
     *
     * @param agent how messages name the agent
     * @param rings whether a VMM is given the memory, by ivshmem: all of its file, not only the window
     * @param place where the window is written
     */
    record AgentRegion(String agent, RegionSpec region, boolean rings, Place place) {
        private boolean overlaps(AgentRegion other) {
            return isInMemoryOf(other)
                    && start() < other.start() + other.region.size()
                    && other.start() < start() + region.size();
        }

        private boolean isInMemoryOf(AgentRegion other) {
            return key().equals(other.key());
        }

        private boolean givesAwayFile() {
            return rings && region.location() instanceof RegionSpec.File;
        }

        /** Memory of equal keys is the same. */
        private Object key() {
            return switch (region.location()) {
                case RegionSpec.File file -> file.path().toAbsolutePath().normalize();
                case RegionSpec.Physical physical -> Path.of("/dev/mem");
                case RegionSpec.Uio uio -> uio;
                case RegionSpec.Pci pci -> pci;
            };
        }

        private long start() {
            return region.offset() + (region.location() instanceof RegionSpec.Physical it ? it.address() : 0);
        }
    }

    private final List<AgentRegion> regions = new ArrayList<>();

    /** Adds one, and says if its agent and one that was added before could reach each other's memory. */
    void add(AgentRegion added, Problems problems) {
        for (AgentRegion other : regions) {
            if (added.overlaps(other)) {
                problems.add(
                        added.place(),
                        "`region` of " + added.agent() + " overlaps with that of " + other.agent() + " in "
                                + added.region().location().shown() + "; every agent needs memory of its own");
            } else if (added.isInMemoryOf(other) && (added.givesAwayFile() || other.givesAwayFile())) {
                problems.add(
                        added.place(),
                        "`region` of " + added.agent() + " is in the file of that of " + other.agent() + ", "
                                + added.region().location().shown()
                                + "; with `notify: { ivshmem: SOCKET }` a VMM is given all of a file:"
                                + " every agent needs a file of its own");
            }
        }
        regions.add(added);
    }
}
