// What docs/conformance.md says follows from the evidence, and what is missing is found.
package org.scmid.server.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.Status;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.base.BaseVersion;
import org.scmid.server.conformance.Evidence.Entry;
import org.scmid.server.conformance.Evidence.Weight;

class ConformanceTest {
    private static final List<Integer> VERSIONS = List.of(BaseVersion.V1_0, BaseVersion.V2_0, BaseVersion.V2_1);
    private static final String EMPTY_PAGE =
            "before\n" + ConformancePage.BEGIN + "-->\nold\n" + ConformancePage.END + "\nafter\n";

    private static Set<Message> allCommands() {
        return Arrays.stream(BaseMessage.values())
                .filter(message -> message.type() == MessageType.COMMAND)
                .collect(Collectors.toSet());
    }

    /** That everything succeeded in every version. */
    private static List<Entry> everything() {
        List<Entry> entries = new ArrayList<>();
        for (Message message : BaseMessage.values()) {
            for (int version : VERSIONS) {
                entries.add(new Entry(message, version, Status.SUCCESS, Weight.TEST));
            }
        }
        return entries;
    }

    private static Conformance of(Set<Message> commands, List<Entry> entries, Map<Message, String> notes) {
        return new Conformance(
                List.of(new Conformance.Implementation(BaseMessage.TABLE, BaseVersion.V2_1, commands)), entries, notes);
    }

    @Test
    void allThatSucceededIsTested() {
        Conformance conformance = of(allCommands(), everything(), Map.of());
        assertEquals(List.of(), conformance.problems());
        String page = new ConformancePage(conformance, "command").renew(EMPTY_PAGE);
        assertTrue(page.startsWith("before\n") && page.endsWith("\nafter\n"), "what people wrote stays");
        assertTrue(page.contains("| 0x7  | BASE_DISCOVER_AGENT"), page);
        assertEquals(page, new ConformancePage(conformance, "command").renew(page), "a second time changes nothing");
    }

    @Test
    void whatDidNotSucceedInAVersionIsUntested() {
        List<Entry> entries = everything();
        entries.removeIf(
                entry -> entry.message() == BaseMessage.BASE_DISCOVER_AGENT && entry.version() == BaseVersion.V1_0);
        entries.add(new Entry(BaseMessage.BASE_DISCOVER_AGENT, BaseVersion.V1_0, Status.NOT_FOUND, Weight.TEST));
        assertEquals(
                List.of("base BASE_DISCOVER_AGENT: implemented, but no test had it succeed in version 1.0"),
                of(allCommands(), entries, Map.of()).problems());
    }

    @Test
    void theSweepAloneIsNotEnough() {
        List<Entry> entries = everything();
        entries.replaceAll(entry -> entry.message() == BaseMessage.BASE_DISCOVER_VENDOR
                ? new Entry(entry.message(), entry.version(), entry.status(), Weight.SWEEP)
                : entry);
        assertEquals(
                List.of(
                        "base BASE_DISCOVER_VENDOR: no test was written for it; only the sweep through the tables has it"
                                + " succeed"),
                of(allCommands(), entries, Map.of()).problems());
    }

    @Test
    void whatIsMandatoryMustBeImplemented() {
        Set<Message> commands = allCommands();
        commands.remove(BaseMessage.BASE_DISCOVER_SUB_VENDOR);
        assertEquals(List.of(), of(commands, everything(), Map.of()).problems(), "this one is optional");
        commands.remove(BaseMessage.BASE_DISCOVER_VENDOR);
        assertEquals(3, of(commands, everything(), Map.of()).problems().size(), "one for each version");
    }

    @Test
    void anEventThatIsNeverSentNeedsANote() {
        List<Entry> entries = everything();
        entries.removeIf(entry -> entry.message() == BaseMessage.BASE_ERROR_EVENT);
        assertEquals(3, of(allCommands(), entries, Map.of()).problems().size());
        Map<Message, String> note = Map.of(BaseMessage.BASE_ERROR_EVENT, "there are no errors");
        Conformance noted = of(allCommands(), entries, note);
        assertEquals(List.of(), noted.problems());
        assertTrue(new ConformancePage(noted, "command")
                .renew(EMPTY_PAGE)
                .contains("\n- BASE_ERROR_EVENT: there are no errors.\n"));
        assertEquals(1, of(allCommands(), everything(), note).problems().size(), "a note out of date");
    }

    @Test
    void aPageWithoutMarksIsRefused() {
        ConformancePage page = new ConformancePage(of(allCommands(), everything(), Map.of()), "command");
        assertThrows(IllegalArgumentException.class, () -> page.renew("nothing"));
    }

    @Test
    void theFirstDifferenceIsNamedWithItsLine() {
        assertEquals("", ConformancePage.difference("a\nb\n", "a\nb\n"));
        assertEquals("line 2 is\n  b\nand should be\n  c", ConformancePage.difference("a\nb\n", "a\nc\n"));
        assertEquals("line 2 is\n  (the end)\nand should be\n  c", ConformancePage.difference("a\n", "a\nc\n"));
    }
}
