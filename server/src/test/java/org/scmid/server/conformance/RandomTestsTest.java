// A test that sends other messages in every run proves nothing, and says so.
package org.scmid.server.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RandomTestsTest {
    private static final Set<String> GENERATORS =
            Set.of("java.util.Random", "java.util.SplittableRandom", "java.util.random.RandomGenerator");

    private static final JavaClasses TESTS = new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages("org.scmid.server");

    @Test
    void everyTestThatUsesRandomNumbersIsTagged() {
        Set<JavaClass> random = TESTS.stream()
                .filter(one -> dependsOn(one, GENERATORS))
                .map(RandomTestsTest::topLevel)
                .collect(Collectors.toSet());
        assertFalse(random.isEmpty(), "there are some, so they must be found");
        Set<String> names = random.stream().map(JavaClass::getName).collect(Collectors.toSet());
        List<String> untagged = TESTS.stream()
                .map(RandomTestsTest::topLevel)
                .distinct()
                .filter(one -> one.getSimpleName().endsWith("Test"))
                .filter(one -> names.contains(one.getName()) || dependsOn(one, names))
                .filter(one -> !isTagged(one))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
        assertEquals(List.of(), untagged, "tests that use random numbers but lack @Tag(Evidence.RANDOM)");
    }

    private static boolean dependsOn(JavaClass one, Set<String> names) {
        return one.getDirectDependenciesFromSelf().stream()
                .anyMatch(
                        dependency -> names.contains(dependency.getTargetClass().getName()));
    }

    private static JavaClass topLevel(JavaClass one) {
        return one.getEnclosingClass().map(RandomTestsTest::topLevel).orElse(one);
    }

    private static boolean isTagged(JavaClass one) {
        return one.isAnnotatedWith(Tag.class)
                && one.getAnnotationOfType(Tag.class).value().equals(Evidence.RANDOM);
    }
}
