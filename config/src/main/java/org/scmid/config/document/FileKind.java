// What kind of file a tree is, by its keys.
package org.scmid.config.document;

import java.util.Set;

/** What kind of file a tree is. Its keys tell, even if some are misspelt or missing. */
public enum FileKind {
    /** Describes hardware. */
    BOARD,
    /** Says which board is served to which agents. */
    SERVICE,
    /** The keys do not tell. */
    UNKNOWN;

    private static final Set<String> BOARD_KEYS = Set.of(
            "include",
            "board",
            "description",
            "compatible",
            "smbios",
            "upstreams",
            "registers",
            "templates",
            "clocks",
            "power-domains",
            "resets",
            "sensors",
            "voltage-domains",
            "performance-domains");
    private static final Set<String> SERVICE_KEYS =
            Set.of("board", "access", "agents", "devices", "arbitration", "management");

    /** The keys that such a file may have. Its shape says the same, but that is made of more than is known here. */
    public Set<String> keys() {
        return switch (this) {
            case BOARD -> BOARD_KEYS;
            case SERVICE -> SERVICE_KEYS;
            case UNKNOWN -> Set.of();
        };
    }

    /** The kind of a file. */
    public static FileKind of(Node.Mapping root) {
        int difference = BOARD.likeness(root) - SERVICE.likeness(root);
        return difference > 0 ? BOARD : difference < 0 ? SERVICE : UNKNOWN;
    }

    /** How much the mapping's keys speak for it. */
    private int likeness(Node.Mapping root) {
        int likeness = 0;
        for (String key : root.entries().keySet()) {
            if (keys().contains(key)) {
                likeness += 2;
            } else if (Similar.closest(key, keys()) != null) {
                likeness++;
            }
        }
        return likeness;
    }
}
