// The types of the sources and what they declare, for those who look a name up.
package org.scmid.server.pages;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Every type that the Java sources of a source tree declare, nested ones and those of tests too, by its simple name, with
 * the names of its members: methods, fields, constants, components, nested types. Read by javac's parser, so that nothing
 * has to be compiled before. Types of one name count as one.
 */
final class Sources {
    private final Map<String, Set<String>> members = new HashMap<>();
    private final Set<String> packages = new HashSet<>();

    /**
     * Reads all Java files of a source tree.
     *
     * @throws IOException if a file cannot be read
     */
    static Sources under(Path root) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var sources = new Sources();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    null,
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(Pages.files(root, ".java")));
            for (CompilationUnitTree unit : task.parse()) {
                if (unit.getPackageName() != null) {
                    sources.packages.add(unit.getPackageName().toString());
                }
                sources.new Collector().scan(unit, null);
            }
        }
        return sources;
    }

    private final class Collector extends TreeScanner<@Nullable Void, @Nullable Void> {
        @Override
        public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            Set<String> names = members.computeIfAbsent(type.getSimpleName().toString(), name -> new HashSet<>());
            for (Tree member : type.getMembers()) {
                switch (member) {
                    case MethodTree it -> names.add(it.getName().toString());
                    case VariableTree it -> names.add(it.getName().toString());
                    case ClassTree it -> names.add(it.getSimpleName().toString());
                    default -> {}
                }
            }
            return super.visitClass(type, null);
        }
    }

    /**
     * Whether there is such a type, and such a member of it, and so on.
     *
     * @param name {@code Type}, {@code Type.member} or {@code Outer.Nested.member}
     */
    boolean has(String name) {
        String[] parts = name.split("\\.", -1);
        if (!members.containsKey(parts[0])) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            Set<String> names = members.get(parts[i - 1]);
            if (names == null || !names.contains(parts[i])) {
                return false;
            }
        }
        return true;
    }

    /** Whether any type has a member of this name. */
    boolean hasMember(String name) {
        return members.values().stream().anyMatch(names -> names.contains(name));
    }

    boolean hasPackage(String name) {
        return packages.stream().anyMatch(known -> known.equals(name) || known.startsWith(name + "."));
    }
}
