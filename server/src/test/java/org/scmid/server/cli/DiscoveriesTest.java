// What is kept of what platforms say, and what is not.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.ConfigFiles;
import org.scmid.config.offer.ClockOffer;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.offer.OfferedRates;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.server.core.LogRecords;
import org.scmid.server.service.KeptOffers;

class DiscoveriesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    private Path folder;

    private Path file() throws Exception {
        Files.writeString(folder.resolve("board.yaml"), """
                board: test
                upstreams:
                  mcu: { transport: socket, socket: mcu.sock }
                clocks:
                  osc: { fixed: 24 MHz }
                  gpu: { from: mcu/gpu-core }
                  all-of: mcu
                """);
        return Files.writeString(folder.resolve("service.yaml"), """
                board: board.yaml
                agents: { vm: { transport: socket, socket: vm.sock } }
                """);
    }

    private static Offer offer(String... names) {
        List<ClockOffer> clocks = Stream.of(names)
                .map(name -> new ClockOffer(
                        List.of(names).indexOf(name),
                        name,
                        new OfferedRates.Listed(List.of(1_000_000L)),
                        List.of(),
                        0,
                        true,
                        true,
                        true,
                        false,
                        true))
                .toList();
        return new Offer("", "", 0, clocks, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    private Path kept() {
        return OfferFiles.place(folder.resolve("state").resolve("upstreams"), "mcu");
    }

    private Discoveries discoveries() throws Exception {
        KeptOffers offers = new KeptOffers(folder.resolve("state"));
        return new Discoveries(Set.of("mcu"), new Discoveries.Keeping(file(), folder, offers));
    }

    private UpstreamSpec mcu() throws Exception {
        var service = ConfigFiles.service(file(), folder, new KeptOffers(folder.resolve("state")));
        return Objects.requireNonNull(
                service.board().board().upstreams().specs().get("mcu"));
    }

    @Test
    void whatFitsTheBoardIsKeptAndTheServiceBeginsAgain() throws Exception {
        Discoveries discoveries = discoveries();
        discoveries.accept(mcu(), offer("gpu-core", "uart"));
        assertNull(discoveries.await());
        assertTrue(Files.exists(kept()));
        var service = ConfigFiles.service(file(), folder, new KeptOffers(folder.resolve("state")));
        assertEquals(
                List.of("osc", "gpu", "uart"),
                List.copyOf(service.board().board().clocks().keySet()));
    }

    @Test
    void whatDoesNotFitIsSaidAndKeepsNoServiceFromStarting() throws Exception {
        try (LogRecords log = new LogRecords(Level.WARNING)) {
            found(offer("uart")); // what the board takes by name is not there
            found(offer("gpu-core", "osc")); // a name that the board has
            found(offer("gpu-core", "all")); // a name that means something else
            assertFalse(Files.exists(kept()));
            String text = log.text();
            assertEquals(3, text.split("what upstream mcu offers does not fit the board: ", -1).length - 1, text);
            assertTrue(text.contains("offers no clock `gpu-core`"), text);
            assertTrue(text.contains("another clock is called so"), text);
        }
    }

    private void found(Offer offer) throws Exception {
        Discoveries discoveries = discoveries();
        discoveries.accept(mcu(), offer);
        discoveries.end(new IllegalStateException("the end"));
        Throwable fault = discoveries.await();
        assertNotNull(fault);
        assertEquals("the end", fault.getMessage());
    }

    @Test
    void ofAPlatformThatChangesFasterThanItIsReadTheNewestCounts() throws Exception {
        try (LogRecords log = new LogRecords(Level.WARNING)) {
            Discoveries discoveries = discoveries();
            UpstreamSpec mcu = mcu();
            for (int i = 0; i < 1000; i++) {
                discoveries.accept(mcu, offer("uart"));
            }
            discoveries.accept(mcu, offer("gpu-core"));
            assertNull(discoveries.await());
            assertEquals("", log.text(), "the others are not even looked at");
        }
    }
}
