// The numbers and offsets of LibC and Errno are those of the C headers, of both architectures.
package org.scmid.linux;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
    /** Those whose names are ours, as expressions of C. */
    private static final Map<String, String> EXPRESSIONS = Map.ofEntries(
            entry("SUN_PATH", "offsetof(struct sockaddr_un, sun_path)"),
            entry("SOCKADDR_UN_SIZE", "sizeof(struct sockaddr_un)"),
            entry("SOCKET_PATH_MAX", "sizeof(((struct sockaddr_un *)0)->sun_path) - 1"),
            entry("MSG_IOV", "offsetof(struct msghdr, msg_iov)"),
            entry("MSG_IOVLEN", "offsetof(struct msghdr, msg_iovlen)"),
            entry("MSG_CONTROL", "offsetof(struct msghdr, msg_control)"),
            entry("MSG_CONTROLLEN", "offsetof(struct msghdr, msg_controllen)"),
            entry("MSG_FLAGS", "offsetof(struct msghdr, msg_flags)"),
            entry("MSGHDR_SIZE", "sizeof(struct msghdr)"),
            entry("CMSG_LEVEL", "offsetof(struct cmsghdr, cmsg_level)"),
            entry("CMSG_TYPE", "offsetof(struct cmsghdr, cmsg_type)"),
            entry("CMSG_DATA", "CMSG_LEN(0)"),
            entry("STX_BLKSIZE", "offsetof(struct statx, stx_blksize)"),
            entry("STX_NLINK", "offsetof(struct statx, stx_nlink)"),
            entry("STX_UID", "offsetof(struct statx, stx_uid)"),
            entry("STX_GID", "offsetof(struct statx, stx_gid)"),
            entry("STX_MODE", "offsetof(struct statx, stx_mode)"),
            entry("STX_INO", "offsetof(struct statx, stx_ino)"),
            entry("STX_SIZE", "offsetof(struct statx, stx_size)"),
            entry("STX_DEV_MAJOR", "offsetof(struct statx, stx_dev_major)"),
            entry("STX_DEV_MINOR", "offsetof(struct statx, stx_dev_minor)"),
            entry("STATX_SIZE", "sizeof(struct statx)"),
            entry("POLL_EVENTS", "offsetof(struct pollfd, events)"),
            entry("IOCB_OPCODE", "offsetof(struct iocb, aio_lio_opcode)"),
            entry("IOCB_FILDES", "offsetof(struct iocb, aio_fildes)"),
            entry("IOCB_FLAGS", "offsetof(struct iocb, aio_flags)"),
            entry("IOCB_RESFD", "offsetof(struct iocb, aio_resfd)"),
            entry("IOCB_SIZE", "sizeof(struct iocb)"),
            entry("IO_EVENT_SIZE", "sizeof(struct io_event)"),
            entry("SYS_EPOLL_PWAIT2", "SYS_epoll_pwait2"));

    /** Those that are no numbers of the headers, or differ by architecture and are checked by themselves. */
    private static final List<String> OTHERS = List.of(
            "IO_BYTES",
            "EVENT_DATA",
            "EVENT_SIZE",
            "SYS_IO_SETUP",
            "SYS_IO_SUBMIT",
            "SYS_IO_GETEVENTS",
            "O_NOFOLLOW",
            "O_DIRECTORY");

    private static final String HEADERS = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <fcntl.h>
            #include <poll.h>
            #include <stddef.h>
            #include <linux/aio_abi.h>
            #include <sys/epoll.h>
            #include <sys/eventfd.h>
            #include <sys/file.h>
            #include <sys/mman.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "gcc, amd64, 4, 12, 206, 209, 208, 0x20000, 0x10000",
        "aarch64-linux-gnu-gcc, aarch64, 8, 16, 0, 2, 4, 0x8000, 0x4000"
    })
    void everyNumberIsThatOfTheHeaders(
            String compiler,
            String machine,
            int eventData,
            int eventSize,
            int setup,
            int submit,
            int getEvents,
            int noFollow,
            int directory)
            throws Exception {
        StringBuilder c = new StringBuilder(HEADERS);
        c.append("_Static_assert(sizeof(struct epoll_event) == %d, \"\");%n".formatted(eventSize));
        c.append("_Static_assert(offsetof(struct epoll_event, data) == %d, \"\");%n".formatted(eventData));
        c.append("_Static_assert(SYS_io_setup == %d, \"\");%n".formatted(setup));
        c.append("_Static_assert(SYS_io_submit == %d, \"\");%n".formatted(submit));
        c.append("_Static_assert(SYS_io_getevents == %d, \"\");%n".formatted(getEvents));
        c.append("_Static_assert(O_NOFOLLOW == %d, \"\");%n".formatted(noFollow));
        c.append("_Static_assert(O_DIRECTORY == %d, \"\");%n".formatted(directory));
        assertTrue(append(c, LibC.class) > 70);
        assertTrue(append(c, Errno.class) > 30);
        Path source = folder.resolve("numbers.c");
        Files.writeString(source, c);
        assumeTrue(isInstalled(compiler) && (!compiler.equals("gcc") || isMachine(machine)), compiler);
        Process process = new ProcessBuilder(compiler, "-fsyntax-only", source.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        if (isMachine(machine)) {
            assertEquals(eventData, number("EVENT_DATA"));
            assertEquals(eventSize, number("EVENT_SIZE"));
            assertEquals(setup, number("SYS_IO_SETUP"));
            assertEquals(submit, number("SYS_IO_SUBMIT"));
            assertEquals(getEvents, number("SYS_IO_GETEVENTS"));
            assertEquals(noFollow, number("O_NOFOLLOW"));
            assertEquals(directory, number("O_DIRECTORY"));
        }
    }

    private static boolean isMachine(String machine) {
        return System.getProperty("os.arch").equals(machine);
    }

    private static boolean isInstalled(String program) {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static int append(StringBuilder c, Class<?> constants) throws IllegalAccessException {
        int count = 0;
        for (Field field : constants.getDeclaredFields()) {
            String name = field.getName();
            if (field.getType() == int.class
                    && Modifier.isStatic(field.getModifiers())
                    && !OTHERS.contains(name)
                    && !name.equals("LIMIT")) {
                field.setAccessible(true);
                String expression = EXPRESSIONS.getOrDefault(name, name);
                c.append("_Static_assert((int)(%s) == %d, \"%s\");%n".formatted(expression, field.getInt(null), name));
                count++;
            }
        }
        return count;
    }

    private static int number(String name) throws ReflectiveOperationException {
        Field field = LibC.class.getDeclaredField(name);
        field.setAccessible(true);
        return field.getInt(null);
    }
}
