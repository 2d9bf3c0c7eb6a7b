// Compares docs/conformance.md with the tables, the core and what the tests of this build showed; or writes it anew.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.scmid.config.ConfigFiles;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.system.SystemPowerMessage;
import org.scmid.server.conformance.Conformance;
import org.scmid.server.conformance.ConformancePage;
import org.scmid.server.conformance.Evidence;
import org.scmid.server.core.protocol.Protocol;

/**
 * Runs by itself in Maven's phase {@code verify}, when all other tests have left what they saw. Its name keeps it from
 * running among them.
 */
class ConformanceCheck {
    private static final Path EVIDENCE = Path.of(System.getProperty("conformance.evidence", "target/conformance.tsv"));
    private static final Path PAGE = Path.of(System.getProperty("conformance.page", "../docs/conformance.md"));
    private static final String COMMAND = "mvn -pl server -am verify -Dconformance.write=true";
    private static final boolean WRITE = Boolean.getBoolean("conformance.write");

    /** Messages that cannot succeed, or are never sent, and why: a clause that follows the message's name. */
    static final Map<Message, String> NOTES = Map.of(
            SystemPowerMessage.SYSTEM_POWER_STATE_GET,
            "NOT_SUPPORTED, as the specification lets platforms do: an agent that asks is running");

    @Test
    void thePageSaysWhatIsImplementedAndTested() throws Exception {
        Evidence.Run run = Evidence.read(EVIDENCE);
        Assumptions.assumeTrue(
                run.isComplete(),
                "docs/conformance.md is checked only when all tests of server pass: " + run.problem());
        Conformance conformance = new Conformance(implementations(), run.entries(), NOTES);
        String page = Files.readString(PAGE);
        String renewed = new ConformancePage(conformance, COMMAND).renew(page);
        if (WRITE) {
            Files.writeString(PAGE, renewed);
        } else if (!renewed.equals(page)) {
            fail("docs/conformance.md is out of date: " + ConformancePage.difference(page, renewed)
                    + "\nTo write it anew: " + COMMAND);
        }
        assertEquals(List.of(), conformance.problems(), "what docs/conformance.md must not have to say");
    }

    private static List<Conformance.Implementation> implementations() throws Exception {
        Bench bench = new Bench(ConfigFiles.builtInBoard("demo"));
        return bench.core.protocols().stream()
                .map(protocol ->
                        new Conformance.Implementation(protocol.table(), protocol.newest(), commandsOf(protocol)))
                .toList();
    }

    private static Set<Message> commandsOf(Protocol protocol) {
        return protocol.table().messages().stream()
                .filter(message -> message.type() == MessageType.COMMAND)
                .filter(protocol::implementsCommand)
                .collect(Collectors.toSet());
    }
}
