// Runs one sequence of steps against a real core and against the model.
package org.scmid.server.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.PeerIdentity;
import org.scmid.platform.register.Windows;
import org.scmid.protocol.Header;
import org.scmid.protocol.MessageType;
import org.scmid.server.core.agent.Agent;
import org.scmid.server.core.state.AgentStateStore;
import org.scmid.server.core.state.GateState;
import org.scmid.transport.AgentPort;
import org.scmid.transport.EventSink;

/** One sequence, from a fresh core on: carries out each step on both sides and compares what can be seen. */
final class ModelRun implements AutoCloseable {
    private static final String BOOT = "11111111-2222-3333-4444-555555555555";
    /** How long time passes step by step, so that what the model has in one step happens in one step. */
    private static final int MILLIS_BY_MILLIS = 100;

    private static final String CLOCK_RATE_CHANGED = "5300";
    private static final String CLOCK_RATE_CHANGE_REQUESTED = "5301 ";
    private static final String PERFORMANCE_LEVEL_CHANGED = "4f01";
    private static final int SETTLE_MILLIS = 51;

    private final ModelSetup setup;
    private final Model model;
    private final Path directory;
    private final Windows windows;
    private final Set<Seen> seen;
    private final List<Guest> guests = new ArrayList<>();
    private final @Nullable Random luck;
    private final @Nullable LateDrivers late;
    private @Nullable Service service;

    /** None is busy: what is asked again comes behind what was asked meanwhile, which the model does not know. */
    private static final LateDrivers.Fate[] FATES = {
        LateDrivers.Fate.AT_ONCE, LateDrivers.Fate.LATE, LateDrivers.Fate.LATE
    };

    /** An answer to a command, or an event, that both sides agreed on: its header without the token, and a status. */
    record Seen(int header, int status) {}

    /** Where a sequence goes wrong, and how. */
    record Failure(int step, String what) {}

    /** Event buffers; those that were used do not come back by themselves. */
    private static final class Buffers implements EventSink {
        final List<String> received = new ArrayList<>();
        int free = Integer.MAX_VALUE;

        @Override
        public int maxLength() {
            return 136;
        }

        @Override
        public Result offer(byte[] event, int length) {
            if (free == 0) {
                return Result.NO_BUFFER;
            }
            free--;
            received.add(hex(Bench.words(Arrays.copyOf(event, length))));
            return Result.SENT;
        }
    }

    /** One agent's guest: it outlives the service. */
    private static final class Guest {
        final Buffers buffers = new Buffers();
        final byte[] reply = new byte[4096];
        final List<int[]> lateReplies = new ArrayList<>();
        int token;
        byte @Nullable [] last;
    }

    /** One process of the service. */
    private record Service(Bench bench, AgentStateStore store, GateState gates) {
        Agent agent(int id) {
            return bench.core.agents().get(id - 1);
        }

        /** Ends it as SIGKILL does: nothing is given up, nothing is written. */
        void kill() {
            bench.core.agents().forEach(Agent::close);
            gates.close();
            store.close();
        }
    }

    private ModelRun(ModelSetup setup, ModelSetup.Parts parts, Set<Seen> seen, Path directory, @Nullable Random luck)
            throws IOException {
        this.luck = luck;
        this.late = luck == null ? null : new LateDrivers(() -> FATES[luck.nextInt(FATES.length)]);
        this.setup = setup;
        this.seen = seen;
        this.directory = directory;
        model = new Model(setup, parts);
        windows = Windows.open(setup.board, true);
        for (ModelAgent agent : model.agents) {
            guests.add(new Guest());
            agent.process = 100 * agent.id;
        }
    }

    /**
     * Runs steps.
     *
     * @param seen is added what both sides agreed on
     * @param directory for the service's files
     * @return null if both sides agree to the end
     */
    static @Nullable Failure run(
            ModelSetup setup, ModelSetup.Parts parts, List<ModelStep> steps, Set<Seen> seen, Path directory) {
        return run(setup, parts, steps, seen, directory, null);
    }

