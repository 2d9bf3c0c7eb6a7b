// What a supply must be kept high enough for.
package org.scmid.platform.voltage;

/** Something that a supply must be kept high enough for, such as a performance domain. */
@FunctionalInterface
public interface VoltageConsumer {
    /** The least level that it needs now, in microvolts. */
    int neededMicrovolts();
}
