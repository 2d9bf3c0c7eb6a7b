// All register windows of a board.
package org.scmid.platform.register;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.scmid.config.board.Board;
import org.scmid.config.register.Access;
import org.scmid.config.register.FieldRef;
import org.scmid.config.register.RegisterRule;
import org.scmid.config.register.WindowSpec;

/** The register windows of a board, opened; fields of registers by their description in the board file. */
public final class Windows implements AutoCloseable {
    private final Board board;
    private final Map<String, RegisterWindow> windows;
    private final Map<String, Map<Long, Register>> registers = new HashMap<>();

    private Windows(Board board, Map<String, RegisterWindow> windows) {
        this.board = board;
        this.windows = windows;
    }

    /**
     * Opens every window of a board. No register is read or written; only a {@code file:} that does not exist is
     * created and filled.
     *
     * @param board the board
     * @param simulateAll whether all windows are simulated, whatever their access says
     * @throws WindowException if a window cannot be opened; those that were opened are closed again
     */
    public static Windows open(Board board, boolean simulateAll) throws WindowException {
        return open(board, simulateAll, System::nanoTime);
    }

    /**
     * As {@link #open(Board, boolean)}, with another clock for what simulated hardware does by itself.
     *
     * @param nanoTime the time in nanoseconds
     */
    public static Windows open(Board board, boolean simulateAll, LongSupplier nanoTime) throws WindowException {
        SimulatedReactions reactions = new SimulatedReactions(board, nanoTime);
        QtestMachines machines = new QtestMachines();
        Map<String, RegisterWindow> opened = new LinkedHashMap<>();
        boolean complete = false;
        try {
            for (WindowSpec spec : board.registers().values()) {
                opened.put(
                        spec.name(),
                        simulateAll ? new SimulatedWindow(spec, reactions) : open(spec, reactions, machines));
            }
            complete = true;
        } finally {
            if (!complete) {
                opened.values().forEach(RegisterWindow::close);
            }
        }
        return new Windows(board, opened);
    }

    /**
     * Takes windows that something else opened.
     *
     * @param board the board
     * @param windows the windows by the names that the board uses
     * @throws IllegalArgumentException if one is missing
     */
    public static Windows of(Board board, Map<String, ? extends RegisterWindow> windows) {
        for (String name : board.registers().keySet()) {
            if (!windows.containsKey(name)) {
                throw new IllegalArgumentException("no register window " + name);
            }
        }
        return new Windows(board, new LinkedHashMap<>(windows));
    }

    private static RegisterWindow open(WindowSpec spec, SimulatedReactions reactions, QtestMachines machines)
            throws WindowException {
        return switch (spec.access()) {
            case Access.Simulated simulated -> new SimulatedWindow(spec, reactions);
            case Access.File file -> MappedWindow.file(spec, file.path());
            case Access.Devmem devmem -> MappedWindow.devmem(spec, MappedWindow.DEV_MEM, new HostKernel(Path.of("/")));
            case Access.Uio uio -> UioDevice.open(spec, uio.name());
            case Access.Qtest qtest -> machines.open(spec, qtest);
        };
    }

    /**
     * A window.
     *
     * @param name its name in the board file
     * @throws IllegalArgumentException if the board has none of this name
     */
    public RegisterWindow window(String name) {
        RegisterWindow window = windows.get(name);
        if (window == null) {
            throw new IllegalArgumentException("no register window " + name);
        }
        return window;
    }

    /** The field that a board file describes. Fields of one register share its {@link Register}. */
    public RegisterField field(FieldRef ref) {
        return new RegisterField(register(ref.window(), ref.offset()), ref.mask(), ref.low());
    }

    private Register register(String name, long offset) {
        WindowSpec spec = board.registers().get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no register window " + name);
        }
        Map<Long, Register> known = registers.computeIfAbsent(name, key -> new HashMap<>());
        Register register = known.get(offset);
        if (register == null) {
            RegisterRule rule = spec.rules().of(offset);
            boolean isPlain = rule != null && rule.plain();
            register = new Register(
                    window(name), offset, isPlain ? 0 : spec.writeKey(), isPlain ? -1 : spec.writeMaskShift());
            known.put(offset, register);
            if (rule != null) {
                register.follow(new WriteProcedure(register, spec.rules(), rule, other -> register(name, other)));
            }
        }
        return register;
    }

    /** Closes every window. */
    @Override
    public void close() {
        windows.values().forEach(RegisterWindow::close);
    }
}
