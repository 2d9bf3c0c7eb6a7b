// scmid guest: what a guest needs to attach.
package org.scmid.server.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Service;
import org.scmid.config.service.TransportSpec;
import org.scmid.server.guest.GuestException;
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.guest.GuestWindow;
import org.scmid.server.guest.IvshmemOptions;
import org.scmid.server.guest.LinuxWarnings;
import org.scmid.server.guest.QemuOptions;
import org.scmid.server.guest.QemuSize;
import org.scmid.server.guest.ZephyrOverlay;
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
                description = "The bus on which the guest finds the device: ${COMPLETION-CANDIDATES}; default: pci.")
        private QemuOptions.@Nullable Bus bus;

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

        /** The bus on which the guest finds the device. */
        QemuOptions.Bus bus() {
            return bus == null ? QemuOptions.Bus.PCI : bus;
        }

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
                return GuestWindow.of(vhostUser, bus(), memory, window);
            } catch (GuestException e) {
                throw new UserException(String.valueOf(e.getMessage()));
            }
        }

        /** Refuses what was given, for an agent whose window is in the service file. */
        void checkNothingGiven(AgentSpec agent) throws UserException {
            var given = new ArrayList<String>();
            if (bus != null) {
                given.add("--bus");
            }
            if (memory != null) {
                given.add("--memory");
            }
            if (window != null) {
                given.add("--window");
            }
            if (!given.isEmpty()) {
                throw new UserException("agent `" + agent.name() + "` is reached by a window that the service file"
                        + " describes, and its guest may have any memory; leave out " + String.join(" and ", given));
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
                + "` is not reached by vhost-user or in a window of shared memory; QEMU attaches a guest to such an"
                + " agent only");
    }

    @Command(
            name = "dts",
            mixinStandardHelpOptions = true,
            description = {
                "Prints the device-tree overlay that this agent's guest needs, as source for dtc.",
                "It is for Linux if the agent is reached by vhost-user, for Zephyr if by a window of shared memory.",
                "An agent with a socket has none.",
                "What a newer Linux does not cope with in what the agent is given, is said on standard error."
            })
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
            spec.commandLine().getOut().print(source(service, agent));
            spec.commandLine().getOut().flush();
            return 0;
        }

        private String source(Service service, AgentSpec agent) throws UserException {
            if (agent.transport() instanceof TransportSpec.Window inWindow) {
                machine.checkNothingGiven(agent);
                try {
                    return new ZephyrOverlay(agent, inWindow).source();
                } catch (GuestException e) {
                    throw cannotBe(agent, e);
                }
            }
            GuestWindow window = machine.window(agent);
            if (!(agent.transport() instanceof TransportSpec.VhostUser)) {
                throw new UserException("agent `" + agent.name() + "` is reached by a socket, which is no device of a"
                        + " guest; there is an overlay for vhost-user, virtio-mmio and fat-virtqueue");
            }
            GuestOverlay overlay = new GuestOverlay(service.board().board(), agent);
            if (window != null) {
                overlay.withWindow(window, machine.bus());
            }
            for (String warning : LinuxWarnings.of(service.board().board(), agent)) {
                spec.commandLine().getErr().println("warning: agent `" + agent.name() + "`: " + warning);
            }
            spec.commandLine().getErr().flush();
            return overlay.source();
        }
    }

    private static UserException cannotBe(AgentSpec agent, GuestException reason) {
        return new UserException("agent `" + agent.name() + "`: " + reason.getMessage());
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
            spec.commandLine().getOut().println(commandLine(agent));
            spec.commandLine().getOut().flush();
            return 0;
        }

        private String commandLine(AgentSpec agent) throws UserException {
            return switch (agent.transport()) {
                case TransportSpec.VhostUser it ->
                    new QemuOptions(it, machine.bus(), QemuSize.text(machine.memory()), machine.window(agent))
                            .commandLine();
                case TransportSpec.Window it -> {
                    machine.checkNothingGiven(agent);
                    try {
                        yield new IvshmemOptions(it).commandLine();
                    } catch (GuestException e) {
                        throw cannotBe(agent, e);
                    }
                }
                case TransportSpec.Socket it -> throw notByVhostUser(agent);
                case TransportSpec.Serial it -> throw notByVhostUser(agent);
            };
        }
    }
}
