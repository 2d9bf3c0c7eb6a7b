// A pair of pseudo-terminals: a serial line whose other end a test holds.
package org.scmid.testing;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The master's end of a new pseudo-terminal; its other end is a file that is opened as a serial port. Closing this end is
 * what pulling the cable out is.
 */
public final class Pty implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final int NAME_BYTES = 64;

    private static final MethodHandle OPEN = function("posix_openpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle GRANT = function("grantpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle UNLOCK = function("unlockpt", JAVA_INT, JAVA_INT);
    private static final MethodHandle NAME = function("ptsname_r", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle POLL = function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);

    private final int fd;
    private final Path port;
    private boolean closed;

    /** Makes one. */
    public Pty() {
        fd = (int) call(OPEN, O_RDWR | O_NOCTTY | O_CLOEXEC);
        call(GRANT, fd);
        call(UNLOCK, fd);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_BYTES);
            call(NAME, fd, name, (long) NAME_BYTES);
            port = Path.of(name.getString(0));
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, ValueLayout result, ValueLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private static long call(MethodHandle function, Object... arguments) {
        try {
            long result = ((Number) function.invokeWithArguments(arguments)).longValue();
            if (result < 0) {
                throw new IllegalStateException("the system refused: " + result);
            }
            return result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The file that is the other end. */
    public Path port() {
        return port;
    }

    /** Sends bytes to the other end. */
    public void write(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment segment = arena.allocateFrom(JAVA_BYTE, bytes);
            for (long at = 0; at < bytes.length; ) {
                at += call(WRITE, fd, segment.asSlice(at), bytes.length - at);
            }
        }
    }

    /**
     * Waits for bytes of the other end.
     *
     * @param into takes them from index 0
     * @param millis how long to wait at most
     * @return how many; 0 if none came, or nobody has the other end open
     */
    public int read(byte[] into, int millis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment question = arena.allocate(8, 4);
            question.set(JAVA_INT, 0, fd);
            question.set(JAVA_SHORT, 4, POLLIN);
            if (call(POLL, question, 1L, millis) == 0 || (question.get(JAVA_SHORT, 6) & POLLIN) == 0) {
                return 0;
            }
            MemorySegment segment = arena.allocate(into.length);
            int count = (int) call(READ, fd, segment, (long) into.length);
            MemorySegment.copy(segment, JAVA_BYTE, 0, into, 0, count);
            return count;
        }
    }

    /** Pulls the cable out. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            call(CLOSE, fd);
        }
    }
}
