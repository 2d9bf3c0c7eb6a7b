// Every rule finds the class of broken.* that breaks it, and no other.
package org.scmid.server.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulesCanFailTest {
    private static final String ROOT = "org.scmid.server.architecture.broken";
    private static final JavaClasses BROKEN = new ClassFileImporter().importPackages(ROOT);
    private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

    private static void assertFinds(ArchRule rule, String... offenders) {
        List<String> found = rule.evaluate(BROKEN).getFailureReport().getDetails();
        assertEquals(offenders.length, found.size(), () -> "found: " + found);
        for (String offender : offenders) {
            assertTrue(found.stream().anyMatch(line -> line.contains(offender)), () -> offender + " not in " + found);
        }
    }

    @Test
    void aModuleThatUsesAForbiddenOneIsFound() {
        assertFinds(RULES.moduleUsesOnlyWhatItMay("protocol"), "protocol.UsesTransport.sleeper");
        assertFinds(RULES.moduleUsesOnlyWhatItMay("loop"), "loop.KnowsTransport.sleeper");
    }

    @Test
    void aClassOutsideOfTheModulesIsFound() {
        assertFinds(RULES.everyClassBelongsToAModule(), "broken.Homeless");
    }

    @Test
    void aPackageWithoutALayerIsFound() {
        assertFinds(RULES.everyServerPackageHasALayer(), "server.stray.Stray");
    }

    @Test
    void aLowerLayerThatKnowsAHigherOneIsFound() {
        assertFinds(RULES.serverLayerKnowsNoneAbove(0), "server.core.KnowsView.picture");
    }

    @Test
    void foreignMemoryOutsideOfLinuxIsFound() {
        assertFinds(RULES.onlyLinuxUsesForeignMemory(), "protocol.UsesForeignMemory.memory");
    }

    @Test
    void packagesThatUseEachOtherAreFound() {
        assertFinds(RULES.packagesHaveNoCycles(), "linux.inner");
    }

    @Test
    void aPackageWithTooManyClassesIsFound() {
        assertFinds(RULES.packagesAreNoLargerThan(2), "broken.loop has 3 classes");
    }

    @Test
    void sleepIsFound() {
        assertFinds(RULES.nobodySleeps(), "transport.Sleeps.milliseconds", "transport.Sleeps.seconds");
    }

    @Test
    void anExitOutsideOfTheCommandIsFound() {
        assertFinds(RULES.onlyTheCommandEndsTheProcess(), "loop.Exits.end", "loop.Exits.halt");
    }

    @Test
    void aLoggingBackEndOutsideOfTheCommandIsFound() {
        assertFinds(RULES.onlyTheCommandKnowsTheLoggingBackEnd(), "loop.LogsByItself.level");
    }

    @Test
    void locksAndMonitorsOnTheHotPathAreFound() {
        assertFinds(RULES.hotPathHasNoLocks("Nothing"), "server.core.Waits.lock");
        assertFinds(RULES.hotPathHasNoMonitors(Set.of()), "Waits.inABlock", "Waits.wholly", "Waits.lambda$");
        assertFinds(RULES.hotPathHasNoMonitors(Set.of("Waits.wholly")), "Waits.inABlock", "Waits.lambda$");
    }
}
