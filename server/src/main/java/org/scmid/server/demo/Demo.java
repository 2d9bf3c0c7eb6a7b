// Runs a demo: the service, a real Linux guest in QEMU, and what both say.
package org.scmid.server.demo;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.TransportSpec;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestImages;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.guest.QemuOptions;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.service.ServiceSnapshot.ClockSnapshot;
import org.scmid.server.view.Rates;

/** Boots a Linux guest on a service and shows its resources beside the server's. What it began ends with it. */
public final class Demo {
    private static final String MEMORY = "256M";

    /** A boot takes a second or two; on a busy machine, some more. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /**
     * What is to be shown, and how.
     *
     * @param coprocessor whether the clocks are a microcontroller's, instead of the built-in board's
     * @param shell whether there is a shell in the guest at the end
     * @param bus on which the guest finds the device
     * @param home scmid's source tree; null if this jar runs without it
     */
    public record Options(
            boolean coprocessor,
            boolean shell,
            QemuOptions.Bus bus,
            @Nullable Path home) {}

    private final Options options;
    private final Narrator narrator;
    private final Scenario scenario;
    private final AtomicReference<@Nullable Process> guest = new AtomicReference<>();
    private final AtomicReference<@Nullable ScmiService> started = new AtomicReference<>();

    private Demo(Options options, PrintWriter out) {
        this.options = options;
        narrator = new Narrator(out);
        scenario = options.coprocessor() ? new CoprocessorScenario(options.home()) : new BoardScenario();
    }

    /**
     * Runs one, to the guest's end.
     *
     * @param out is told what is done
     * @throws GuestException if something is missing or did not come about; the message is for the user
     */
    public static void run(Options options, PrintWriter out) throws Exception {
        new Demo(options, out).run();
    }

    private void run() throws Exception {
        Path folder = Files.createTempDirectory("scmid-demo-");
        // Ctrl-C ends the process without a way back through `finally`: what was begun is ended here.
        var interrupted = new Thread(
                () -> {
                    endGuest();
                    endService();
                    scenario.close();
                    delete(folder);
                },
                "demo-interrupted");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            run(folder);
        } finally {
            endGuest();
            scenario.close();
            delete(folder);
            try {
                Runtime.getRuntime().removeShutdownHook(interrupted);
            } catch (IllegalStateException shuttingDown) {
                // it runs
            }
        }
    }

    private void run(Path folder) throws Exception {
        narrator.step("the guest: a Linux kernel and a small user space");
        GuestImages images = GuestImages.takeOrBuild(options.home());
        narrator.say(images.kernel().toString());

        Scenario.Served served = scenario.prepare(narrator, folder);
        AgentSpec agent = served.service().agents().get(Scenario.AGENT);
        if (agent == null || !(agent.transport() instanceof TransportSpec.VhostUser vhostUser)) {
            throw new IllegalStateException("the service has no agent " + Scenario.AGENT + " on vhost-user");
        }
        narrator.step("the service: " + served.shown());
        try (ScmiService running = ScmiService.start(served.service(), served.options())) {
            started.set(running);
            awaitAll(served);
            running.snapshot().get(); // it listens by the end of that turn of its loop
            narrator.say("agent " + Scenario.AGENT + " is served on " + vhostUser.socket());
            narrator.step("booting Linux in QEMU, which emulates the processor: some seconds");
            scenario.wishes().forEach(narrator::say);
            GuestOverlay overlay =
                    scenario.with(new GuestOverlay(served.service().board().board(), agent));
            Path deviceTree = GuestImages.deviceTree(overlay.source(), MEMORY, folder);
            var command = new ArrayList<>(images.bootCommand(deviceTree, kernelArguments()));
            command.addAll(new QemuOptions(vhostUser, options.bus(), MEMORY).words());
            // In the shell, Ctrl-C is for what runs in the guest.
            command.addAll(List.of(
                    "-chardev",
                    "stdio,id=console,signal=" + (options.shell() ? "off" : "on"),
                    "-serial",
                    "chardev:console"));
            watch(command, running);
        }
    }

    private static void awaitAll(Scenario.Served served) throws GuestException, InterruptedException {
        try {
            served.ready().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new GuestException(
                    "what is served was not there within " + PATIENCE.toSeconds() + " s: " + served.shown());
        }
    }

    private String kernelArguments() {
        return "quiet scmid.mode=demo" + scenario.kernelArguments() + (options.shell() ? " scmid.shell" : "");
    }

    /** Runs the guest to its end, and shows what it says of its resources. */
    private void watch(List<String> command, ScmiService running) throws Exception {
        long begun = System.nanoTime();
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
            narrator.say("it was up after %.1f s".formatted((System.nanoTime() - begun) / 1e9));
            ServiceSnapshot server = running.snapshot().get();
            show(summary, server.clocks());
            scenario.showMore(narrator, resources, server);
            if (options.shell()) {
                // The last of what the guest tells to programs; what follows is for the person.
                block(console, "devices_deferred", said);
                narrator.say("");
                narrator.say("a shell in the guest; `poweroff` ends it");
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
                    .redirectInput(options.shell() ? ProcessBuilder.Redirect.INHERIT : ProcessBuilder.Redirect.PIPE)
                    .start();
            guest.set(qemu);
            return qemu;
        } catch (IOException e) {
            throw new GuestException("`" + command.getFirst() + "` cannot be started: " + e.getMessage());
        }
    }

    private void endGuest() {
        Process qemu = guest.get();
        if (qemu != null && qemu.isAlive()) {
            end(qemu);
        }
    }

    /** Ends a QEMU; asked politely, it gives the terminal back as it was. */
    static void end(Process qemu) {
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
        PrintWriter out = narrator.out();
        narrator.step("what the guest's kernel says (/sys/kernel/debug/clk/clk_summary)");
        out.println(summary);
        narrator.step("the guest's view of the clocks beside the server's");
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
        PrintWriter out = narrator.out();
        for (int c = console.read(); c >= 0; c = console.read()) {
            out.write(c);
            if (!console.ready()) {
                out.flush();
            }
        }
        out.flush();
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
            System.getLogger(Demo.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} could not be removed: {1}", folder, e.getMessage());
        }
    }
}
