// Whatever a platform answers, a discovery ends in time and what comes out is an offer.
package org.scmid.server.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.scmid.agent.PlatformLink;
import org.scmid.config.board.Board;
import org.scmid.config.document.Problems;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.server.conformance.Evidence;

@Tag(Evidence.RANDOM)
class DiscoveryFuzzTest {
    private static final int FIXED = 60;
    private static final int RANDOM = 20;
    private static final long TOTAL_NANOS = 30_000_000_000L;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit's
    Path folder;

    static LongStream seeds() {
        return LongStream.concat(LongStream.range(0, FIXED), new Random().longs(RANDOM));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aPlatformThatAnswersAnythingIsDiscoveredOrGivenUp(long seed) throws Exception {
        Random random = new Random(seed);
        Board board = Bench.board(folder, WholeBoard.YAML);
        Bench bench = new Bench(board);
        Bench.Peer peer = bench.agent("a", WholeBoard.everything(board));
        int oneIn = 1 << (1 + random.nextInt(7));
        int capacity = random.nextBoolean() ? PlatformLink.MAX_MESSAGE : 96 + 4 * random.nextInt(40);
        DiscoveryTest.End end = DiscoveryTest.discover(
                bench,
                peer,
                capacity,
                (request, reply) -> random.nextInt(oneIn) == 0 ? garbled(random, reply) : reply,
                TOTAL_NANOS);
        if (end.discovered == null) {
            assertNotNull(end.failure);
            return;
        }
        Offer offer = end.discovered.offer();
        assertTrue(end.discovered.findings().size() <= 101, "findings are bounded");
        // An offer that can be written and is read as the same one keeps the promises of its records.
        String text = OfferFiles.text("fuzzed", offer);
        assertNotNull(text);
        Path file = OfferFiles.place(folder, "fuzzed");
        Files.writeString(file, text);
        Problems problems = new Problems();
        Offer read = OfferFiles.read("fuzzed", file, problems);
        problems.throwIfAny();
        assertEquals(offer, read);
    }

    private static byte @Nullable [] garbled(Random random, byte[] reply) {
        byte[] other = reply.clone();
        switch (random.nextInt(7)) {
            case 0 -> other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> other = Arrays.copyOf(other, random.nextInt(other.length + 1));
            case 2 -> other = Arrays.copyOf(other, Math.min(other.length + random.nextInt(200), 4096));
            case 3 -> {
                for (int i = 8; i < other.length; i++) {
                    other[i] = (byte) random.nextInt();
                }
            }
            case 4 -> {
                for (int i = 8; i < Math.min(other.length, 12); i++) {
                    other[i] = (byte) random.nextInt();
                }
            }
            case 5 -> {
                for (int i = 4; i < Math.min(other.length, 8); i++) {
                    other[i] = (byte) (i == 4 ? -random.nextInt(14) : -1);
                }
            }
            default -> {
                return null;
            }
        }
        return other;
    }
}
