// Commands of the host, each in a process of its own.
package org.scmid.server.core;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs commands of the host, one at a time for each agent, each watched by a thread that ends with it. */
final class HostCommands implements CommandRunner {
    private static final System.Logger LOG = System.getLogger(HostCommands.class.getName());

    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    @Override
    public boolean run(String agent, List<String> command) {
        if (!busy.add(agent)) {
            return false;
        }
        Thread.ofVirtual().name("command of agent " + agent).start(() -> {
            try {
                carryOut(agent, command);
            } finally {
                busy.remove(agent);
            }
        });
        return true;
    }

    private static void carryOut(String agent, List<String> command) {
        String what = "command of agent " + agent + ", " + command.getFirst();
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int code = process.waitFor();
            LOG.log(code == 0 ? System.Logger.Level.INFO : System.Logger.Level.WARNING, what + ", ended with " + code);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, what + ", could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
