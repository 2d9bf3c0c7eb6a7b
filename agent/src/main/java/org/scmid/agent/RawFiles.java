// The files of the kernel's raw mode for one of its SCMI platforms.
package org.scmid.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.MessageFile;
import org.scmid.linux.NativeFile;
import org.scmid.protocol.Header;

/**
 * The entries of {@code scmi/N/raw} in debugfs, as Documentation/ABI/testing/debugfs-scmi-raw of Linux has them, and what
 * {@code scmi/N/transport} says of the kernel's own way to the platform.
 *
 * <p>An entry has one position for reading and writing, and a write sets it back: what was read last would come again. So
 * each direction is opened by itself.
 *
 * @param replies {@code message}, for reading: replies and delayed responses to whatever was written
 * @param notifications the entry of nearly that name: what the platform tells, to the kernel too
 * @param commands {@code message}, for writing: commands that only a reply follows
 * @param asynchronous {@code message_async}, for writing: commands that a delayed response follows
 * @param transport of the kernel's
 */
record RawFiles(
        MessageFile replies,
        MessageFile notifications,
        MessageFile commands,
        MessageFile asynchronous,
        Transport transport) {
    /**
     * The kernel's own way to the platform.
     *
     * @param maxMessage the longest payload of a command and of a notification, in bytes
     * @param maxUnderWay how many commands the kernel has under way at most, its own too; from 1
     * @param timeoutNanos how long the kernel waits for a reply, in nanoseconds
     */
    record Transport(int maxMessage, int maxUnderWay, long timeoutNanos) {
        /** What all kernels can do, should one not tell. */
        private static final int LEAST_MESSAGE = 104;

        private static final int LEAST_UNDER_WAY = 4;
        private static final int LONGEST_TIMEOUT_MILLIS = 60_000;
        private static final long NANOS_PER_MILLI = 1_000_000;

        static Transport of(Path folder) {
            return new Transport(
                    number(folder.resolve("max_msg_size"), LEAST_MESSAGE),
                    number(folder.resolve("tx_max_msg"), LEAST_UNDER_WAY),
                    number(folder.resolve("max_rx_timeout_ms"), LONGEST_TIMEOUT_MILLIS) * NANOS_PER_MILLI);
        }

        private static int number(Path file, int unknown) {
            try {
                return Math.max(1, Integer.parseInt(Files.readString(file).strip()));
            } catch (IOException | NumberFormatException e) {
                return unknown;
            }
        }
    }

    /**
     * Opens them, and has the kernel forget what it has for an earlier reader.
     *
     * @param debugfs where debugfs is mounted
     * @param instance which of the kernel's platforms, from 0
     * @throws IOException if they cannot be opened; the message says why, for people
     */
    static RawFiles open(Path debugfs, int instance) throws IOException {
        Path platform = debugfs.resolve("scmi").resolve(Integer.toString(instance));
        Path raw = platform.resolve("raw");
        List<MessageFile> opened = new ArrayList<>();
        try {
            MessageFile replies = opened(opened, raw.resolve("message"), MessageFile.Use.READ);
            if (!NativeFile.tryLock(replies.fd())) {
                throw new IOException(
                        "the kernel's raw mode for SCMI instance " + instance + " is in use by another scmid");
            }
            MessageFile notifications = opened(opened, raw.resolve("notification"), MessageFile.Use.READ);
            MessageFile commands = opened(opened, raw.resolve("message"), MessageFile.Use.WRITE);
            MessageFile asynchronous = opened(opened, raw.resolve("message_async"), MessageFile.Use.WRITE);
            try (MessageFile reset = MessageFile.open(raw.resolve("reset"), MessageFile.Use.WRITE)) {
                reset.write(new byte[] {'1'}, 1);
            }
            Transport transport = Transport.of(platform.resolve("transport"));
            if (transport.maxMessage() > PlatformLink.MAX_MESSAGE - Header.HEADER_BYTES) {
                throw new IOException("the kernel's SCMI has messages of " + transport.maxMessage()
                        + " bytes and a header;" + " scmid takes " + PlatformLink.MAX_MESSAGE + " bytes in all");
            }
            RawFiles all = new RawFiles(replies, notifications, commands, asynchronous, transport);
            opened.clear();
            return all;
        } catch (LinuxException e) {
            throw new IOException(whyNotOpened(debugfs, instance, e), e);
        } finally {
            opened.forEach(MessageFile::close);
        }
    }

    private static MessageFile opened(List<MessageFile> all, Path path, MessageFile.Use use) throws LinuxException {
        MessageFile file = MessageFile.open(path, use);
        all.add(file);
        return file;
    }

    private static String whyNotOpened(Path debugfs, int instance, LinuxException e) {
        return switch (e.errno()) {
            case Errno.ENOENT, Errno.ENOTDIR -> whatIsMissing(debugfs, instance);
            case Errno.EACCES -> "debugfs on " + debugfs + " may not be used by this user: it is root's";
            case Errno.EPERM -> "the kernel does not permit to use debugfs: it is locked down";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String whatIsMissing(Path debugfs, int instance) {
        Path scmi = debugfs.resolve("scmi");
        if (!Files.isDirectory(scmi)) {
            return isMounted(debugfs)
                    ? "the kernel has no SCMI: there is no " + scmi
                    : "debugfs is not mounted on " + debugfs;
        }
        if (!Files.isDirectory(scmi.resolve(Integer.toString(instance)))) {
            List<String> others = instances(scmi);
            return "the kernel has no SCMI instance " + instance
                    + (others.isEmpty() ? ": its SCMI has found no platform" : "; it has " + String.join(", ", others));
        }
        return "the kernel has no raw mode for SCMI instance " + instance
                + ": it is built without CONFIG_ARM_SCMI_RAW_MODE_SUPPORT";
    }

    private static List<String> instances(Path scmi) {
        Predicate<String> isNumber = name -> name.chars().allMatch(Character::isDigit);
        try (Stream<Path> entries = Files.list(scmi)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(isNumber)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A file system that is mounted on a folder is another one than its parent's. */
    private static boolean isMounted(Path debugfs) {
        Path parent = debugfs.toAbsolutePath().getParent();
        try {
            return parent == null
                    || NativeFile.identity(debugfs).device()
                            != NativeFile.identity(parent).device();
        } catch (LinuxException e) {
            return false;
        }
    }
}
