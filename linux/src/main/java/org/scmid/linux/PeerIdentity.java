// Which process is on the other side of a socket.
package org.scmid.linux;

import java.nio.file.Path;

/**
 * Which process is on the other side of a Unix socket. The pid alone does not tell: numbers are used again.
 *
 * @param pid the process that connected, or that called listen; 0 if it is not visible in our pid namespace
 * @param startTicks when it started, in clock ticks since the boot (field 22 of /proc/PID/stat); 0 if not readable
 * @param uid its effective user at that time
 * @param gid its effective group at that time
 */
public record PeerIdentity(int pid, long startTicks, int uid, int gid) {
    private static final int START_TIME_FIELD = 22;

    /**
     * Whether both are one process of one boot.
     *
     * @param other another identity, read since the same boot of the host
     * @return true if pid and start time are the same; that holds too for two processes outside our pid namespace
     */
    public boolean sameProcess(PeerIdentity other) {
        return pid == other.pid && startTicks == other.startTicks;
    }

    /** Completes what the socket tells by the start time. */
    static PeerIdentity of(int pid, int uid, int gid) {
        return new PeerIdentity(pid, pid > 0 ? startTicks(pid) : 0, uid, gid);
    }

    private static long startTicks(int pid) {
        try {
            return startTicks(NativeFile.readSmall(Path.of("/proc/" + pid + "/stat")));
        } catch (LinuxException e) {
            return 0; // it has ended, or /proc hides it
        }
    }

    /** Finds the field in a line of /proc/PID/stat: field 2, "(name)", may itself hold spaces and brackets. */
    static long startTicks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1); // from field 3
        int index = START_TIME_FIELD - 3;
        try {
            return index < fields.length ? Long.parseLong(fields[index]) : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
