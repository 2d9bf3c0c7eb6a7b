// Everything that is wrong with a configuration file, at once.
package org.scmid.config.document;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used. Its message is its problems, one a line, and how many there are besides. */
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;
    private final int more;

    /**
     * A configuration with these problems.
     *
     * @param problems at least one
     * @param more how many there are besides
     * @param isAll whether all was looked at; else there may be others still
     */
    ConfigException(List<Problem> problems, int more, boolean isAll) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n"))
                + (more == 0 ? "" : "\nand " + Problems.grouped(more) + " more")
                + (isAll ? "" : "; nothing behind them was looked at"));
        this.problems = List.copyOf(problems);
        this.more = more;
    }

    /** The problems, in the order of their places; never empty. Of very many only the first that were found. */
    public List<Problem> problems() {
        return problems;
    }

    /** How many problems there are besides. */
    public int more() {
        return more;
    }
}
