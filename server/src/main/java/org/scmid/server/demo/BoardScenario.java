// scmid demo: the built-in board.
package org.scmid.server.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.Service;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.view.Rates;

/** The built-in demo board, simulated: resources of every kind. */
final class BoardScenario implements Scenario {
    /** The clock whose driver in the guest sets a rate and enables it; at start it runs from the crystal, at 24 MHz. */
    private static final String DRIVEN_CLOCK = "uart0";

    private static final long DRIVEN_RATE_HZ = 100_000_000;

    /** The reset that the same driver's device is in until it is wanted. */
    private static final String DRIVEN_RESET = "uart0-rst";

    /** The power domain that a bus in the guest needs; at start it is off. */
    private static final String POWERED = "gpu-pd";

    /** The voltage domain that a consumer in the guest sets; at start it gives 3.3 V. */
    private static final String SUPPLY = "vdd-sd";

    private static final int SUPPLY_MICROVOLTS = 1_800_000;

    /** The performance domain that the guest's processor is in; at start it runs at 1.2 GHz. */
    private static final String PERFORMANCE = "cpu";

    private static final long PERFORMANCE_HZ = 600_000_000;

    @Override
    public Served prepare(Narrator narrator, Path folder) throws ConfigException {
        Service service = ConfigFiles.builtInService(folder);
        return new Served(
                service,
                ServiceOptions.simulated(),
                "board " + service.board().board().name() + ", simulated",
                CompletableFuture.completedFuture(null));
    }

    @Override
    public List<String> wishes() {
        return List.of(
                "in it, a driver of a real-time clock asks for " + Rates.text(DRIVEN_RATE_HZ) + " on " + DRIVEN_CLOCK
                        + " and takes " + DRIVEN_RESET + " away;",
                "a bus switches " + POWERED + " on, a consumer asks for 1.8 V of " + SUPPLY + ", cpufreq for "
                        + Rates.text(PERFORMANCE_HZ));
    }

    @Override
    public GuestOverlay with(GuestOverlay overlay) {
        return overlay.withRealTimeClockOn(DRIVEN_CLOCK, DRIVEN_RATE_HZ)
                .withRealTimeClockInReset(DRIVEN_RESET)
                .withBusIn(POWERED)
                .withSupplyFrom(SUPPLY)
                .withProcessorIn(PERFORMANCE);
    }

    @Override
    public String kernelArguments() {
        return " scmid.microvolts=%d scmid.kilohertz=%d".formatted(SUPPLY_MICROVOLTS, PERFORMANCE_HZ / 1000);
    }

    @Override
    public void showMore(Narrator narrator, String resources, ServiceSnapshot server) {
        narrator.step("the other resources");
        PrintWriter out = narrator.out();
        boolean same = new ResourceTable(resources, PERFORMANCE, out).show(server);
        out.println();
        out.println(same ? "Every voltage and level of performance is, too." : "The two sides differ; see above.");
        out.println("Linux switches off what none of its drivers wants. A power domain may still be on at the server,");
        out.println("for one below it or for an agent beside the guest. Sensors move between the two looks.");
        out.flush();
    }

    @Override
    public void close() {}
}
