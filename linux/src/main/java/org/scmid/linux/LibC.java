// The C library: every method handle, memory layout and constant of this package.
package org.scmid.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/**
 * Bindings of the C library (64-bit Linux, x86-64 and aarch64). Every method returns what the call returned or, if that
 * failed, minus the errno, as the kernel itself does; a call that a signal interrupted is repeated, but for
 * {@link #epollWait}, {@link #epollWaitNanos} and {@link #close}.
 *
 * <p>Arguments in memory go through buffers that each thread has once ({@link Buffers}), so no call allocates that is
 * not given a path. None is linked as <em>critical</em>: such a call stops the collector for as long as it lasts, and
 * of those that cannot block none measured faster.
 */
final class LibC {
    private static final boolean AMD64 = System.getProperty("os.arch").equals("amd64");

    // Numbers of the headers. Those of O_* here are the same on x86-64 and aarch64, but for the first two.
    static final int O_NOFOLLOW = AMD64 ? 0x20000 : 0x8000;
    static final int O_DIRECTORY = AMD64 ? 0x10000 : 0x4000;
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 0x1;
    static final int O_RDWR = 0x2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_NOCTTY = 0x100;
    static final int O_NONBLOCK = 0x800;
    static final int O_CLOEXEC = 0x80000;
    static final int O_SYNC = 0x101000;

    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 0x406;
    static final int F_ADD_SEALS = 0x409;
    static final int F_GET_SEALS = 0x40a;
    static final int F_OFD_SETLK = 37;
    static final int F_SEAL_SEAL = 1;
    static final int F_SEAL_SHRINK = 2;
    static final int F_SEAL_GROW = 4;

    private static final short F_WRLCK = 1;

    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    static final int S_IFMT = 0xf000;
    static final int S_IFSOCK = 0xc000;
    static final int S_IFLNK = 0xa000;
    static final int S_IFREG = 0x8000;
    static final int S_IFCHR = 0x2000;

    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final int MAP_ANONYMOUS = 0x20;

    static final int MFD_CLOEXEC = 1;
    static final int MFD_ALLOW_SEALING = 2;
    static final int EFD_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = 0x800;

    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int EPOLL_CLOEXEC = 0x80000;
    static final int EPOLL_CTL_ADD = 1;
    static final int EPOLL_CTL_DEL = 2;
    static final int EPOLL_CTL_MOD = 3;
    static final int EPOLLIN = 1;
    static final int EPOLLOUT = 4;
    static final int EPOLLERR = 8;
    static final int EPOLLHUP = 0x10;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLONESHOT = 1 << 30;
    static final int EPOLLET = 1 << 31;

    static final int MSG_CTRUNC = 8;
    private static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private static final int RWF_NOWAIT = 8;
    private static final int IOCB_CMD_PREAD = 0;
    private static final int IOCB_FLAG_RESFD = 1;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    /** How many bytes one read, receive or send moves at most. */
    static final int IO_BYTES = 32 << 10;

    /** The longest path of a Unix socket: sun_path has 108 bytes, the last of them 0. */
    static final int SOCKET_PATH_MAX = 107;

    // struct sockaddr_un { u16 sun_family; char sun_path[108]; }
    private static final int SUN_PATH = 2;
    private static final int SOCKADDR_UN_SIZE = 110;

    // struct msghdr, 56 bytes; struct iovec { void *base; size_t len; }
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSG_FLAGS = 48;
    private static final int MSGHDR_SIZE = 56;

    // struct cmsghdr { size_t len; int level; int type; }, then the descriptors, padded to 8 bytes
    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;

    // struct statx, 256 bytes: unlike struct stat the same on every architecture
    private static final int STX_BLKSIZE = 4;
    private static final int STX_NLINK = 16;
    private static final int STX_UID = 20;
    private static final int STX_GID = 24;
    private static final int STX_MODE = 28;
    private static final int STX_INO = 32;
    private static final int STX_SIZE = 40;
    private static final int STX_DEV_MAJOR = 136;
    private static final int STX_DEV_MINOR = 140;
    private static final int STATX_SIZE = 256;

