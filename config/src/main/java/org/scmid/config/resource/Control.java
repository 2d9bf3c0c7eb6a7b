// What control of a resource consists of.
package org.scmid.config.resource;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What control of a resource consists of; an agent may be given some of it only. */
public enum Control {
    /** To switch it on and off. */
    STATE,
    /** To set a clock's rate. */
    RATE,
    /** To choose a clock's parent. */
    PARENT,
    /** To set a supply's voltage, or a performance domain's level. */
    LEVEL,
    /** To set the limits of a performance domain's level. */
    LIMITS,
    /** To reset it, and to assert and de-assert it. */
    RESET,
    /** To configure a sensor: on and off, timestamps, update interval. */
    CONFIG;

    /** What control of a kind of resource consists of, in the order of this list. */
    public static Set<Control> of(ResourceKind kind) {
        return switch (kind) {
            case CLOCK -> EnumSet.of(STATE, RATE, PARENT);
            case POWER_DOMAIN -> EnumSet.of(STATE);
            case VOLTAGE_DOMAIN -> EnumSet.of(STATE, LEVEL);
            case PERFORMANCE_DOMAIN -> EnumSet.of(LEVEL, LIMITS);
            case RESET -> EnumSet.of(RESET);
            case SENSOR -> EnumSet.of(CONFIG);
        };
    }

    /** The same by the words of files. */
    public static Map<String, Control> words(ResourceKind kind) {
        Map<String, Control> words = new LinkedHashMap<>();
        of(kind).forEach(part -> words.put(part.name().toLowerCase(Locale.ROOT), part));
        return words;
    }

    /** What the wishes that arbitration is about need; {@link #LEVEL} but for clocks. */
    public static Control ofWishes(ResourceKind kind) {
        return kind == ResourceKind.CLOCK ? RATE : LEVEL;
    }
}
