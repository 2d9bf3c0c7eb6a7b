// Long random sequences of several agents against a small model of what they should see.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scmid.config.board.Board;
import org.scmid.protocol.Header;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.power.PowerMessage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.ModelRun.Failure;

/**
 * Eight agents with random permissions do random things, come and go, and the service is killed now and then; the {@link
 * Model} says what each must be answered and told. A sequence that fails is made as short as it can be and printed, with
 * the seed; {@code -Dscmid.seed=N} repeats it, {@code -Dscmid.long=true} runs many more.
 */
@Tag(Evidence.RANDOM)
class ModelTest {
    private static final int STEPS_OF_A_SEQUENCE = 300;

    private static final int MESSAGES_OF_LONG_RUN = 10_000_000;
    private static final int SEQUENCES =
            Boolean.getBoolean("scmid.long") ? MESSAGES_OF_LONG_RUN / STEPS_OF_A_SEQUENCE : 400;
    private static final int MOST_TRIALS = 2_000;

    private static final ModelSetup.Parts PARTS = model -> parts(model, new ClockModel(model));

    /** Agents that come and go are logged, each time. */
    private final Logger log = Logger.getLogger("org.scmid.server.core");

    private final Set<ModelRun.Seen> seen = new HashSet<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private Board board;

    @BeforeEach
    void quiet() throws Exception {
        log.setLevel(Level.SEVERE);
        board = Bench.board(
                directory,
                Bench.BOARD
                        + PerformanceModel.CLOCKS
                        + PowerModel.BOARD
                        + PerformanceModel.BOARD
                        + ResetModel.BOARD
                        + VoltageModel.BOARD);
    }

    @AfterEach
    void loud() {
        log.setLevel(null);
    }

    @Test
    void agentsSeeWhatTheModelSays() {
        Long only = Long.getLong("scmid.seed");
        long first = only == null ? System.nanoTime() : only;
        System.out.println(
                "ModelTest: " + SEQUENCES + " sequences of " + STEPS_OF_A_SEQUENCE + " steps, -Dscmid.seed=" + first);
        assertTrue(SEQUENCES * STEPS_OF_A_SEQUENCE >= 100_000);
        for (long seed = first; seed < first + SEQUENCES; seed++) {
            ModelSetup setup = new ModelSetup(board, seed);
            List<ModelStep> steps = randomSteps(setup, seed);
            Failure failure = run(setup, PARTS, steps);
            if (failure != null) {
                fail(report(seed, setup, shrink(setup, PARTS, steps, failure)));
            }
        }
        assertEquals(List.of(), unseen(), "what no sequence came upon");
    }

    @Test
    void agentsSeeTheSameWhenEverythingThatIsAskedOfHardwareEndsLater() {
        Long only = Long.getLong("scmid.seed");
        long first = only != null ? only : Boolean.getBoolean("scmid.long") ? System.nanoTime() : 1;
        System.out.println("ModelTest, late hardware: " + SEQUENCES + " sequences of " + STEPS_OF_A_SEQUENCE
                + " steps, -Dscmid.seed=" + first);
        for (long seed = first; seed < first + SEQUENCES; seed++) {
            ModelSetup setup = new ModelSetup(board, seed);
            List<ModelStep> steps = randomSteps(setup, seed);
            long luck = seed;
            Failure failure = runLate(setup, steps, luck);
            if (failure != null) {
                List<ModelStep> shrunk = new Shrinker<ModelStep>(
                                trial -> runLate(setup, trial, luck) != null, ModelStep::simpler, MOST_TRIALS)
                        .shrink(steps.subList(0, failure.step() + 1));
                Failure shorter = runLate(setup, shrunk, luck);
                fail("with -Dscmid.seed=%d, after %d steps: %s%n%s%s"
                        .formatted(
                                seed,
                                shrunk.size(),
                                (shorter == null ? failure : shorter).what(),
                                setup,
                                lines(shrunk)));
            }
        }
    }

