// The shape of the code is the one that docs/architecture.md describes.
package org.scmid.server.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
    /** All that is shipped: the server's module sees every other. What only tests use has a module of its own. */
    private static final JavaClasses SHIPPED = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/org/scmid/testing/"))
            .importPackages("org.scmid");

    private static final ArchitectureRules RULES = new ArchitectureRules("org.scmid");

    /** Ends the service once, from whatever thread; no message passes there. */
    private static final Set<String> ENDS_THE_SERVICE = Set.of("ScmiService.close");

    static Stream<String> modules() {
        return ArchitectureRules.modules().stream();
    }

    static IntStream layers() {
        return IntStream.range(0, ArchitectureRules.layersBelowTheTop());
    }

    @Test
    void everyClassBelongsToAModule() {
        RULES.everyClassBelongsToAModule().check(SHIPPED);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void aModuleUsesOnlyThoseThatTheTableAllows(String module) {
        RULES.moduleUsesOnlyWhatItMay(module).check(SHIPPED);
    }

    @Test
    void everyPackageOfTheServerHasALayer() {
        RULES.everyServerPackageHasALayer().check(SHIPPED);
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aLayerOfTheServerKnowsNoneAboveIt(int layer) {
        RULES.serverLayerKnowsNoneAbove(layer).check(SHIPPED);
    }

    @Test
    void foreignMemoryIsUsedInOneModuleOnly() {
        RULES.onlyLinuxUsesForeignMemory().check(SHIPPED);
    }

    @Test
    void noPackagesDependOnEachOther() {
        RULES.packagesHaveNoCycles().check(SHIPPED);
    }

    @Test
    void noPackageHasMoreThanFortyClasses() {
        RULES.packagesAreNoLargerThan(40).check(SHIPPED);
    }

    @Test
    void nothingSleeps() {
        RULES.nobodySleeps().check(SHIPPED);
    }

    @Test
    void onlyTheCommandEndsTheProcess() {
        RULES.onlyTheCommandEndsTheProcess().check(SHIPPED);
    }

    @Test
    void onlyTheCommandKnowsTheLoggingBackEnd() {
        RULES.onlyTheCommandKnowsTheLoggingBackEnd().check(SHIPPED);
    }

    @Test
    void noMessageMeetsALock() {
        RULES.hotPathHasNoLocks("TraceWriter").check(SHIPPED);
        RULES.hotPathHasNoMonitors(ENDS_THE_SERVICE).check(SHIPPED);
    }
}
