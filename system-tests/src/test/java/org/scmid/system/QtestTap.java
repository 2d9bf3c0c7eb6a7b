// Between a service and the registers of a QEMU machine: sees every access, and can make some of its own.
package org.scmid.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Passes QEMU's register access protocol on between its clients and one machine, line by line. QEMU serves one client at a
 * time, so a test that wants to look at registers while a service drives them comes this way too.
 */
final class QtestTap implements AutoCloseable {

    /** What is done about a fault of a model, behind each write of a client. */
    interface Repair {
        /** Nothing is wrong. */
        Repair NONE = (tap, address, value) -> {};

        /** A client has written a register; more may be written now, by {@link QtestTap#write}. */
        void written(QtestTap tap, long address, long value);
    }

    /** A write of a client. */
    record Write(long address, long value) {
        @Override
        public String toString() {
            return "0x" + Long.toHexString(address) + " <- 0x" + Long.toHexString(value);
        }
    }

    private final ServerSocketChannel listener;
    private final SocketChannel machine;
    private final BufferedReader answers;
    private final Path socket;
    private final Repair repair;
    private final List<Write> writes = new ArrayList<>();

    private QtestTap(ServerSocketChannel listener, SocketChannel machine, Path socket, Repair repair) {
        this.listener = listener;
        this.machine = machine;
        this.socket = socket;
        this.repair = repair;
        answers = new BufferedReader(Channels.newReader(machine, StandardCharsets.US_ASCII));
    }

    /** Listens on a socket of its own in a folder. */
    static QtestTap on(ModelledMachine model, Path folder, Repair repair) {
        Path socket = folder.resolve("tap.sock");
        try {
            var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(socket));
            var machine = SocketChannel.open(UnixDomainSocketAddress.of(model.qtest()));
            var tap = new QtestTap(listener, machine, socket, repair);
            Thread.ofPlatform().daemon().name("qtest tap").start(tap::accept);
            return tap;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The socket for clients. */
    Path socket() {
        return socket;
    }

    /** Reads a register of 32 bits. */
    int read(long address) {
        return Integer.parseUnsignedInt(
                exchange("readl 0x" + Long.toHexString(address))
                        .substring("OK 0x".length())
                        .substring(8),
                16);
    }

    /** Writes a register of 32 bits; it is not among the {@link #writes}, and nothing is repaired behind it. */
    void write(long address, long value) {
        exchange("writel 0x" + Long.toHexString(address) + " 0x" + Long.toHexString(value & 0xffff_ffffL));
    }

    /** The registers of 32 bits of a block, by address. */
    Map<Long, Integer> readAll(long from, long size) {
        var values = new TreeMap<Long, Integer>();
        for (long address = from; address < from + size; address += Integer.BYTES) {
            values.put(address, read(address));
        }
        return values;
    }

    /** What clients have written since this was called last. */
    synchronized List<Write> takeWrites() {
        List<Write> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                Thread.ofPlatform().daemon().name("qtest tap client").start(() -> serve(client));
            }
        } catch (ClosedChannelException e) {
            // the test is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            var lines = new BufferedReader(Channels.newReader(client, StandardCharsets.US_ASCII));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                send(client, pass(line));
            }
        } catch (IOException e) {
            // a client that was killed
        }
    }

    private synchronized String pass(String line) {
        String answer = exchange(line);
        String[] words = line.split(" ", -1);
        if (words[0].startsWith("write") && words.length == 3) {
            long address = Long.decode(words[1]);
            long value = Long.parseUnsignedLong(words[2].substring(2), 16);
            writes.add(new Write(address, value));
            repair.written(this, address, value);
        }
        return answer;
    }

    private synchronized String exchange(String line) {
        try {
            send(machine, line);
            String answer = answers.readLine();
            if (answer == null || !answer.startsWith("OK")) {
                throw new AssertionError("QEMU answers `" + answer + "` to `" + line + "`");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(SocketChannel to, String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            machine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
