// What an agent's ids mean, when the service file changes, and in a file.
package org.scmid.server.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.Grant;
import org.scmid.config.service.Permission;

class NumberingTest {
    private static Numbering numbering(List<String> clocks, List<String> devices) {
        return Numbering.of(
                Map.of(
                        ResourceKind.CLOCK,
                        clocks.stream()
                                .map(name -> new Grant(name, Permission.READ))
                                .toList()),
                devices);
    }

    private static Numbering clocks(String... names) {
        return numbering(List.of(names), List.of());
    }

    @Test
    void whatAGuestHasDiscoveredKeepsItsIdAndWhatIsNewComesBehind() {
        Numbering after = clocks("d", "c", "a", "e").after(clocks("a", "b", "c"));
        assertEquals(List.of("a", "b", "c", "d", "e"), after.of(ResourceKind.CLOCK));
    }

    @Test
    void whatIsThereNoMoreKeepsItsIdThroughEveryChangeAndHasItAgainWhenItComesBack() {
        Numbering first = clocks("a", "b");
        Numbering second = clocks("b", "c").after(first);
        Numbering third = clocks("c", "d", "a").after(second);
        assertEquals(List.of("a", "b", "c"), second.of(ResourceKind.CLOCK));
        assertEquals(List.of("a", "b", "c", "d"), third.of(ResourceKind.CLOCK));
    }

    @Test
    void theSameFileChangesNothing() {
        Numbering same = numbering(List.of("b", "a"), List.of("audio", "video"));
        assertEquals(same, same.after(numbering(List.of("b", "a"), List.of("audio", "video"))));
    }

    @Test
    void kindsDoNotMix() {
        Numbering sensors =
                Numbering.of(Map.of(ResourceKind.SENSOR, List.of(new Grant("a", Permission.READ))), List.of());
        Numbering after = sensors.after(clocks("a", "b"));
        assertEquals(List.of("a", "b"), after.of(ResourceKind.CLOCK));
        assertEquals(List.of("a"), after.of(ResourceKind.SENSOR));
    }

    @Test
    void devicesAreThoseOfTheServiceFileWhateverAnAgentHasDiscovered() {
        Numbering after =
                numbering(List.of(), List.of("video", "net")).after(numbering(List.of(), List.of("audio", "video")));
        assertEquals(List.of("video", "net"), after.of(Numbering.DEVICES));
    }

    @Test
    void whatNobodyHasNamedHasNoIds() {
        assertEquals(List.of(), clocks("a").of("no such key"));
        assertEquals(Map.of("a", 0, "b", 1), clocks("a", "b").ids(ResourceKind.CLOCK.key()));
    }

    @Test
    void whatIsWrittenIsReadBackWhateverTheNamesAre() {
        Numbering odd = numbering(
                List.of(
                        "a b",
                        "a",
                        "ä-Ω-時計",
                        "\ud83d\udd50",
                        "section",
                        "section 14 2",
                        "devices",
                        "x".repeat(4000),
                        "%s\\t"),
                List.of("clocks", "the last one "));
        assertEquals(odd, Numbering.parse(odd.text()));
        Numbering none = numbering(List.of(), List.of());
        assertEquals(none, Numbering.parse(none.text()));
        assertEquals(List.of(), Numbering.parse(none.text()).of(ResourceKind.CLOCK));
    }

    @Test
    void aNameThatStandsTwiceIsADamage() {
        assertThrows(IllegalArgumentException.class, () -> Numbering.parse("clocks\ta\tb\ta\n"));
    }

    @Test
    void laterChangesOfItsListsDoNotReachIt() {
        List<String> mutable = new java.util.ArrayList<>(List.of("a"));
        Numbering numbering = new Numbering(Map.of("clocks", mutable));
        mutable.add("b");
        assertEquals(List.of("a"), numbering.of(ResourceKind.CLOCK));
    }
}