    /**
     * As {@link #run(ModelSetup, ModelSetup.Parts, List, Set, Path)}, with hardware that is late.
     *
     * @param luck decides how late, and who leaves or is reset in the middle
     */
    static @Nullable Failure run(
            ModelSetup setup,
            ModelSetup.Parts parts,
            List<ModelStep> steps,
            Set<Seen> seen,
            Path directory,
            @Nullable Random luck) {
        try (ModelRun run = new ModelRun(setup, parts, seen, directory, luck)) {
            run.begin();
            for (int i = 0; i < steps.size(); i++) {
                String difference = run.tryStep(steps.get(i));
                if (difference != null) {
                    return new Failure(i, difference);
                }
            }
            return null;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void begin() throws IOException {
        if (Files.isDirectory(directory)) {
            try (var files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
        start();
        model.agents.forEach(agent -> come(agent, agent.process, true));
        pass(SETTLE_MILLIS);
    }

    private void start() throws IOException {
        AgentStateStore store = AgentStateStore.open(directory, BOOT);
        GateState gates = store.loadGates(List.copyOf(setup.board.clocks().keySet()));
        LateDrivers its = late;
        Bench bench = its == null
                ? new Bench(setup.board, setup.devices, setup.arbitration, windows, gates)
                : new Bench(setup.board, setup.devices, setup.arbitration, windows, gates, its);
        service = new Service(bench, store, gates);
        for (ModelAgent agent : model.agents) {
            var presence = new Agent.Presence(agent.dropWhenGone, ModelSetup.GRACE_MILLIS);
            bench.core.join(agent.name, agent.isTrusted, presence, agent.grants, store);
        }
        bench.core.resume(false);
        letHardwareEnd();
        bench.core
                .protocols()
                .forEach(protocol -> model.served.add(protocol.id().id()));
    }

    @Override
    public void close() {
        Service running = service;
        if (running != null) {
            running.kill();
        }
        windows.close();
    }

    private Service service() {
        return Objects.requireNonNull(service);
    }

    private Agent real(ModelAgent agent) {
        return service().agent(agent.id);
    }

    private Guest guest(ModelAgent agent) {
        return guests.get(agent.id - 1);
    }

    private @Nullable String tryStep(ModelStep step) throws IOException {
        try {
            String difference = step(step);
            return difference == null ? difference() : difference;
        } catch (RuntimeException | AssertionError failure) {
            StackTraceElement[] trace = failure.getStackTrace();
            return failure + (trace.length == 0 ? "" : " at " + trace[0]);
        }
    }

    /** @return how the reply is not the expected one; null if it is, or there is none */
    private @Nullable String step(ModelStep step) throws IOException {
        switch (step) {
            case ModelStep.Command command -> {
                ModelAgent agent = model.agent(command.agent());
                if (agent.attached && agent.unanswered == 0) {
                    return command(agent, command);
                }
            }
            case ModelStep.GuestReset reset -> {
                ModelAgent agent = model.agent(reset.agent());
                if (agent.attached) {
                    real(agent).guestReset();
                    model.drop(agent);
                    turn();
                }
            }
            case ModelStep.Leave leave -> {
                ModelAgent agent = model.agent(leave.agent());
                if (agent.attached) {
                    real(agent).detached();
                    real(agent).peerGone();
                    model.leave(agent);
                    turn();
                }
            }
            case ModelStep.Come come -> {
                ModelAgent agent = model.agent(come.agent());
                if (!agent.attached) {
                    come(agent, come.isSame() ? agent.process : agent.process + 1, come.events());
                    pass(SETTLE_MILLIS);
                }
            }
            case ModelStep.Buffers buffers -> {
                ModelAgent agent = model.agent(buffers.agent());
                int free = late == null
                        ? buffers.free()
                        : ModelStep.Buffers.PLENTY; // else their order decides what is lost
                guest(agent).buffers.free = free;
                agent.free = free;
                flush(agent);
                turn();
            }
            case ModelStep.Restart restart -> {
                return restart(restart.unanswered());
            }
            case ModelStep.Pass pass -> passStepByStep(pass.millis());
            case ModelStep.Turn turn -> {
                model.agents.forEach(this::flush);
                turn();
            }
        }
        return null;
    }

    private @Nullable String command(ModelAgent agent, ModelStep.Command command) {
        Guest guest = guest(agent);
        int header = Header.encode(command.message(), MessageType.COMMAND, command.protocol(), guest.token++ & 0x3FF);
        ByteBuffer request =
                ByteBuffer.allocate(4 + 4 * command.payload().size()).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(header);
        command.payload().forEach(request::putInt);
        guest.last = request.array();
        return execute(agent, guest.last, command.held() && late == null); // what is late needs the loop
    }

    private @Nullable String execute(ModelAgent agent, byte[] request, boolean held) {
        Guest guest = guest(agent);
        int length = real(agent).execute(request, request.length, guest.reply, guest.reply.length);
        int[] asked = Bench.words(request);
        if (length == AgentPort.DEFERRED && late != null) {
            return executeLate(agent, asked, held);
        }
        letHardwareEnd();
        int[] expected = model.execute(agent, asked[0], Arrays.copyOfRange(asked, 1, asked.length));
        if (length == AgentPort.DEFERRED || expected == null) {
            if (!held) {
                flush(agent);
                turn();
            }
            return length == AgentPort.DEFERRED && expected == null
                    ? null
                    : "the reply " + (expected == null ? "does not come later" : "comes later");
        }
        int[] replied = Bench.words(Arrays.copyOf(guest.reply, length));
        int[] got = Arrays.copyOfRange(replied, Math.min(1, replied.length), replied.length);
        if (!held) {
            flush(agent);
            turn();
        }
        if (!Arrays.equals(expected, got) || replied[0] != asked[0]) {
            return "the reply is " + hex(got) + ", not " + hex(expected);
        }
        note(asked[0], got[0]);
        return null;
    }

    /** Hardware has not ended the command yet: it does now, or after the agent has gone or was reset. */
    private @Nullable String executeLate(ModelAgent agent, int[] asked, boolean held) {
        int chance = luck == null ? 0 : luck.nextInt(8);
        if (chance == 0 && !agent.dropWhenGone) {
            chance = 1; // what was not answered comes again when it is back, and is not wished before
        }
        if (chance <= 1 && model.followsVotes(agent, asked)) {
            chance = 2; // what the agent votes for decides what is done, and may be given up before it is
        }
        if (chance <= 1 && late != null) {
            late.letAskAgain(); // what was not begun has left nothing, and comes again
            chance = guest(agent).lateReplies.isEmpty() ? chance : 2;
        }
        if (chance == 0) {
            real(agent).detached();
            real(agent).peerGone();
        } else if (chance == 1) {
            real(agent).guestReset();
        }
        letHardwareEnd();
        int[] expected = model.execute(agent, asked[0], Arrays.copyOfRange(asked, 1, asked.length));
        if (chance == 0) {
            model.leave(agent);
        } else if (chance == 1) {
            model.drop(agent);
        }
        List<int[]> replies = guest(agent).lateReplies;
        int[] reply = replies.isEmpty() ? null : replies.removeFirst();
        if (reply != null) {
            flush(agent); // as is done when a reply is published
        }
        if (!held || chance <= 1) {
            if (chance > 1) {
                flush(agent);
            }
            turn();
        }
        if (chance <= 1) {
            return reply == null ? null : "a command that nobody waits for any more is answered " + hex(reply);
        }
        if (reply == null || expected == null) {
            return reply == null && expected == null
                    ? null
                    : "the reply " + (expected == null ? "does not come later" : "comes too late");
        }
        int[] got = Arrays.copyOfRange(reply, 1, reply.length);
        if (!Arrays.equals(expected, got) || reply[0] != asked[0]) {
            return "the late reply is " + hex(got) + ", not " + hex(expected);
        }
        note(asked[0], got[0]);
        return null;
    }

    /** What was asked of hardware that is late is done now. */
    private void letHardwareEnd() {
        LateDrivers its = late;
        if (its != null) {
            its.run();
        }
    }

    private @Nullable String restart(int unanswered) throws IOException {
        List<ModelAgent> there =
                model.agents.stream().filter(agent -> agent.attached).toList();
        List<Boolean> events = there.stream().map(agent -> agent.events).toList();
        service().kill();
        if (late != null) {
            late.forget();
        }
        service = null;
        start();
        model.restart();
        for (int i = 0; i < there.size(); i++) {
            come(there.get(i), there.get(i).process, events.get(i));
        }
        String difference = null;
        if (unanswered > 0) {
            ModelAgent agent = model.agent(unanswered);
            byte[] last = guest(agent).last;
            difference = agent.attached && last != null ? execute(agent, last, false) : null;
        }
        pass(SETTLE_MILLIS);
        return difference;
    }

    private void come(ModelAgent agent, int process, boolean events) {
        real(agent).peerConnected(new PeerIdentity(process, 1, 0, 0));
        letHardwareEnd();
        real(agent).attached(events ? guest(agent).buffers : null, length -> {
            guest(agent).lateReplies.add(Bench.words(Arrays.copyOf(guest(agent).reply, length)));
            real(agent).flushEvents(); // as a transport does once it has published the reply
        });
        model.come(agent, process, events);
    }

    private void flush(ModelAgent agent) {
        real(agent).flushEvents();
        model.flush(agent);
    }

    private void turn() {
        service().bench().loop.settle();
        letHardwareEnd();
        service().bench().loop.settle();
        model.turn();
        model.pass(0);
    }

    private void passStepByStep(int millis) {
        for (int i = 0; i < millis; ) {
            int step = i < MILLIS_BY_MILLIS ? 1 : millis - i; // by then only what takes seconds is left
            pass(step);
            i += step;
        }
    }

    private void pass(int millis) {
        service().bench().loop.stall(millis * 1_000_000L);
        letHardwareEnd();
        service().bench().loop.settle();
        model.pass(millis);
    }

    // ---- What can be seen besides replies.

    private static String withoutResult(String event) {
        List<String> words = List.of(event.split(" ", -1));
        // What follows from a wish that an agent gives up or lowers is the platform's, if it is late.
        if (words.getFirst().equals(PERFORMANCE_LEVEL_CHANGED)
                || words.getFirst().equals(CLOCK_RATE_CHANGED)) {
            return words.getFirst() + " " + String.join(" ", words.subList(2, words.size()));
        }
        boolean isDelayedResponse = Header.type(Integer.parseUnsignedInt(words.getFirst(), 16)) == 2;
        return isDelayedResponse ? String.join(" ", words.subList(0, 2)) : event;
    }

    /**
     * With late hardware, of a request for a rate others are told before it is known to be refused; and what a delayed response
     * says was reached is what it is by then.
     */
    private static List<String> comparable(List<String> events) {
        return events.stream()
                .filter(event -> !event.startsWith(CLOCK_RATE_CHANGE_REQUESTED))
                .map(ModelRun::withoutResult)
                .sorted()
                .toList();
    }

    private @Nullable String difference() {
        for (ModelAgent agent : model.agents) {
            List<String> late =
                    guest(agent).lateReplies.stream().map(ModelRun::hex).toList();
            List<String> expectedLate =
                    agent.lateReplies.stream().map(ModelRun::hex).toList();
            guest(agent).lateReplies.clear();
            agent.lateReplies.clear();
            if (!late.equals(expectedLate)) {
                return "agent " + agent.id + " gets the late replies " + late + ", not " + expectedLate;
            }
            List<String> got = List.copyOf(guest(agent).buffers.received);
            guest(agent).buffers.received.clear();
            List<String> expected = agent.received.stream().map(ModelRun::hex).toList();
            if (late != null) { // what comes of two things that were asked comes as they end
                got = comparable(got);
                expected = comparable(expected);
            }
            agent.received.forEach(event -> note(event[0], Header.type(event[0]) == 2 ? event[1] : 0));
            agent.received.clear();
            if (!got.equals(expected)) {
                return "agent " + agent.id + " is sent " + got + ", not " + expected;
            }
        }
        for (ProtocolModel part : model.parts) {
            String difference = part.difference(service().bench());
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private void note(int header, int status) {
        seen.add(new Seen(header & ~(0x3FF << 18), status));
    }

    private static String hex(int[] words) {
        return String.join(
                " ", Arrays.stream(words).mapToObj(Integer::toHexString).toList());
    }
}
