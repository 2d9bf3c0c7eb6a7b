// A test of Linux guests that is not tagged would never run on the newest kernel, and nobody would see it.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class LinuxGuestTest {
    private static final JavaClasses CLASSES = new ClassFileImporter().importPackages("org.scmid.system");

    /** Its kernel is another one, which runs scmid itself. */
    private static final Set<Class<?>> OTHERS = Set.of(Arm64HostTest.class, LinuxGuestTest.class);

    @Test
    void everyTestThatBootsTheGuestIsTagged() {
        List<JavaClass> tests = CLASSES.stream()
                .filter(LinuxGuestTest::usesTheGuest)
                .map(LinuxGuestTest::topLevel)
                .distinct()
                .filter(one -> one.getSimpleName().endsWith("Test"))
                .filter(one -> OTHERS.stream().noneMatch(one::isEquivalentTo))
                .toList();
        assertTrue(tests.size() > 10, "there are many, so they must be found: " + tests);
        List<String> untagged = tests.stream()
                .filter(one -> !isTagged(one))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
        assertEquals(List.of(), untagged, "tests with a Linux guest that lack @Tag(LinuxGuest.TESTS)");
    }

    private static boolean usesTheGuest(JavaClass one) {
        return one.getDirectDependenciesFromSelf().stream()
                .anyMatch(dependency -> dependency.getTargetClass().isEquivalentTo(LinuxGuest.class)
                        || dependency.getTargetClass().isEquivalentTo(WholeBoard.class));
    }

    private static JavaClass topLevel(JavaClass one) {
        return one.getEnclosingClass().map(LinuxGuestTest::topLevel).orElse(one);
    }

    private static boolean isTagged(JavaClass one) {
        return Arrays.stream(one.reflect().getAnnotationsByType(Tag.class))
                .anyMatch(tag -> tag.value().equals(LinuxGuest.TESTS));
    }
}
