// What became of many commands that a guest's driver had in flight.
package org.scmid.system;

import java.util.HashMap;
import java.util.Map;

/**
 * The numbers of an answer {@code load sent N ok N wrong N timeout N restarted N ...}.
 *
 * @param sent commands that were sent
 * @param ok right replies
 * @param wrong replies that were not those of the command
 * @param timeout commands without a reply in time
 * @param restarted commands that ended with the session
 */
record LoadResult(long sent, long ok, long wrong, long timeout, long restarted, Map<String, Long> all) {
    static LoadResult of(String line) {
        String[] words = line.split(" ", -1);
        Map<String, Long> all = new HashMap<>();
        for (int i = 1; i + 1 < words.length; i += 2) {
            all.put(words[i], Long.parseLong(words[i + 1]));
        }
        return new LoadResult(
                all.getOrDefault("sent", -1L),
                all.getOrDefault("ok", -1L),
                all.getOrDefault("wrong", -1L),
                all.getOrDefault("timeout", -1L),
                all.getOrDefault("restarted", -1L),
                all);
    }
}
