// scmid ctl: what a running service says of itself.
package org.scmid.server.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.scmid.config.service.ManagementSpec;
import org.scmid.config.service.SystemPowerState;
import org.scmid.server.management.ManagementClient;
import org.scmid.server.management.ManagementException;
import org.scmid.server.service.ServiceSnapshot.AgentSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorSnapshot;
import org.scmid.server.service.ServiceSnapshot.SensorValue;
import org.scmid.server.view.TreeFormat;
import org.scmid.transport.SharedRegion;
import org.scmid.upstream.Upstream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "ctl",
        mixinStandardHelpOptions = true,
        description = "Asks a running service, or an agent of it, over its management API.",
        subcommands = {
            CtlCommand.Clocks.class,
            CtlCommand.Sensors.class,
            CtlCommand.Agents.class,
            CtlCommand.Upstreams.class,
            CtlCommand.Health.class,
            CtlCommand.Metrics.class,
            CtlCommand.Power.class
        })
final class CtlCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "a command is missing: one of "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** A question to a service. */
    abstract static class Question implements Callable<Integer> {
        @Option(
                names = "--at",
                paramLabel = "HOST:PORT",
                defaultValue = ManagementAddress.DEFAULT,
                converter = ManagementAddress.class,
                description = "Where its management API listens; default: ${DEFAULT-VALUE}.")
        @SuppressWarnings("NullAway.Init") // picocli's
        private ManagementSpec at;

        @Spec
        @SuppressWarnings("NullAway.Init") // picocli's
        private CommandSpec spec;

        @Override
        public final Integer call() throws ManagementException, UserException {
            check(spec);
            try (ManagementClient client = new ManagementClient(at)) {
                PrintWriter out = spec.commandLine().getOut();
                ask(client, out);
                out.flush();
                return 0;
            }
        }

        /** @throws ParameterException if options do not fit together */
        void check(CommandSpec asked) {}

        /** Asks, and prints the answer. */
        abstract void ask(ManagementClient client, PrintWriter out) throws ManagementException, UserException;
    }

    @Command(
            name = "clocks",
            mixinStandardHelpOptions = true,
            description = "Draws the clock tree as the hardware has it now.")
    static final class Clocks extends Question {
        @Option(
                names = "--format",
                paramLabel = "FORMAT",
                description = "How the tree is drawn: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.",
                defaultValue = "text")
        @SuppressWarnings("NullAway.Init") // picocli's
        private TreeFormat format;

        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            out.print(format.draw(client.health().board(), client.clocks()));
        }
    }

    @Command(name = "sensors", mixinStandardHelpOptions = true, description = "Lists what the sensors read now.")
    static final class Sensors extends Question {
        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            for (SensorSnapshot sensor : client.sensors()) {
                for (SensorValue value : sensor.values()) {
                    out.println(line(sensor, value));
                }
            }
        }

        /** {@code soc-temp: 42 \u00b0C}, {@code accel accel_X: 0.3 m/s\u00b2}, {@code fan: off}. */
        static String line(SensorSnapshot sensor, SensorValue value) {
            String name = sensor.hasAxes() ? sensor.name() + " " + value.name() : sensor.name();
            Double number = value.value();
            if (number == null) {
                return name + ": " + (sensor.enabled() ? "cannot be read" : "off");
            }
            String digits = BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
            return (name + ": " + digits + " " + value.unit()).stripTrailing();
        }
    }

    @Command(
            name = "agents",
            mixinStandardHelpOptions = true,
            description = "Lists the agents, and what the service has mapped of their memory.")
    static final class Agents extends Question {
        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            for (AgentSnapshot agent : client.agents()) {
                out.println(line(agent));
            }
        }

        /** {@code agent 1 linux: connected, shares 4 MiB at guest address 0x50000000}. */
        static String line(AgentSnapshot agent) {
            return "agent " + agent.id() + " " + agent.name() + ": "
                    + (agent.attached() ? "connected" : "not connected")
                    + (agent.attached() && !agent.events() ? ", without notifications" : "")
                    + (agent.memory().isEmpty() ? "" : ", shares " + SharedRegion.shown(agent.memory()));
        }
    }

    @Command(
            name = "upstreams",
            mixinStandardHelpOptions = true,
            description = "Lists the platforms that the service asks, and how that goes.")
    static final class Upstreams extends Question {
        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            List<Upstream.Snapshot> upstreams = client.upstreams();
            if (upstreams.isEmpty()) {
                out.println("the service asks no other platforms");
            }
            upstreams.forEach(upstream -> out.println(line(upstream)));
        }

        /** {@code mcu, the socket /run/mcu.sock: up for 12 s; 3 of 160 commands pending, 0 not answered, lost 1 time}. */
        static String line(Upstream.Snapshot upstream) {
            return upstream.name() + ", " + upstream.way() + ": "
                    + upstream.state().shown() + " for " + upstream.stateNanos() / 1_000_000_000 + " s"
                    + (upstream.why().isEmpty() ? "" : ", " + upstream.why()) + "; "
                    + upstream.pending() + " of " + upstream.commands() + " commands pending, "
                    + upstream.timeOuts() + " not answered in time, lost " + upstream.losses()
                    + (upstream.losses() == 1 ? " time" : " times");
        }
    }

    @Command(
            name = "health",
            mixinStandardHelpOptions = true,
            description = {
                "Says whether the service answers, and which agents are connected.",
                "The exit code is 0 if it answers, 1 if not."
            })
    static final class Health extends Question {
        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException, UserException {
            ManagementClient.Health health = client.health();
            if (!health.up()) {
                throw new UserException("the service is down: its loop does not answer; its log says why");
            }
            out.println("up, board " + health.board());
            for (AgentSnapshot agent : health.agents()) {
                out.println("agent " + agent.id() + " " + agent.name() + ": "
                        + (agent.attached() ? "connected" : "not connected"));
            }
        }
    }

    @Command(
            name = "metrics",
            mixinStandardHelpOptions = true,
            description = "Prints the service's metrics in Prometheus' text format.")
    static final class Metrics extends Question {
        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            out.print(client.metrics());
        }
    }

    @Command(
            name = "power",
            mixinStandardHelpOptions = true,
            description = {
                "Asks an agent to shut down, to reset or to suspend.",
                "The agent gets SYSTEM_POWER_STATE_NOTIFIER; what it does then is its own affair."
            })
    static final class Power extends Question {
        @Parameters(index = "0", paramLabel = "AGENT", description = "The agent's name.")
        @SuppressWarnings("NullAway.Init") // picocli's
        private String agent;

        @Parameters(
                index = "1",
                paramLabel = "STATE",
                converter = PowerState.class,
                description = "What it is asked for: shutdown, cold-reset, warm-reset or suspend.")
        @SuppressWarnings("NullAway.Init") // picocli's
        private SystemPowerState state;

        @Option(
                names = "--forceful",
                description = "Does not ask to end work before; Linux heeds only requests without this.")
        private boolean forceful;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                description = "How long a shutdown may take, such as 10s; after three quarters of it Linux uses force.")
        private @Nullable String timeout;

        @Override
        void check(CommandSpec asked) {
            if (timeout != null && (forceful || state != SystemPowerState.SHUTDOWN)) {
                String other = forceful ? "--forceful" : state.word();
                throw new ParameterException(
                        asked.commandLine(), "--timeout is for a graceful shutdown; leave it out with " + other);
            }
        }

        @Override
        void ask(ManagementClient client, PrintWriter out) throws ManagementException {
            client.requestSystemPower(agent, state.word(), !forceful, timeout);
            out.println("agent " + agent + " is asked for " + state.word());
        }
    }

    /** Reads the word of a system power state. */
    static final class PowerState implements ITypeConverter<SystemPowerState> {
        @Override
        public SystemPowerState convert(String value) {
            return SystemPowerState.of(value)
                    .orElseThrow(() -> new TypeConversionException(
                            "`" + value + "` is not shutdown, cold-reset, warm-reset or suspend"));
        }
    }
}
