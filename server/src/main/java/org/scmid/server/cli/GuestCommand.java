// scmid guest: what a guest needs to attach.
package org.scmid.server.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.AgentSpec;
import org.scmid.config.ConfigException;
import org.scmid.config.ConfigFiles;
import org.scmid.config.Service;
import org.scmid.config.TransportSpec;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.guest.GuestWindow;
import org.scmid.server.guest.QemuOptions;
import org.scmid.server.guest.QemuSize;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "guest",
        mixinStandardHelpOptions = true,
        description = "Prints what a guest needs to attach: its device-tree overlay, QEMU's options.",
        subcommands = {GuestCommand.Dts.class, GuestCommand.Qemu.class})
final class GuestCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: dts or qemu");
    }

    /** The agent of a service file that is meant. */
    static final class AgentArguments {
        @Parameters(index = "0", paramLabel = "SERVICE", description = "A service file.")
        @SuppressWarnings("NullAway.Init") // picocli's
        private Path file;

        @Parameters(index = "1", paramLabel = "AGENT", description = "The name of one of its agents.")
        @SuppressWarnings("NullAway.Init") // picocli's
        private String name;

        @Option(
                names = "--runtime-dir",
                paramLabel = "DIR",
                description = "Where sockets are that the file does not name, as for `scmid run`.")
        private @Nullable Path runtimeDirectory;

        Service service() throws ConfigException {
            return ConfigFiles.service(
                    file, runtimeDirectory == null ? ConfigFiles.runtimeDirectory() : runtimeDirectory);
        }

        AgentSpec agent(Service service) throws UserException {
            AgentSpec agent = service.agents().get(name);
            if (agent == null) {
                throw new UserException(file + " has no agent `" + name + "`; it has "
                        + String.join(", ", service.agents().keySet()));
            }
            return agent;
        }
    }

    /** What the guest's machine is like. Both commands must be given the same. */
    static final class Machine {
        @Option(
                names = "--bus",
                paramLabel = "BUS",
                description =
                        "The bus on which the guest finds the device: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
                defaultValue = "pci")
        @SuppressWarnings("NullAway.Init") // picocli's
        private QemuOptions.Bus bus;

        @Option(
                names = "--memory",
                paramLabel = "SIZE",
                converter = Size.class,
                description = {
                    "The size of the guest's memory, which is shared or, with a window, private.",
                    "Default: 256M, or what lies before the window if the service file gives that an address."
                })
        private @Nullable Long memory;

        @Option(
                names = "--window",
                paramLabel = "SIZE",
                converter = Size.class,
                description = {
                    "Shares nothing but a window of this size, such as 4M; default: the service file's `window`.",
                    "Give --bus, --memory and --window to `dts` and `qemu` alike."
                })
        private @Nullable Long window;

        /** Bytes of memory of a guest without a window. */
        long memory() {
            return memory == null ? GuestWindow.DEFAULT_MEMORY : memory;
        }

        /** The window that the guest shares; null if it shares all of its memory. */
        @Nullable
        GuestWindow window(AgentSpec agent) throws UserException {
            if (!(agent.transport() instanceof TransportSpec.VhostUser vhostUser)) {
                if (window == null) {
                    return null;
                }
                throw notByVhostUser(agent);
            }
            try {
                return GuestWindow.of(vhostUser, bus, memory, window);
            } catch (GuestException e) {
                throw new UserException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Reads a size as QEMU writes it. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return QemuSize.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("it " + e.getMessage());
            }
        }
    }

    private static UserException notByVhostUser(AgentSpec agent) {
        return new UserException("agent `" + agent.name()
                + "` is not reached by vhost-user; QEMU attaches a guest to such an agent only");
    }

    @Command(
            name = "dts",
            mixinStandardHelpOptions = true,
            description = "Prints the device-tree overlay that this agent's guest needs, as source for dtc.")
    static final class Dts implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli's
        private AgentArguments arguments;

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli's
        private Machine machine;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec spec;

        @Override
        public Integer call() throws ConfigException, UserException {
            Service service = arguments.service();
            AgentSpec agent = arguments.agent(service);
            GuestOverlay overlay = new GuestOverlay(service.board().board(), agent);
            GuestWindow window = machine.window(agent);
            if (window != null) {
                overlay.withWindow(window, machine.bus);
            }
            spec.commandLine().getOut().print(overlay.source());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }

    @Command(
            name = "qemu",
            mixinStandardHelpOptions = true,
            description = "Prints the QEMU options that attach a guest, on one line, to be pasted into a command.")
    static final class Qemu implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli's
        private AgentArguments arguments;

        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli's
        private Machine machine;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec spec;

        @Override
        public Integer call() throws ConfigException, UserException {
            AgentSpec agent = arguments.agent(arguments.service());
            if (!(agent.transport() instanceof TransportSpec.VhostUser vhostUser)) {
                throw notByVhostUser(agent);
            }
            spec.commandLine()
                    .getOut()
                    .println(new QemuOptions(
                                    vhostUser, machine.bus, QemuSize.text(machine.memory()), machine.window(agent))
                            .commandLine());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
