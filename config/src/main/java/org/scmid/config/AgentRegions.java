// The windows of shared memory of a service's agents: no byte belongs to two.
package org.scmid.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Collects the windows of agents and finds those that overlap. */
final class AgentRegions {
    /**
     * One agent's window.
     *
     * @param agent how messages name the agent
     * @param place where the window is written
     */
    record AgentRegion(String agent, RegionSpec region, Place place) {
        private boolean overlaps(AgentRegion other) {
            return key().equals(other.key())
                    && start() < other.start() + other.region.size()
                    && other.start() < start() + region.size();
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

    /** Adds one, and says if it overlaps with one that was added before. */
    void add(AgentRegion added, Problems problems) {
        for (AgentRegion other : regions) {
            if (added.overlaps(other)) {
                problems.add(
                        added.place(),
                        "`region` of " + added.agent() + " overlaps with that of " + other.agent() + " in "
                                + added.region().location().shown() + "; every agent needs memory of its own");
            }
        }
        regions.add(added);
    }
}
