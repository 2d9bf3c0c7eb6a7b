// Registers of a machine that QEMU models.
package org.scmid.platform.register;

import org.scmid.config.register.WindowSpec;

/** Registers of a machine that QEMU models: each access is one line to QEMU, and one that it answers. */
final class QtestWindow implements RegisterWindow {
    private final WindowSpec spec;
    private final QtestConnection connection;
    private final int width;
    private final int widthBytes;
    private final boolean isBigEndian;
    private boolean open = true;

    QtestWindow(WindowSpec spec, QtestConnection connection) {
        this.spec = spec;
        this.connection = connection;
        width = spec.width();
        widthBytes = width / 8;
        isBigEndian = spec.rules().bigEndian();
        connection.use();
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

    /** @throws RegisterAccessException if QEMU does not answer, or answers something else */
    @Override
    public long read(long offset) {
        return connection.read(addressOf(offset), width, isBigEndian);
    }

    /** @throws RegisterAccessException if QEMU does not answer, or answers something else */
    @Override
    public void write(long offset, long value) {
        connection.write(addressOf(offset), width, isBigEndian, value);
    }

    private long addressOf(long offset) {
        if (!open) {
            throw new IllegalStateException("register window " + spec.name() + " is closed");
        }
        if (offset < 0 || offset > spec.size() - widthBytes) {
            throw new IndexOutOfBoundsException(
                    "offset " + offset + " of register window " + spec.name() + " of " + spec.size() + " bytes");
        }
        if (offset % widthBytes != 0) {
            throw new IllegalArgumentException(
                    "offset " + offset + " of register window " + spec.name() + " is no multiple of " + widthBytes);
        }
        return spec.at() + offset;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            connection.release();
        }
    }
}
