// A program that takes commands on stdin, one a line, and answers in lines.
package org.scmid.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running program with a console. What was read is not read again: each wait begins behind the one before. */
final class Console implements AutoCloseable {
    private final String name;
    private final Process process;
    private final Output output;
    private int from;

    private Console(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = Output.of(process.getInputStream(), "console of " + name);
    }

    static Console start(String name, List<String> command) {
        try {
            return new Console(
                    name, new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line. */
    void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError(name + " takes no more commands; its console:\n" + output.text(), e);
        }
    }

    /** Waits for a line that begins like this, and returns it without its end. */
    String awaitLine(String beginning) {
        int at = output.awaitText("\n" + beginning, Math.max(0, from - 1), name) + 1;
        int end = output.awaitText("\n", at, name);
        from = end + 1;
        return output.substring(at, end).strip();
    }

    /** Sends a line and waits for the answer: the next line that begins with one of these words. */
    String ask(String line, String... answers) {
        send(line);
        Pattern pattern =
                Pattern.compile("(^|\n)((?:" + String.join("|", answers) + ")(?: [^\r\n]*)?)\r?\n", Pattern.UNIX_LINES);
        int[] found = new int[2];
        Deadline.await(
                name + " answers `" + line + "`", () -> find(pattern, found), () -> "its console:\n" + output.text());
        from = found[1];
        return output.substring(found[0], found[1]).strip();
    }

    private boolean find(Pattern pattern, int[] found) {
        int begin = Math.max(0, from - 1);
        Matcher matcher = pattern.matcher(output.substring(begin, output.length()));
        if (!matcher.find()) {
            return false;
        }
        found[0] = begin + matcher.start(2);
        found[1] = begin + matcher.end();
        return true;
    }

    /** Whether a line that begins like this came since the last wait. */
    boolean hasLine(String beginning) {
        return output.indexOf("\n" + beginning, Math.max(0, from - 1)) >= 0;
    }

    String text() {
        return output.text();
    }

    /** Whether all that it printed was read, after its end. */
    boolean isRead() {
        return output.isEnded();
    }

    /** Waits until the program has ended by itself; its exit status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(Deadline.GENEROUS.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(name + " does not end; its console:\n" + output.text());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    @Override
    public void close() {
        kill();
    }
}
