/*
 * Tests of the serial line: vectors, sessions, fragments, and an agent of few lines at the other end of a line that loses,
 * changes, doubles and invents bytes.
 *
 *   serial-test [MESSAGES [SEED]]    how many commands go over the bad line, 20000 if not given
 */
#include <stdlib.h>

#include "../scmi_serial.h"
#include "check.h"
#include "demo.h"

enum { CLOCK = 0x14, RESET = 0x16, NONCE = 0x1234567e, AGENT = 0x11223344, KEEP = 2, LINE = 8192 };

static struct scmi_serial line;
static uint64_t random_state;
static uint32_t now, commands_on_bad_line = 20000;

static uint32_t random_below(uint32_t bound)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % bound;
}

/* The agent's end --------------------------------------------------------------------------------------------------- */

static uint32_t agent_nonce, agent_sequence, agent_knows; /* its own, and the platform's */

struct bytes {
	uint32_t length;
	uint8_t at[LINE];
};

static void put(struct bytes *bytes, uint8_t byte) { bytes->at[bytes->length++] = byte; }

static void put32(struct bytes *bytes, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		put(bytes, (uint8_t)(value >> 8 * i));
}

static uint32_t get32(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void put_frame(struct bytes *to, const uint8_t *packet, uint32_t count)
{
	uint8_t head[2] = {1, (uint8_t)count};
	uint16_t fcs = scmi_line_fcs(scmi_line_fcs(0xffff, head, 2), packet, count);
	put(to, 0x7e);
	put(to, 1);
	put(to, (uint8_t)count);
	for (uint32_t i = 0; i < count; i++) {
		bool is_escaped = packet[i] == 0x7e || packet[i] == 0x7d;
		if (is_escaped)
			put(to, 0x7d);
		put(to, is_escaped ? packet[i] ^ 0x20 : packet[i]);
	}
	put(to, (uint8_t)(fcs >> 8));
	put(to, (uint8_t)fcs);
	put(to, 0x7e);
}

static struct bytes message_of(uint8_t kind, uint8_t flags, uint32_t peer, const uint8_t *body, uint32_t length)
{
	struct bytes message = {0, {0}};
	put(&message, 0xff);
	put(&message, 0);
	put(&message, 0);
	put(&message, 0x7e);
	put(&message, 0xd9);
	put(&message, 1);
	put(&message, kind);
	put(&message, flags);
	put32(&message, agent_nonce);
	put32(&message, peer);
	put32(&message, ++agent_sequence);
	for (uint32_t i = 0; i < length; i++)
		put(&message, body[i]);
	put32(&message, scmi_line_crc32(0, message.at, message.length));
	return message;
}

static struct bytes frames_of(const struct bytes *message, uint8_t tag)
{
	struct bytes frames = {0, {0}};
	for (uint32_t at = 0; at < message->length; at += 64) {
		uint32_t left = message->length - at, count = left < 64 ? left : 64;
		uint32_t ends = (at == 0 ? 0x80u : 0) | (left <= 64 ? 0x40u : 0);
		uint8_t packet[68] = {1, 9, 8, (uint8_t)(ends | (at / 64 & 3) << 4 | 8 | tag)};
		memcpy(packet + 4, message->at + at, count);
		put_frame(&frames, packet, 4 + count);
	}
	return frames;
}

static struct bytes hello(uint8_t flags, uint32_t peer, uint32_t longest)
{
	uint8_t body[8] = {(uint8_t)longest, (uint8_t)(longest >> 8)};
	struct bytes message = message_of(1, flags, peer, body, 8);
	return frames_of(&message, 0);
}

static struct bytes command(uint32_t header, const uint32_t *words, uint32_t count, uint8_t tag)
{
	struct bytes body = {0, {0}};
	put32(&body, header);
	for (uint32_t i = 0; i < count; i++)
		put32(&body, words[i]);
	struct bytes message = message_of(0, 0, agent_knows, body.at, body.length);
	return frames_of(&message, tag);
}

/* Reads frames: the way of a receiver that sees only whole ones. */
static struct {
	uint8_t kind, flags, tag;
	uint32_t session, peer, sequence, length;
	uint8_t body[LINE];
	uint32_t count, heard, bad; /* messages that came */
} got;

static void take_message(const uint8_t *at, uint32_t length, uint8_t tag)
{
	if (length < 28 || get32(at + length - 4) != scmi_line_crc32(0, at, length - 4)) {
		got.bad++;
		return;
	}
	got.kind = at[6];
	got.flags = at[7];
	got.tag = tag;
	got.session = get32(at + 8);
	got.peer = get32(at + 12);
	got.sequence = get32(at + 16);
	got.length = length - 24;
	memcpy(got.body, at + 20, got.length);
	got.count++;
}

static void take_stream(const uint8_t *stream, uint32_t length, void (*told)(void))
{
	static uint8_t frame[80], message[LINE];
	static uint32_t message_length, sequence;
	uint32_t at = 0;
	while (at + 6 < length) {
		uint32_t next = at + 3, count = 0;
		if (stream[at] != 0x7e || stream[at + 1] != 1) {
			at++;
			continue;
		}
		uint32_t size = stream[at + 2];
		for (; count < size && size <= 68 && next < length && stream[next] != 0x7e; next++) {
			bool is_escaped = stream[next] == 0x7d && next + 1 < length;
			next += is_escaped;
			frame[2 + count++] = is_escaped ? stream[next] ^ 0x20 : stream[next];
		}
		frame[0] = 1;
		frame[1] = (uint8_t)size;
		if (count != size || size < 5 || next + 2 >= length || stream[next + 2] != 0x7e
				|| scmi_line_fcs(0xffff, frame, 2 + size) != (stream[next] << 8 | stream[next + 1])) {
			at++;
			continue;
		}
		at = next + 2;
		uint8_t flags = frame[5];
		if ((flags & 0x80) != 0)
			message_length = 0;
		else if ((flags >> 4 & 3) != ((sequence + 1) & 3))
			message_length = LINE;
		sequence = flags >> 4 & 3;
		if (frame[3] != 8 || frame[4] != 9 || message_length + size - 4 > sizeof message)
			continue;
		memcpy(message + message_length, frame + 6, size - 4);
		message_length += size - 4;
		if ((flags & 0x40) != 0) {
			uint32_t before = got.count;
			take_message(message, message_length, flags & 15);
			if (got.count != before && told != NULL)
				told();
		}
	}
}

static uint32_t sent_by_platform(uint8_t *stream, uint32_t room)
{
	return (uint32_t)scmi_serial_send(&line, stream, room, now);
}

/* The one message that the platform sends now; false: none. */
static bool receive(void)
{
	uint8_t stream[LINE];
	got.count = 0;
	take_stream(stream, sent_by_platform(stream, sizeof stream), NULL);
	CHECK(got.count <= 1 && got.bad == 0);
	return got.count == 1;
}

static void feed(struct bytes bytes) { scmi_serial_receive(&line, bytes.at, bytes.length, now); }

static void fresh(void)
{
	struct scmi_serial_config config = {.platform = &demo.platform, .agent = DEMO_BRIDGE, .nonce = NONCE};
	demo_start();
	memset(&got, 0, sizeof got);
	now = 1000;
	agent_nonce = AGENT;
	agent_sequence = agent_knows = 0;
	CHECK(scmi_serial_init(&line, &config) == 0);
}

static void begin(void)
{
	fresh();
	CHECK(receive() && got.kind == 1 && got.flags == 1 && got.peer == 0 && got.session == NONCE && got.sequence == 1);
	feed(hello(KEEP, 0, 128));
	CHECK(receive() && got.kind == 2 && got.flags == 1 && got.peer == AGENT && got.session == NONCE && got.sequence == 2);
	CHECK(got.length == 8 && get32(got.body) == (SCMI_SERIAL_MESSAGE_MAX | SCMI_SERIAL_WINDOW << 16));
	CHECK(got.tag == 8);
	agent_knows = got.session;
	CHECK(!receive() && line.sessions == 1 && line.line.bad == 0);
}

static void checks_and_frames_are_those_of_the_specification(void)
{
	static const uint8_t expected[] = {
		0x7e, 0x01, 0x24, 0x01, 0x09, 0x08, 0xc8, 0xff, 0x00, 0x00, 0x7d, 0x5e, 0xd9, 0x01, 0x01, 0x02, 0x44, 0x33, 0x22,
		0x11, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x6a, 0xb4,
		0xb4, 0xc5, 0x39, 0x95, 0x7e};
	CHECK(scmi_line_fcs(0xffff, "123456789", 9) == 0x6f91);
	CHECK(scmi_line_crc32(0, "123456789", 9) == 0xcbf43926);
	CHECK(scmi_line_crc32(scmi_line_crc32(0, "1234", 4), "56789", 5) == 0xcbf43926);
	fresh();
	struct bytes frames = hello(KEEP, 0, 128);
	CHECK(frames.length == sizeof expected && memcmp(frames.at, expected, sizeof expected) == 0);
}

static void a_command_is_answered_with_its_tag(void)
{
	begin();
	feed(command(6 | CLOCK << 10 | 5 << 18, (uint32_t[]){DEMO_OSC}, 1, 5));
	CHECK(receive() && got.kind == 0 && got.tag == 5 && got.peer == AGENT && got.length == 16);
	CHECK(get32(got.body) == (6 | CLOCK << 10 | 5 << 18) && get32(got.body + 4) == 0 && get32(got.body + 8) == 24000000);
	feed(command(6 | CLOCK << 10, (uint32_t[24]){0}, 24, 5)); /* two packets */
	CHECK(receive() && got.length == 8 && get32(got.body + 4) == (uint32_t)SCMI_PROTOCOL_ERROR);
	feed(command(4 | CLOCK << 10, (uint32_t[]){DEMO_PIXEL, 0}, 2, 1));
	CHECK(receive() && got.length == 124 && get32(got.body + 8) == (14 | 26 << 16)); /* as much as the agent takes */
}

static void bytes_may_come_and_go_one_by_one(void)
{
	uint8_t stream[LINE];
	uint32_t length = 0;
	begin();
	struct bytes frames = command(4 | CLOCK << 10, (uint32_t[]){DEMO_PIXEL, 0}, 2, 1);
	for (uint32_t i = 0; i < frames.length; i++)
		scmi_serial_receive(&line, frames.at + i, 1, now);
	while (sent_by_platform(stream + length, 1) == 1)
		length++;
	got.count = 0;
	take_stream(stream, length, NULL);
	CHECK(got.count == 1 && got.length == 124);
}

static void events_come_in_between(void)
{
	begin();
	feed(command(9 | CLOCK << 10, (uint32_t[]){DEMO_UART, 1}, 2, 0));
	CHECK(receive());
	scmi_clock_changed(&demo.platform, DEMO_UART, 77, 0);
	CHECK(receive() && got.kind == 0 && (got.tag & 8) != 0 && got.length == 20 && get32(got.body + 12) == 77);
	feed(command(5 | CLOCK << 10, (uint32_t[]){1, DEMO_PLL, 3000000, 0}, 4, 0));
	CHECK(receive() && got.length == 8 && !receive());
	CHECK(demo_finish(SCMI_SUCCESS) && receive() && got.length == 20 && get32(got.body) == (5 | 2 << 8 | CLOCK << 10));
}

static void commands_are_answered_in_their_order(void)
{
	begin();
	demo.slow = true;
	for (uint32_t i = 0; i < SCMI_SERIAL_WINDOW + 2; i++)
		feed(command(6 | CLOCK << 10 | i << 18, (uint32_t[]){DEMO_OSC}, 1, (uint8_t)i & 7));
	CHECK(line.line.bad == 2); /* more than the window are dropped */
	for (uint32_t i = 0; i < SCMI_SERIAL_WINDOW; i++) {
		CHECK(!receive() && demo.waiting == 1 && demo_finish(SCMI_SUCCESS));
		CHECK(receive() && got.tag == (i & 7) && get32(got.body) == (6 | CLOCK << 10 | i << 18));
	}
	CHECK(!receive());
}

static void another_nonce_ends_what_was_before(void)
{
	begin();
	feed(command(7 | CLOCK << 10, (uint32_t[]){DEMO_UART, 1, 0}, 3, 0));
	CHECK(receive() && demo.clocks_on[DEMO_UART]);
	feed(command(6 | CLOCK << 10, (uint32_t[]){DEMO_OSC}, 1, 0));
	agent_nonce++;
	agent_sequence = 0;
	feed(hello(KEEP, 0, 64));
	CHECK(receive() && got.kind == 2 && got.peer == AGENT + 1 && !receive()); /* the command is not answered */
	CHECK(line.sessions == 2 && demo.clocks_on[DEMO_UART]);
	agent_nonce++;
	agent_sequence = 0;
	feed(hello(0, 0, 64));
	CHECK(receive() && line.sessions == 3 && !demo.clocks_on[DEMO_UART]);
	feed(hello(0, 0, 64)); /* again with the same nonce: nothing ends */
	CHECK(receive() && got.kind == 2 && line.sessions == 3);
}

static void a_reply_that_is_being_sent_ends_with_its_session(void)
{
	uint8_t stream[LINE];
	begin();
	feed(command(4 | CLOCK << 10, (uint32_t[]){DEMO_PIXEL, 0}, 2, 1));
	uint32_t length = sent_by_platform(stream, 30);
	agent_nonce++;
	agent_sequence = 0;
	feed(hello(KEEP, 0, 128));
	length += sent_by_platform(stream + length, LINE - length);
	got.count = 0;
	take_stream(stream, length, NULL);
	CHECK(got.count == 1 && got.kind == 2 && got.bad == 0);
}

static void what_is_not_for_this_session_is_asked_about(void)
{
	begin();
	agent_nonce = 99;
	agent_sequence = 0;
	now += 1000;
	feed(command(7 | CLOCK << 10, (uint32_t[]){DEMO_UART, 1, 0}, 3, 0));
	CHECK(receive() && got.kind == 1 && got.peer == AGENT && !demo.clocks_on[DEMO_UART]);
	now += 99;
	feed(command(7 | CLOCK << 10, (uint32_t[]){DEMO_UART, 1, 0}, 3, 0));
	CHECK(!receive());
	now += 1;
	agent_nonce = AGENT;
	agent_sequence = 10;
	agent_knows = 5;
	feed(command(7 | CLOCK << 10, (uint32_t[]){DEMO_UART, 1, 0}, 3, 0));
	CHECK(receive() && got.kind == 1 && !demo.clocks_on[DEMO_UART] && line.sessions == 1);
}

static void a_repetition_is_dropped_and_a_gap_counted(void)
{
	begin();
	struct bytes frames = command(4 | RESET << 10, (uint32_t[]){DEMO_RESET_UART, 1, 0}, 3, 0);
	feed(frames);
	feed(frames);
	CHECK(receive() && !receive() && demo.pulses == 1 && line.line.repeated == 1 && line.line.lost == 0);
	agent_sequence += 3;
	feed(command(6 | CLOCK << 10, (uint32_t[]){0}, 1, 0));
	CHECK(receive() && line.line.lost == 3);
	agent_sequence -= 2;
	feed(command(6 | CLOCK << 10, (uint32_t[]){0}, 1, 0));
	CHECK(!receive() && line.line.repeated == 2);
}

static void a_welcome_is_taken_from_one_who_knows_this_start(void)
{
	uint8_t body[8] = {128};
	fresh();
	CHECK(receive() && got.kind == 1);
	struct bytes message = message_of(2, KEEP, NONCE + 1, body, 8);
	feed(frames_of(&message, 0));
	CHECK(line.sessions == 0);
	message = message_of(2, KEEP, NONCE, body, 8);
	feed(frames_of(&message, 0));
	CHECK(line.sessions == 1 && !receive());
	agent_knows = NONCE;
	feed(command(6 | CLOCK << 10, (uint32_t[]){0}, 1, 0));
	CHECK(receive() && got.length == 16);
}

static void what_is_no_message_is_dropped(void)
{
	struct bytes good, bad;
	begin();
	for (uint32_t i = 0; i < 40; i++) {
		uint32_t before = line.line.bad;
		uint8_t body[8] = {6, CLOCK << 2};
		bad = message_of(0, 0, agent_knows, body, 8);
		if (i < 7 || i >= 28)
			bad.at[i < 7 ? i : i - 8] ^= 0x40; /* type, vendor, version, kind, and what only the check sees */
		else
			bad.length = i - 6; /* too short */
		good = frames_of(&bad, 0);
		feed(good);
		CHECK(line.line.bad > before && !receive());
	}
	feed(command(6 | CLOCK << 10, (uint32_t[]){0}, 1, 0));
	CHECK(receive());
}

static void packets_must_follow_each_other(void)
{
	uint8_t body[200] = {6, CLOCK << 2};
	for (int wrong = 0; wrong < 6; wrong++) {
		begin();
		struct bytes message = message_of(0, 0, agent_knows, body, 108), frames = {0, {0}};
		for (uint32_t i = 0; i < 3; i++) {
			uint32_t count = i < 2 ? 64 : message.length - 128;
			uint8_t packet[68] = {1, 9, 8, (uint8_t)((i == 0 ? 0x80 : 0) | (i == 2 ? 0x40 : 0) | i << 4 | 8)};
			if (i == 1 && wrong > 0)
				packet[wrong == 1 ? 3 : wrong == 2 ? 3 : wrong - 3] ^= wrong == 1 ? 0x20 : 0x02;
			memcpy(packet + 4, message.at + 64 * i, count);
			put_frame(&frames, packet, 4 + count);
		}
		feed(frames);
		CHECK(receive() == (wrong == 0));
	}
}

static void a_frame_that_breaks_off_costs_no_other(void)
{
	begin();
	for (uint32_t length = 1; length < 40; length++) {
		struct bytes cut = command(6 | CLOCK << 10, (uint32_t[]){DEMO_OSC}, 1, 0);
		cut.length = length;
		feed(cut);
		feed(command(6 | CLOCK << 10 | length << 18, (uint32_t[]){DEMO_OSC}, 1, 0));
		CHECK(receive() && get32(got.body) == (6 | CLOCK << 10 | length << 18));
	}
}

static void only_the_last_packet_is_short(void)
{
	uint8_t body[60] = {6, CLOCK << 2};
	for (uint32_t first = 63; first <= 64; first++) {
		begin();
		struct bytes message = message_of(0, 0, agent_knows, body, 60), frames = {0, {0}};
		for (uint32_t i = 0; i < 2; i++) {
			uint32_t count = i == 0 ? first : message.length - first;
			uint8_t packet[68] = {1, 9, 8, (uint8_t)((i == 0 ? 0x80 : 0x40) | i << 4 | 8)};
			memcpy(packet + 4, message.at + first * i, count);
			put_frame(&frames, packet, 4 + count);
		}
		feed(frames);
		CHECK(receive() == (first == 64));
	}
}

/* A bad line ---------------------------------------------------------------------------------------------------- */

static uint32_t asked_rate, asked_token, answers, wrong_answers;

static void judge(void)
{
	if (got.kind == 2 && got.peer == agent_nonce)
		agent_knows = got.session;
	if (got.kind != 0 || got.session != agent_knows || got.peer != agent_nonce)
		return;
	uint32_t header = get32(got.body);
	if (header >> 18 != asked_token)
		return; /* late */
	answers++;
	bool is_right = (header & 0xff) == 6 && got.length == 16 && get32(got.body + 8) == asked_rate;
	wrong_answers += !is_right;
}

/* What becomes of bytes: sometimes nothing bad. */
static void spoil(struct bytes *bytes)
{
	struct bytes out = {0, {0}};
	uint32_t badness = random_below(3) == 0 ? 40 : 0;
	for (uint32_t i = 0; i < bytes->length && out.length < LINE - 8; i++) {
		uint32_t what = badness == 0 ? 99 : random_below(badness * 6);
		if (what == 0)
			continue;
		put(&out, what == 1 ? bytes->at[i] ^ (uint8_t)(1u << random_below(8)) : bytes->at[i]);
		if (what == 2)
			put(&out, bytes->at[i]);
		if (what == 3)
			put(&out, (uint8_t)random_below(256));
		if (what == 4 && random_below(8) == 0)
			break;
		if (what == 5 && random_below(8) == 0)
			i = 0; /* all over again */
	}
	*bytes = out;
}

static void a_bad_line_costs_messages_and_gives_no_wrong_answer(void)
{
	static struct bytes back;
	begin();
	answers = wrong_answers = 0;
	for (uint32_t i = 0; i < commands_on_bad_line; i++) {
		asked_rate = 1000000 * (1 + random_below(90));
		demo.rates[DEMO_UART] = asked_rate;
		asked_token = i & 0x3ff;
		now += 200;
		struct bytes frames = command(6 | CLOCK << 10 | asked_token << 18, (uint32_t[]){DEMO_UART}, 1, i & 7);
		spoil(&frames);
		feed(frames);
		back.length = sent_by_platform(back.at, 4000);
		spoil(&back);
		take_stream(back.at, back.length, judge);
		if (i % 500 == 499) {
			agent_nonce++;
			agent_sequence = 0;
			for (int tries = 0, sessions = (int)line.sessions; tries < 50 && (int)line.sessions == sessions; tries++)
				feed(hello(KEEP, 0, 128));
		}
	}
	CHECK(wrong_answers == 0 && answers > commands_on_bad_line / 2 && answers < commands_on_bad_line);
	CHECK(line.line.bad > 0 && line.line.lost > 0);
}

static void any_bytes_at_all_do_no_harm(void)
{
	begin();
	for (uint32_t i = 0; i < 20000; i++) {
		struct bytes bytes = {0, {0}};
		static const uint8_t likely[] = {0x7e, 0x7d, 0x01, 0x08, 0x09, 0xff, 0x44, 0x24, 0x40, 0x80};
		for (uint32_t n = random_below(100); n > 0; n--)
			put(&bytes, random_below(2) == 0 ? likely[random_below(sizeof likely)] : (uint8_t)random_below(256));
		if (random_below(4) == 0) { /* a right frame of anything */
			uint8_t packet[68] = {1, 9, 8, (uint8_t)random_below(256)};
			for (uint32_t n = 4; n < sizeof packet; n++)
				packet[n] = (uint8_t)random_below(256);
			put_frame(&bytes, packet, random_below(2) == 0 ? 68 : 5 + random_below(60));
		}
		feed(bytes);
		(void)sent_by_platform(bytes.at, random_below(300));
	}
	agent_nonce = 77;
	agent_sequence = 0;
	scmi_serial_receive(&line, "\x7e\x7e", 2, now);
	now += 1000;
	uint8_t stream[LINE];
	(void)sent_by_platform(stream, sizeof stream);
	feed(hello(0, 0, 128));
	CHECK(receive() && got.kind == 2 && got.peer == 77);
}

static void wrong_configurations_of_a_line_are_refused(void)
{
	struct scmi_serial_config good = {.platform = &demo.platform, .nonce = 1}, config;
	demo_start();
#define INIT(change) (config = good, change, scmi_serial_init(&line, &config))
	CHECK(INIT((void)0) == 0 && INIT(config.nonce = 0) == SCMI_BAD_CONFIG);
	CHECK(INIT(config.platform = NULL) == SCMI_BAD_CONFIG && INIT(config.agent = DEMO_AGENTS) == SCMI_BAD_CONFIG);
	CHECK(INIT(config.endpoint = 7) == SCMI_BAD_CONFIG && INIT(config.peer = 255) == SCMI_BAD_CONFIG);
	CHECK(INIT(config.endpoint = 8) == SCMI_BAD_CONFIG);
}

int main(int argc, char **argv)
{
	commands_on_bad_line = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 20000;
	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	RUN(checks_and_frames_are_those_of_the_specification);
	RUN(a_command_is_answered_with_its_tag);
	RUN(bytes_may_come_and_go_one_by_one);
	RUN(events_come_in_between);
	RUN(commands_are_answered_in_their_order);
	RUN(another_nonce_ends_what_was_before);
	RUN(a_reply_that_is_being_sent_ends_with_its_session);
	RUN(what_is_not_for_this_session_is_asked_about);
	RUN(a_repetition_is_dropped_and_a_gap_counted);
	RUN(a_welcome_is_taken_from_one_who_knows_this_start);
	RUN(what_is_no_message_is_dropped);
	RUN(packets_must_follow_each_other);
	RUN(a_frame_that_breaks_off_costs_no_other);
	RUN(only_the_last_packet_is_short);
	RUN(a_bad_line_costs_messages_and_gives_no_wrong_answer);
	RUN(any_bytes_at_all_do_no_harm);
	RUN(wrong_configurations_of_a_line_are_refused);
	return summary();
}
