// A board file, checked: the register windows, clocks, power domains and so on of a piece of hardware.
package org.scmid.config.board;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.document.Place;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.power.PowerDomainSpec;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;
import org.scmid.config.reset.ResetSpec;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorSpec;
import org.scmid.config.upstream.Upstreams;
import org.scmid.config.voltage.VoltageDomainSpec;

/**
 * A checked board: every name that it uses exists, no two register fields overlap, the clocks form no loop.
 *
 * @param name what the file says in {@code board:}
 * @param description one line for people, may be empty
 * @param compatible the device tree's names of this board, may be empty
 * @param smbios the machines without device tree that are this board, may be empty
 * @param registers the windows of registers by name, in the file's order
 * @param clocks the clocks by name, in the file's order
 * @param powerDomains the power domains by name, in the file's order
 * @param sensors the sensors by name, in the file's order
 * @param resets the resets by name, in the file's order
 * @param voltageDomains the voltage domains by name, in the file's order
 * @param performanceDomains the performance domains by name, in the file's order
 * @param upstreams the platforms that it takes resources from, and what it takes
 * @param place where the board begins
 */
public record Board(
        String name,
        String description,
        List<String> compatible,
        List<SmbiosSpec> smbios,
        Map<String, WindowSpec> registers,
        Map<String, ClockSpec> clocks,
        Map<String, PowerDomainSpec> powerDomains,
        Map<String, SensorSpec> sensors,
        Map<String, ResetSpec> resets,
        Map<String, VoltageDomainSpec> voltageDomains,
        Map<String, PerformanceDomainSpec> performanceDomains,
        Upstreams upstreams,
        Place place) {

    /** Copies, keeping the order of windows and clocks. */
    public Board {
        compatible = List.copyOf(compatible);
        smbios = List.copyOf(smbios);
        registers = Collections.unmodifiableMap(new LinkedHashMap<>(registers));
        clocks = Collections.unmodifiableMap(new LinkedHashMap<>(clocks));
        powerDomains = Collections.unmodifiableMap(new LinkedHashMap<>(powerDomains));
        sensors = Collections.unmodifiableMap(new LinkedHashMap<>(sensors));
        resets = Collections.unmodifiableMap(new LinkedHashMap<>(resets));
        voltageDomains = Collections.unmodifiableMap(new LinkedHashMap<>(voltageDomains));
        performanceDomains = Collections.unmodifiableMap(new LinkedHashMap<>(performanceDomains));
    }

    /** A board of clocks only. */
    public Board(
            String name,
            String description,
            List<String> compatible,
            Map<String, WindowSpec> registers,
            Map<String, ClockSpec> clocks,
            Place place) {
        this(
                name,
                description,
                compatible,
                List.of(),
                registers,
                clocks,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Upstreams.NONE,
                place);
    }

    /**
     * The names of all resources of a kind, each at its position on the board: in the file's order, and of power domains,
     * resets, supplies and performance domains the board's own before those of other platforms.
     */
    public Set<String> names(ResourceKind kind) {
        return switch (kind) {
            case CLOCK -> clocks.keySet();
            case SENSOR -> sensors.keySet();
            case POWER_DOMAIN -> withRemote(kind, powerDomains.keySet());
            case RESET -> withRemote(kind, resets.keySet());
            case VOLTAGE_DOMAIN -> withRemote(kind, voltageDomains.keySet());
            case PERFORMANCE_DOMAIN -> withRemote(kind, performanceDomains.keySet());
        };
    }

    /** Whether it has a resource, or may have it: all that a platform offers is taken, and it is not known what that is. */
    public boolean mayHave(ResourceKind kind, String name) {
        return names(kind).contains(name) || !upstreams.openEnded(kind).isEmpty();
    }

    private Set<String> withRemote(ResourceKind kind, Set<String> own) {
        Set<String> remote = upstreams.origins(kind).keySet();
        if (remote.isEmpty()) {
            return own;
        }
        Set<String> names = new LinkedHashSet<>(own);
        names.addAll(remote);
        return Collections.unmodifiableSet(names);
    }

    /**
     * The same board with every register window simulated from its initial values ({@code --simulate}).
     */
    public Board simulated() {
        Map<String, WindowSpec> windows = new LinkedHashMap<>();
        registers.forEach((window, spec) -> windows.put(window, spec.withAccess(new Access.Simulated())));
        return withRegisters(windows);
    }

    /**
     * The same board with other register windows.
     *
     * @param windows by name, of the names that this board has
     */
    public Board withRegisters(Map<String, WindowSpec> windows) {
        return new Board(
                name,
                description,
                compatible,
                smbios,
                windows,
                clocks,
                powerDomains,
                sensors,
                resets,
                voltageDomains,
                performanceDomains,
                upstreams,
                place);
    }
}
