// What the pages of the repository say of its sources, and what of that is not so.
package org.scmid.server.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Judges one page against the tree that it is in: names of classes and members, packages, files, links, and the modules
 * and tests that its commands name.
 *
 * <p>A name is what stands in backquotes: a class begins with a capital and has a small letter, what follows behind a dot
 * must be a member of it, and so must a name that is listed behind such a one ({@code `Clock.rate`, `parent` and
 * `enabled`}). A path in backquotes is of this repository if its first part is a folder at its root or beside the page.
 */
final class Pages {
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```([a-z]*)\n(.*?)^ *```$");
    private static final Pattern SPAN = Pattern.compile("`([^`\n]+)`");
    private static final Pattern CLASS =
            Pattern.compile("([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(?:\\.[A-Za-z][A-Za-z0-9_]*)*)(?:\\(.*\\))?");
    private static final Pattern MEMBER = Pattern.compile("([a-z][A-Za-z0-9]*)(?:\\(.*\\))?");
    private static final Pattern CAMEL_CASE = Pattern.compile("[a-z]{3,}[A-Z][a-z][A-Za-z0-9]*");
    private static final Pattern PACKAGE = Pattern.compile("org\\.scmid(?:\\.[a-z0-9]+)*");
    private static final Pattern PATH = Pattern.compile("(?:\\./)?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.,-]+)*/?");
    private static final Pattern DRAWN_CLASS = Pattern.compile("\\b[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern TEST = Pattern.compile("-Dtest=([A-Za-z0-9]+)((?:#[A-Za-z0-9]+)?)");
    private static final Pattern MODULE = Pattern.compile("(?<!\\S)-pl ([a-z-]+)");

    private final Path root;
    private final Path page;
    private final String text;
    private final String prose;
    private final Sources sources;
    private final Set<String> othersNames;
    private final List<String> problems = new ArrayList<>();
    private int names;

    /**
     * @param root the source tree
     * @param page a page in it
     * @param othersNames what looks like a class or a file of this repository and is somebody else's
     * @throws IOException if the page cannot be read
     */
    Pages(Path root, Path page, Sources sources, Set<String> othersNames) throws IOException {
        this.root = root;
        this.page = page;
        this.sources = sources;
        this.othersNames = othersNames;
        text = Files.readString(page);
        prose = withoutFences(text);
    }

    /** The files of a source tree whose names end so, in order, but for what was built and what Git keeps. */
    static List<Path> files(Path root, String end) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(end) && isSource(root.relativize(file)))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    private static boolean isSource(Path file) {
        for (Path part : file) {
            if (part.endsWith("target") || part.endsWith(".git")) {
                return false;
            }
        }
        return true;
    }

    /** All that is wrong, a line each, with the place; empty if nothing is. */
    List<String> problems() throws IOException {
        problems.clear();
        names = 0;
        readSpans();
        readFences();
        readLinks();
        readCommands();
        return List.copyOf(problems);
    }

    /** How many names of the sources {@link #problems} has looked up. */
    int names() {
        return names;
    }

    private void problem(int at, String what) {
        long line = text.substring(0, at).lines().count() + (at > 0 && text.charAt(at - 1) == '\n' ? 1 : 0);
        problems.add(root.relativize(page) + ":" + Math.max(1, line) + ": " + what);
    }

    /** As long as the text, so that places are the same. */
    private static String withoutFences(String text) {
        return FENCE.matcher(text).replaceAll(fence -> blanked(fence.group()));
    }

    private static String blanked(String text) {
        return text.replaceAll("[^\n]", " ");
    }

    // ---- What stands in backquotes.

    private void readSpans() throws IOException {
        String listed = "";
        int end = 0;
        Matcher spans = SPAN.matcher(prose);
        while (spans.find()) {
            String span = spans.group(1);
            boolean goesOn = prose.substring(end, spans.start()).matches(",? (?:and )?");
            listed = readSpan(spans, span, goesOn ? listed : "");
            end = spans.end();
        }
    }

    /** Returns the type that names may be listed behind; none if it is empty. */
    private String readSpan(MatchResult place, String span, String listed) throws IOException {
        if (othersNames.contains(span)) {
            return "";
        }
        Matcher type = CLASS.matcher(span);
        if (type.matches()) {
            String name = type.group(1);
            look(place, name, sources.has(name) || isOfJava(name) || Files.exists(folder().resolve(name)));
            int dot = name.lastIndexOf('.');
            return dot < 0 ? "" : name.substring(0, dot);
        }
        Matcher member = MEMBER.matcher(span);
        if (member.matches() && !listed.isEmpty()) {
            String name = listed + "." + member.group(1);
            look(place, name, sources.has(name));
            return listed;
        }
        if (member.matches() && CAMEL_CASE.matcher(member.group(1)).matches()) {
            look(place, member.group(1), sources.hasMember(member.group(1)));
        } else if (PACKAGE.matcher(span).matches()) {
            look(place, span, sources.hasPackage(span));
        } else if (PATH.matcher(span).matches() && isOfThisRepository(span)) {
            look(place, span, isThere(span));
        }
        return "";
    }

    private void look(MatchResult place, String name, boolean isThere) {
        names++;
        if (!isThere) {
            problem(place.start(), "there is no " + name);
        }
    }

    private static boolean isOfJava(String name) {
        try {
            Class.forName("java.lang." + name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private boolean isOfThisRepository(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        if (path.endsWith(".md") && !plain.contains("/")) {
            return true;
        }
        int slash = plain.indexOf('/');
        if (slash < 0) {
            return path.startsWith("./") && !plain.equals(plain.toUpperCase(Locale.ROOT));
        }
        String first = plain.substring(0, slash);
        return Files.isDirectory(root.resolve(first)) || Files.isDirectory(folder().resolve(first));
    }

    private Path folder() {
        Path folder = page.getParent();
        return folder == null ? root : folder;
    }

    /** What is built is there for some and not for others. */
    private boolean isThere(String path) throws IOException {
        if (path.contains("/target")) {
            return true;
        }
        if (Files.exists(root.resolve(path)) || Files.exists(folder().resolve(path))) {
            return true;
        }
        // A package, from the module on: server/core.
        try (Stream<Path> modules = Files.list(root)) {
            int slash = path.indexOf('/');
            return slash > 0
                    && modules.anyMatch(module -> module.endsWith(path.substring(0, slash))
                            && sources.hasPackage("org.scmid." + path.replace('/', '.')));
        }
    }

    // ---- What stands in blocks.

    /** Drawings name classes without backquotes; those of two words are unmistakable. */
    private void readFences() {
        Matcher fences = FENCE.matcher(text);
        while (fences.find()) {
            if (fences.group(1).isEmpty()) {
                Matcher drawn = DRAWN_CLASS.matcher(fences.group(2));
                while (drawn.find()) {
                    if (!othersNames.contains(drawn.group())) {
                        names++;
                        if (!sources.has(drawn.group())) {
                            problem(fences.start(2) + drawn.start(), "there is no " + drawn.group());
                        }
                    }
                }
            }
        }
    }

    private void readCommands() {
        Matcher tests = TEST.matcher(text);
        while (tests.find()) {
            String name = tests.group(1) + tests.group(2).replace('#', '.');
            look(tests, name, sources.has(name));
        }
        Matcher modules = MODULE.matcher(text);
        while (modules.find()) {
            look(modules, "module " + modules.group(1), Files.exists(root.resolve(modules.group(1) + "/pom.xml")));
        }
    }

    // ---- Links.

    private void readLinks() throws IOException {
        Matcher links = LINK.matcher(prose);
        while (links.find()) {
            String target = links.group(1);
            if (target.matches("[a-z]+:.*")) {
                continue;
            }
            int hash = target.indexOf('#');
            String file = hash < 0 ? target : target.substring(0, hash);
            Path linked = file.isEmpty() ? page : folder().resolve(file).normalize();
            names++;
            if (!Files.exists(linked)) {
                problem(links.start(), "the link leads nowhere: " + target);
            } else if (hash >= 0 && !anchorsOf(linked).contains(target.substring(hash + 1))) {
                problem(links.start(), "no heading is linked to by " + target);
            }
        }
    }

    /** The names by which GitHub's pages let headings be linked to. */
    private static Set<String> anchorsOf(Path page) throws IOException {
        var anchors = new HashSet<String>();
        Matcher headings = HEADING.matcher(withoutFences(Files.readString(page)));
        while (headings.find()) {
            String shown = headings.group(1).replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1");
            anchors.add(shown.strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