    private @Nullable Failure runLate(ModelSetup setup, List<ModelStep> steps, long luck) {
        return ModelRun.run(setup, PARTS, steps, seen, directory.resolve("state"), new Random(luck));
    }

    @Test
    void anAgentThatGivesUpItsDomainsWhileItSwitchesAnotherOnMakesNoDifference() {
        for (long seed = 1; seed <= 50; seed++) {
            ModelSetup setup = new ModelSetup(board, seed);
            List<ModelStep> steps = new ArrayList<>();
            for (int agent = 1; agent <= ModelSetup.AGENTS; agent++) {
                steps.addAll(ofEachPowerDomain(agent, domain -> List.of(domain, 1), PowerMessage.POWER_STATE_NOTIFY));
            }
            for (int agent = 1; agent <= ModelSetup.AGENTS; agent++) {
                steps.addAll(
                        ofEachPowerDomain(agent, domain -> List.of(0, domain, 0), PowerMessage.POWER_STATE_SET)); // on
                steps.add(new ModelStep.GuestReset(agent));
            }
            Failure failure = runLate(setup, steps, seed);
            assertNull(failure, "with seed %d%n%s%s".formatted(seed, setup, lines(steps)));
        }
    }

    private List<ModelStep> ofEachPowerDomain(int agent, IntFunction<List<Integer>> payloadOf, PowerMessage message) {
        List<ModelStep> steps = new ArrayList<>();
        for (int domain = 0; domain < board.powerDomains().size(); domain++) {
            steps.add(new ModelStep.Command(
                    agent, PowerMessage.TABLE.protocol().id(), message.id(), payloadOf.apply(domain), false));
        }
        return steps;
    }

    /** Commands that never succeeded, notifications and delayed responses that never came. */
    private List<Message> unseen() {
        List<Message> unseen = new ArrayList<>();
        for (ProtocolModel part : new Model(new ModelSetup(board, 0), PARTS).parts) {
            for (Message message : part.table.messages()) {
                if (part.isServed(message) && !seen.contains(new ModelRun.Seen(Header.encode(message, 0), 0))) {
                    unseen.add(message);
                }
            }
        }
        return unseen;
    }

    private static List<ProtocolModel> parts(Model model, ClockModel clocks) {
        return List.of(
                new BaseModel(model),
                new PowerModel(model, clocks),
                new PerformanceModel(model),
                clocks,
                new ResetModel(model),
                new VoltageModel(model));
    }

    private @Nullable Failure run(ModelSetup setup, ModelSetup.Parts parts, List<ModelStep> steps) {
        return ModelRun.run(setup, parts, steps, seen, directory.resolve("state"));
    }

    private List<ModelStep> shrink(ModelSetup setup, ModelSetup.Parts parts, List<ModelStep> steps, Failure failure) {
        return new Shrinker<ModelStep>(trial -> run(setup, parts, trial) != null, ModelStep::simpler, MOST_TRIALS)
                .shrink(steps.subList(0, failure.step() + 1));
    }

    private String report(long seed, ModelSetup setup, List<ModelStep> steps) {
        Failure failure = run(setup, PARTS, steps);
        String what = failure == null ? "it does not fail again: it depends on more than its steps" : failure.what();
        return "with -Dscmid.seed=%d, after %d steps: %s%n%s%s"
                .formatted(seed, steps.size(), what, setup, lines(steps));
    }

