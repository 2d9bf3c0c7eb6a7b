// What control of a resource consists of.
package org.scmid.config.service;

import java.util.EnumSet;
import java.util.Set;
import org.scmid.config.resource.ResourceKind;

/** What {@link Permission#CONTROL} of a resource consists of; an agent may be given some of it only. */
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

    /** What the wishes that {@link ArbitrationPolicy} is about need; {@link #LEVEL} but for clocks. */
    static Control ofWishes(ResourceKind kind) {
        return kind == ResourceKind.CLOCK ? RATE : LEVEL;
    }
}