    // struct epoll_event { u32 events; u64 data; } is packed on x86-64 only
    private static final int EVENT_DATA = AMD64 ? 4 : 8;
    private static final int EVENT_SIZE = AMD64 ? 12 : 16;

    // struct pollfd { int fd; short events; short revents; }
    private static final int POLL_EVENTS = 4;

    // struct iocb, 64 bytes, and struct io_event, 32 bytes
    private static final int IOCB_OPCODE = 16;
    private static final int IOCB_FILDES = 20;
    private static final int IOCB_FLAGS = 56;
    private static final int IOCB_RESFD = 60;
    private static final int IOCB_SIZE = 64;
    private static final int IO_EVENT_SIZE = 32;

    // Calls that the C library has no function for, or not in every version.
    static final int SYS_IO_SETUP = AMD64 ? 206 : 0;
    static final int SYS_IO_GETEVENTS = AMD64 ? 208 : 4;
    static final int SYS_IO_SUBMIT = AMD64 ? 209 : 2;
    private static final int SYS_EPOLL_PWAIT2 = 441;

    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = CALL_STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

    private static final MethodHandle OPEN = variadic("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = variadic("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle CLOSE = bind("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = bind("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = bind("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle PREADV2 =
            bind("preadv2", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SYSCALL =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FTRUNCATE = bind("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle POSIX_FALLOCATE =
            bind("posix_fallocate", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FLOCK = bind("flock", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CHMOD = bind("chmod", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CHOWN = bind("chown", JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle STATX = bind("statx", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle GETEUID = bind("geteuid", JAVA_INT);
    private static final MethodHandle UNLINK = bind("unlink", JAVA_INT, ADDRESS);
    private static final MethodHandle MMAP =
            bind("mmap", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle MUNMAP = bind("munmap", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MEMFD_CREATE = bind("memfd_create", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle EVENTFD = bind("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle POLL = bind("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EPOLL_CREATE = bind("epoll_create1", JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_CTL = bind("epoll_ctl", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle EPOLL_WAIT = bind("epoll_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle EPOLL_PWAIT2 =
            variadic("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle SOCKET = bind("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SOCKETPAIR = bind("socketpair", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS);
    private static final MethodHandle CONNECT = bind("connect", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle BIND = bind("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = bind("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle ACCEPT = bind("accept4", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
            bind("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle RECV = bind("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SEND = bind("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECVMSG = bind("recvmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SENDMSG = bind("sendmsg", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);

    private static final ThreadLocal<Buffers> BUFFERS = ThreadLocal.withInitial(Buffers::new);

    private LibC() {}

    /** What one thread needs to call: where errno goes, and room for arguments. Valid until its next call. */
    private static final class Buffers {
        /** A struct timespec of 0. */
        static final MemorySegment NO_TIME = Arena.global().allocate(16, 8);

        /** The memory, which goes with the thread. */
        private final Arena arena = Arena.ofAuto();

        final MemorySegment errno = room(CALL_STATE.byteSize(), CALL_STATE.byteAlignment());
        final MemorySegment io = room(IO_BYTES, 8);
        /** For a small structure: a socket address, a statx, an epoll event, a counter. */
        final MemorySegment small = room(STATX_SIZE, 8);

        final MemorySegment control = room(CMSG_DATA + 4L * FdList.CAPACITY, 8);
        final MemorySegment vector = room(16, 8);
        final MemorySegment message = room(MSGHDR_SIZE, 8);
        final MemorySegment iocb = room(IOCB_SIZE, 8);
        /** What io_submit takes: the addresses of its iocbs, of which there is one. */
        final MemorySegment iocbs = room(8, 8);

        /**
         * Memory of the arena as if it were everybody's: it is only used by the thread that keeps the arena, and a call with memory
         * that could go would have to hold it, for which it may allocate.
         */
        @SuppressWarnings("restricted")
        private MemorySegment room(long bytes, long alignment) {
            return MemorySegment.ofAddress(arena.allocate(bytes, alignment).address())
                    .reinterpret(bytes);
        }

        Buffers() {
            vector.set(ADDRESS, 0, io);
            message.set(ADDRESS, MSG_IOV, vector);
            message.set(JAVA_LONG, MSG_IOVLEN, 1);
            message.set(ADDRESS, MSG_CONTROL, control);
            iocb.set(JAVA_SHORT, IOCB_OPCODE, (short) IOCB_CMD_PREAD); // of 0 bytes
            iocb.set(JAVA_INT, IOCB_FLAGS, IOCB_FLAG_RESFD);
            iocbs.set(ADDRESS, 0, iocb);
        }
    }

    /** What a caller wants to know of a file. */
    static final class FileStatus {
        int mode;
        int links;
        int uid;
        int gid;
        long inode;
        long device;
        long size;
        int blockSize;

        boolean isSocket() {
            return (mode & S_IFMT) == S_IFSOCK;
        }

        NativeFile.Identity identity() {
            return new NativeFile.Identity(device, inode, uid, mode, links);
        }

        boolean isSameFile(FileStatus other) {
            return inode == other.inode && device == other.device;
        }
    }

    /** Where epoll_wait puts its events. */
    static final class EventBuffer {
        private final MemorySegment segment;
        private final int capacity;

        EventBuffer(int capacity) {
            this.capacity = capacity;
            this.segment = Arena.ofAuto().allocate((long) EVENT_SIZE * capacity, 8);
        }

        int events(int index) {
            return segment.get(JAVA_INT_UNALIGNED, (long) index * EVENT_SIZE);
        }

        long token(int index) {
            return segment.get(JAVA_LONG_UNALIGNED, (long) index * EVENT_SIZE + EVENT_DATA);
        }
    }

    // ---- files

    static int open(String path, int flags, int mode) {
        MemorySegment errno = buffers().errno;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(path);
            int result;
            do {
                result = result((int) OPEN.invokeExact(errno, name, flags, mode), errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int fcntl(int fd, int command, long argument) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) FCNTL.invokeExact(errno, fd, command, argument), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int close(int fd) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int read(int fd, byte[] into, int offset, int length) {
        Buffers buffers = buffers();
        long wanted = Math.min(length, IO_BYTES);
        try {
            int result;
            do {
                result = result((long) READ.invokeExact(buffers.errno, fd, buffers.io, wanted), buffers.errno);
            } while (result == -Errno.EINTR);
            if (result > 0) {
                MemorySegment.copy(buffers.io, JAVA_BYTE, 0, into, offset, result);
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int write(int fd, byte[] from, int offset, int length) {
        Buffers buffers = buffers();
        long wanted = Math.min(length, IO_BYTES);
        MemorySegment.copy(from, offset, buffers.io, JAVA_BYTE, 0, (int) wanted);
        try {
            int result;
            do {
                result = result((long) WRITE.invokeExact(buffers.errno, fd, buffers.io, wanted), buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int ftruncate(int fd, long size) {
        MemorySegment errno = buffers().errno;
        try {
            int result;
            do {
                result = result((int) FTRUNCATE.invokeExact(errno, fd, size), errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact(buffers().errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Gives the file room up to this size, and this size if it is shorter. */
    static int allocate(int fd, long size) {
        MemorySegment errno = buffers().errno;
        try {
            int error;
            do {
                error = (int) POSIX_FALLOCATE.invokeExact(errno, fd, 0L, size); // the result is the errno
            } while (error == Errno.EINTR);
            return -error;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** fcntl(F_OFD_SETLK) for an exclusive lock of bytes. */
    static int lockBytes(int fd, long start, long length) {
        try (Arena arena = Arena.ofConfined()) {
            // struct flock { short l_type, l_whence; off_t l_start at 8, l_len at 16; pid_t l_pid at 24, here 0; }
            MemorySegment lock = arena.allocate(32, 8);
            lock.set(JAVA_SHORT, 0, F_WRLCK);
            lock.set(JAVA_LONG, 8, start);
            lock.set(JAVA_LONG, 16, length);
            return fcntl(fd, F_OFD_SETLK, lock.address());
        }
    }

    static int flock(int fd, int operation) {
        MemorySegment errno = buffers().errno;
        try {
            int result;
            do {
                result = result((int) FLOCK.invokeExact(errno, fd, operation), errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int chmod(String path, int mode) {
        MemorySegment errno = buffers().errno;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) CHMOD.invokeExact(errno, arena.allocateFrom(path), mode), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int chown(String path, int uid, int gid) {
        MemorySegment errno = buffers().errno;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) CHOWN.invokeExact(errno, arena.allocateFrom(path), uid, gid), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int unlink(String path) {
        MemorySegment errno = buffers().errno;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) UNLINK.invokeExact(errno, arena.allocateFrom(path)), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The status of an open file. */
    static int fstat(int fd, FileStatus into) {
        return statx(fd, "", AT_EMPTY_PATH, into);
    }

    /** The status of a file by its name; of a symbolic link itself. */
    static int lstat(String path, FileStatus into) {
        return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into);
    }

    private static int statx(int directory, String path, int flags, FileStatus into) {
        Buffers buffers = buffers();
        MemorySegment status = buffers.small;
        try (Arena arena = Arena.ofConfined()) {
            int result = result(
                    (int) STATX.invokeExact(
                            buffers.errno, directory, arena.allocateFrom(path), flags, STATX_BASIC_STATS, status),
                    buffers.errno);
            if (result == 0) {
                into.mode = Short.toUnsignedInt(status.get(JAVA_SHORT, STX_MODE));
                into.links = status.get(JAVA_INT, STX_NLINK);
                into.uid = status.get(JAVA_INT, STX_UID);
                into.gid = status.get(JAVA_INT, STX_GID);
                into.inode = status.get(JAVA_LONG, STX_INO);
                into.size = status.get(JAVA_LONG, STX_SIZE);
                into.blockSize = status.get(JAVA_INT, STX_BLKSIZE);
                into.device = (long) status.get(JAVA_INT, STX_DEV_MAJOR) << 32
                        | Integer.toUnsignedLong(status.get(JAVA_INT, STX_DEV_MINOR));
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- memory

    /** Maps; the result is an address, or minus the errno: no address of user space is negative. */
    static long mmap(long length, int protection, int flags, int fd, long offset) {
        MemorySegment errno = buffers().errno;
        try {
            long address = (long) MMAP.invokeExact(errno, MemorySegment.NULL, length, protection, flags, fd, offset);
            return address == -1 ? -errno.get(JAVA_INT, ERRNO) : address;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** The memory at an address that {@link #mmap} returned, for as long as an arena lives. */
    @SuppressWarnings("restricted")
    static MemorySegment memory(long address, long length, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, null);
    }

    static int munmap(long address, long length) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) MUNMAP.invokeExact(errno, address, length), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int memfdCreate(String name, int flags) {
        MemorySegment errno = buffers().errno;
        try (Arena arena = Arena.ofConfined()) {
            return result((int) MEMFD_CREATE.invokeExact(errno, arena.allocateFrom(name), flags), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- events

    static int eventfd(int initial, int flags) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) EVENTFD.invokeExact(errno, initial, flags), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Adds to an event counter. */
    static int eventWrite(int fd, long value) {
        Buffers buffers = buffers();
        buffers.small.set(JAVA_LONG, 0, value);
        try {
            int result;
            do {
                result = result(
                        (long) WRITE.invokeExact(buffers.errno, fd, buffers.small, (long) Long.BYTES), buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Takes what an event counter holds; the value itself is of no use to us. */
    static int eventRead(int fd) {
        Buffers buffers = buffers();
        try {
            int result;
            do {
                result = result(
                        (long) READ.invokeExact(buffers.errno, fd, buffers.small, (long) Long.BYTES), buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** As {@link #eventRead}, without waiting, whatever the descriptor's flags are; EOPNOTSUPP before Linux 5.8. */
    static int eventReadNoWait(int fd) {
        Buffers buffers = buffers();
        buffers.vector.set(JAVA_LONG, 8, Long.BYTES);
        try {
            int result;
            do {
                result = result(
                        (long) PREADV2.invokeExact(buffers.errno, fd, buffers.vector, 1, -1L, RWF_NOWAIT),
                        buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Makes a queue of asynchronous operations (io_setup), which lives as long as the process.
     *
     * @return its address, or minus the errno: no address of user space is negative
     */
    static long ioSetup(int operations) {
        Buffers buffers = buffers();
        buffers.small.set(JAVA_LONG, 0, 0);
        int result = syscall(buffers, SYS_IO_SETUP, operations, buffers.small.address(), 0, 0, 0);
        return result < 0 ? result : buffers.small.get(JAVA_LONG, 0);
    }

    /** Reads 0 bytes of a file asynchronously; its completion signals an eventfd. Minus EAGAIN if the queue is full. */
    static int ioSubmit(long queue, int file, int eventFd) {
        Buffers buffers = buffers();
        buffers.iocb.set(JAVA_INT, IOCB_FILDES, file);
        buffers.iocb.set(JAVA_INT, IOCB_RESFD, eventFd);
        return syscall(buffers, SYS_IO_SUBMIT, queue, 1, buffers.iocbs.address(), 0, 0);
    }

    /** Takes completed operations out of the queue, without waiting, and forgets them. */
    static int ioForget(long queue) {
        Buffers buffers = buffers();
        long most = IO_BYTES / IO_EVENT_SIZE;
        return syscall(buffers, SYS_IO_GETEVENTS, queue, 0, most, buffers.io.address(), Buffers.NO_TIME.address());
    }

    /** A call by its number. One handle for all that come here, so that it is compiled also for those that are rare. */
    private static int syscall(Buffers buffers, long number, long a, long b, long c, long d, long e) {
        try {
            return result((long) SYSCALL.invokeExact(buffers.errno, number, a, b, c, d, e), buffers.errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Asks one descriptor: 1 if any of the events, an error or a hang-up is there, 0 after the time. */
    static int poll(int fd, int events, int timeoutMillis) {
        Buffers buffers = buffers();
        buffers.small.set(JAVA_INT, 0, fd);
        buffers.small.set(JAVA_INT, POLL_EVENTS, events); // revents, the upper half, starts as 0
        try {
            int result;
            do {
                result = result((int) POLL.invokeExact(buffers.errno, buffers.small, 1L, timeoutMillis), buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int epollCreate(int flags) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) EPOLL_CREATE.invokeExact(errno, flags), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    static int epollControl(int epoll, int operation, int fd, int events, long token) {
        Buffers buffers = buffers();
        buffers.small.set(JAVA_INT, 0, events);
        buffers.small.set(JAVA_LONG_UNALIGNED, EVENT_DATA, token);
        try {
            return result(
                    (int) EPOLL_CTL.invokeExact(buffers.errno, epoll, operation, fd, buffers.small), buffers.errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Waits; minus EINTR is a result for the caller, who knows how much of the time is left. */
    static int epollWait(int epoll, EventBuffer into, int timeoutMillis) {
        MemorySegment errno = buffers().errno;
        try {
            return result(
                    (int) EPOLL_WAIT.invokeExact(errno, epoll, into.segment, into.capacity, timeoutMillis), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** As {@link #epollWait}, to the nanosecond; minus ENOSYS before Linux 5.11. */
    static int epollWaitNanos(int epoll, EventBuffer into, long nanos) {
        Buffers buffers = buffers();
        buffers.small.set(JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
        buffers.small.set(JAVA_LONG, 8, nanos % NANOS_PER_SECOND);
        try {
            return result(
                    (long) EPOLL_PWAIT2.invokeExact(
                            buffers.errno,
                            (long) SYS_EPOLL_PWAIT2,
                            (long) epoll,
                            into.segment,
                            (long) into.capacity,
                            buffers.small,
                            MemorySegment.NULL,
                            0L),
                    buffers.errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- Unix stream sockets

    /** Makes a socket, non-blocking and close-on-exec. */
    static int socket() {
        MemorySegment errno = buffers().errno;
        int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        try {
            return result((int) SOCKET.invokeExact(errno, AF_UNIX, type, 0), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Makes two connected sockets of a kind, as {@link #socket}. */
    static int socketPair(int kind, int[] into) {
        Buffers buffers = buffers();
        int type = kind | SOCK_NONBLOCK | SOCK_CLOEXEC;
        try {
            int result =
                    result((int) SOCKETPAIR.invokeExact(buffers.errno, AF_UNIX, type, 0, buffers.small), buffers.errno);
            into[0] = buffers.small.get(JAVA_INT, 0);
            into[1] = buffers.small.get(JAVA_INT, 4);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Connects; minus ENAMETOOLONG if the path does not fit an address. */
    static int connect(int fd, String path) {
        Buffers buffers = buffers();
        if (!putAddress(path, buffers.small)) {
            return -Errno.ENAMETOOLONG;
        }
        try {
            int result;
            do {
                result = result(
                        (int) CONNECT.invokeExact(buffers.errno, fd, buffers.small, SOCKADDR_UN_SIZE), buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Binds, which makes the file; minus ENAMETOOLONG if the path does not fit an address. */
    static int bind(int fd, String path) {
        Buffers buffers = buffers();
        if (!putAddress(path, buffers.small)) {
            return -Errno.ENAMETOOLONG;
        }
        try {
            return result((int) BIND.invokeExact(buffers.errno, fd, buffers.small, SOCKADDR_UN_SIZE), buffers.errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    private static boolean putAddress(String path, MemorySegment address) {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length > SOCKET_PATH_MAX) {
            return false;
        }
        address.asSlice(0, SOCKADDR_UN_SIZE).fill((byte) 0);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(name, 0, address, JAVA_BYTE, SUN_PATH, name.length);
        return true;
    }

    static int listen(int fd, int backlog) {
        MemorySegment errno = buffers().errno;
        try {
            return result((int) LISTEN.invokeExact(errno, fd, backlog), errno);
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Accepts a connection, non-blocking and close-on-exec. */
    static int accept(int fd) {
        MemorySegment errno = buffers().errno;
        try {
            int result;
            do {
                result = result(
                        (int) ACCEPT.invokeExact(
                                errno, fd, MemorySegment.NULL, MemorySegment.NULL, SOCK_NONBLOCK | SOCK_CLOEXEC),
                        errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Asks who is on the other side: pid, uid, gid (SO_PEERCRED, struct ucred). */
    static int peerCredentials(int fd, int[] into) {
        Buffers buffers = buffers();
        MemorySegment length = buffers.small.asSlice(16, 4);
        length.set(JAVA_INT, 0, 12);
        try {
            int result = result(
                    (int) GETSOCKOPT.invokeExact(buffers.errno, fd, SOL_SOCKET, SO_PEERCRED, buffers.small, length),
                    buffers.errno);
            for (int i = 0; i < 3; i++) {
                into[i] = buffers.small.get(JAVA_INT, 4L * i);
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** Receives without waiting, at most {@link #IO_BYTES}; the kernel closes descriptors that come along. */
    static int receive(int fd, byte[] into, int offset, int length) {
        Buffers buffers = buffers();
        long wanted = Math.min(length, IO_BYTES);
        try {
            int result;
            do {
                result = result(
                        (long) RECV.invokeExact(buffers.errno, fd, buffers.io, wanted, MSG_DONTWAIT), buffers.errno);
            } while (result == -Errno.EINTR);
            if (result > 0) {
                MemorySegment.copy(buffers.io, JAVA_BYTE, 0, into, offset, result);
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /**
     * Receives without waiting, at most {@link #IO_BYTES}, and appends the descriptors that come along to a list.
     * If some were lost (MSG_CTRUNC) the result is minus EMSGSIZE, and those that arrived are in the list.
     */
    static int receive(int fd, byte[] into, int offset, int length, FdList fds) {
        Buffers buffers = buffers();
        buffers.vector.set(JAVA_LONG, 8, Math.min(length, IO_BYTES));
        long room = CMSG_DATA + 4L * fds.room();
        try {
            int result;
            do {
                buffers.message.set(JAVA_LONG, MSG_CONTROLLEN, room);
                result = result(
                        (long) RECVMSG.invokeExact(buffers.errno, fd, buffers.message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC),
                        buffers.errno);
            } while (result == -Errno.EINTR);
            if (result >= 0) {
                addReceived(buffers, fds);
                if ((buffers.message.get(JAVA_INT, MSG_FLAGS) & MSG_CTRUNC) != 0) {
                    return -Errno.EMSGSIZE;
                }
            }
            if (result > 0) {
                MemorySegment.copy(buffers.io, JAVA_BYTE, 0, into, offset, result);
            }
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** One control message at most is there: the kernel never joins those of two sends, and we ask for no others. */
    private static void addReceived(Buffers buffers, FdList fds) {
        MemorySegment control = buffers.control;
        long length = buffers.message.get(JAVA_LONG, MSG_CONTROLLEN);
        if (length < CMSG_DATA
                || control.get(JAVA_INT, CMSG_LEVEL) != SOL_SOCKET
                || control.get(JAVA_INT, CMSG_TYPE) != SCM_RIGHTS) {
            return;
        }
        // cmsg_len, not msg_controllen: that one is padded.
        long end = Math.min(length, control.get(JAVA_LONG, 0));
        for (long at = CMSG_DATA; at + 4 <= end; at += 4) {
            fds.add(Fd.of(control.get(JAVA_INT, at)));
        }
    }

    /** Sends without waiting and without SIGPIPE, at most {@link #IO_BYTES}. */
    static int send(int fd, byte[] from, int offset, int length) {
        Buffers buffers = buffers();
        long offered = Math.min(length, IO_BYTES);
        MemorySegment.copy(from, offset, buffers.io, JAVA_BYTE, 0, (int) offered);
        try {
            int result;
            do {
                result = result(
                        (long) SEND.invokeExact(buffers.errno, fd, buffers.io, offered, MSG_DONTWAIT | MSG_NOSIGNAL),
                        buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    /** As {@link #send}, with descriptors that go with the first byte. */
    static int send(int fd, byte[] from, int offset, int length, Fd[] fds) {
        Buffers buffers = buffers();
        int offered = Math.min(length, IO_BYTES);
        MemorySegment.copy(from, offset, buffers.io, JAVA_BYTE, 0, offered);
        buffers.vector.set(JAVA_LONG, 8, offered);
        long controlLength = CMSG_DATA + 4L * fds.length;
        buffers.control.set(JAVA_LONG, 0, controlLength);
        buffers.control.set(JAVA_INT, CMSG_LEVEL, SOL_SOCKET);
        buffers.control.set(JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
        for (int i = 0; i < fds.length; i++) {
            buffers.control.set(JAVA_INT, CMSG_DATA + 4L * i, fds[i].number());
        }
        buffers.message.set(JAVA_LONG, MSG_CONTROLLEN, controlLength);
        try {
            int result;
            do {
                result = result(
                        (long) SENDMSG.invokeExact(buffers.errno, fd, buffers.message, MSG_DONTWAIT | MSG_NOSIGNAL),
                        buffers.errno);
            } while (result == -Errno.EINTR);
            return result;
        } catch (Throwable t) {
            throw unexpected(t);
        }
    }

    // ---- linking

    private static Buffers buffers() {
        return BUFFERS.get();
    }

    private static int result(int result, MemorySegment errno) {
        return result == -1 ? -errno.get(JAVA_INT, ERRNO) : result;
    }

    private static int result(long result, MemorySegment errno) {
        return result == -1 ? -errno.get(JAVA_INT, ERRNO) : (int) result;
    }

    private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... arguments) {
        return link(name, FunctionDescriptor.of(result, arguments), Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle variadic(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        return link(
                name,
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"),
                Linker.Option.firstVariadicArg(fixed));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment address = LIBRARY.find(name)
                .orElseThrow(() ->
                        new IllegalStateException("the C library has no " + name + "; glibc 2.28 or newer is needed"));
        try {
            return LINKER.downcallHandle(address, type, options);
        } catch (IllegalCallerException e) {
            throw new IllegalStateException(
                    "Java may not call the C library: start it with --enable-native-access=ALL-UNNAMED", e);
        }
    }

    /** What a handle throws that is not ours to handle, an InternalError of a mapping among it, goes on as it is. */
    private static Error unexpected(Throwable t) {
        if (t instanceof RuntimeException e) {
            throw e;
        }
        if (t instanceof Error e) {
            return e;
        }
        return new AssertionError(t);
    }
}
