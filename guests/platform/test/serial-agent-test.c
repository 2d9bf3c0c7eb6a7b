/*
 * Tests of the agent's end of a serial line: sessions and commands with the platform's end, over a line that a test cuts,
 * and that loses, changes, doubles and invents bytes.
 *
 *   serial-agent-test [COMMANDS [SEED]]    how many commands go over the bad line, 20000 if not given
 */
#include <stdlib.h>

#include "../scmi_serial.h"
#include "../scmi_serial_agent.h"
#include "check.h"
#include "demo.h"

enum { CLOCK = 0x14, RATE_GET = 6, CONFIG_SET = 7, RATE_NOTIFY = 9, NONCE = 0x11223344, OTHER_NONCE = 0x55667788 };

static struct scmi_serial platform;
static struct scmi_serial_agent agent;
static uint64_t random_state;
static uint32_t now, commands_on_bad_line = 20000, token;
static bool is_cut, is_bad;

/* What the agent was told. */
static struct {
	uint32_t replies, none, events, length, words[8];
} got;

static uint32_t random_below(uint32_t bound)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % bound;
}

static void keep_words(const uint8_t *message, uint32_t length)
{
	got.length = length;
	memset(got.words, 0, sizeof got.words);
	memcpy(got.words, message, length < sizeof got.words ? length : sizeof got.words);
}

static void replied(void *context, const uint8_t *message, uint32_t length)
{
	(void)context;
	if (message == NULL) {
		got.none++;
		return;
	}
	got.replies++;
	keep_words(message, length);
}

static void told(void *context, const uint8_t *message, uint32_t length)
{
	(void)context;
	got.events++;
	keep_words(message, length);
}

static void start_platform(uint32_t nonce)
{
	struct scmi_serial_config config = {.platform = &demo.platform, .agent = DEMO_BRIDGE, .nonce = nonce};
	CHECK(scmi_serial_init(&platform, &config) == 0);
}

static void start_agent(uint32_t nonce, bool keep)
{
	struct scmi_serial_agent_config config = {.nonce = nonce, .keep = keep, .replied = replied, .told = told};
	CHECK(scmi_serial_agent_init(&agent, &config, now));
}

/* What becomes of bytes on the line. */
static uint32_t carried(uint8_t *bytes, uint32_t count)
{
	static uint8_t out[512];
	uint32_t length = 0;
	if (is_cut)
		return 0;
	if (!is_bad || random_below(3) > 0)
		return count;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t what = random_below(240);
		if (what == 0)
			continue;
		out[length++] = what == 1 ? bytes[i] ^ (uint8_t)(1u << random_below(8)) : bytes[i];
		if (what == 2)
			out[length++] = (uint8_t)random_below(256);
		if (what == 3 && random_below(8) == 0)
			break;
	}
	memcpy(bytes, out, length);
	return length;
}

/* One turn of both ends. */
static void turn(void)
{
	uint8_t bytes[512];
	uint32_t count = (uint32_t)scmi_serial_agent_send(&agent, bytes, 256, now);
	count = carried(bytes, count);
	scmi_serial_receive(&platform, bytes, count, now);
	count = (uint32_t)scmi_serial_send(&platform, bytes, 256, now);
	count = carried(bytes, count);
	scmi_serial_agent_receive(&agent, bytes, count, now);
}

static void pass(uint32_t milliseconds)
{
	for (uint32_t end = now + milliseconds; now != end; now += 10)
		turn();
}

static void begin(void)
{
	demo_start();
	memset(&got, 0, sizeof got);
	is_cut = is_bad = false;
	now = 1000;
	start_platform(OTHER_NONCE);
	start_agent(NONCE, true);
	pass(50);
	CHECK(scmi_serial_agent_is_open(&agent) && agent.sessions == 1 && platform.sessions == 1);
}

static bool send(uint32_t message, const uint32_t *words, uint32_t count)
{
	uint32_t command[8] = {message | CLOCK << 10 | (++token & 0x3ff) << 18};
	memcpy(command + 1, words, count * sizeof *words);
	return scmi_serial_agent_command(&agent, command, 4 + 4 * count, now);
}

static void a_command_is_answered_and_an_event_told(void)
{
	begin();
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1) && !send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	token--;
	pass(20);
	CHECK(got.replies == 1 && got.length == 16 && got.words[1] == 0 && got.words[2] == 24000000);
	CHECK(send(RATE_NOTIFY, (uint32_t[]){DEMO_UART, 1}, 2));
	pass(20);
	scmi_clock_changed(&demo.platform, DEMO_UART, 77, 0);
	pass(20);
	CHECK(got.replies == 2 && got.events == 1 && got.words[3] == 77 && got.none == 0);
	CHECK(agent.line.bad == 0 && platform.line.bad == 0);
}

