// scmid demo --coprocessor: a microcontroller's clocks.
package org.scmid.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.offer.Offer;
import org.scmid.config.service.Service;
import org.scmid.config.upstream.Offers;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.linux.LinuxException;
import org.scmid.loop.LoopOptions;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.service.OfferSurvey;
import org.scmid.server.service.ServiceOptions;
import org.scmid.server.service.ServiceSnapshot;
import org.scmid.server.view.OfferText;
import org.scmid.server.view.Rates;
import org.scmid.upstream.discovery.Discovered;

/** A microcontroller that owns its clocks, on a serial line: only its firmware writes registers. */
final class CoprocessorScenario implements Scenario {
    private static final String UPSTREAM = "mcu";

    /** The clock that a driver in the guest sets and enables: the multi-speed oscillator, which starts at 4 MHz. */
    private static final String DRIVEN_CLOCK = "msi";

    private static final long DRIVEN_RATE_HZ = 24_000_000;

    /** What QEMU calls that oscillator. */
    private static final String DRIVEN_CLOCK_IN_QEMU = "msi_rc";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final @Nullable Path home;
    private final AtomicReference<@Nullable Microcontroller> booted = new AtomicReference<>();

    /** @param home scmid's source tree; null if this jar runs without it */
    CoprocessorScenario(@Nullable Path home) {
        this.home = home;
    }

    @Override
    public Served prepare(Narrator narrator, Path folder) throws GuestException, ConfigException, IOException {
        narrator.step("the microcontroller's firmware: an SCMI platform in C");
        Path firmware = Microcontroller.firmware(home, folder.resolve("firmware"));
        narrator.step("the microcontroller: an STM32L475, which QEMU emulates with its clock unit");
        Microcontroller microcontroller = Microcontroller.boot(firmware);
        booted.set(microcontroller);
        narrator.say("its serial line is " + microcontroller.serialPort());

        Path boardFile = folder.resolve("board.yaml");
        String board = """
                board: coprocessor
                upstreams:
                  %s: { transport: serial, port: %s, timeout: 2 s }
                clocks: { all-of: %1$s }
                """.formatted(UPSTREAM, microcontroller.serialPort());
        String agents = """
                board: board.yaml
                agents:
                  %s: { transport: vhost-user, socket: linux.sock, clocks: all }
                """.formatted(AGENT);
        Files.writeString(boardFile, board);
        Path serviceFile = Files.writeString(folder.resolve("service.yaml"), agents);
        narrator.step("the files: board.yaml and service.yaml");
        narrator.say(board + "---\n" + agents.stripTrailing());

        narrator.step("what the microcontroller offers (scmid upstream board.yaml)");
        Offer offer = ask(narrator, ConfigFiles.service(serviceFile, folder, Offers.NONE), microcontroller);
        Service service = ConfigFiles.service(serviceFile, folder, (asked, problems) -> offer);
        CompletableFuture<Void> ready = new CompletableFuture<>();
        return new Served(
                service,
                new ServiceOptions(null, false, LoopOptions.standard()).telling((from, found) -> ready.complete(null)),
                "all clocks of the microcontroller, for agent " + AGENT,
                ready);
    }

    private static Offer ask(Narrator narrator, Service service, Microcontroller microcontroller)
            throws GuestException, IOException {
        UpstreamSpec spec =
                service.board().board().upstreams().specs().values().iterator().next();
        try (OfferSurvey survey = OfferSurvey.of(List.of(spec))) {
            Discovered all = survey.await(spec, System.nanoTime() + PATIENCE_NANOS);
            narrator.say(OfferText.of(spec, all).stripTrailing());
            return all.offer();
        } catch (LinuxException e) {
            throw new GuestException(String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            throw new GuestException("the microcontroller on " + microcontroller.serialPort() + " does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while the microcontroller was asked");
        }
    }

    @Override
    public List<String> wishes() {
        return List.of("in it, a driver of a real-time clock asks for " + Rates.text(DRIVEN_RATE_HZ) + " on "
                + DRIVEN_CLOCK + ", which the microcontroller has at 4 MHz");
    }

    @Override
    public GuestOverlay with(GuestOverlay overlay) {
        return overlay.withRealTimeClockOn(DRIVEN_CLOCK, DRIVEN_RATE_HZ);
    }

    @Override
    public String kernelArguments() {
        return "";
    }

    @Override
    public void showMore(Narrator narrator, String resources, ServiceSnapshot server) throws GuestException {
        Microcontroller microcontroller = booted.get();
        if (microcontroller == null) {
            throw new IllegalStateException("there is no microcontroller");
        }
        narrator.step("what QEMU says of the microcontroller (info qtree)");
        String frequency = microcontroller.frequency(DRIVEN_CLOCK_IN_QEMU);
        narrator.say(DRIVEN_CLOCK + " runs at " + frequency);
        narrator.say("");
        narrator.say(
                Rates.text(DRIVEN_RATE_HZ).equals(frequency)
                        ? "What the guest asked for is what the microcontroller runs at."
                        : "It is not what the guest asked for; see above.");
    }

    @Override
    public void close() {
        Microcontroller microcontroller = booted.get();
        if (microcontroller != null) {
            microcontroller.close();
        }
    }
}
