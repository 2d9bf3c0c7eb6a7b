// The service with a shipped board, whose registers are those of a QEMU machine.
package org.scmid.system;

import static org.scmid.system.Scmi.CONFIG_GET;
import static org.scmid.system.Scmi.PARENT_GET;
import static org.scmid.system.Scmi.RATE_GET;
import static org.scmid.system.Scmi.clock;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.Board;
import org.scmid.config.clock.ClockSpec;
import org.scmid.config.document.ConfigException;

/** Speaks SCMI to a service of its own, by the names of the board's clocks. */
final class ModelledService implements ClockService, AutoCloseable {
    private static final int ENABLED = 1;

    /**
     * The agent by which a test speaks to the service: it has every clock. And one that never asks for on or off, so that it
     * reads what hardware does; the other one reads off where it has asked for off.
     */
    static final String AGENT = """
            agents:
              test: { transport: socket, socket: test.sock, clocks: all }
              observer: { transport: socket, socket: observer.sock, clocks: [all: read] }
            """;

    /** GENERIC_ERROR: what a multiplexer is answered with that selects nothing which the board file knows. */
    private static final int NO_PARENT = -8;

    private final Scmid scmid;
    private final SocketAgent agent;
    private final SocketAgent observer;
    private final Board board;
    private final List<String> names;
    private final Set<String> asked = new TreeSet<>();
    private final Map<String, Long> outputs = new HashMap<>();
    private final Map<String, String> parents = new HashMap<>();

    private ModelledService(Scmid scmid, SocketAgent agent, SocketAgent observer, Board board) {
        this.scmid = scmid;
        this.agent = agent;
        this.observer = observer;
        this.board = board;
        names = List.copyOf(board.clocks().keySet());
    }

    /** Starts the service of a board whose agents begin with {@link #AGENT}. */
    static ModelledService start(TestBoard board) {
        try {
            Board read = ConfigFiles.service(board.service).board().board();
            Scmid scmid = board.run();
            return new ModelledService(
                    scmid,
                    SocketAgent.connect(board.folder.resolve("test.sock")),
                    SocketAgent.connect(board.folder.resolve("observer.sock")),
                    read);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    @Override
    public List<String> clocks() {
        return names;
    }

    /** A clock, as the board file describes it. */
    ClockSpec spec(String name) {
        return Objects.requireNonNull(board.clocks().get(name), name);
    }

    @Override
    public List<String> possibleParents(String name) {
        return spec(name).mux() == null ? List.of() : spec(name).parents();
    }

    @Override
    public boolean maySwitch(String name) {
        return true;
    }

    @Override
    public boolean maySetRate(String name) {
        return spec(name).fixed() == null;
    }

    /** What the board file says. */
    Board board() {
        return board;
    }

    /** The clocks whose output somebody has asked for. */
    Set<String> asked() {
        return asked;
    }

    @Override
    public int id(String name) {
        int id = names.indexOf(name);
        if (id < 0) {
            throw new AssertionError("the board has no clock " + name);
        }
        return id;
    }

    /** Asks anew from here on: outputs and parents are asked for once until then. */
    void askAnew() {
        outputs.clear();
        parents.clear();
    }

    @Override
    public long rate(String name) {
        int[] reply = ask(name, clock(RATE_GET), id(name));
        return Integer.toUnsignedLong(reply[1]) | (long) reply[2] << Integer.SIZE;
    }

    @Override
    public boolean isEnabled(String name) {
        int[] reply = observer.call(clock(CONFIG_GET), id(name), 0);
        return (checked(name, clock(CONFIG_GET), reply)[2] & ENABLED) != 0;
    }

    @Override
    public long output(String name) {
        asked.add(name);
        return outputs.computeIfAbsent(name, clock -> isEnabled(clock) ? rate(clock) : 0);
    }

    @Override
    public String parent(String name) {
        List<String> possible = spec(name).parents();
        if (possible.isEmpty()) {
            return "";
        }
        if (spec(name).mux() == null) {
            return possible.getFirst();
        }
        return parents.computeIfAbsent(name, this::askParent);
    }

    private String askParent(String name) {
        int[] reply = call(clock(PARENT_GET), id(name));
        return reply[0] == NO_PARENT ? "" : names.get(checked(name, PARENT_GET, reply)[1]);
    }

    /** All that messages tell of a clock now. */
    BoardOracle.State state(String name) {
        String parent = spec(name).parents().isEmpty() ? "" : askParent(name);
        return new BoardOracle.State(parent, rate(name), isEnabled(name));
    }

    @Override
    public int[] call(int header, int... payload) {
        return agent.call(header, payload);
    }

    private int[] ask(String name, int header, int... payload) {
        return checked(name, header, call(header, payload));
    }

    private int[] checked(String name, int header, int[] reply) {
        if (reply[0] != Scmi.SUCCESS) {
            throw new AssertionError("message 0x" + Integer.toHexString(header & 0xff) + " to clock " + name
                    + " is answered " + reply[0] + "; the service says:\n"
                    + scmid.output().text());
        }
        return reply;
    }

    @Override
    public void close() {
        agent.close();
        observer.close();
        scmid.close();
    }
}
