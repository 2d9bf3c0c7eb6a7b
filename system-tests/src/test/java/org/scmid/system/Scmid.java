// The real command as a process.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./scmid}: to its end, or as a service that a test can kill and start again. */
final class Scmid implements AutoCloseable {
    private static final Path COMMAND = Path.of(System.getProperty("scmid.home"))
            .resolve("scmid")
            .toAbsolutePath()
            .normalize();

    private final Process process;
    private final Output output;

    /** How a command ended. */
    record Ended(int status, String output, String errors) {
        String ok() {
            if (status != 0) {
                throw new AssertionError("exit code " + status + "\n" + output + errors);
            }
            return output;
        }
    }

    private Scmid(Process process, Output output) {
        this.process = process;
        this.output = output;
    }

    /** Runs a command to its end. */
    static Ended command(Object... arguments) {
        try {
            Process process = new ProcessBuilder(commandLine(arguments)).start();
            process.getOutputStream().close();
            Output errors = Output.of(process.getErrorStream(), "errors of scmid");
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            Deadline.await("scmid's errors are read", errors::isEnded);
            return new Ended(status, output, errors.text());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Starts the service and waits until it serves. */
    static Scmid run(Object... arguments) {
        var all = new ArrayList<Object>();
        all.add("run");
        all.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(commandLine(all.toArray()))
                    .redirectErrorStream(true)
                    .start();
            var scmid = new Scmid(process, Output.of(process.getInputStream(), "output of scmid"));
            scmid.output.awaitText("scmid is serving", 0, "scmid run");
            return scmid;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The words of a printed command line, for one without quotes. */
    static List<String> words(String printed) {
        return List.of(printed.strip().split(" ", -1));
    }

    private static List<String> commandLine(Object... arguments) {
        var words = new ArrayList<String>();
        words.add(COMMAND.toString());
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return words;
    }

    /** Answers of the management API. */
    static String get(int port, String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits until it has made a socket: until then nobody is served there. */
    void awaitSocket(Path socket) {
        Deadline.await(socket + " is there", () -> Files.exists(socket), output::text);
    }

    /** Its process id. */
    long pid() {
        return process.pid();
    }

    Output output() {
        return output;
    }

    /** What the service's open files are: the targets of /proc/PID/fd. */
    List<String> openFiles() {
        try (var files = Files.list(Path.of("/proc/" + pid() + "/fd"))) {
            var targets = new ArrayList<String>();
            for (Path file : (Iterable<Path>) files::iterator) {
                try {
                    targets.add(Files.readSymbolicLink(file).toString());
                } catch (IOException e) {
                    // closed between listing and reading
                }
            }
            return targets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the service has mapped: the lines of /proc/PID/maps. */
    List<String> mappings() {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid() + "/maps"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns the exit code. */
    int stop() {
        process.destroy();
        return awaitEnd();
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("scmid does not end; its output:\n" + output.text());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