static void who_says_nothing_is_greeted_so_that_a_session_lasts(void)
{
	begin();
	pass(20000);
	CHECK(scmi_serial_agent_is_open(&agent) && agent.sessions == 1 && platform.sessions == 1);
}

static void a_line_that_is_cut_ends_the_session_and_what_was_asked(void)
{
	begin();
	is_cut = true;
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	pass(1990);
	CHECK(got.none == 0);
	pass(30);
	CHECK(got.none == 1 && agent.time_outs == 1 && scmi_serial_agent_is_open(&agent));
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	pass(1500);
	CHECK(got.none == 2 && agent.time_outs == 1 && !scmi_serial_agent_is_open(&agent));
	CHECK(!send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	is_cut = false;
	pass(200);
	CHECK(scmi_serial_agent_is_open(&agent) && agent.sessions == 2 && agent.line.nonce != NONCE);
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	pass(20);
	CHECK(got.replies == 1);
}

static void a_platform_that_begins_anew_is_another_session(void)
{
	begin();
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	start_platform(OTHER_NONCE + 1);
	pass(300);
	CHECK(got.none == 1 && got.replies == 0 && agent.sessions == 2 && scmi_serial_agent_is_open(&agent));
	CHECK(agent.line.peer == OTHER_NONCE + 1 && platform.line.peer == agent.line.nonce);
}

static void an_agent_that_begins_anew_gives_up_what_it_held_unless_it_keeps_it(void)
{
	for (uint32_t keep = 0; keep < 2; keep++) {
		begin();
		CHECK(send(CONFIG_SET, (uint32_t[]){DEMO_UART, 1, 0}, 3));
		pass(20);
		CHECK(got.replies == 1 && demo.clocks_on[DEMO_UART]);
		start_agent(NONCE + 7, keep != 0);
		pass(300);
		CHECK(scmi_serial_agent_is_open(&agent) && demo.clocks_on[DEMO_UART] == (keep != 0));
	}
}

/* What the platform says to what the agent says now, for a test to hand over. */
static uint32_t said_by_platform(uint8_t *bytes, uint32_t room)
{
	uint8_t asked[256];
	uint32_t count = (uint32_t)scmi_serial_agent_send(&agent, asked, sizeof asked, now);
	scmi_serial_receive(&platform, asked, count, now);
	return (uint32_t)scmi_serial_send(&platform, bytes, room, now);
}

static void a_message_that_comes_twice_is_taken_once(void)
{
	uint8_t event[256];
	begin();
	CHECK(send(RATE_NOTIFY, (uint32_t[]){DEMO_UART, 1}, 2));
	pass(20);
	scmi_clock_changed(&demo.platform, DEMO_UART, 77, 0);
	uint32_t count = said_by_platform(event, sizeof event);
	scmi_serial_agent_receive(&agent, event, count, now);
	scmi_serial_agent_receive(&agent, event, count, now);
	CHECK(got.events == 1 && agent.line.repeated == 1);
}

static void a_reply_that_comes_late_answers_no_other_command(void)
{
	uint8_t late[256];
	begin();
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	uint32_t count = said_by_platform(late, sizeof late);
	now += SCMI_SERIAL_AGENT_TIMEOUT;
	turn();
	CHECK(got.none == 1 && send(RATE_GET, (uint32_t[]){DEMO_UART}, 1));
	uint8_t ignored[256];
	(void)said_by_platform(ignored, sizeof ignored);
	agent.line.heard = 0; /* so that the number tells nothing */
	scmi_serial_agent_receive(&agent, late, count, now);
	CHECK(count > 0 && got.replies == 0 && agent.line.bad == 1);
}

static void what_is_of_the_session_before_is_no_reply_to_this_one(void)
{
	uint8_t old[256];
	begin();
	CHECK(send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	uint32_t count = said_by_platform(old, sizeof old);
	start_agent(NONCE + 7, true);
	pass(50);
	token--; /* so that the token tells nothing */
	CHECK(scmi_serial_agent_is_open(&agent) && send(RATE_GET, (uint32_t[]){DEMO_UART}, 1));
	agent.line.heard = 0; /* nor does the number */
	uint8_t ignored[256];
	(void)said_by_platform(ignored, sizeof ignored);
	scmi_serial_agent_receive(&agent, old, count, now);
	CHECK(count > 0 && got.replies == 0 && agent.line.bad == 1);
}

static void a_welcome_for_the_session_before_opens_none(void)
{
	uint8_t old[256];
	begin();
	agent.owes_hello = true; /* which the platform, started anew, answers in the name of the old session */
	struct scmi_serial before = platform;
	uint8_t bytes[256];
	uint32_t count = (uint32_t)scmi_serial_agent_send(&agent, bytes, sizeof bytes, now);
	before.line.nonce = OTHER_NONCE + 1;
	before.line.sequence = 0;
	scmi_serial_receive(&before, bytes, count, now);
	uint32_t length = (uint32_t)scmi_serial_send(&before, old, sizeof old, now);
	scmi_serial_agent_receive(&agent, old, length, now);
	CHECK(length > 0 && !scmi_serial_agent_is_open(&agent) && agent.line.nonce == NONCE + 1);
}

static void a_bad_line_costs_commands_and_gives_no_wrong_answer(void)
{
	uint32_t answers = 0, wrong = 0;
	begin();
	is_bad = true;
	for (uint32_t i = 0; i < commands_on_bad_line; i++) {
		uint32_t rate = 1000000 * (1 + random_below(90)), before = got.replies, ended = got.none;
		demo.rates[DEMO_UART] = rate;
		while (!send(RATE_GET, (uint32_t[]){DEMO_UART}, 1))
			pass(10);
		for (uint32_t waited = 0; got.replies == before && got.none == ended; waited += 10) {
			pass(10);
			if (!CHECK(waited <= 3500))
				return;
		}
		if (got.replies != before) {
			answers++;
			wrong += got.length != 16 || got.words[2] != rate;
		}
	}
	CHECK(wrong == 0 && answers > commands_on_bad_line / 2 && answers < commands_on_bad_line);
	CHECK(agent.line.bad > 0 && platform.line.bad > 0 && agent.line.lost > 0);
}

static void any_bytes_at_all_do_no_harm(void)
{
	begin();
	for (uint32_t i = 0; i < 20000; i++) {
		static const uint8_t likely[] = {0x7e, 0x7d, 0x01, 0x08, 0x09, 0xff, 0x44, 0x24, 0x40, 0x80};
		uint8_t bytes[100];
		uint32_t count = random_below(sizeof bytes);
		for (uint32_t n = 0; n < count; n++)
			bytes[n] = random_below(2) == 0 ? likely[random_below(sizeof likely)] : (uint8_t)random_below(256);
		scmi_serial_agent_receive(&agent, bytes, count, now);
		turn();
	}
	scmi_serial_agent_receive(&agent, (const uint8_t *)"\x7e\x7e", 2, now);
	pass(4000);
	CHECK(scmi_serial_agent_is_open(&agent) && send(RATE_GET, (uint32_t[]){DEMO_OSC}, 1));
	pass(20);
	CHECK(got.replies == 1);
}

static void wrong_configurations_are_refused(void)
{
	struct scmi_serial_agent_config good = {.nonce = 1, .replied = replied, .told = told}, config;
#define INIT(change) (config = good, change, scmi_serial_agent_init(&agent, &config, now))
	CHECK(INIT((void)0) && !INIT(config.nonce = 0) && !INIT(config.endpoint = 7) && !INIT(config.peer = 255));
	CHECK(!INIT(config.peer = 8));
}

int main(int argc, char **argv)
{
	commands_on_bad_line = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 20000;
	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	RUN(a_command_is_answered_and_an_event_told);
	RUN(who_says_nothing_is_greeted_so_that_a_session_lasts);
	RUN(a_line_that_is_cut_ends_the_session_and_what_was_asked);
	RUN(a_platform_that_begins_anew_is_another_session);
	RUN(an_agent_that_begins_anew_gives_up_what_it_held_unless_it_keeps_it);
	RUN(a_message_that_comes_twice_is_taken_once);
	RUN(a_reply_that_comes_late_answers_no_other_command);
	RUN(what_is_of_the_session_before_is_no_reply_to_this_one);
	RUN(a_welcome_for_the_session_before_opens_none);
	RUN(a_bad_line_costs_commands_and_gives_no_wrong_answer);
	RUN(any_bytes_at_all_do_no_harm);
	RUN(wrong_configurations_are_refused);
	return summary();
}
