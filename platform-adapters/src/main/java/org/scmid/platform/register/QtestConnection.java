// A connection to a QEMU that gives access to the registers of its machine by lines of text.
package org.scmid.platform.register;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;
import org.scmid.linux.UnixSocket;

/**
 * QEMU's register access protocol ({@code -qtest unix:SOCKET,server=on,wait=off}). A command is a line, and so is its
 * answer; numbers are hexadecimal, {@code b}, {@code w}, {@code l} and {@code q} are 8, 16, 32 and 64 bits:
 *
 * <pre>
 *   readl 0x40021000                  OK 0x0000000000000063
 *   writel 0x40021000 0x163           OK
 *   endianness                        OK little
 * </pre>
 *
 * Anything else is a failure. Lines that begin with {@code IRQ} come by themselves and are skipped. Words go in the
 * machine's own byte order.
 *
 * <p>A QEMU that does not answer must not stop the service: an access waits for as long as the file says, and no longer.
 * What is there by then is an answer, even if this process was too busy to look in time. After any failure the connection
 * is closed, since an answer that comes late would be taken for that of a later command, and the next access connects anew;
 * after one that took the whole time, accesses fail at once for {@value #PAUSE} times as long before that, so that the
 * service has most of its time for others.
 *
 * <p>For one thread. Makes no objects of its own but for a failure and a connection.
 */
final class QtestConnection {
    /** How long a QEMU that did not answer is left alone, in time-outs. */
    static final int PAUSE = 4;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String HOW_TO_START =
            "start QEMU with -qtest unix:SOCKET,server=on,wait=off before scmid, or use --simulate";
    private static final byte[] READ = ascii("read");
    private static final byte[] WRITE = ascii("write");
    private static final byte[] ENDIANNESS = ascii("endianness");
    private static final byte[] LITTLE = ascii("little");
    private static final byte[] BIG = ascii("big");
    private static final byte[] OK = ascii("OK");
    private static final byte[] INTERRUPT = ascii("IRQ ");
    private static final byte[] DIGITS = ascii("0123456789abcdef");

    private final Path socket;
    private int timeoutMillis;
    private final LongSupplier nanoTime;
    private final byte[] command = new byte[64];
    private final byte[] input = new byte[256];
    private @Nullable UnixSocket connection;
    private int commandLength;
    private int lineStart;
    private int lineEnd;
    private int nextLine;
    private int inputEnd;
    private boolean isBigEndian;
    private boolean isPausing;
    private long pauseEnd;
    private int users;

    private QtestConnection(Path socket, int timeoutMillis, LongSupplier nanoTime) {
        this.socket = socket;
        this.timeoutMillis = timeoutMillis;
        this.nanoTime = nanoTime;
    }

    /**
     * Connects to a QEMU and asks for its byte order; no register is read or written.
     *
     * @param window the window that it is for, for messages
     * @param timeoutMillis how long an access waits for QEMU
     * @param nanoTime the clock
     */
    static QtestConnection open(String window, Path socket, int timeoutMillis, LongSupplier nanoTime)
            throws WindowException {
        var qtest = new QtestConnection(socket, timeoutMillis, nanoTime);
        try {
            qtest.connect();
            return qtest;
        } catch (LinuxException e) {
            throw new WindowException(window, qtest + ": " + explain(e), e);
        } catch (RegisterAccessException e) {
            throw new WindowException(
                    window,
                    e.getMessage() + "; is this the socket of a -qtest option? It serves one client at a time: another"
                            + " one keeps scmid waiting",
                    e);
        }
    }

    private static String explain(LinuxException e) {
        return switch (e.errno()) {
            case Errno.ENOENT, Errno.ECONNREFUSED -> e.getMessage() + ": no QEMU listens there; " + HOW_TO_START;
            case Errno.EACCES ->
                e.getMessage() + ": permission denied; run QEMU as scmid's user, or give that user the right to write"
                        + " to the socket";
            case Errno.EAGAIN -> e.getMessage() + ": other clients wait there already; QEMU serves one at a time";
            default -> e.getMessage();
        };
    }

