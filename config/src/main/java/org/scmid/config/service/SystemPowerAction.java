// What happens when an agent asks for a system power state.
package org.scmid.config.service;

import java.util.List;

/** What happens when an agent asks for a system power state. */
public sealed interface SystemPowerAction {
    /** Nothing: the agent goes down by itself, its VMM sees to the rest. */
    record Ignore() implements SystemPowerAction {}

    /** All other agents that subscribed are told. */
    record Notify() implements SystemPowerAction {}

    /**
     * A command is started. Its outcome is only logged.
     *
     * @param command the program and its arguments; no shell reads them. A program that was written with a slash but not
     *     as an absolute path starts from the file that names it
     */
    record Run(List<String> command) implements SystemPowerAction {
        /** Copies. */
        public Run {
            command = List.copyOf(command);
        }
    }
}
