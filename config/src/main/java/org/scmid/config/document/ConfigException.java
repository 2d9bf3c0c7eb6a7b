// Everything that is wrong with a configuration file, at once.
package org.scmid.config.document;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message is all its problems, one a line. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /**
     * A configuration with these problems.
     *
     * @param problems at least one
     */
    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** All problems, in the order of their places; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
