// What a shipped board says is what QEMU's model of the hardware does; the model's own faults are named beside.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.register.FieldRef;

/**
 * Drives a board by SCMI messages, while its registers are those of a QEMU machine, and compares what QEMU's monitor says
 * of each clock with what the service says. Random, with a printed seed: {@code -Dscmid.seed=N} repeats one,
 * {@code -Dscmid.long=true} runs ten times as many requests.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
abstract class BoardModelTest {
    private static final int REQUESTS = Boolean.getBoolean("scmid.long") ? 5000 : 500;
    private static final int STATES = 50;
    private static final int STARTS = 3;

    /** Of a clock that cannot be compared at the moment. */
    static final long ANYTHING = -1;

    /** How many of the requests must have changed a frequency that the monitor knows. */
    private static final int CHANGES = REQUESTS / 20;

    /** What the monitor must say of one of its clocks, in Hz; {@link #ANYTHING} to leave it out. */
    interface Expectation {
        long hz(ModelledService service);
    }

    /** A block of registers. */
    record Block(long address, long size) {}

    @SuppressWarnings("NullAway.Init") // set up once for all
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private ModelledMachine model;

    @SuppressWarnings("NullAway.Init")
    private QtestTap tap;

    private final long seed = Long.getLong("scmid.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** The board's name. */
    abstract String board();

    /** Starts the machine. */
    abstract ModelledMachine machine(Path folder);

    /** The registers of the board. */
    abstract Block block();

    /** What is expected of the clocks that the monitor knows, by their names there. */
    abstract Map<String, Expectation> expectations();

    /** Brings the registers into a random state that a boot loader might leave. */
    abstract void randomState(QtestTap registers, Random random);

    /** What is done about a fault of the model before anything else. */
    void prepare(QtestTap registers) {}

    /** What is done about a fault of the model behind each write. */
    QtestTap.Repair repair() {
        return QtestTap.Repair.NONE;
    }

    /** Bits that hardware sets and clears by itself, by the addresses of their registers. */
    Map<Long, Integer> statusBits() {
        return Map.of();
    }

    /** Clocks whose hardware does not always do what it is asked for, with a reason beside the names. */
    Set<String> headstrong() {
        return Set.of();
    }

    /** Whether hardware may refuse what was asked, with a reason beside it. */
    boolean mayBeRefused(ModelledService service, ClockRequests.Request request) {
        return false;
    }

    /** How many clocks are compared with their registers after each request, besides those that it has changed. */
    int othersLookedAt() {
        return 10;
    }

    /** Clocks that are asked for nothing, with a reason beside the names. */
    Set<String> leftAlone() {
        return Set.of();
    }

    @BeforeAll
    void startTheMachine(@TempDir Path temporary) {
        folder = temporary;
        model = machine(folder);
        tap = QtestTap.on(model, folder, repair());
        prepare(tap);
        System.out.println(board() + ": seed " + seed);
    }

    @AfterAll
    void stopTheMachine() {
        tap.close();
        model.close();
    }

    @Test
    void every_frequency_and_every_register_is_what_the_service_says_after_each_random_request() {
        try (ModelledService service = startService()) {
            var requests = new ClockRequests(
                    service, random, leftAlone(), upstream(service), request -> mayBeRefused(service, request));
            compare(service, () -> "at the start");
            int changes = 0;
            var registers = new RegisterJudge(this, service, allRegisters());
            for (int i = 1; i <= REQUESTS; i++) {
                int number = i;
                Map<String, Frequency> before = model.clocks();
                ClockRequests.Request request = requests.next();
                Supplier<String> when = () -> "after request " + number + "; the last ones:\n" + requests.history();
                judge(() -> registers.judge(request, tap.takeWrites(), allRegisters()), when);
                compare(service, when);
                changes += model.clocks().equals(before) ? 0 : 1;
            }
            System.out.println(board() + ": of " + REQUESTS + " requests succeeded " + requests.done() + ", and "
                    + changes + " changed a frequency");
            assertTrue(changes >= CHANGES, changes + " requests changed a frequency");
            for (String kind : List.of("rate", "parent", "enable", "disable")) {
                assertTrue(requests.done().getOrDefault(kind, 0) >= 5, () -> kind + ": " + requests.done());
            }
        }
    }

    @Test
    void hardware_in_any_state_is_reported_as_it_is() {
        try (ModelledService service = startService()) {
            for (int i = 1; i <= STATES; i++) {
                int number = i;
                randomState(tap, random);
                Supplier<String> when = () -> "in random state " + number;
                judge(() -> RegisterJudge.compareAll(service, allRegisters()), when);
                compare(service, when);
            }
        }
    }

    @Test
    void a_start_writes_no_register_in_whatever_state_they_are() {
        for (int i = 0; i < STARTS; i++) {
            randomState(tap, random);
            Map<Long, Integer> before = tap.readAll(block().address(), block().size());
            assertEquals(List.of(), tap.takeWrites());
            try (ModelledService service = startService()) {
                compare(service, () -> "after a start");
            }
            assertEquals(List.of(), tap.takeWrites(), "writes between a start and the end");
            assertEquals(before, tap.readAll(block().address(), block().size()), () -> "seed " + seed);
        }
    }

    /** Starts the service in a folder of its own; its writes are counted from here on. */
    final ModelledService startService() {
        tap.takeWrites();
        return ModelledService.start(serviceOn(ModelledService.AGENT));
    }

    /** The files of a service that drives the machine, in a folder of their own. */
    final TestBoard serviceOn(String agents) {
        try {
            return TestBoard.modelled(Files.createTempDirectory(folder, "service-"), board(), tap.socket(), agents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The clocks that something which the monitor knows may run from, and those themselves. */
    private List<String> upstream(ModelledService service) {
        expectations().values().forEach(expectation -> expectation.hz(service));
        var found = new java.util.TreeSet<String>();
        var open = new java.util.ArrayDeque<>(service.asked());
        while (!open.isEmpty()) {
            String name = open.pop();
            if (found.add(name)) {
                open.addAll(service.spec(name).parents());
            }
        }
        return List.copyOf(found);
    }

    final QtestTap registers() {
        return tap;
    }

    final ModelledMachine model() {
        return model;
    }

    /** What a field of a register holds now. */
    final long field(ModelledService service, FieldRef field) {
        return (tap.read(BoardOracle.address(service.board(), field)) & field.mask()) >>> field.low();
    }

    private Map<Long, Integer> allRegisters() {
        return model.registers(block().address(), block().size());
    }

    final Random random() {
        return random;
    }

    private void judge(Runnable comparison, Supplier<String> when) {
        try {
            comparison.run();
        } catch (AssertionError e) {
            throw new AssertionError(board() + ", seed " + seed + ", " + when.get() + "\n" + e.getMessage(), e);
        }
    }

    /** Compares every frequency of the machine with what the service says. */
    final void compare(ModelledService service, Supplier<String> when) {
        service.askAnew();
        Map<String, Frequency> seen = model.clocks();
        var wrong = new ArrayList<String>();
        expectations().forEach((clock, expectation) -> {
            Frequency frequency = seen.get(clock);
            if (frequency == null) {
                throw new AssertionError("QEMU's monitor does not know " + clock + ", but " + seen.keySet());
            }
            long expected = expectation.hz(service);
            if (expected != ANYTHING && !frequency.isOf(expected)) {
                wrong.add(clock + " is " + frequency.text() + " in the model, and " + expected + " Hz by the service");
            }
        });
        if (!wrong.isEmpty()) {
            throw new AssertionError(board() + ", seed " + seed + ", " + when.get() + "\n" + String.join("\n", wrong));
        }
    }
}
