// Tells the evidence which test runs, and writes it down when all have run.
package org.scmid.server.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.scmid.server.conformance.Evidence.Weight;

/**
 * Found by JUnit as a service. The evidence is written to the file that the system property {@code conformance.record}
 * names; it is marked as incomplete if a test class of this module did not run, or a test failed.
 */
public final class EvidenceListener implements TestExecutionListener {
    private static final String FILE = "conformance.record";

    private final Set<String> ran = new TreeSet<>();
    private final List<String> failed = new ArrayList<>();

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        for (TestIdentifier root : plan.getRoots()) {
            plan.getDescendants(root).forEach(this::note);
        }
    }

    private void note(TestIdentifier test) {
        if (test.getSource().orElse(null) instanceof ClassSource source) {
            ran.add(source.getClassName());
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            Evidence.weigh(weightOf(test));
        }
    }

    private static Weight weightOf(TestIdentifier test) {
        List<String> tags = test.getTags().stream().map(tag -> tag.getName()).toList();
        if (tags.contains(Evidence.RANDOM)) {
            return Weight.NOTHING;
        }
        return tags.contains(Evidence.SWEEP) ? Weight.SWEEP : Weight.TEST;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest()) {
            Evidence.weigh(Weight.NOTHING);
        }
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            failed.add(test.getDisplayName());
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        String file = System.getProperty(FILE);
        if (file == null) {
            return;
        }
        try {
            Evidence.write(Path.of(file), problem());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String problem() throws IOException {
        if (!failed.isEmpty()) {
            return failed.getFirst() + " failed";
        }
        for (String name : testClasses()) {
            if (!ran.contains(name)) {
                return name + " did not run";
            }
        }
        return "";
    }

    /** The classes of this module that Surefire takes for tests. */
    private static List<String> testClasses() throws IOException {
        Path root = root();
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith("Test.class") && !file.contains("$"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(EvidenceListener::isConcrete)
                    .sorted()
                    .toList();
        }
    }

    private static Path root() {
        try {
            return Path.of(EvidenceListener.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static boolean isConcrete(String name) {
        try {
            Class<?> found = Class.forName(name, false, EvidenceListener.class.getClassLoader());
            return !Modifier.isAbstract(found.getModifiers());
        } catch (ClassNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
