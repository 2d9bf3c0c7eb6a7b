// The scmid command, run within the test.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/**
 * How a command ended.
 *
 * @param status the exit code
 * @param output what it wrote to standard output
 * @param errors what it wrote to standard error
 */
record Invocation(int status, String output, String errors) {
    /** Runs a command as the process would, but for its end. */
    static Invocation of(Object... arguments) {
        var output = new StringWriter();
        var errors = new StringWriter();
        CommandLine commandLine = Main.commandLine().setUsageHelpAutoWidth(false);
        commandLine.setOut(new PrintWriter(output)).setErr(new PrintWriter(errors));
        int status = commandLine.execute(
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Invocation(status, output.toString(), errors.toString());
    }

    /** Its output, if it succeeded in silence. */
    String ok() {
        assertEquals("", errors);
        assertEquals(0, status, output);
        return output;
    }

    /** What it wrote to standard error, if it failed with this exit code and wrote nothing else. */
    String failed(int expected) {
        assertEquals(expected, status, output + errors);
        assertEquals("", output);
        return errors;
    }
}
