// The bare-metal guest in QEMU.
package org.scmid.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A booted bare-metal guest; its commands are described in guests/baremetal/README.md. */
final class BareMetalGuest implements AutoCloseable {
    private final String name;
    private final List<String> command;
    private Console console;

    private BareMetalGuest(String name, List<String> command) {
        this.name = name;
        this.command = command;
        this.console = Console.start(name, command);
    }

    /**
     * Boots a guest; {@link #awaitReady} waits for it.
     *
     * @param attach QEMU's options that attach it, as {@code scmid guest qemu} prints them
     */
    static BareMetalGuest start(String name, List<String> attach) {
        return new BareMetalGuest(name, machine(Programs.bareMetalImage(), attach));
    }

    /** QEMU's command line for a program of guests/aarch64, whose console is the process's input and output. */
    static List<String> machine(Path image, List<String> options) {
        List<String> command = new ArrayList<>(List.of(
                "qemu-system-aarch64",
                "-machine",
                "virt",
                "-cpu",
                "cortex-a53",
                "-m",
                "64M",
                "-nodefaults",
                "-display",
                "none",
                "-serial",
                "stdio",
                "-kernel",
                image.toString()));
        command.addAll(options);
        return command;
    }

    /** Waits until it has listed its clocks and takes commands; returns how it found the service. */
    String awaitReady() {
        String link = console.awaitLine("link ");
        console.awaitLine("ready");
        return link;
    }

    /** Sends a command; its answer, which must not be an error. */
    String run(String line) {
        String answer = answer(line);
        if (answer.startsWith("error")) {
            throw new AssertionError(name + ": " + line + ": " + answer + "\n" + console.text());
        }
        return answer;
    }

    /** Sends a command; its answer, an error or not. */
    String answer(String line) {
        String word = line.split(" ", 2)[0];
        return console.ask(line, word.equals("call") ? "reply" : word, "error");
    }

    /** Begins a load; {@link #awaitLoad} collects it. */
    void beginLoad(long count, int depth) {
        console.send("load " + count + " " + depth);
    }

    LoadResult awaitLoad() {
        return LoadResult.of(console.awaitLine("load sent "));
    }

    /** Waits for a line that the guest prints by itself. */
    String awaitLine(String beginning) {
        return console.awaitLine(beginning);
    }

    Console console() {
        return console;
    }

    /** Kills QEMU. */
    void kill() {
        console.kill();
    }

    /** Kills QEMU, if it runs, and boots anew. */
    void bootAgain() {
        console.kill();
        console = Console.start(name, command);
    }

    @Override
    public void close() {
        console.close();
    }
}