    /** An access may wait for so many milliseconds, or longer if it may already. */
    void allow(int millis) {
        timeoutMillis = Math.max(timeoutMillis, millis);
    }

    /** One more window uses it. */
    void use() {
        users++;
    }

    /** A window does not use it any more; the last one closes it. */
    void release() {
        users--;
        if (users == 0) {
            disconnect();
        }
    }

    boolean isUsed() {
        return users > 0;
    }

    /**
     * Reads a register.
     *
     * @param address in the machine
     * @param width 8, 16, 32 or 64 bits
     * @param bigEndian the register's byte order
     * @return its value, zero-extended
     */
    long read(long address, int width, boolean bigEndian) {
        reconnect();
        begin(READ);
        append(letter(width));
        appendNumber(address);
        exchange();
        long word = number() & -1L >>> (64 - width);
        return bigEndian == isBigEndian ? word : reversed(word, width);
    }

    /**
     * Writes a register.
     *
     * @param address in the machine
     * @param width 8, 16, 32 or 64 bits
     * @param bigEndian the register's byte order
     * @param value what to write; bits above the width are ignored
     */
    void write(long address, int width, boolean bigEndian, long value) {
        reconnect();
        begin(WRITE);
        append(letter(width));
        appendNumber(address);
        appendNumber((bigEndian == isBigEndian ? value : reversed(value, width)) & -1L >>> (64 - width));
        exchange();
        if (lineEnd - lineStart != OK.length) {
            throw unexpected();
        }
    }

    private static long reversed(long word, int width) {
        return Long.reverseBytes(word) >>> (64 - width);
    }

    // The connection

    private void reconnect() {
        if (connection != null) {
            return;
        }
        if (isPausing && nanoTime.getAsLong() - pauseEnd < 0) {
            throw new RegisterAccessException(this + ": QEMU did not answer, and is not asked for a while");
        }
        try {
            connect();
        } catch (LinuxException e) {
            throw new RegisterAccessException(this + ": " + explain(e), e);
        }
    }

