// Commands of the host, each in a process of its own.
package org.scmid.server.service;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.scmid.server.core.system.CommandRunner;

/**
 * Runs commands of the host, each watched by a thread that ends with it. For each agent one at a time, and one in {@value
 * #PAUSE_MILLIS} ms: a guest must not be able to keep the host busy with processes.
 */
final class HostCommands implements CommandRunner {
    private static final System.Logger LOG = System.getLogger(HostCommands.class.getName());

    static final long PAUSE_MILLIS = 1000;

    private final Map<String, Long> lastStart = new HashMap<>(); // for the service loop only
    private final Set<String> busy = ConcurrentHashMap.newKeySet();

    @Override
    public boolean run(String agent, List<String> command) {
        long now = System.nanoTime();
        Long last = lastStart.get(agent);
        boolean isTooSoon = last != null && now - last < TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
        if (isTooSoon || !busy.add(agent)) {
            return false;
        }
        lastStart.put(agent, now);
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
        } catch (IOException notStarted) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    what + ", could not be started: there is no such program, or scmid may not run it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
