// One thing that is wrong with a configuration file.
package org.scmid.config.document;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param place where it is
 * @param message what is wrong, with the offending value and what is allowed instead; one line
 */
public record Problem(Place place, String message) {

    /** {@code file:line:column: message}. */
    @Override
    public String toString() {
        return place + ": " + message;
    }
}
