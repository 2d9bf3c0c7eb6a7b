// Every clock message through the guest kernel's raw mode, errors included.
package org.scmid.system;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.scmid.system.Scmi.DENIED;
import static org.scmid.system.Scmi.INVALID_PARAMETERS;
import static org.scmid.system.Scmi.NOT_FOUND;
import static org.scmid.system.Scmi.NOT_SUPPORTED;
import static org.scmid.system.Scmi.OUT_OF_RANGE;
import static org.scmid.system.Scmi.PROTOCOL_ERROR;
import static org.scmid.system.Scmi.SUCCESS;
import static org.scmid.system.Scmi.clock;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@Tag(LinuxGuest.TESTS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
final class RawClockMessagesTest {
    private static final int OSC = 0;
    private static final int PLL = 1;
    private static final int UART = 2;
    private static final int AUDIO = 3;
    private static final int SPI_TO_READ = 4;
    private static final int SHARED_TO_WATCH = 5;
    private static final int COUNT = 6;

    @SuppressWarnings("NullAway.Init") // set up once for all
    private TestBoard board;

    @SuppressWarnings("NullAway.Init")
    private Scmid scmid;

    @SuppressWarnings("NullAway.Init")
    private LinuxGuest guest;

    @BeforeAll
    void bootOneGuestForAll(@TempDir Path folder) {
        board = TestBoard.withAgents(folder, """
                agents:
                  linux:
                    transport: vhost-user
                    socket: linux.sock
                    clocks: [osc, pll, uart, audio-reference-clock, spi: read, shared: notify]
                """);
        scmid = board.run();
        guest = board.boot("linux", "pci");
    }

    @AfterAll
    void stop() {
        guest.close();
        scmid.close();
    }

    private void expect(int message, int[] payload, int... statusAndValues) {
        int[] words = new int[payload.length + 1];
        words[0] = clock(message);
        System.arraycopy(payload, 0, words, 1, payload.length);
        int[] expected = new int[statusAndValues.length + 1];
        expected[0] = clock(message);
        System.arraycopy(statusAndValues, 0, expected, 1, statusAndValues.length);
        assertArrayEquals(expected, guest.scmi(words));
    }

    private static int[] payload(int... words) {
        return words;
    }

    /** The words of a name that is padded with zeros to so many bytes. */
    private static int[] name(String name, int bytes) {
        byte[] text = java.util.Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), bytes);
        return IntStream.range(0, bytes / 4)
                .map(i -> ByteBuffer.wrap(text).order(ByteOrder.LITTLE_ENDIAN).getInt(4 * i))
                .toArray();
    }

    private static int[] concatenated(int[] first, int... second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    @Test
    void PROTOCOL_VERSION_is_3_0_and_takes_no_payload() {
        expect(0x0, payload(), SUCCESS, 0x30000);
        expect(0x0, payload(0), PROTOCOL_ERROR);
    }

    @Test
    void PROTOCOL_ATTRIBUTES_counts_the_clocks_and_the_pending_rate_changes() {
        int[] reply = guest.scmi(clock(0x1));
        assertEquals(SUCCESS, reply[1]);
        assertEquals(COUNT, reply[2] & 0xffff);
        // Linux uses asynchronous rate changes only if two or more may be pending
        assertEquals(true, ((reply[2] >>> 16) & 0xff) >= 2);
        assertEquals(0, reply[2] >>> 24);
    }

    @Test
    void PROTOCOL_MESSAGE_ATTRIBUTES_knows_every_message_of_3_0_and_no_other() {
        for (int message : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF, 0x10}) {
            expect(0x2, payload(message), SUCCESS, 0);
        }
        expect(0x2, payload(0x11), NOT_FOUND);
        expect(0x2, payload(0xffff_ffff), NOT_FOUND);
        expect(0x2, payload(), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_ATTRIBUTES_has_state_name_and_what_else_can_be_asked() {
        int notifications = (1 << 31) | (1 << 30);
        int parents = 1 << 28;
        int restricted = 1 << 1;
        expect(
                0x3,
                payload(OSC),
                concatenated(concatenated(new int[] {SUCCESS, notifications | restricted | 1}, name("osc", 16)), 0));
        expect(
                0x3,
                payload(AUDIO),
                concatenated(
                        concatenated(
                                new int[] {SUCCESS, notifications | (1 << 29) | parents}, name("audio-reference", 16)),
                        0));
        expect(
                0x3,
                payload(SPI_TO_READ),
                concatenated(concatenated(new int[] {SUCCESS, parents | restricted}, name("spi", 16)), 0));
        expect(
                0x3,
                payload(SHARED_TO_WATCH),
                concatenated(
                        concatenated(new int[] {SUCCESS, notifications | parents | restricted}, name("shared", 16)),
                        0));
        expect(0x3, payload(COUNT), NOT_FOUND);
        expect(0x3, payload(0xffff_ffff), NOT_FOUND);
        expect(0x3, payload(), PROTOCOL_ERROR);
        expect(0x3, payload(0, 0), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_DESCRIBE_RATES_lists_ascending_rates_from_any_index_or_gives_a_range() {
        // one-based, 5 bits, 0 bypasses: 24 MHz / 1..31; floor(24 MHz / n), 31 rates: a range
        expect(0x4, payload(AUDIO, 0), SUCCESS, 3 | (1 << 12), 774193, 0, 24_000_000, 0, 1, 0);
        // one-based rates are a range: index must be 0
        expect(0x4, payload(AUDIO, 1), OUT_OF_RANGE);
        // pll / 2^(0..15): a list of 16, of which the guest's buffer of 128 bytes holds 15
        int[] first = guest.scmi(clock(0x4), SPI_TO_READ, 0);
        assertEquals(SUCCESS, first[1]);
        int returned = first[2] & 0xfff;
        assertEquals(15, returned);
        assertEquals(1, first[2] >>> 16);
        assertEquals(0, first[2] & (1 << 12));
        for (int i = 0; i < returned; i++) {
            assertEquals(1_200_000_000 >>> (15 - i), first[3 + 2 * i]);
            assertEquals(0, first[4 + 2 * i]);
        }
        expect(0x4, payload(SPI_TO_READ, 15), SUCCESS, 1, 1_200_000_000, 0);
        expect(0x4, payload(SPI_TO_READ, 16), OUT_OF_RANGE);
        expect(0x4, payload(OSC, 0), SUCCESS, 1, 24_000_000, 0);
        expect(0x4, payload(COUNT, 0), NOT_FOUND);
        expect(0x4, payload(OSC), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_RATE_SET_rounds_as_its_flags_say_and_refuses_what_it_cannot() {
        expect(0x5, payload(0, UART, 5_000_000, 0), SUCCESS);
        expect(
                0x6,
                payload(UART),
                SUCCESS,
                4_800_000,
                0); // 24 MHz/5; with pll the divider has 7 bits: 9.375 MHz and up
        expect(0x5, payload(4, UART, 5_000_000, 0), SUCCESS);
        expect(0x6, payload(UART), SUCCESS, 6_000_000, 0);
        expect(0x5, payload(8, UART, 5_300_000, 0), SUCCESS);
        expect(0x6, payload(UART), SUCCESS, 4_800_000, 0);
        expect(0x5, payload(0, UART, 100_000_000, 0), SUCCESS);
        expect(0x6, payload(UART), SUCCESS, 100_000_000, 0);
        assertEquals((1 << 8) | 11, board.register(TestBoard.SOURCE));
        expect(0x5, payload(0, UART, 200_000_001, 0), INVALID_PARAMETERS);
        expect(0x5, payload(0, UART, 0, 1), INVALID_PARAMETERS);
        expect(0x5, payload(0, UART, 999_999, 0), INVALID_PARAMETERS);
        expect(0x5, payload(0x10, UART, 24_000_000, 0), INVALID_PARAMETERS);
        expect(0x5, payload(0, SPI_TO_READ, 600_000_000, 0), DENIED);
        expect(0x5, payload(0, COUNT, 24_000_000, 0), NOT_FOUND);
        expect(0x5, payload(0, UART, 24_000_000), PROTOCOL_ERROR);
        expect(0x6, payload(UART), SUCCESS, 100_000_000, 0);
    }

    @Test
    void an_asynchronous_CLOCK_RATE_SET_is_answered_at_once_and_completed_later() {
        int[] both = guest.run("scmi-raw -a " + clock(0x5) + " 1 " + UART + " 48000000 0")
                .words();
        assertArrayEquals(
                new int[] {
                    clock(0x5), SUCCESS, clock(0x5) | (2 << 8), SUCCESS, UART, 48_000_000, 0,
                },
                both);
        expect(0x6, payload(UART), SUCCESS, 48_000_000, 0);
    }

    @Test
    void CLOCK_CONFIG_SET_and_CONFIG_GET_switch_and_show_the_gate() {
        expect(0x7, payload(AUDIO, 1, 0), SUCCESS);
        expect(0xB, payload(AUDIO, 0), SUCCESS, 0, 1, 0);
        assertEquals(TestBoard.AUDIO_GATE, board.register(TestBoard.GATES) & TestBoard.AUDIO_GATE);
        expect(0x7, payload(AUDIO, 0), SUCCESS); // 8 bytes, as before 3.0
        expect(0xB, payload(AUDIO, 0), SUCCESS, 0, 0, 0);
        assertEquals(0, board.register(TestBoard.GATES) & TestBoard.AUDIO_GATE);
        expect(0x7, payload(AUDIO, 2, 0), INVALID_PARAMETERS);
        expect(0x7, payload(AUDIO, 3, 0), INVALID_PARAMETERS);
        expect(0x7, payload(AUDIO, 1 << 24, 0), INVALID_PARAMETERS);
        expect(0x7, payload(SPI_TO_READ, 1, 0), DENIED);
        expect(0x7, payload(SHARED_TO_WATCH, 1, 0), DENIED);
        expect(0x7, payload(COUNT, 1, 0), NOT_FOUND);
        expect(0x7, payload(AUDIO), PROTOCOL_ERROR);
        expect(0x7, payload(AUDIO, 1, 0, 0), PROTOCOL_ERROR);
        expect(0xB, payload(COUNT, 0), NOT_FOUND);
        expect(0xB, payload(AUDIO, 1 << 8), INVALID_PARAMETERS);
        expect(0xB, payload(AUDIO), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_NAME_GET_gives_the_name_that_does_not_fit_into_15_characters() {
        expect(0x8, payload(AUDIO), concatenated(new int[] {SUCCESS, 0}, name("audio-reference-clock", 64)));
        expect(0x8, payload(OSC), NOT_SUPPORTED);
        expect(0x8, payload(COUNT), NOT_FOUND);
        expect(0x8, payload(), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_RATE_NOTIFY_and_RATE_CHANGE_REQUESTED_NOTIFY_are_for_those_who_may() {
        for (int message : new int[] {0x9, 0xA}) {
            expect(message, payload(SHARED_TO_WATCH, 1), SUCCESS);
            expect(message, payload(SHARED_TO_WATCH, 0), SUCCESS);
            expect(message, payload(SHARED_TO_WATCH, 2), INVALID_PARAMETERS);
            expect(message, payload(SPI_TO_READ, 1), DENIED);
            expect(message, payload(COUNT, 1), NOT_FOUND);
            expect(message, payload(OSC), PROTOCOL_ERROR);
        }
    }

    @Test
    void CLOCK_POSSIBLE_PARENTS_GET_lists_ids_of_the_agents_own_numbering() {
        expect(0xC, payload(UART, 0), SUCCESS, 2, OSC, PLL);
        expect(0xC, payload(UART, 1), SUCCESS, 1, PLL);
        expect(0xC, payload(UART, 2), OUT_OF_RANGE);
        expect(0xC, payload(SHARED_TO_WATCH, 0), SUCCESS, 1, SPI_TO_READ);
        expect(0xC, payload(COUNT, 0), NOT_FOUND);
        expect(0xC, payload(UART), PROTOCOL_ERROR);
    }

    @Test
    void CLOCK_PARENT_SET_and_GET_turn_the_mux() {
        expect(0x5, payload(0, UART, 24_000_000, 0), SUCCESS);
        expect(0xD, payload(UART, OSC), SUCCESS);
        expect(0xE, payload(UART), SUCCESS, OSC);
        assertEquals(0, (board.register(TestBoard.SOURCE) >>> 8) & 3);
        expect(0xD, payload(UART, PLL), SUCCESS);
        expect(0xE, payload(UART), SUCCESS, PLL);
        assertEquals(1, (board.register(TestBoard.SOURCE) >>> 8) & 3);
        expect(0xD, payload(UART, AUDIO), INVALID_PARAMETERS);
        expect(0xD, payload(UART, COUNT), NOT_FOUND);
        expect(0xD, payload(COUNT, OSC), NOT_FOUND);
        expect(0xD, payload(SPI_TO_READ, PLL), DENIED);
        expect(0xD, payload(UART), PROTOCOL_ERROR);
        expect(0xE, payload(COUNT), NOT_FOUND);
        expect(0xE, payload(), PROTOCOL_ERROR);
        expect(0x5, payload(0, UART, 24_000_000, 0), SUCCESS);
    }

    @Test
    void CLOCK_GET_PERMISSIONS_shows_what_the_service_file_grants() {
        expect(0xF, payload(UART), SUCCESS, (1 << 31) | (1 << 30) | (1 << 29));
        expect(0xF, payload(SPI_TO_READ), SUCCESS, 0);
        expect(0xF, payload(SHARED_TO_WATCH), SUCCESS, 0);
        expect(0xF, payload(COUNT), NOT_FOUND);
        expect(0xF, payload(), PROTOCOL_ERROR);
    }

    @Test
    void NEGOTIATE_PROTOCOL_VERSION_takes_3_0_and_refuses_the_unknown() {
        expect(0x10, payload(0x30000), SUCCESS);
        expect(0x10, payload(0x40000), NOT_SUPPORTED);
        expect(0x10, payload(), PROTOCOL_ERROR);
    }

    @Test
    void an_unknown_message_is_not_found_and_an_unknown_protocol_not_supported() {
        expect(0x11, payload(), NOT_FOUND);
        expect(0xff, payload(1, 2, 3), NOT_FOUND);
        int unknown = Scmi.header(0x42, 0, 0);
        assertArrayEquals(new int[] {unknown, NOT_SUPPORTED}, guest.scmi(unknown));
    }
}
