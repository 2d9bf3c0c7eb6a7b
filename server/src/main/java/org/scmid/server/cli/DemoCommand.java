// scmid demo: a real Linux guest shows the resources that it got.
package org.scmid.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Service;
import org.scmid.config.service.TransportSpec;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestImages;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.guest.QemuOptions;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.view.Rates;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Boots a Linux guest in QEMU and shows its resources beside the server's.",
            "The board is the built-in demo board, simulated. The guest is built on first use, which takes some minutes,"
                    + " and kept."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String AGENT = "linux";
    private static final String MEMORY = "256M";

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

    /** A boot takes a second or two; on a busy machine, some more. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Option(names = "--shell", description = "Leaves a shell in the guest at the end; `poweroff` ends it.")
    private boolean shell;

    @Option(
            names = "--bus",
            paramLabel = "BUS",
            description =
                    "The bus on which the guest finds the device: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
            defaultValue = "pci")
    @SuppressWarnings("NullAway.Init") // picocli's
    private QemuOptions.Bus bus;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    private final AtomicReference<@Nullable Process> guest = new AtomicReference<>();
    private final AtomicReference<@Nullable ScmiService> started = new AtomicReference<>();

    @Override
    public Integer call() throws Exception {
        Logging.onlyWarnings(); // the demo tells what happens in its own words
        Path folder = Files.createTempDirectory("scmid-demo-");
        // Ctrl-C ends the process without a way back through `finally`: what was begun is ended here.
        var interrupted = new Thread(
                () -> {
                    endGuest();
                    endService();
                    delete(folder);
                },
                "demo-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            run(folder);
            return 0;
        } finally {
            endGuest();
            delete(folder);
            try {
                Runtime.getRuntime().removeShutdownHook(interrupted);
            } catch (IllegalStateException shuttingDown) {
                // it runs
            }
        }
    }

    private void run(Path folder) throws Exception {
        step(1, "the guest: a Linux kernel and a small user space");
        GuestImages images = GuestImages.takeOrBuild(home());
        say(images.kernel().toString());

        Service service = ConfigFiles.builtInService(folder);
        AgentSpec agent = service.agents().get(AGENT);
        if (agent == null || !(agent.transport() instanceof TransportSpec.VhostUser vhostUser)) {
            throw new IllegalStateException("the built-in service has no agent " + AGENT + " on vhost-user");
        }
        step(2, "the service: board " + service.board().board().name() + ", simulated");
        try (ScmiService running = ScmiService.start(service, ServiceOptions.simulated())) {
            started.set(running);
            say("agent " + AGENT + " is served on " + vhostUser.socket());
            step(3, "booting Linux in QEMU, which emulates the processor: some seconds");
            say("in it, a driver of a real-time clock asks for " + Rates.text(DRIVEN_RATE_HZ) + " on " + DRIVEN_CLOCK
                    + " and takes " + DRIVEN_RESET + " away;");
            say("a bus switches " + POWERED + " on, a consumer asks for 1.8 V of " + SUPPLY + ", cpufreq for "
                    + Rates.text(PERFORMANCE_HZ));
            String overlay = new GuestOverlay(service.board().board(), agent)
                    .withRealTimeClockOn(DRIVEN_CLOCK, DRIVEN_RATE_HZ)
                    .withRealTimeClockInReset(DRIVEN_RESET)
                    .withBusIn(POWERED)
                    .withSupplyFrom(SUPPLY)
                    .withProcessorIn(PERFORMANCE)
                    .source();
            Path deviceTree = GuestImages.deviceTree(overlay, MEMORY, folder);
            var command = new ArrayList<>(images.bootCommand(deviceTree, kernelArguments()));
            command.addAll(new QemuOptions(vhostUser, bus, MEMORY).words());
            // In the shell, Ctrl-C is for what runs in the guest.
            command.addAll(List.of(
                    "-chardev", "stdio,id=console,signal=" + (shell ? "off" : "on"), "-serial", "chardev:console"));
            watch(command, running);
        }
    }

    private String kernelArguments() {
        return "quiet scmid.mode=demo scmid.microvolts=%d scmid.kilohertz=%d%s"
                .formatted(SUPPLY_MICROVOLTS, PERFORMANCE_HZ / 1000, shell ? " scmid.shell" : "");
    }

    /** Runs the guest to its end, and shows what it says of its resources. */
    private void watch(List<String> command, ScmiService running) throws Exception {
        long started = System.nanoTime();
        Process qemu = startGuest(command);
        var isLate = new AtomicBoolean();
        var hasShown = new CountDownLatch(1);
        Thread.startVirtualThread(() -> {
            try {
                if (!hasShown.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    isLate.set(true);
                    endGuest();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (var console = new BufferedReader(new InputStreamReader(qemu.getInputStream(), StandardCharsets.UTF_8))) {
            var said = new ArrayList<String>();
            String summary = block(console, "clk_summary", said);
            String resources = block(console, "resources", said);
            hasShown.countDown();
            if (summary == null || resources == null) {
                throw new GuestException((isLate.get()
                                ? "the guest did not show its resources within " + PATIENCE.toSeconds() + " s"
                                : "the guest ended before it showed its resources")
                        + (said.isEmpty()
                                ? "; its console stayed empty"
                                : "; its console:\n" + String.join("\n", said)));
            }
            say("it was up after %.1f s".formatted((System.nanoTime() - started) / 1e9));
            ServiceSnapshot server = running.snapshot().get();
            show(summary, server.clocks());
            showOthers(resources, server);
            if (shell) {
                // The last of what the guest tells to programs; what follows is for the person.
                block(console, "devices_deferred", said);
                say("");
                say("a shell in the guest; `poweroff` ends it");
                pass(console);
            } else {
                while (console.readLine() != null) {
                    // until it has powered off
                }
            }
            qemu.waitFor();
        } finally {
            hasShown.countDown();
        }
    }

    private Process startGuest(List<String> command) throws GuestException {
        try {
            Process qemu = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectInput(shell ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.PIPE)
                    .start();
            guest.set(qemu);
            return qemu;
        } catch (IOException e) {
            throw new GuestException("`" + command.getFirst() + "` cannot be started: " + e.getMessage());
        }
    }

    /** Ends QEMU if it runs; asked politely, it gives the terminal back as it was. */
    private void endGuest() {
        Process qemu = guest.get();
        if (qemu == null || !qemu.isAlive()) {
            return;
        }
        qemu.destroy();
        try {
            if (!qemu.waitFor(2, TimeUnit.SECONDS)) {
                qemu.destroyForcibly();
            }
        } catch (InterruptedException e) {
            qemu.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** The next block of this name on the guest's console; null if the guest ends before. See guests/linux/README.md. */
    private static @Nullable String block(BufferedReader console, String name, List<String> before) throws IOException {
        for (String line = console.readLine(); line != null; line = console.readLine()) {
            if (line.strip().equals("@@BEGIN " + name)) {
                var block = new StringBuilder();
                for (line = console.readLine(); line != null; line = console.readLine()) {
                    if (line.startsWith("@@DONE " + name + " ")) {
                        return block.toString();
                    }
                    block.append(line.stripTrailing()).append('\n');
                }
            } else {
                before.add(line);
            }
        }
        return null;
    }

    private void show(String summary, List<ClockSnapshot> clocks) {
        PrintWriter out = spec.commandLine().getOut();
        step(4, "what the guest's kernel says (/sys/kernel/debug/clk/clk_summary)");
        out.println(summary);
        step(5, "the guest's view of the clocks beside the server's");
        Map<String, String[]> guest = rows(summary);
        out.printf("%-20s  %-24s  %-24s  %s%n", "clock", "guest: rate, enabled", "server: rate, running", "wanted by");
        boolean same = true;
        for (ClockSnapshot clock : clocks) {
            String[] row = guest.get(clock.name());
            String seen = row == null
                    ? "not there"
                    : Rates.text(Long.parseLong(row[4])) + (Integer.parseInt(row[1]) > 0 ? ", on" : ", off");
            String served = Rates.text(clock.rateHz()) + (clock.enabled() ? ", on" : ", off");
            boolean agree = row != null && Long.parseLong(row[4]) == clock.rateHz();
            same &= agree;
            String line = "%-20s  %-24s  %-24s  %s%s"
                    .formatted(
                            clock.name(),
                            seen,
                            served,
                            String.join(", ", clock.votes()),
                            agree ? "" : "   <-- differs");
            out.println(line.stripTrailing());
        }
        out.println();
        out.println(same ? "Every rate is the same on both sides." : "The two sides differ; see above.");
        out.println(
                "A clock is on in the guest if a driver there wants it, and on at the server if its registers let it run;");
        out.println("one without a gate always runs.");
        out.flush();
    }

    private void showOthers(String resources, ServiceSnapshot server) {
        PrintWriter out = spec.commandLine().getOut();
        step(6, "the other resources");
        boolean same = new DemoResources(resources, PERFORMANCE, out).show(server);
        out.println();
        out.println(same ? "Every voltage and level of performance is, too." : "The two sides differ; see above.");
        out.println("Linux switches off what none of its drivers wants. A power domain may still be on at the server,");
        out.println("for one below it or for an agent beside the guest. Sensors move between the two looks.");
        out.flush();
    }

    /** The columns of clk_summary by the clock's name: name, enable count, prepare count, protect count, rate ... */
    private static Map<String, String[]> rows(String summary) {
        var rows = new HashMap<String, String[]>();
        summary.lines().forEach(line -> {
            String[] columns = line.strip().split("\\s+");
            if (columns.length > 4 && columns[4].matches("\\d+")) {
                rows.put(columns[0], columns);
            }
        });
        return rows;
    }

    private void pass(BufferedReader console) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (int c = console.read(); c >= 0; c = console.read()) {
            out.write(c);
            if (!console.ready()) {
                out.flush();
            }
        }
        out.flush();
    }

    private void step(int number, String what) {
        say("\n[" + number + "] " + what);
    }

    private void say(String what) {
        spec.commandLine().getOut().println(what);
        spec.commandLine().getOut().flush();
    }

    private static @Nullable Path home() {
        String home = System.getProperty("scmid.home");
        return home == null ? null : Path.of(home);
    }

    private void endService() {
        ScmiService running = started.get();
        if (running != null) {
            running.close();
        }
    }

    /** Deletes what is left. Two threads may do so at once when the demo is interrupted, so one at a time. */
    private static synchronized void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            // that is what was wanted
        } catch (IOException | UncheckedIOException e) {
            System.getLogger(DemoCommand.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} could not be removed: {1}", folder, e.getMessage());
        }
    }
}