    private void connect() throws LinuxException {
        isPausing = false;
        nextLine = 0;
        inputEnd = 0;
        connection = UnixSocket.connect(socket);
        begin(ENDIANNESS);
        exchange();
        if (!answers(BIG) && !answers(LITTLE)) {
            throw unexpected();
        }
        isBigEndian = answers(BIG);
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Gives up the connection. */
    private RegisterAccessException failure(String text) {
        disconnect();
        return new RegisterAccessException(this + ": " + text);
    }

    private RegisterAccessException unexpected() {
        String line = new String(input, lineStart, lineEnd - lineStart, StandardCharsets.US_ASCII);
        String sent = new String(command, 0, commandLength - 1, StandardCharsets.US_ASCII);
        return failure("QEMU answers `" + line.replaceAll("\\p{Cntrl}", "?") + "` to `" + sent + "`");
    }

    private RegisterAccessException silence() {
        isPausing = true;
        pauseEnd = nanoTime.getAsLong() + NANOS_PER_MILLI * PAUSE * timeoutMillis;
        return failure("QEMU does not answer within " + timeoutMillis + " ms");
    }

    // Commands and answers

    private void begin(byte[] word) {
        commandLength = 0;
        for (byte letter : word) {
            append(letter);
        }
    }

    private void append(byte letter) {
        command[commandLength++] = letter;
    }

    private static byte letter(int width) {
        return switch (width) {
            case 8 -> (byte) 'b';
            case 16 -> (byte) 'w';
            case 32 -> (byte) 'l';
            case 64 -> (byte) 'q';
            default -> throw new IllegalArgumentException("registers of " + width + " bits");
        };
    }

    private void appendNumber(long number) {
        append((byte) ' ');
        append((byte) '0');
        append((byte) 'x');
        int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(number) + 3) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            append(DIGITS[(int) (number >>> shift) & 0xf]);
        }
    }

    /** Sends the command and receives the line that answers it, which begins with OK. */
    private void exchange() {
        UnixSocket to = connection;
        if (to == null) {
            throw new IllegalStateException(this + " is not connected");
        }
        append((byte) '\n');
        removeLine();
        if (inputEnd > 0 && input[0] != INTERRUPT[0]) {
            throw failure("QEMU has sent a line too many");
        }
        long deadline = nanoTime.getAsLong() + timeoutMillis * NANOS_PER_MILLI;
        try {
            send(to, deadline);
            receiveLine(to, deadline);
            while (has(INTERRUPT, lineStart)) {
                if (millisTo(deadline) == 0) {
                    throw silence();
                }
                receiveLine(to, deadline);
            }
        } catch (LinuxException e) {
            disconnect();
            throw new RegisterAccessException(this + ": " + e.getMessage(), e);
        }
        if (!isOk()) {
            throw unexpected();
        }
    }

    private void send(UnixSocket to, long deadline) throws LinuxException {
        for (int sent = 0; sent < commandLength; ) {
            int result = to.send(command, sent, commandLength - sent);
            if (result != UnixSocket.WOULD_BLOCK) {
                sent += result;
            } else if (!to.awaitRoom(millisTo(deadline))) {
                throw silence();
            }
        }
    }

    /** Finds the next line, from {@link #lineStart} to {@link #lineEnd}, and receives what is missing of it. */
    private void receiveLine(UnixSocket from, long deadline) throws LinuxException {
        removeLine();
        for (int at = 0; ; at++) {
            while (at == inputEnd) {
                receiveMore(from, deadline);
            }
            if (input[at] == '\n') {
                lineStart = 0;
                lineEnd = at > 0 && input[at - 1] == '\r' ? at - 1 : at;
                nextLine = at + 1;
                return;
            }
        }
    }

    private void removeLine() {
        System.arraycopy(input, nextLine, input, 0, inputEnd - nextLine);
        inputEnd -= nextLine;
        nextLine = 0;
    }

    private void receiveMore(UnixSocket from, long deadline) throws LinuxException {
        if (inputEnd == input.length) {
            throw failure("QEMU answers a line of more than " + input.length + " bytes");
        }
        int result = from.receive(input, inputEnd, input.length - inputEnd, null);
        if (result == UnixSocket.CLOSED) {
            throw failure("QEMU has closed the connection");
        }
        if (result != UnixSocket.WOULD_BLOCK) {
            inputEnd += result;
            return;
        }
        int left = millisTo(deadline);
        if (left == 0 || !from.awaitInput(left)) {
            throw silence();
        }
    }

    private int millisTo(long deadline) {
        long left = deadline - nanoTime.getAsLong();
        return left <= 0 ? 0 : (int) ((left + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    private boolean isOk() {
        int end = lineStart + OK.length;
        return has(OK, lineStart) && (lineEnd == end || input[end] == ' ');
    }

    /** Whether the line is OK and this word. */
    private boolean answers(byte[] word) {
        int at = lineStart + OK.length + 1;
        return lineEnd == at + word.length && has(word, at);
    }

    private boolean has(byte[] word, int at) {
        if (lineEnd - at < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (input[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    /** The number behind OK: {@code 0x} and 1 to 16 digits. */
    private long number() {
        int at = lineStart + OK.length + 1;
        int digits = lineEnd - at - 2;
        if (digits < 1 || digits > 16 || input[at] != '0' || input[at + 1] != 'x') {
            throw unexpected();
        }
        long number = 0;
        for (int i = at + 2; i < lineEnd; i++) {
            int digit = Character.digit(input[i], 16);
            if (digit < 0) {
                throw unexpected();
            }
            number = number << 4 | digit;
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "qtest:" + socket;
    }
}
