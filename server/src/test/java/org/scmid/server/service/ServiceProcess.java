// A service, or a VM, in a process of its own, to be killed.
package org.scmid.server.service;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.scmid.config.ConfigFiles;
import org.scmid.linux.UnixListener;
import org.scmid.loop.LoopOptions;
import org.scmid.server.core.Bench;

/** Started by {@link #service} and {@link #vm}; says {@code ready} and then lives until it is killed or its stdin ends. */
final class ServiceProcess implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;

    private ServiceProcess(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ServiceProcess.class.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!READY.equals(line)) {
            process.destroyForcibly();
            throw new IOException("the child said " + line);
        }
    }

    /** Serves a file, with its state in a directory. */
    static ServiceProcess service(Path file, Path state) throws IOException {
        return new ServiceProcess("service", file.toString(), state.toString());
    }

    /** Serves a file, with a loop that sleeps whenever it has nothing to do. */
    static ServiceProcess sleeping(Path file, Path state) throws IOException {
        return new ServiceProcess("sleeping", file.toString(), state.toString());
    }

    /** A VM that listens for the service, and whose guest has enabled a clock. */
    static ServiceProcess vm(Path socket, int clock) throws IOException {
        return new ServiceProcess("vm", socket.toString(), Integer.toString(clock));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @SuppressWarnings("try") // it only has to run
    public static void main(String[] arguments) throws Exception {
        Path path = Path.of(arguments[1]);
        if (!arguments[0].equals("vm")) {
            LoopOptions loop = arguments[0].equals("sleeping") ? LoopOptions.noSpin() : LoopOptions.standard();
            try (ScmiService running = ScmiService.start(
                    ConfigFiles.service(path), new ServiceOptions(Path.of(arguments[2]), false, loop))) {
                live();
            }
        } else {
            try (UnixListener listener = UnixListener.bind(path, 0600, -1);
                    VmGuest guest = new VmGuest()) {
                guest.bootFor(listener);
                if (guest.status(Bench.CLOCK, 7, Integer.parseInt(arguments[2]), 1, 0) != Bench.OK) {
                    throw new IllegalStateException("not enabled");
                }
                live();
            }
        }
    }

    private static void live() throws IOException {
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // until the parent ends
        }
    }
}
