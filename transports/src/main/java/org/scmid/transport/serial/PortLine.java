// A serial port by jSerialComm, with threads of its own for all that may block.
package org.scmid.transport.serial;

import com.fazecast.jSerialComm.SerialPort;
import com.fazecast.jSerialComm.SerialPortInvalidPortException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Epoll;
import org.scmid.linux.Errno;
import org.scmid.linux.EventFd;
import org.scmid.linux.LinuxException;
import org.scmid.loop.EventLoop;
import org.scmid.loop.Scheduler;

/**
 * A serial port. Opening, reading, writing and closing may each block for as long as a driver likes, so one thread opens,
 * reads and closes it, and another one writes. Bytes pass between them and the loop by two rings, and wake-ups by an
 * eventfd and a semaphore: the loop never waits, and allocates nothing.
 *
 * <p>A port is used by one line at a time, in this process and, by a lock on its file, among those that ask for it. A line
 * that was closed has its port until its threads have let go of it.
 */
public final class PortLine implements SerialLine {
    /** How long a read waits for a byte, in milliseconds; a multiple of 100, in which termios counts. */
    private static final int READ_MILLIS = 200;

    private static final int PIECE = 1024;
    private static final int INPUT_BYTES = 64 * 1024;
    private static final int OUTPUT_BYTES = 2 * SerialSession.longestOnTheWire();
    /** What the loop takes at once. */
    private static final int SHARE_BYTES = 4 * PIECE;

    private static final long LONGEST_OPENING_NANOS = 5_000_000_000L;
    /** How often the loop looks whether the port is open: so a port that is not to be had costs no wake-up of a thread's. */
    private static final long LOOK_NANOS = 10_000_000;

    private static final int EAGAIN = Errno.EAGAIN;
    private static final int ENOTTY = 25;

    /** The ports that threads of this process have, by the file that they stand for. */
    private static final ConcurrentHashMap<Path, PortLine> IN_USE = new ConcurrentHashMap<>();

    private final SerialSettings settings;
    private final Listener listener;
    private final EventFd bell;
    private final EventLoop.Registration watch;
    private final Scheduler time;
    private final long begun;
    private final Scheduler.Timer opening;
    private final ByteRing input = new ByteRing(INPUT_BYTES);
    private final ByteRing output = new ByteRing(OUTPUT_BYTES);
    private final byte[] piece = new byte[PIECE];
    /** The loop and the threads; the last one to go closes the bell. */
    private final AtomicInteger bellHolders = new AtomicInteger(2);

    private final Semaphore toWrite = new Semaphore(0);
    private final AtomicBoolean writerWaits = new AtomicBoolean();
    private volatile boolean wantsRoom;
    private volatile boolean opened;
    private volatile boolean closing;
    private volatile @Nullable String failure;
    private boolean openedTold;
    private boolean closed;

    private PortLine(EventLoop loop, SerialSettings settings, Listener listener, EventFd bell) throws LinuxException {
        this.settings = settings;
        this.listener = listener;
        this.bell = bell;
        this.watch = loop.watch(bell.fd(), Epoll.IN, events -> rung());
        this.time = loop;
        this.begun = loop.nanoTime();
        this.opening = loop.timer(this::lookWhetherOpen);
    }

    /** Opens lines on a port, for users of a loop. */
    public static Opener opener(EventLoop loop, SerialSettings settings) {
        return listener -> open(loop, settings, listener);
    }

    private static SerialLine open(EventLoop loop, SerialSettings settings, Listener listener) {
        EventFd bell = null;
        try {
            bell = EventFd.create();
            PortLine line = new PortLine(loop, settings, listener, bell);
            line.opening.arm(LOOK_NANOS);
            Thread.ofPlatform()
                    .daemon()
                    .name("scmid-serial-" + settings.port().getFileName())
                    .start(line::run);
            return line;
        } catch (LinuxException e) {
            if (bell != null) {
                bell.close();
            }
            return new DeadLine(loop, listener, String.valueOf(e.getMessage()));
        }
    }

