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
import org.scmid.server.guest.GuestOverlay;
import org.scmid.server.guest.QemuOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

    @Command(
            name = "dts",
            mixinStandardHelpOptions = true,
            description = "Prints the device-tree overlay that this agent's guest needs, as source for dtc.")
    static final class Dts implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli's
        private AgentArguments arguments;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec spec;

        @Override
        public Integer call() throws ConfigException, UserException {
            Service service = arguments.service();
            GuestOverlay overlay = new GuestOverlay(service.board().board(), arguments.agent(service));
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
                description = "The size of the guest's memory, which is made shared; default: ${DEFAULT-VALUE}.",
                defaultValue = "256M")
        @SuppressWarnings("NullAway.Init") // picocli's
        private String memory;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec spec;

        @Override
        public Integer call() throws ConfigException, UserException {
            if (!memory.matches("[0-9]+[KMGT]?")) {
                throw new ParameterException(
                        spec.commandLine(), "--memory is a number with K, M, G or T, for example 512M, not " + memory);
            }
            AgentSpec agent = arguments.agent(arguments.service());
            if (!(agent.transport() instanceof TransportSpec.VhostUser vhostUser)) {
                throw new UserException("agent `" + agent.name()
                        + "` is not reached by vhost-user; QEMU attaches a guest to such an agent only");
            }
            spec.commandLine().getOut().println(new QemuOptions(vhostUser, bus, memory).commandLine());
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
