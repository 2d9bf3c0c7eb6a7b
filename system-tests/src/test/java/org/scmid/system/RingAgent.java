// The portable C driver as a program on this machine.
package org.scmid.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** guests/ring/hosted/ring-agent.c: an agent at a window. Its commands are described in its first comment. */
final class RingAgent implements AutoCloseable {
    private final Console console;

    private RingAgent(Console console) {
        this.console = console;
    }

    /**
     * Starts one at a window in a file.
     *
     * @param layout {@code mmio} or {@code fat}
     */
    static RingAgent at(String layout, Path window, String... options) {
        return start("ring-agent-sanitized", layout, List.of(window.toString()), options);
    }

    /** Starts one with doorbells. */
    static RingAgent withDoorbells(String layout, Path socket, String... options) {
        return start("ring-agent-sanitized", layout, List.of("--ivshmem", socket.toString()), options);
    }

    /** Starts one at a window in a file, without sanitizers, which cost time. */
    static RingAgent fastAt(String layout, Path window, String... options) {
        return start("ring-agent", layout, List.of(window.toString()), options);
    }

    private static RingAgent start(String program, String layout, List<String> place, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Programs.ring().resolve(program).toString());
        command.add(layout);
        command.addAll(place);
        command.addAll(List.of(options));
        return new RingAgent(Console.start("ring-agent " + layout, command));
    }

    /** Waits for a session; the line that describes it. */
    String awaitSession() {
        return console.ask("session 60000", "session");
    }

    /** Sends a command of SCMI: status and return values, or the driver's error. */
    String call(int protocol, int message, String payloadHex) {
        return console.ask("call " + protocol + " " + message + " " + payloadHex, "reply", "error");
    }

    String ask(String line, String... answers) {
        return console.ask(line, answers);
    }

    void beginLoad(String amount, int depth) {
        console.send("load " + amount + " " + depth);
    }

    LoadResult awaitLoad() {
        return LoadResult.of(console.awaitLine("load sent "));
    }

    LoadResult load(String amount, int depth) {
        return LoadResult.of(console.ask("load " + amount + " " + depth, "load"));
    }

    Console console() {
        return console;
    }

    void kill() {
        console.kill();
    }

    @Override
    public void close() {
        console.close();
    }
}
