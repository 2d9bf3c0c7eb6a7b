// A resource of a platform, as a board file names it.
package org.scmid.config.upstream;

/**
 * A resource of a platform, as a board file names it.
 *
 * @param upstream the platform
 * @param name the platform's name of the resource
 */
public record From(String upstream, String name) {
    @Override
    public String toString() {
        return upstream + "/" + name;
    }
}
