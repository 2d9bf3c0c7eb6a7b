// What is wrong with a platform, for people.
package org.scmid.upstream.discovery;

import java.util.ArrayList;
import java.util.List;

/** Collects findings: the first ones, and of others how many. */
final class Findings {
    static final int MOST = 100;

    private final List<String> found = new ArrayList<>();
    private int more;

    void add(String finding) {
        if (found.size() < MOST) {
            found.add(finding);
        } else {
            more++;
        }
    }

    List<String> all() {
        List<String> all = new ArrayList<>(found);
        if (more > 0) {
            all.add("and " + more + " more");
        }
        return all;
    }
}
