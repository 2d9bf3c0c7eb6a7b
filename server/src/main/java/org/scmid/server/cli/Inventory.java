// How many of each kind of resource there are, in words.
package org.scmid.server.cli;

import java.util.Arrays;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.scmid.config.board.Board;
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.service.AgentSpec;

/** How many of each kind of resource there are, such as {@code 18 clocks, 4 power domains}. */
final class Inventory {
    private Inventory() {}

    /** What a board has. */
    static String of(Board board) {
        return list(kind -> board.names(kind).size());
    }

    /** What an agent is given. */
    static String of(AgentSpec agent) {
        return list(kind -> agent.grants(kind).size());
    }

    private static String list(ToIntFunction<ResourceKind> counts) {
        return Arrays.stream(ResourceKind.values())
                .filter(kind -> kind == ResourceKind.CLOCK || counts.applyAsInt(kind) > 0)
                .map(kind -> counted(counts.applyAsInt(kind), kind))
                .collect(Collectors.joining(", "));
    }

    private static String counted(int count, ResourceKind kind) {
        return count + " " + kind.label() + (count == 1 ? "" : "s");
    }
}
