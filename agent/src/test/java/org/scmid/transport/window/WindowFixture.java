// A window in shared memory with a server and a driver on it, turned by hand on one thread.
package org.scmid.transport.window;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.scmid.agent.frontend.DriverControl;
import org.scmid.agent.frontend.DriverWindow;
import org.scmid.agent.frontend.WindowDriver;
import org.scmid.agent.frontend.WindowDriver.Ending;
import org.scmid.agent.frontend.WindowDriver.MmioPlan;
import org.scmid.agent.frontend.WindowDriver.Phase;
import org.scmid.testing.HandLoop;
import org.scmid.transport.EventSink;
import org.scmid.transport.PollPacing;
import org.scmid.transport.RecordingPort;

/**
 * The window is 64 KiB at 0x1000 of a file in memory. What lies before and behind it in the file has a pattern, which
 * {@link #close} looks at. The guest's address of the window is not 0, so that offsets and addresses are told apart.
 */
final class WindowFixture implements AutoCloseable {
    /** Which of the two layouts is in the window. */
    enum Layout {
        MMIO(0x200),
        FAT(0);

        /** Offset of the control block. */
        final int control;

        Layout(int control) {
            this.control = control;
        }
    }

    static final int SIZE = 0x10000;
    static final long GUEST_ADDRESS = 0x7000_0000L;
    static final long SECOND = 1_000_000_000L;

    static final int BEFORE = 0x1000;
    private static final byte PATTERN = (byte) 0xa5;
    private static final int PATIENCE = 1_000;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final Layout layout;
    final Path file;
    final HandLoop loop = new HandLoop();
    final PollPacing pacing = new PollPacing(loop);
    final RecordingPort port = new RecordingPort();
    final DriverWindow window;
    final int control;

    /** The server that is there now, started or not. */
    WindowTransport server;

    /** The driver that is there now. */
    WindowDriver driver;

    private final FatGeometry geometry;

    /** Neither server nor driver is started. */
    WindowFixture(Layout layout) throws IOException {
        this(layout, new FatGeometry(32, 192));
    }

    WindowFixture(Layout layout, FatGeometry geometry) throws IOException {
        this.layout = layout;
        this.geometry = geometry;
        control = layout.control;
        file = Path.of("/dev/shm/scmid-window-test-" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
        byte[] content = new byte[BEFORE + SIZE + BEFORE];
        Arrays.fill(content, 0, BEFORE, PATTERN);
        Arrays.fill(content, BEFORE + SIZE, content.length, PATTERN);
        Files.write(file, content);
        window = DriverWindow.open(file, BEFORE, SIZE, GUEST_ADDRESS);
        server = newServer();
        driver = newDriver();
    }

    /** A server and a driver whose session is ready. */
    static WindowFixture ready(Layout layout) throws IOException {
        WindowFixture fixture = new WindowFixture(layout);
        fixture.server.start();
        fixture.untilReady();
        return fixture;
    }

    /** A server and a driver by hand, which has agreed on the epochs and written no register yet. */
    static WindowFixture atRegisters() throws IOException {
        WindowFixture fixture = new WindowFixture(Layout.MMIO);
        fixture.server.start();
        fixture.driver = WindowDriver.mmioByHand(fixture.window, DriverControl.NO_BELL);
        fixture.until(Phase.REGISTERS);
        fixture.loop.turn();
        return fixture;
    }

    WindowTransport newServer() {
        return newServer(null);
    }

    WindowTransport newServer(PeerBell.@Nullable Maker bell) {
        WindowFile place = new WindowFile(file, BEFORE, SIZE, WindowFile.Kind.MEMORY_FILE);
        WindowTransport.Attention attention = new WindowTransport.Attention(pacing, SECOND / 100, bell);
        return layout == Layout.MMIO
                ? WindowTransport.mmio(loop, port, place, GUEST_ADDRESS, attention)
                : WindowTransport.fat(loop, port, place, GUEST_ADDRESS, geometry, attention);
    }

    WindowDriver newDriver() {
        return layout == Layout.MMIO
                ? WindowDriver.mmio(window, MmioPlan.USUAL, DriverControl.NO_BELL)
                : WindowDriver.fat(window, DriverControl.NO_BELL);
    }

    /** The server dies; the next one is there, and not started. */
    void killServer() throws IOException {
        // A server that dies leaves the window as it is. This one lives in our process: what its orderly end writes is
        // taken back.
        byte[] left = new byte[SIZE];
        window.read(0, left, SIZE);
        server.close();
        window.write(0, left, SIZE);
        server = newServer();
    }

    /** One step of the driver, one turn of the loop. */
    void turn() {
        driver.step();
        loop.turn();
    }

    void until(Phase phase) {
        for (int i = 0; driver.phase() != phase; i++) {
            assertTrue(i < PATIENCE, () -> "still " + driver + ", not " + phase);
            turn();
        }
    }

    void untilReady() {
        until(Phase.READY);
        loop.turn(); // and the server has seen it
    }

    /** Turns until the driver has something to tell. */
    void untilPolled() {
        for (int i = 0; !driver.poll(); i++) {
            assertTrue(i < PATIENCE, () -> "nothing comes to " + driver);
            turn();
        }
    }

    /** Turns for so many rounds in which nothing must come. */
    void expectSilence() {
        for (int i = 0; i < 50; i++) {
            turn();
            assertTrue(!driver.poll(), () -> "came: " + driver.ending());
        }
    }

    /** A request of 8 times this byte. */
    long send(int value) {
        byte[] request = new byte[8];
        Arrays.fill(request, (byte) value);
        return driver.send(request, request.length);
    }

    /** The reply to {@link #send} of this value comes. */
    void expectReply(long ticket, int value) {
        untilPolled();
        assertEquals(Ending.REPLY, driver.ending());
        assertEquals(ticket, driver.ticket());
        assertEquals(8, driver.length());
        for (int i = 0; i < 8; i++) {
            assertEquals((byte) ~value, driver.message()[i]);
        }
    }

    void exchange(int value) {
        long ticket = send(value);
        assertTrue(ticket != 0, () -> "cannot be sent: " + driver);
        expectReply(ticket, value);
    }

    /** Offers an event of so many bytes, 1, 2, 3 and so on. */
    EventSink.Result offer(int length) {
        byte[] event = new byte[length];
        for (int i = 0; i < length; i++) {
            event[i] = (byte) (i + 1);
        }
        return sink().offer(event, length);
    }

    /** Gives the next event buffer back unused. */
    void returnBuffer() {
        sink().returnBuffer();
    }

    private EventSink sink() {
        EventSink sink = port.events;
        if (sink == null) {
            throw new AssertionError("there is no channel for events");
        }
        return sink;
    }

    /** A field of the control block. */
    int field(int offset) {
        return window.load(control + offset);
    }

    void setField(int offset, int value) {
        window.store(control + offset, value);
    }

    /** Writes a register by hand, one turn each, and says whether it was acknowledged. */
    boolean write(int register, int value) {
        driver.registers().beginWrite(register, value);
        for (int i = 0; i < 3; i++) {
            loop.turn();
        }
        return driver.registers().isWritten();
    }

    int state() {
        return field(0x08);
    }

    /** The bytes around the window are as they were. */
    void checkSurroundings() throws IOException {
        byte[] content = Files.readAllBytes(file);
        for (int i = 0; i < content.length; i++) {
            if (i == BEFORE) {
                i += SIZE;
            }
            assertEquals(PATTERN, content[i], "byte " + i + " of the file, outside the window");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        window.close();
        try {
            if (Files.size(file) == BEFORE + SIZE + BEFORE) {
                checkSurroundings();
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