    private static String lines(List<ModelStep> steps) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append("%3d. %s%n".formatted(i + 1, steps.get(i)));
        }
        return text.toString();
    }

    // ---- Models that are wrong: the sequence that shows it is short.

    private void assertIsFoundAndShort(int mostSteps, Function<Model, ClockModel> wrong) {
        ModelSetup.Parts parts = model -> parts(model, wrong.apply(model));
        for (long seed = 1; seed < 50; seed++) {
            ModelSetup setup = new ModelSetup(board, seed);
            List<ModelStep> steps = randomSteps(setup, seed);
            Failure failure = run(setup, parts, steps);
            if (failure != null) {
                List<ModelStep> shrunk = shrink(setup, parts, steps, failure);
                assertNotNull(run(setup, parts, shrunk), "still fails");
                assertTrue(shrunk.size() <= mostSteps, () -> lines(shrunk));
                return;
            }
        }
        fail("no sequence shows that the model is wrong");
    }

    @Test
    void aModelThatRoundsWronglyIsFound() {
        assertIsFoundAndShort(1, model -> new ClockModel(model) {
            @Override
            long roundedRate(@Nullable ModelAgent agent, String clock, long wish, int flags) {
                return super.roundedRate(agent, clock, wish, flags & 0x8);
            }
        });
    }

    @Test
    void aModelWhoseAgentsForgetWithTheServiceIsFound() {
        assertIsFoundAndShort(3, model -> new ClockModel(model) {
            @Override
            void restarted() {
                model.agents.forEach(this::release);
            }
        });
    }

    @Test
    void aModelThatKeepsWhatAGuestHadBeforeItsResetIsFound() {
        assertIsFoundAndShort(6, model -> new ClockModel(model) {
            @Override
            void release(ModelAgent agent) {}
        });
    }

    @Test
    void aModelThatDoesNotCountVotesIsFound() {
        assertIsFoundAndShort(3, model -> new ClockModel(model) {
            @Override
            boolean isVotedFor(String clock) {
                return votesFor(clock) == 1;
            }
        });
    }

    // ---- Random steps.

    private static List<ModelStep> randomSteps(ModelSetup setup, long seed) {
        Random random = new Random(~seed);
        List<ProtocolModel> parts = new Model(setup, PARTS).parts;
        List<ModelStep> steps = new ArrayList<>();
        while (steps.size() < STEPS_OF_A_SEQUENCE) {
            int agent = 1 + random.nextInt(ModelSetup.AGENTS);
            ModelStep step = switch (random.nextInt(100)) {
                case 0 -> new ModelStep.GuestReset(agent);
                case 1 -> new ModelStep.Leave(agent);
                case 2, 3 -> new ModelStep.Come(agent, random.nextInt(4) > 0, random.nextInt(4) > 0);
                case 4 -> new ModelStep.Buffers(agent, random.nextInt(3));
                case 5, 6 -> new ModelStep.Buffers(agent, ModelStep.Buffers.PLENTY);
                case 7 -> new ModelStep.Restart(0);
                case 8 -> new ModelStep.Pass(random.nextInt(8) == 0 ? 40_000 : random.nextInt(100));
                case 9, 10 -> new ModelStep.Turn();
                default -> randomCommand(random, agent, parts);
            };
            steps.add(step);
            if (step instanceof ModelStep.Command command && command.held() && random.nextInt(20) == 0) {
                steps.add(new ModelStep.Restart(agent)); // killed before it could say so
            }
        }
        return steps;
    }

    private static ModelStep randomCommand(Random random, int agent, List<ProtocolModel> parts) {
        ProtocolModel part = parts.get(random.nextInt(6) == 0 ? 0 : 1 + random.nextInt(parts.size() - 1));
        List<Message> commands = new ArrayList<>();
        for (Message message : part.table.messages()) {
            for (int i = 0; message.type() == MessageType.COMMAND && i < part.weight(message); i++) {
                commands.add(message);
            }
        }
        Message command = commands.get(random.nextInt(commands.size()));
        List<Integer> payload = new ArrayList<>(
                switch (command.id()) {
                    case 0x0 -> List.of();
                    case 0x2 -> List.of(random.nextInt(0x12));
                    case 0x10 -> List.of(random.nextInt(1, 5) << 16 | random.nextInt(2));
                    default -> part.randomPayload(random, command);
                });
        switch (random.nextInt(60)) {
            case 0 -> payload.add(0);
            case 1 -> {
                if (!payload.isEmpty()) {
                    payload.removeLast();
                }
            }
            default -> {}
        }
        return new ModelStep.Command(agent, part.id(), command.id(), List.copyOf(payload), random.nextInt(6) == 0);
    }
}