    // ---- on the loop ----

    @Override
    public int room() {
        if (!openedTold || closed) {
            return 0;
        }
        int room = output.room();
        if (room < OUTPUT_BYTES) {
            wantsRoom = true;
        }
        return room;
    }

    @Override
    public int capacity() {
        return OUTPUT_BYTES;
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        output.put(bytes, from, count);
        if (writerWaits.compareAndSet(true, false)) {
            toWrite.release();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        opening.disarm();
        watch.cancel();
        closing = true;
        toWrite.release();
        releaseBell();
    }

    private void releaseBell() {
        if (bellHolders.decrementAndGet() == 0) {
            bell.close();
        }
    }

    private void rung() {
        try {
            bell.drain();
        } catch (LinuxException e) {
            lose(String.valueOf(e.getMessage()));
            return;
        }
        tellOpened();
        deliver();
        if (!closed && wantsRoom && output.count() == 0) {
            wantsRoom = false;
            listener.writable();
        }
        String failed = failure;
        if (failed != null && input.count() == 0) {
            lose(failed);
        }
    }

    private void deliver() {
        for (int taken = 0; taken < SHARE_BYTES && !closed; taken += PIECE) {
            int count = input.take(piece);
            if (count == 0) {
                return;
            }
            listener.received(piece, count);
        }
        if (!closed) {
            ring(); // the others' turn first
        }
    }

    /** Nobody rings before it is open. */
    private void tellOpened() {
        if (!openedTold && !closed) {
            openedTold = true;
            opening.disarm();
            listener.opened();
        }
    }

    private void lookWhetherOpen() {
        String failed = failure;
        if (opened) {
            tellOpened();
        } else if (failed != null) {
            lose(failed);
        } else if (time.nanoTime() - begun > LONGEST_OPENING_NANOS) {
            lose("the driver of " + settings.port() + " takes longer than 5 s to open it");
        } else {
            opening.arm(LOOK_NANOS);
        }
    }

    private void lose(String why) {
        if (!closed) {
            close();
            listener.lost(why);
        }
    }

    // ---- on the threads ----

    private void ring() {
        try {
            bell.signal();
        } catch (LinuxException e) {
            throw new IllegalStateException(e); // an eventfd of our own
        }
    }

    private void fail(String why) {
        if (failure == null) {
            failure = why;
        }
        closing = true;
        if (opened) {
            ring();
        }
    }

    private void run() {
        try {
            Path device = device();
            if (IN_USE.putIfAbsent(device, this) != null) {
                throw new IOException("the port " + settings.port()
                        + " is in use by this service, or its driver has not let go of it since");
            }
            try {
                use(device);
            } finally {
                IN_USE.remove(device);
            }
        } catch (IOException | RuntimeException e) {
            fail(String.valueOf(e.getMessage()));
        }
        releaseBell();
    }

    /** The file that stands for the port. */
    private Path device() throws IOException {
        Path port = settings.port();
        if (!Files.exists(port)) {
            throw new IOException("there is no port " + port);
        }
        Path device = port.toRealPath();
        if (Files.isRegularFile(device) || Files.isDirectory(device)) {
            throw new IOException(port + " is no serial port");
        }
        return device;
    }

    private void use(Path device) throws IOException {
        String missing = NativeLibrary.load();
        if (missing != null) {
            throw new IOException(missing);
        }
        SerialPort port = openedPort(device);
        Thread writer = Thread.ofPlatform()
                .daemon()
                .name("scmid-serial-out-" + settings.port().getFileName())
                .start(() -> writeAll(port));
        try {
            opened = true;
            readAll(port, device);
        } catch (RuntimeException e) {
            fail("reading from " + settings.port() + " failed: " + e.getMessage());
        }
        closing = true;
        toWrite.release();
        // What is not written yet would hold the writer up, and closing with it.
        boolean writing = true;
        while (writing) {
            port.flushIOBuffers();
            writing = !hasEnded(writer);
        }
        port.closePort();
    }

    private static boolean hasEnded(Thread thread) {
        try {
            return thread.join(java.time.Duration.ofMillis(READ_MILLIS));
        } catch (InterruptedException e) {
            return !thread.isAlive(); // nobody interrupts these threads
        }
    }

    private SerialPort openedPort(Path device) throws IOException {
        SerialPort port;
        try {
            port = SerialPort.getCommPort(device.toString());
        } catch (SerialPortInvalidPortException e) {
            throw new IOException("there is no port " + settings.port(), e);
        }
        port.setComPortParameters(settings.baud(), 8, SerialPort.ONE_STOP_BIT, SerialPort.NO_PARITY);
        port.setFlowControl(
                settings.isFlowControlled()
                        ? SerialPort.FLOW_CONTROL_RTS_ENABLED | SerialPort.FLOW_CONTROL_CTS_ENABLED
                        : SerialPort.FLOW_CONTROL_DISABLED);
        port.setComPortTimeouts(SerialPort.TIMEOUT_READ_SEMI_BLOCKING, READ_MILLIS, 0);
        if (!port.openPort()) {
            throw new IOException(whyNotOpened(port.getLastErrorCode()));
        }
        return port;
    }

    private String whyNotOpened(int error) {
        Path port = settings.port();
        return switch (error) {
            case Errno.EACCES, Errno.EPERM ->
                "the port " + port + " may not be opened by this user; the group that owns it may, often dialout";
            case Errno.EBUSY, EAGAIN -> "the port " + port + " is in use by another program";
            case Errno.ENOENT -> "there is no port " + port;
            case ENOTTY, Errno.EINVAL -> port + " is no serial port, or cannot be set to " + settings.baud() + " baud";
            case Errno.ENXIO, Errno.ENODEV, Errno.EIO -> "there is no device behind the port " + port;
            default -> "the port " + port + " cannot be opened: error " + error;
        };
    }

    private void readAll(SerialPort port, Path device) {
        byte[] bytes = new byte[PIECE];
        while (!closing) {
            int count = port.readBytes(bytes, bytes.length);
            if (count < 0) {
                fail("the port " + settings.port() + " is gone");
            } else if (count == 0) {
                // A driver may say nothing when its device is pulled out.
                if (!Files.exists(device)) {
                    fail("the port " + settings.port() + " is gone");
                }
            } else {
                // Who floods loses: the line may lose bytes anyway.
                input.put(bytes, 0, Math.min(count, input.room()));
                ring();
            }
        }
    }

    private void writeAll(SerialPort port) {
        byte[] bytes = new byte[PIECE];
        while (!closing) {
            int count = output.take(bytes);
            if (count == 0) {
                awaitBytes();
            } else if (port.writeBytes(bytes, count) != count) {
                if (!closing) {
                    fail("writing to the port " + settings.port() + " failed");
                }
            } else if (wantsRoom && output.count() == 0) {
                ring();
            }
        }
    }

    private void awaitBytes() {
        writerWaits.set(true);
        if (output.count() > 0 && writerWaits.compareAndSet(true, false)) {
            return;
        }
        try {
            boolean woken = toWrite.tryAcquire(READ_MILLIS, TimeUnit.MILLISECONDS);
            if (!woken) {
                writerWaits.set(false);
            }
        } catch (InterruptedException e) {
            writerWaits.set(false); // nobody interrupts these threads
        }
    }

    /** What there is in place of a line for which the process has no descriptor left. */
    private static final class DeadLine implements SerialLine {
        private final Listener listener;
        private final String why;
        private boolean closed;

        DeadLine(EventLoop loop, Listener listener, String why) {
            this.listener = listener;
            this.why = why;
            loop.runSoon(new EventLoop.Task(this::tell));
        }

        private void tell() {
            if (!closed) {
                closed = true;
                listener.lost(why);
            }
        }

        @Override
        public int room() {
            return 0;
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            throw new IllegalStateException("the line is not open");
        }

        @Override
        public int capacity() {
            return 0;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
