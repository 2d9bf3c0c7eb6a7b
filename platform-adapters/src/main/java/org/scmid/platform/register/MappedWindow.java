// Registers that are reached by mmap: a file that others may watch, physical memory, or a UIO device.
package org.scmid.platform.register;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.scmid.config.register.WindowSpec;
import org.scmid.linux.Fd;
import org.scmid.linux.LinuxException;
import org.scmid.linux.Mapping;
import org.scmid.linux.NativeFile;
import org.scmid.linux.OpenMode;

/** Registers in a mapping. Each access is one aligned volatile access of the window's width. */
final class MappedWindow implements RegisterWindow {
    static final Path DEV_MEM = Path.of("/dev/mem");

    private final WindowSpec spec;
    private final Mapping mapping;
    private final long start;
    private final int width;
    private final long lastRegister;
    private final boolean isReversed;

    private MappedWindow(WindowSpec spec, Mapping mapping, long start) {
        this.spec = spec;
        this.mapping = mapping;
        this.start = start;
        width = spec.width();
        lastRegister = spec.size() - width / 8;
        isReversed = spec.rules().bigEndian() == (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Maps part of an open file.
     *
     * @param spec the window
     * @param fd the file; it may be closed afterwards
     * @param offset where the mapping begins in the file, page-aligned
     * @param start where the window begins in the mapping
     */
    static MappedWindow map(WindowSpec spec, Fd fd, long offset, long start) throws LinuxException {
        return new MappedWindow(spec, Mapping.map(fd, offset, start + spec.size(), true), start);
    }

    /**
     * A file as a window; its first byte is the window's first. If it is not there it is created for its owner only,
     * complete with the initial values. One that exists is taken as it is.
     */
    static MappedWindow file(WindowSpec spec, Path path) throws WindowException {
        try {
            if (!Files.exists(path)) {
                create(spec, path);
            }
            if (!Files.isRegularFile(path)) {
                throw new WindowException(spec.name(), path + " is not a regular file");
            }
            try (Fd fd = NativeFile.open(path, OpenMode.READ_WRITE, false, false)) {
                long size = NativeFile.size(fd);
                if (size < spec.size()) {
                    throw new WindowException(
                            spec.name(),
                            path + " has " + size + " bytes, the window needs " + spec.size()
                                    + "; move the file away and it is created anew");
                }
                return map(spec, fd, 0, 0);
            }
        } catch (LinuxException e) {
            throw new WindowException(spec.name(), path + " cannot be mapped: " + e.getMessage(), e);
        } catch (NoSuchFileException e) {
            throw new WindowException(spec.name(), path + " cannot be created: there is no such folder", e);
        } catch (AccessDeniedException e) {
            throw new WindowException(spec.name(), path + " cannot be created: permission denied for its folder", e);
        } catch (WindowException e) {
            throw e;
        } catch (IOException e) {
            throw new WindowException(spec.name(), path + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** Writes the file beside its place and then gives it its name, so that nobody ever sees a part of it. */
    private static void create(WindowSpec spec, Path path) throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = target.getParent();
        Path fresh = Files.createTempFile(
                folder == null ? target : folder,
                ".scmid-",
                ".registers",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), spec.size() - 1);
                ByteBuffer word = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                for (Map.Entry<Long, Long> value : spec.initial().entrySet()) {
                    long initial = spec.rules().bigEndian()
                            ? Long.reverseBytes(value.getValue()) >>> (64 - spec.width())
                            : value.getValue();
                    word.clear().putLong(initial).flip().limit(spec.width() / 8);
                    channel.write(word, value.getKey());
                }
            }
            Files.createLink(target, fresh);
        } catch (FileAlreadyExistsException e) {
            // Somebody else created it in this moment: then it is an existing file, and stays as it is.
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(fresh, target); // a file system without hard links; this does not replace anything either
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Physical memory. The mapping covers the window's pages and no other: the kernel checks each page.
     *
     * @param kernel this host's, which may use the addresses itself
     */
    static MappedWindow devmem(WindowSpec spec, Path device, HostKernel kernel) throws WindowException {
        if (spec.at() < 0) {
            throw new WindowException(
                    spec.name(), "0x" + Long.toHexString(spec.at()) + " is beyond what can be mapped from " + device);
        }
        kernel.refuseIfDriven(spec);
        long page = PageSize.bytes();
        long start = spec.at() % page;
        try (Fd fd = NativeFile.open(device, OpenMode.READ_WRITE, false, true)) {
            return map(spec, fd, spec.at() - start, start);
        } catch (LinuxException e) {
            throw new WindowException(spec.name(), new DevmemRefusal(kernel).explain(e, spec, device), e);
        }
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public long size() {
        return spec.size();
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public long read(long offset) {
        long word = mapping.readRegister(at(offset), width);
        return isReversed ? reversed(word) : word;
    }

    @Override
    public void write(long offset, long value) {
        mapping.writeRegister(at(offset), width, isReversed ? reversed(value) : value);
    }

    private long reversed(long word) {
        return Long.reverseBytes(word) >>> (64 - width);
    }

    /** The mapping covers whole pages: what lies beside the window there belongs to others. */
    private long at(long offset) {
        if (offset < 0 || offset > lastRegister) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " of register window " + spec.name() + " of " + spec.size() + " bytes");
        }
        return start + offset;
    }

    @Override
    public void close() {
        mapping.close();
    }
}
