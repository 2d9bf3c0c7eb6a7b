// The kinds of things on a board that agents are given.
package org.scmid.config.resource;

/** A kind of thing on a board that agents are given, each kind by ids of its own. */
public enum ResourceKind {
    CLOCK("clock", "clocks"),
    POWER_DOMAIN("power domain", "power-domains"),
    SENSOR("sensor", "sensors"),
    RESET("reset", "resets"),
    VOLTAGE_DOMAIN("voltage domain", "voltage-domains"),
    PERFORMANCE_DOMAIN("performance domain", "performance-domains");

    private final String label;
    private final String key;

    ResourceKind(String label, String key) {
        this.label = label;
        this.key = key;
    }

    /** What one of them is called in a sentence. */
    public String label() {
        return label;
    }

    /** The key under which board files describe them and service files grant them. */
    public String key() {
        return key;
    }
}
