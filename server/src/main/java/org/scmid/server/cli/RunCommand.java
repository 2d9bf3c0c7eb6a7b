// scmid run: the service.
package org.scmid.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.document.ConfigException;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.ManagementSpec;
import org.scmid.config.service.MemoryWindow;
import org.scmid.config.service.Service;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.config.window.RegionSpec;
import org.scmid.linux.NativeAccess;
import org.scmid.server.management.ManagementException;
import org.scmid.server.management.ManagementServer;
import org.scmid.server.service.KeptOffers;
import org.scmid.server.service.ScmiService;
import org.scmid.server.service.ServiceOptions;
import org.scmid.transport.SharedRegion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Serves the agents of a service file until it is interrupted.",
            "Without a file: the built-in demo service on a simulated board."
        })
final class RunCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SERVICE.yaml", arity = "0..1", description = "A service file.")
    private @Nullable Path file;

    @Option(
            names = "--simulate",
            description =
                    "Simulates every register window from its `initial` values: no hardware is touched, nothing is"
                            + " remembered.")
    private boolean simulate;

    @Option(
            names = "--runtime-dir",
            paramLabel = "DIR",
            description =
                    "The folder of sockets that the file does not name, and of what must survive a restart; default:"
                            + " /run/scmid for root, $XDG_RUNTIME_DIR/scmid for others. It is made if it is not there.")
    private @Nullable Path runtimeDirectory;

    @Option(names = "--trace", description = "Writes every SCMI message to the log, decoded by the tables of messages.")
    private boolean trace;

    // The launcher's training run for the cache of loaded classes: everything starts, then it ends.
    @Option(names = "--stop-when-ready", hidden = true)
    private boolean stopWhenReady;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, UserException, ManagementException {
        try {
            NativeAccess.require();
        } catch (IllegalStateException e) {
            throw new UserException(String.valueOf(e.getMessage()));
        }
        Path runtime = runtimeDirectory == null ? ConfigFiles.runtimeDirectory() : runtimeDirectory;
        if (trace) {
            Logging.everyMessage();
        }
        boolean again = true;
        while (again) {
            again = serve(runtime);
        }
        return 0;
    }

    /**
     * Serves until the end.
     *
     * @return whether to serve again, since it is known now what a platform offers
     */
    private boolean serve(Path runtime) throws ConfigException, UserException, ManagementException {
        boolean simulated = simulate || file == null;
        KeptOffers offers =
                simulated || file == null ? null : new KeptOffers(ServiceOptions.stateDirectory(runtime, file));
        Service service = file == null
                ? ConfigFiles.builtInService(runtime)
                : ConfigFiles.service(file, runtime, offers == null ? ConfigFiles.SAVED : offers);
        Set<String> unknown = service.board().board().upstreams().unknown();
        Discoveries discoveries = new Discoveries(
                unknown, offers == null || file == null ? null : new Discoveries.Keeping(file, runtime, offers));
        ServiceOptions options = (simulated || file == null
                        ? ServiceOptions.simulated()
                        : ServiceOptions.persistent(ServiceOptions.stateDirectory(runtime, file)))
                .telling(discoveries);
        BoardChoice choice = service.board().choice();
        if (choice != null) {
            System.getLogger(RunCommand.class.getName())
                    .log(System.Logger.Level.INFO, "board {0} was chosen, as {1}", choice.reference(), choice.reason());
        }
        if (simulated) {
            UnknownUpstreams.warn(service.board().board(), spec.commandLine().getErr());
        }
        RuntimeFolders.prepare(service, runtime, options.stateDirectory());
        try (ScmiService running = ScmiService.start(service, options);
                ManagementServer management = startManagement(service, running)) {
            sayWhatIsServed(service, simulated, management);
            return !stopWhenReady && awaitEnd(running, management, discoveries);
        } catch (IOException e) {
            throw new UserException(RuntimeFolders.reason(e));
        }
    }

    /**
     * Waits for SIGINT, SIGTERM or SIGHUP, which the JVM turns into its shutdown; returns only if this thread is
     * interrupted, or the service is to begin again.
     *
     * @return whether it is to begin again, since it is known now what a platform offers
     * @throws UserException if the service ends by a fault of its own: nobody is served any more then, and who started us
     *     is to know
     */
    private static boolean awaitEnd(ScmiService running, @Nullable ManagementServer management, Discoveries discoveries)
            throws UserException {
        Thread hook = new Thread(() -> stop(running, management), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            CompletableFuture<Void> told = running.fault().thenAccept(discoveries::end);
            Throwable fault = discoveries.await();
            told.cancel(false);
            forget(hook);
            if (fault == null) {
                return true;
            }
            throw new UserException(
                    "the service has ended, by a fault of its own: " + fault + "; the log has more of it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal came at the same time: the hook runs.
        }
    }

    private static void stop(ScmiService running, @Nullable ManagementServer management) {
        if (management != null) {
            management.close();
        }
        running.close();
        Logging.finish();
        // An orderly stop is a success for those who asked for it, a service manager above all; of itself the JVM would
        // end with 128 and the signal's number.
        Runtime.getRuntime().halt(0);
    }

    private @Nullable ManagementServer startManagement(Service service, ScmiService running)
            throws ManagementException {
        ManagementSpec where = service.management();
        if (where.isNone()) {
            return null;
        }
        try {
            // A training run is nobody's service: it takes no port that somebody may wait for.
            return ManagementServer.start(where.host(), stopWhenReady ? 0 : where.port(), running);
        } catch (ManagementException e) {
            if (!where.equals(ManagementSpec.DEFAULT)) {
                throw e;
            }
            // Nobody asked for this port by name, and guests do not need it.
            System.getLogger(RunCommand.class.getName())
                    .log(System.Logger.Level.WARNING, "{0}; serving without it", e.getMessage());
            return null;
        }
    }

    private void sayWhatIsServed(Service service, boolean simulated, @Nullable ManagementServer management) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("board " + service.board().board().name() + ": "
                + Inventory.of(service.board().board()) + (simulated ? ", simulated" : ""));
        for (AgentSpec agent : service.agents().values()) {
            out.println("agent " + agent.name() + ": " + Inventory.of(agent) + "; " + described(agent.transport()));
        }
        if (management != null) {
            out.println("management: http://" + service.management().host() + ":" + management.port()
                    + " (/health, /metrics, /api/...)");
        }
        out.println("scmid is serving; Ctrl-C ends it");
        out.flush();
    }

    private static String described(@Nullable MemoryWindow window) {
        if (window == null) {
            return "";
        }
        Long address = window.guestAddress();
        return ", may share "
                + (address == null
                        ? SharedRegion.shownSize(window.size()) + " of memory"
                        : new SharedRegion(address, window.size()));
    }

    /** How an agent is reached, for people. */
    static String described(TransportSpec transport) {
        return switch (transport) {
            case TransportSpec.VhostUser it ->
                (it.mode() == TransportSpec.Mode.CONNECT ? "vhost-user, connects to " : "vhost-user, listens on ")
                        + it.socket()
                        + described(it.window());
            case TransportSpec.VirtioMmio it -> "virtio-mmio, in " + described(it.region(), it.notification());
            case TransportSpec.FatVirtqueue it ->
                "fat-virtqueue, " + it.slots().entries() + " entries of "
                        + it.slots().size() + " bytes, in " + described(it.region(), it.notification());
            case TransportSpec.Socket it -> "socket, listens on " + it.socket();
            case TransportSpec.Serial it ->
                "serial, on " + it.line().port() + " at " + it.line().baud() + " baud";
        };
    }

    private static String described(RegionSpec region, NotifySpec notification) {
        String window = SharedRegion.shownSize(region.size()) + " of "
                + region.location().shown()
                + (region.offset() == 0 ? "" : " from offset " + SharedRegion.shownSize(region.offset()))
                + (region.guestAddress() == 0 ? "" : ", guest address 0x" + Long.toHexString(region.guestAddress()));
        return switch (notification) {
            case NotifySpec.Poll it -> window + ", polled";
            case NotifySpec.Ivshmem it -> window + ", ivshmem server on " + it.socket();
        };
    }
}
