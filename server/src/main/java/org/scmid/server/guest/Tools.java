// Runs the programs that prepare a guest.
package org.scmid.server.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program to its end. */
public final class Tools {
    private Tools() {}

    /**
     * Runs a program in silence, and returns what it wrote.
     *
     * @throws GuestException if it is not installed or fails; with what it said
     */
    public static String run(List<String> command) throws GuestException {
        return run(new ProcessBuilder(command).redirectErrorStream(true));
    }

    /**
     * Runs a program that says on standard error how far it is, and returns what it wrote to standard output.
     *
     * @throws GuestException if it is not installed or fails
     */
    public static String runAloud(List<String> command) throws GuestException {
        return run(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT));
    }

    private static String run(ProcessBuilder builder) throws GuestException {
        List<String> command = builder.command();
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new GuestException(
                        "`" + String.join(" ", command) + "` failed with exit code " + status + ": " + output.strip());
            }
            return output;
        } catch (IOException e) {
            throw new GuestException("`" + command.getFirst()
                    + "` cannot be started; guests/linux/install-packages installs what a guest needs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("interrupted while `" + command.getFirst() + "` ran");
        }
    }
}
