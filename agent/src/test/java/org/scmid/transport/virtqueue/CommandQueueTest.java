package org.scmid.transport.virtqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scmid.agent.frontend.DriverRing;
import org.scmid.transport.AgentPort;
import org.scmid.transport.MalformedInput;

/** Legal chains in every layout, illegal ones of every kind, and rings that go wrong. */
class CommandQueueTest {
    private static final long BUFFERS = RingFixture.BUFFERS;

    private final byte[] request = new byte[AgentPort.MAX_MESSAGE];
    private final byte[] answer = new byte[AgentPort.MAX_MESSAGE];

    private void plainRequest(RingFixture f, int value) {
        Arrays.fill(request, 0, 8, (byte) value);
        f.memory.write(BUFFERS, request, 8);
        f.driver.add(new long[] {BUFFERS, BUFFERS + 0x1000}, new int[] {8, 64}, 1, 2);
        f.driver.publish();
    }

    private void expectAnswer(RingFixture f, int value) {
        assertTrue(f.driver.takeUsed());
        assertEquals(8, f.driver.usedLength());
        f.memory.read(BUFFERS + 0x1000, answer, 8);
        byte[] expected = new byte[8];
        Arrays.fill(expected, (byte) ~value);
        assertArrayEquals(expected, Arrays.copyOf(answer, 8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyLegalLayoutIsUnderstood(boolean eventIdx) throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (RingFixture f = new RingFixture(256, eventIdx, true)) {
            for (int i = 0; i < 4000; i++) {
                String context = "seed " + seed + " message " + i;
                int readable = 4 + random.nextInt(random.nextInt(10) == 0 ? 4000 : 60);
                int writable = 4 + random.nextInt(200);
                Layout layout = new Layout(random, readable, writable);
                random.nextBytes(request);
                layout.scatter(f, request, readable);
                boolean indirect = random.nextBoolean();
                int head = indirect
                        ? f.driver.addIndirect(
                                Layout.table(random), layout.addresses, layout.lengths, layout.readable, layout.count)
                        : f.driver.add(layout.addresses, layout.lengths, layout.readable, layout.count);
                assertTrue(head >= 0, context);
                f.driver.publish();
                f.serveAll();
                assertTrue(f.driver.takeUsed(), context);
                assertEquals(head, f.driver.usedId(), context);
                int expected = Math.min(readable, writable);
                assertEquals(expected, f.driver.usedLength(), context);
                assertEquals(readable, f.port.lastRequestLength, context);
                layout.gather(f, answer, expected);
                for (int b = 0; b < expected; b++) {
                    assertEquals((byte) ~request[b], answer[b], context + " byte " + b);
                }
                assertEquals(256, f.driver.free(), context);
            }
        }
    }

    /** A random legal split of a message over descriptors and memory. */
    private static final class Layout {
        final long[] addresses = new long[200];
        final int[] lengths = new int[200];
        int readable;
        int count;

        Layout(Random random, int readableBytes, int writableBytes) {
            // Buffers follow each other with gaps, and begin so that some cross the border of two regions.
            long[] starts = {
                BUFFERS + random.nextInt(4096),
                RingFixture.BORDER - random.nextInt(3000),
                RingFixture.APART + random.nextInt(999)
            };
            long at = starts[random.nextInt(3)];
            at = split(random, at, readableBytes);
            readable = count;
            split(random, at, writableBytes);
        }

        private long split(Random random, long start, int bytes) {
            long at = start;
            int left = bytes;
            int pieces = 0;
            int tiny = random.nextInt(3);
            while (left > 0 || random.nextInt(8) == 0) {
                int most = tiny == 0 ? 3 : 1 + left;
                int part = pieces == 90 ? left : Math.min(left, random.nextInt(most + 1));
                addresses[count] = part == 0 && random.nextBoolean() ? random.nextLong() : at;
                lengths[count] = part;
                count++;
                pieces++;
                at += part + random.nextInt(5);
                left -= part;
                if (pieces > 90) {
                    break;
                }
            }
            return at;
        }

        static long table(Random random) {
            // Any alignment, but in one region: the driver writes it through one mapping.
            return RingFixture.APART + 0x40000 + random.nextInt(4000);
        }

        void scatter(RingFixture f, byte[] from, int length) {
            int done = 0;
            for (int i = 0; i < readable; i++) {
                byte[] part = Arrays.copyOfRange(from, done, done + lengths[i]);
                if (part.length > 0) {
                    f.memory.write(addresses[i], part, part.length);
                }
                done += lengths[i];
            }
            assertEquals(length, done);
        }

        void gather(RingFixture f, byte[] into, int length) {
            int done = 0;
            for (int i = readable; i < count && done < length; i++) {
                int part = Math.min(lengths[i], length - done);
                byte[] bytes = new byte[part];
                if (part > 0) {
                    f.memory.read(addresses[i], bytes, part);
                }
                System.arraycopy(bytes, 0, into, done, part);
                done += part;
            }
        }
    }

    @Test
    void indirectTablesMayCrossRegions() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            Arrays.fill(request, 0, 8, (byte) 7);
            f.memory.write(BUFFERS, request, 8);
            // Entry 0 ends 8 bytes behind the border.
            byte[] table = new byte[32];
            LittleEndian.putLong(table, 0, BUFFERS);
            LittleEndian.putInt(table, 8, 8);
            LittleEndian.putInt(table, 12, DriverRing.NEXT | 1 << 16);
            LittleEndian.putLong(table, 16, BUFFERS + 0x1000);
            LittleEndian.putInt(table, 24, 64);
            LittleEndian.putInt(table, 28, DriverRing.WRITE);
            f.memory.write(RingFixture.BORDER - 8, table, 32);
            f.driver.setDescriptor(0, RingFixture.BORDER - 8, 32, DriverRing.INDIRECT | DriverRing.WRITE, 0);
            f.driver.offer(0);
            f.driver.publish();
            f.serveAll();
            expectAnswer(f, 7);
        }
    }

