// The rules of docs/architecture.md, for any root package, so that they can be tried on code that breaks them.
package org.scmid.server.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes the rules. */
final class ArchitectureRules {
    /** Which modules each module may use: the table of folders in docs/architecture.md. */
    private static final Map<String, List<String>> MODULES = new LinkedHashMap<>();

    static {
        MODULES.put("protocol", List.of());
        MODULES.put("config", List.of());
        MODULES.put("linux", List.of());
        MODULES.put("loop", List.of("linux"));
        MODULES.put("platform", List.of("config", "linux", "loop"));
        MODULES.put("transport", List.of("linux", "loop"));
        MODULES.put("agent", List.of("protocol", "linux", "loop", "transport"));
        MODULES.put("upstream", List.of("protocol", "config", "linux", "loop", "platform", "transport", "agent"));
        MODULES.put(
                "server", List.of("protocol", "config", "linux", "loop", "platform", "transport", "agent", "upstream"));
    }

    /** The server's packages from the lowest layer up; a layer uses itself and those below. */
    private static final List<List<String>> SERVER_LAYERS = List.of(
            List.of("core"),
            List.of("service"),
            List.of("view", "management", "guest", "bench"),
            List.of("demo"),
            List.of("cli"));

    /** Where a message passes: nothing there may wait for another thread. */
    private static final List<String> HOT_PATH =
            List.of("transport..", "platform..", "agent..", "upstream..", "server.core..");

    private final String root;

    /** @param root the package that has the modules' packages in it */
    ArchitectureRules(String root) {
        this.root = root;
    }

    static List<String> modules() {
        return List.copyOf(MODULES.keySet());
    }

    /** Every class is in the package of a module. */
    ArchRule everyClassBelongsToAModule() {
        return classes().should().resideInAnyPackage(packages(modules()));
    }

    /** A module uses only those that the table allows it. */
    ArchRule moduleUsesOnlyWhatItMay(String module) {
        List<String> allowed = new ArrayList<>(MODULES.getOrDefault(module, List.of()));
        allowed.add(module);
        return classes()
                .that()
                .resideInAPackage(packageOf(module))
                .should()
                .onlyDependOnClassesThat(resideOutsideOfPackage(root + "..").or(resideInAnyPackage(packages(allowed))))
                .as("classes of " + module + " use of scmid's modules only " + allowed);
    }

    /** Every package of the server has its layer. */
    ArchRule everyServerPackageHasALayer() {
        List<String> known = new ArrayList<>();
        SERVER_LAYERS.forEach(layer -> layer.forEach(name -> known.add("server." + name)));
        return classes()
                .that()
                .resideInAPackage(packageOf("server"))
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .resideInAnyPackage(packages(known))
                .as("a package of the server is one of " + SERVER_LAYERS);
    }

    /** No layer of the server knows one above it: core, service, then view, management, guest and bench, then demo, then cli. */
    ArchRule serverLayerKnowsNoneAbove(int layer) {
        List<String> above = new ArrayList<>();
        SERVER_LAYERS
                .subList(layer + 1, SERVER_LAYERS.size())
                .forEach(higher -> higher.forEach(name -> above.add("server." + name)));
        List<String> own =
                SERVER_LAYERS.get(layer).stream().map(name -> "server." + name).toList();
        return noClasses()
                .that()
                .resideInAnyPackage(packages(own))
                .should()
                .dependOnClassesThat(resideInAnyPackage(packages(above)))
                .as(own + " know nothing of " + above);
    }

    /** How many layers have one above them. */
    static int layersBelowTheTop() {
        return SERVER_LAYERS.size() - 1;
    }

    /** Memory, system calls and file descriptors have one place. */
    ArchRule onlyLinuxUsesForeignMemory() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("linux"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..");
    }

    /** No two packages use each other, directly or around a corner. */
    ArchRule packagesHaveNoCycles() {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /**
     * A room in which one finds things: no package has more classes than this, those within others not counted.
     *
     * @param most how many
     */
    ArchRule packagesAreNoLargerThan(int most) {
        return classes()
                .that()
                .areTopLevelClasses()
                .and()
                .doNotHaveSimpleName("package-info")
                .should(beAmongNoMoreThan(most));
    }

    private static ArchCondition<JavaClass> beAmongNoMoreThan(int most) {
        return new ArchCondition<>("be among no more than " + most + " in their package") {
            private final Map<String, Integer> counts = new LinkedHashMap<>();

            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                counts.merge(javaClass.getPackageName(), 1, Integer::sum);
            }

            @Override
            public void finish(ConditionEvents events) {
                counts.forEach((name, count) -> {
                    if (count > most) {
                        events.add(SimpleConditionEvent.violated(name, name + " has " + count + " classes"));
                    }
                });
            }
        };
    }

    /** Waiting is done in epoll, or for a condition: never for a time. */
    ArchRule nobodySleeps() {
        return noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(Thread.class, "sleep", java.time.Duration.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class);
    }

    /** The process is ended by the command alone. */
    ArchRule onlyTheCommandEndsTheProcess() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("server.cli"))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class);
    }

    /** All log by System.Logger; where that leads is the command's decision. */
    ArchRule onlyTheCommandKnowsTheLoggingBackEnd() {
        return noClasses()
                .that()
                .resideOutsideOfPackage(packageOf("server.cli"))
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.logging.."));
    }

    /**
     * Nothing on the hot path uses locks of java.util.concurrent.
     *
     * @param ownThread the class that is a thread of its own, which may wait; what the loop calls of it may not
     */
    ArchRule hotPathHasNoLocks(String ownThread) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages(HOT_PATH))
                .and()
                .doNotHaveSimpleName(ownThread)
                .should()
                .dependOnClassesThat(resideInAPackage("java.util.concurrent.locks.."));
    }

    /**
     * Nothing on the hot path takes a monitor.
     *
     * @param exempt methods that may, as {@code Class.method}: those that begin or end something
     */
    ArchRule hotPathHasNoMonitors(Set<String> exempt) {
        return classes().that().resideInAnyPackage(packages(HOT_PATH)).should(takeNoMonitor(exempt));
    }

    /** ArchUnit does not see synchronized blocks; the instructions show them. */
    private static ArchCondition<JavaClass> takeNoMonitor(Set<String> exempt) {
        return new ArchCondition<>("take no monitor, but for " + exempt) {
            @Override
            public void check(JavaClass javaClass, ConditionEvents events) {
                for (MethodModel method :
                        ClassFile.of().parse(bytesOf(javaClass)).methods()) {
                    String name = javaClass.getSimpleName() + "."
                            + method.methodName().stringValue();
                    if (takesMonitor(method) && !exempt.contains(name)) {
                        events.add(SimpleConditionEvent.violated(
                                javaClass, javaClass.getPackageName() + "." + name + " is synchronized"));
                    }
                }
            }
        };
    }

    private static boolean takesMonitor(MethodModel method) {
        return method.flags().has(AccessFlag.SYNCHRONIZED)
                || method.code()
                        .map(code -> code.elementStream().anyMatch(MonitorInstruction.class::isInstance))
                        .orElse(false);
    }

    private static byte[] bytesOf(JavaClass javaClass) {
        Source source = javaClass.getSource().orElseThrow();
        try (InputStream in = source.getUri().toURL().openStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String packageOf(String part) {
        return root + "." + part + (part.endsWith("..") ? "" : "..");
    }

    private String[] packages(List<String> parts) {
        return parts.stream().map(this::packageOf).toArray(String[]::new);
    }
}
