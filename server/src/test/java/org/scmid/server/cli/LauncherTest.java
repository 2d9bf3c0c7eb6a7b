// The launcher, ./scmid, with a JDK and a Maven that only write down how they were called.
package org.scmid.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LauncherTest {
    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private Path source;

    private record Ended(int status, String output, String errors) {}

    @BeforeEach
    void makeTree() throws IOException {
        home = folder.resolve("a tree of sources");
        source = home.resolve("core/src/main/java/A.java");
        Files.createDirectories(source.getParent());
        Files.createDirectories(home.resolve("tools"));
        Files.createDirectories(home.resolve("server"));
        Files.copy(REPOSITORY.resolve("scmid"), home.resolve("scmid"));
        Files.copy(REPOSITORY.resolve("tools/jdk.sh"), home.resolve("tools/jdk.sh"));
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.writeString(home.resolve("core/pom.xml"), "<project/>");
        Files.writeString(source, "class A {}");
        // The training run leaves a cache; any other says what it was called with.
        jdk("jdk-25", "25.0.1", """
                for word in "$@"; do
                  case $word in -XX:AOTCacheOutput=*) echo trained >>"$CALLS"; echo cache >"${word#*=}"; exit 0 ;; esac
                done
                printf '[%s]' "$@"
                """);
        jdk("jdk-17", "17.0.9", "echo wrong java; exit 1\n");
        script(folder.resolve("bin/mvn"), """
                echo built >>"$CALLS"
                sleep 0.3
                if [ -e broken ]; then
                  echo '[INFO] compiling'
                  echo '[ERROR] /x/A.java:[3,7] cannot find symbol'
                  exit 1
                fi
                mkdir -p server/target; echo jar >server/target/scmid.jar
                """);
    }

    private void jdk(String name, String version, String java) throws IOException {
        Path jdk = folder.resolve("jvm").resolve(name);
        script(jdk.resolve("bin/java"), java);
        script(jdk.resolve("bin/javac"), "exit 1\n");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private static void script(Path file, String body) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Path command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("bash", command.toString()));
        words.addAll(List.of(arguments));
        var builder = new ProcessBuilder(words).directory(folder.toFile());
        var environment = builder.environment();
        for (String name : List.of("SCMID_JAVA_HOME", "JAVA_HOME", "SCMID_JAVA_OPTIONS")) {
            environment.remove(name);
        }
        environment.put("CALLS", folder.resolve("calls").toString());
        environment.put("SCMID_JDK_FOLDER", folder.resolve("jvm").toString());
        environment.put("PATH", folder.resolve("jvm/jdk-17/bin") + ":" + folder.resolve("bin") + ":/usr/bin:/bin");
        return builder.start();
    }

    private static Ended end(Process process) throws Exception {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output, errors);
    }

    private Ended run(String... arguments) throws Exception {
        return end(start(home.resolve("scmid"), arguments));
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** As if it had been there for an hour, so that a change is newer whatever the file system's clock. */
    private static void age(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    @Test
    void theFirstUseBuildsOnceAndTheNextOnesOnlyStart() throws Exception {
        Ended first = run("check", "my file.yaml");
        assertEquals(0, first.status, first.errors);
        assertTrue(
                first.output.contains("[-jar][" + home + "/server/target/launch/scmid.jar][check][my file.yaml]"),
                first.output);
        assertTrue(first.output.contains("[-Dscmid.home=" + home + "]"), first.output);
        assertTrue(first.output.contains("[-XX:AOTCache=" + home + "/server/target/launch/scmid-"), first.output);
        assertTrue(first.errors.contains("building"), first.errors);
        Ended second = run("check", "my file.yaml");
        assertEquals(first.output, second.output);
        assertEquals("", second.errors);
        assertEquals(List.of("built", "trained"), calls());
    }

    @Test
    void itWorksThroughASymbolicLinkFromAnywhere() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("linked"), home.resolve("scmid"));
        Ended ended = end(start(link, "boards"));
        assertEquals(0, ended.status, ended.errors);
        assertTrue(ended.output.contains("[-Dscmid.home=" + home + "]"), ended.output);
    }

    @Test
    void aChangedAndADeletedSourceAreBuiltAgain() throws Exception {
        run("boards");
        Path jar = home.resolve("server/target/launch/scmid.jar");
        Object running = Files.getAttribute(jar, "unix:ino");
        age(jar);
        age(home.resolve("server/target/scmid.jar"));
        run("boards");
        assertEquals(List.of("built", "trained", "built", "trained"), calls());
        assertTrue(
                !running.equals(Files.getAttribute(jar, "unix:ino")), "a running JVM keeps the file that it has open");
        Files.delete(source);
        run("boards");
        assertEquals(6, calls().size());
        run("boards");
        assertEquals(6, calls().size());
    }

    @Test
    void aJarThatMavenHasJustMadeIsTaken() throws Exception {
        Path built = home.resolve("server/target/scmid.jar");
        Files.createDirectories(built.getParent());
        Files.writeString(built, "jar");
        assertEquals(0, run("boards").status);
        assertEquals(List.of("trained"), calls());
    }

    @Test
    void twoAtOnceBuildOnce() throws Exception {
        Process one = start(home.resolve("scmid"), "boards");
        Process two = start(home.resolve("scmid"), "boards");
        assertEquals(0, end(one).status);
        assertEquals(0, end(two).status);
        assertEquals(List.of("built", "trained"), calls());
    }

    @Test
    void aBuildThatFailsShowsTheCompilersErrors() throws Exception {
        Files.createFile(home.resolve("broken"));
        Ended ended = run("boards");
        assertEquals(3, ended.status);
        assertEquals("", ended.output);
        assertTrue(ended.errors.contains("/x/A.java:[3,7] cannot find symbol"), ended.errors);
        assertTrue(ended.errors.contains("build.log"), ended.errors);
        Files.delete(home.resolve("broken"));
        assertEquals(0, run("boards").status);
    }

    @Test
    void withoutAJdkItSaysWhichAndHowToGetIt() throws Exception {
        Files.delete(folder.resolve("jvm/jdk-25/bin/javac")); // a JRE cannot build
        Ended ended = run("boards");
        assertEquals(3, ended.status);
        assertTrue(ended.errors.contains("no JDK 25 was found"), ended.errors);
        assertTrue(ended.errors.contains("apt-get install openjdk-25-jdk-headless"), ended.errors);
        assertEquals(List.of(), calls());
    }

    @Test
    void aTrainingThatFailsIsNotTriedAgainAndDisturbsNobody() throws Exception {
        jdk("jdk-25", "25.0.1", """
                case "$*" in *AOTCacheOutput*) echo trained >>"$CALLS"; exit 1 ;; esac
                printf '[%s]' "$@"
                """);
        Ended ended = run("boards");
        assertEquals(0, ended.status);
        assertTrue(!ended.output.contains("AOTCache"), ended.output);
        run("boards");
        assertEquals(List.of("built", "trained"), calls());
    }
}