    @Test
    void normalDescriptorsMayBeFollowedByAnIndirectOne() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            Arrays.fill(request, 0, 8, (byte) 9);
            f.memory.write(BUFFERS, request, 8);
            f.driver.setTableEntry(BUFFERS + 0x2000, 0, BUFFERS + 4, 4, DriverRing.NEXT, 1);
            f.driver.setTableEntry(BUFFERS + 0x2000, 1, BUFFERS + 0x1000, 64, DriverRing.WRITE, 0);
            f.driver.setDescriptor(0, BUFFERS, 4, DriverRing.NEXT, 1);
            f.driver.setDescriptor(1, BUFFERS + 0x2000, 32, DriverRing.INDIRECT, 0);
            f.driver.offer(0);
            f.driver.publish();
            f.serveAll();
            expectAnswer(f, 9);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 64, 256, 1024})
    void indicesWrapAroundAt65536(int size) throws Exception {
        try (RingFixture f = new RingFixture(size, true, true)) {
            f.driver.setPosition(65530);
            f.commands.ring().start(f.driver.layout(), 65530, true, true);
            for (int i = 0; i < 20; i++) {
                Arrays.fill(request, 0, 8, (byte) i);
                f.memory.write(BUFFERS, request, 8);
                assertTrue(f.driver.addIndirect(
                                BUFFERS + 0x2000, new long[] {BUFFERS, BUFFERS + 0x1000}, new int[] {8, 64}, 1, 2)
                        >= 0);
                f.driver.publish();
                assertTrue(f.driver.needsKick() || i > 0);
                f.serveAll();
                f.commands.ring().requestKicks();
                expectAnswer(f, i);
            }
            assertEquals(65550 & 0xffff, f.commands.ring().position());
        }
    }

    @Test
    void aFullRingOf1024IsServedInOrder() throws Exception {
        try (RingFixture f = new RingFixture(1024, true, true)) {
            for (int i = 0; i < 1024; i++) {
                int head = f.driver.addIndirect(
                        BUFFERS + 0x2000 + 32L * i, new long[] {BUFFERS, BUFFERS + 0x1000}, new int[] {8, 64}, 1, 2);
                assertEquals(i, head);
            }
            f.driver.publish();
            f.serveAll();
            for (int i = 0; i < 1024; i++) {
                assertTrue(f.driver.takeUsed());
                assertEquals(i, f.driver.usedId());
            }
            assertFalse(f.driver.takeUsed());
        }
    }

    @Test
    void aChainMayBeAsLongAsTheQueue() throws Exception {
        try (RingFixture f = new RingFixture(1024, false, true)) {
            long[] addresses = new long[1024];
            int[] lengths = new int[1024];
            for (int i = 0; i < 1024; i++) {
                addresses[i] = BUFFERS + 2L * i;
                lengths[i] = 1;
            }
            assertTrue(f.driver.add(addresses, lengths, 512, 1024) >= 0);
            f.driver.publish();
            f.serveAll();
            assertTrue(f.driver.takeUsed());
            assertEquals(512, f.driver.usedLength());
            // The same in a table: the descriptor that points to it does not count.
            assertTrue(f.driver.addIndirect(RingFixture.APART, addresses, lengths, 512, 1024) >= 0);
            f.driver.publish();
            f.serveAll();
            assertTrue(f.driver.takeUsed());
            assertEquals(512, f.driver.usedLength());
        }
    }

    private interface Maker {
        void make(DriverRing ring);
    }

    private void expectReturnedUnused(MalformedInput reason, boolean indirectAllowed, Maker maker) throws Exception {
        try (RingFixture f = new RingFixture(16, false, indirectAllowed)) {
            maker.make(f.driver);
            f.driver.offer(3);
            f.driver.publish();
            f.serveAll();
            assertTrue(f.driver.takeUsed(), "the head comes back");
            assertEquals(3, f.driver.usedId());
            assertEquals(0, f.driver.usedLength());
            assertEquals(1, f.port.count(reason));
            assertEquals(0, f.port.executed());
            f.driver.reset();
            f.driver.setPosition(1);
            plainRequest(f, 5);
            f.serveAll();
            expectAnswer(f, 5);
        }
    }

    @Test
    void aLoopIsReturnedUnused() throws Exception {
        expectReturnedUnused(MalformedInput.BAD_CHAIN, true, ring -> {
            ring.setDescriptor(3, BUFFERS, 4, DriverRing.NEXT, 4);
            ring.setDescriptor(4, BUFFERS, 4, DriverRing.NEXT, 3);
        });
    }

    @Test
    void aLoopInATableIsReturnedUnused() throws Exception {
        expectReturnedUnused(MalformedInput.BAD_CHAIN, true, ring -> {
            ring.setTableEntry(BUFFERS, 0, BUFFERS, 4, DriverRing.NEXT, 0);
            ring.setDescriptor(3, BUFFERS, 16, DriverRing.INDIRECT, 0);
        });
    }

    @Test
    void aLinkOutOfTheTableIsReturnedUnused() throws Exception {
        expectReturnedUnused(
                MalformedInput.BAD_CHAIN, true, ring -> ring.setDescriptor(3, BUFFERS, 4, DriverRing.NEXT, 16));
        expectReturnedUnused(MalformedInput.BAD_CHAIN, true, ring -> {
            ring.setTableEntry(BUFFERS, 0, BUFFERS, 4, DriverRing.NEXT, 1);
            ring.setDescriptor(3, BUFFERS, 16, DriverRing.INDIRECT, 0);
        });
    }

    @Test
    void aTableInsideATableIsReturnedUnused() throws Exception {
        expectReturnedUnused(MalformedInput.BAD_CHAIN, true, ring -> {
            ring.setTableEntry(BUFFERS, 0, BUFFERS, 16, DriverRing.INDIRECT, 0);
            ring.setDescriptor(3, BUFFERS, 16, DriverRing.INDIRECT, 0);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 17, -1})
    void aTableOfABadLengthIsReturnedUnused(int length) throws Exception {
        expectReturnedUnused(
                MalformedInput.BAD_CHAIN, true, ring -> ring.setDescriptor(3, BUFFERS, length, DriverRing.INDIRECT, 0));
    }

    @Test
    void aTableThatWasNotNegotiatedIsReturnedUnused() throws Exception {
        expectReturnedUnused(
                MalformedInput.BAD_CHAIN, false, ring -> ring.setDescriptor(3, BUFFERS, 16, DriverRing.INDIRECT, 0));
    }

    @Test
    void aTableWithAFollowerIsReturnedUnused() throws Exception {
        expectReturnedUnused(
                MalformedInput.BAD_CHAIN,
                true,
                ring -> ring.setDescriptor(3, BUFFERS, 16, DriverRing.INDIRECT | DriverRing.NEXT, 4));
    }

    @Test
    void readableAfterWritableIsReturnedUnused() throws Exception {
        expectReturnedUnused(MalformedInput.BAD_CHAIN, true, ring -> {
            ring.setDescriptor(3, BUFFERS, 8, DriverRing.WRITE | DriverRing.NEXT, 4);
            ring.setDescriptor(4, BUFFERS, 8, 0, 0);
        });
    }

    @Test
    void addressesOutsideOfMemoryAreReturnedUnused() throws Exception {
        for (long address : new long[] {
            0, RingFixture.RING - 1, RingFixture.END_OF_APART - 7, -1, -8, Long.MIN_VALUE, Long.MAX_VALUE
        }) {
            expectReturnedUnused(MalformedInput.BAD_ADDRESS, true, ring -> ring.setDescriptor(3, address, 8, 0, 0));
            expectReturnedUnused(
                    MalformedInput.BAD_ADDRESS, true, ring -> ring.setDescriptor(3, address, 8, DriverRing.WRITE, 0));
            expectReturnedUnused(
                    MalformedInput.BAD_ADDRESS,
                    true,
                    ring -> ring.setDescriptor(3, address, 16, DriverRing.INDIRECT, 0));
        }
        expectReturnedUnused(
                MalformedInput.BAD_ADDRESS, true, ring -> ring.setDescriptor(3, BUFFERS, -1, DriverRing.WRITE, 0));
    }

    @Test
    void aRequestThatIsTooLongIsReturnedUnused() throws Exception {
        expectReturnedUnused(
                MalformedInput.LONG_REQUEST,
                true,
                ring -> ring.setDescriptor(3, BUFFERS, AgentPort.MAX_MESSAGE + 1, 0, 0));
        expectReturnedUnused(MalformedInput.LONG_REQUEST, true, ring -> ring.setDescriptor(3, BUFFERS, -1, 0, 0));
    }

    @Test
    void aRequestOfFullLengthIsServed() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            f.driver.add(new long[] {BUFFERS, RingFixture.APART}, new int[] {AgentPort.MAX_MESSAGE, 0x70000}, 1, 2);
            f.driver.publish();
            f.serveAll();
            assertTrue(f.driver.takeUsed());
            assertEquals(AgentPort.MAX_MESSAGE, f.driver.usedLength());
        }
    }

    @Test
    void chainsWithoutRequestOrRoomComeBackEmpty() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            f.driver.add(new long[] {BUFFERS}, new int[] {64}, 0, 1);
            f.driver.add(new long[] {BUFFERS}, new int[] {64}, 1, 1);
            f.driver.add(new long[] {0}, new int[] {0}, 1, 1);
            f.driver.publish();
            f.serveAll();
            for (int i = 0; i < 3; i++) {
                assertTrue(f.driver.takeUsed());
                assertEquals(0, f.driver.usedLength());
            }
        }
    }

    @Test
    void anIndexTooFarAheadBreaksTheRing() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            f.driver.setAvailableIdx(17);
            assertFalse(f.commands.ring().broken());
            f.commands.serve();
            assertTrue(f.commands.ring().broken());
            assertFalse(f.commands.ring().running());
            assertEquals(0, f.driver.usedIdx());
            // Set up again it works.
            f.driver.reset();
            f.commands.ring().start(f.driver.layout(), 0, false, true);
            plainRequest(f, 1);
            f.serveAll();
            expectAnswer(f, 1);
        }
    }

    @Test
    void aHeadOutOfRangeBreaksTheRingAfterWhatCameBefore() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            plainRequest(f, 1);
            f.driver.offer(16);
            f.driver.publish();
            f.commands.serve();
            assertTrue(f.commands.ring().broken());
            expectAnswer(f, 1);
        }
    }

    @Test
    void aDefectInTheServerReturnsTheBufferAndGoesOn() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            f.port.failing = true;
            plainRequest(f, 1);
            f.serveAll();
            assertTrue(f.driver.takeUsed());
            assertEquals(0, f.driver.usedLength());
            f.port.failing = false;
            plainRequest(f, 2);
            f.serveAll();
            expectAnswer(f, 2);
        }
    }

    @Test
    void eventIndexArithmeticWrapsAround() {
        for (int before = 65500; before < 65536 + 40; before++) {
            for (int moved = 0; moved < 30; moved++) {
                for (int ahead = -20; ahead < 50; ahead++) {
                    boolean expected = ahead >= 0 && ahead < moved;
                    assertEquals(
                            expected,
                            SplitQueue.passes((before + ahead) & 0xffff, (before + moved) & 0xffff, before & 0xffff));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDriverIsCalledOnlyIfItWantsToBe(boolean eventIdx) throws Exception {
        try (RingFixture f = new RingFixture(16, eventIdx, true)) {
            plainRequest(f, 1);
            f.serveAll();
            assertEquals(1, f.calls);
            f.driver.takeUsed();
            f.driver.suppressCalls();
            for (int i = 0; i < 5; i++) {
                plainRequest(f, 2);
                f.serveAll();
                f.driver.takeUsed();
            }
            assertEquals(1, f.calls);
            assertFalse(f.driver.requestCalls());
            plainRequest(f, 3);
            plainRequest(f, 3);
            f.serveAll();
            assertEquals(2, f.calls, "one call for what was done together");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theDriverKicksOnlyIfTheDeviceMayWait(boolean eventIdx) throws Exception {
        try (RingFixture f = new RingFixture(16, eventIdx, true)) {
            plainRequest(f, 1);
            assertTrue(f.driver.needsKick(), "a ring that was just started");
            f.serveAll();
            f.driver.takeUsed();
            plainRequest(f, 2);
            assertFalse(f.driver.needsKick(), "while the device polls");
            assertTrue(f.commands.ring().requestKicks(), "and before it waits it looks again");
            f.serveAll();
            f.driver.takeUsed();
            assertFalse(f.commands.ring().requestKicks());
            plainRequest(f, 3);
            assertTrue(f.driver.needsKick());
        }
    }

    @Test
    void aFloodIsServedInShares() throws Exception {
        try (RingFixture f = new RingFixture(1024, true, true)) {
            for (int i = 0; i < 1000; i++) {
                f.driver.addIndirect(
                        BUFFERS + 0x2000 + 32L * i, new long[] {BUFFERS, BUFFERS + 0x1000}, new int[] {8, 64}, 1, 2);
            }
            f.driver.publish();
            assertTrue(f.commands.serve());
            assertTrue(f.port.executed() > 0 && f.port.executed() <= 64, "one share: " + f.port.executed());
        }
    }

    @Test
    void aShareEndsWhenItsTimeIsOver() throws Exception {
        try (RingFixture f = new RingFixture(1024, true, true)) {
            for (int i = 1; i <= 10; i++) {
                plainRequest(f, i);
            }
            f.timeIsOverAfter = 3;
            assertTrue(f.commands.serve());
            assertEquals(3, f.port.executed());
            assertTrue(f.commands.serve());
            assertEquals(4, f.port.executed(), "at least one, or it would never go on");
        }
    }

    @Test
    void aRingThatIsStoppedGoesOnWhereItWas() throws Exception {
        try (RingFixture f = new RingFixture(16, true, true)) {
            plainRequest(f, 1);
            f.serveAll();
            expectAnswer(f, 1);
            plainRequest(f, 2);
            assertEquals(1, f.commands.ring().stop());
            f.commands.ring().start(f.driver.layout(), 1, true, true);
            f.serveAll();
            expectAnswer(f, 2);
            assertFalse(f.driver.takeUsed());
        }
    }

    @Test
    void ringsInBadPlacesAreRefused() throws Exception {
        try (RingFixture f = new RingFixture(16, false, true)) {
            RingLayout good = f.driver.layout();
            RingLayout.Part table = good.descriptors();
            assertThrows(BadRingException.class, () -> RingLayout.of(0, table, good.available(), good.used()));
            assertThrows(BadRingException.class, () -> RingLayout.of(48, table, good.available(), good.used()));
            assertThrows(BadRingException.class, () -> RingLayout.of(2048, table, good.available(), good.used()));
            for (int odd : new int[] {1, 2, 8}) {
                assertThrows(
                        BadRingException.class,
                        () -> RingLayout.of(
                                16,
                                new RingLayout.Part(table.mapping(), table.offset() + odd),
                                good.available(),
                                good.used()));
            }
            assertThrows(
                    BadRingException.class,
                    () -> RingLayout.of(16, table, new RingLayout.Part(table.mapping(), 0x8001), good.used()));
            assertThrows(
                    BadRingException.class,
                    () -> RingLayout.of(16, table, good.available(), new RingLayout.Part(table.mapping(), 0x8002)));
            assertThrows(
                    BadRingException.class,
                    () -> RingLayout.of(
                            16,
                            new RingLayout.Part(table.mapping(), table.mapping().size() - 16),
                            good.available(),
                            good.used()));
        }
    }

    @Test
    void whateverIsInTheRingNothingBreaksButTheRing() throws Exception {
        long seed = Long.getLong("scmid.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int broken = 0;
        try (RingFixture f = new RingFixture(64, true, true)) {
            byte[] noise = new byte[64];
            for (int i = 0; i < 20000; i++) {
                String context = "seed " + seed + " round " + i;
                if (!f.commands.ring().running()) {
                    broken++;
                    f.driver.reset();
                    f.commands.ring().start(f.driver.layout(), 0, random.nextBoolean(), random.nextBoolean());
                }
                int before = f.commands.ring().position();
                int offered = 1 + random.nextInt(8);
                for (int n = 0; n < offered; n++) {
                    for (int d = random.nextInt(6); d >= 0; d--) {
                        f.driver.setDescriptor(
                                random.nextInt(64),
                                randomAddress(random),
                                randomLength(random),
                                random.nextInt(8),
                                random.nextInt(random.nextInt(20) == 0 ? 65536 : 64));
                    }
                    f.driver.offer(random.nextInt(random.nextInt(300) == 0 ? 65536 : 64));
                }
                if (random.nextInt(10) == 0) {
                    random.nextBytes(noise);
                    f.memory.write(BUFFERS + random.nextInt(0x1000), noise, noise.length);
                }
                if (random.nextInt(500) == 0) {
                    // Further ahead than the ring is long; anything else could by chance be an index that is believed.
                    f.driver.setAvailableIdx((before + 65 + random.nextInt(65470)) & 0xffff);
                } else {
                    f.driver.publish();
                }
                for (int n = 0; n < 100 && f.commands.ring().running() && f.commands.serve(); n++) {
                    // one share after the other
                }
                if (f.commands.ring().running()) {
                    assertEquals((before + offered) & 0xffff, f.commands.ring().position(), context);
                    assertEquals(f.commands.ring().position(), f.driver.usedIdx(), context);
                }
            }
        }
        assertTrue(broken > 0, "rings were to be broken, seed " + seed);
    }

    private static long randomAddress(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextLong();
            case 1 -> RingFixture.BORDER - random.nextInt(64);
            case 2 -> RingFixture.END_OF_APART - random.nextInt(64);
            default -> BUFFERS + random.nextInt(0x4000);
        };
    }

    private static int randomLength(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> 0;
            case 2 -> 16 * random.nextInt(8);
            default -> random.nextInt(300);
        };
    }

    @Test
    void aMessageAllocatesNothing() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (RingFixture f = new RingFixture(64, true, true)) {
            long[] addresses = {BUFFERS, RingFixture.BORDER - 16, BUFFERS + 0x1000, RingFixture.BORDER - 4};
            int[] lengths = {4, 32, 8, 60};
            exchange(f, addresses, lengths, 20_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            long nothing = threads.getCurrentThreadAllocatedBytes() - before;
            before = threads.getCurrentThreadAllocatedBytes();
            exchange(f, addresses, lengths, 20_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before - nothing;
            assertTrue(allocated < 2_000, allocated + " bytes for 20000 messages");
        }
    }

    private static void exchange(RingFixture f, long[] addresses, int[] lengths, int count) {
        for (int i = 0; i < count; i++) {
            if ((i & 1) == 0) {
                f.driver.add(addresses, lengths, 2, 4);
            } else {
                f.driver.addIndirect(BUFFERS + 0x2000, addresses, lengths, 2, 4);
            }
            f.driver.publish();
            f.commands.serve();
            f.commands.ring().requestKicks();
            if (!f.driver.takeUsed() || f.driver.usedLength() != 36) {
                throw new AssertionError("no answer");
            }
        }
    }
}
