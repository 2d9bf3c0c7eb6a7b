/*
 * Tests of the platform library without any transport: what each message answers, byte by byte, and what takes time.
 *
 *   platform-test
 */
#include "check.h"
#include "demo.h"

enum { BASE = 0x10, POWER = 0x11, CLOCK = 0x14, SENSOR = 0x15, RESET = 0x16, VOLTAGE = 0x17 };
enum { ROOM = 4096, CAPACITY = 132 };
#define MHZ UINT64_C(1000000)
#define CALL(...) call(DEMO_BRIDGE, __VA_ARGS__)
#define WORDS(...) (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4

/* The last message that came: header, and what follows it in words; a reply's and a delayed response's are the status
 * and the values. */
static struct {
	int32_t length;
	uint32_t header;
	int32_t status;
	uint32_t words[ROOM / 4];
} got;
static uint32_t capacity;
static uint32_t token;

static void fresh(void)
{
	demo_start();
	for (unsigned i = 0; i < DEMO_AGENTS; i++)
		scmi_platform_reset(&demo.platform, i, true, false);
	capacity = CAPACITY;
	token = 0;
}

static uint32_t get32(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void take(const uint8_t *message, int32_t length)
{
	memset(&got, 0, sizeof got);
	got.length = length;
	if (length < 8)
		return;
	got.header = get32(message);
	got.status = (int32_t)get32(message + 4);
	for (int32_t i = 8; i + 4 <= length; i += 4)
		got.words[i / 4 - 2] = get32(message + i);
}

static int32_t send(unsigned agent, uint32_t header, const uint32_t *words, size_t count, uint32_t bytes)
{
	uint8_t message[256], reply[ROOM];
	for (unsigned i = 0; i < 4; i++)
		message[i] = (uint8_t)(header >> 8 * i);
	for (size_t i = 0; i < 4 * count; i++)
		message[4 + i] = (uint8_t)(words[i / 4] >> 8 * (i % 4));
	memset(reply, 0xaa, sizeof reply);
	int32_t length = scmi_platform_handle(&demo.platform, agent, message, 4 + bytes, reply, capacity, 1234);
	for (uint32_t i = length > 0 ? (uint32_t)length : 0; i < sizeof reply; i++)
		CHECK(reply[i] == 0xaa);
	take(reply, length);
	return got.status;
}

/* Sends a command; its status, or 1000 and the result if there is no reply. */
static int32_t call(unsigned agent, uint32_t protocol, uint32_t message, const uint32_t *words, size_t count)
{
	uint32_t header = message | protocol << 10 | ++token << 18;
	send(agent, header, words, count, (uint32_t)(4 * count));
	if (got.length <= 0)
		return 1000 + got.length;
	CHECK(got.header == header);
	CHECK(got.status == 0 || got.length == 8);
	return got.status;
}

static bool next_event(unsigned agent)
{
	uint8_t event[ROOM];
	int32_t length = scmi_platform_next_event(&demo.platform, agent, event, sizeof event);
	take(event, length);
	return length > 0;
}

static bool is_event(unsigned agent, uint32_t protocol, uint32_t id, uint32_t causer, uint32_t resource, uint64_t value)
{
	return CHECK(next_event(agent)) && CHECK(got.header == (id | 3u << 8 | protocol << 10))
		&& CHECK(got.status == (int32_t)causer) && CHECK(got.words[0] == resource)
		&& CHECK((got.words[1] | (uint64_t)got.words[2] << 32) == value)
		&& CHECK(got.length == (protocol == CLOCK ? 20 : 16));
}

static bool late_reply(unsigned agent)
{
	uint8_t reply[ROOM];
	uint32_t cookie = 0, length = scmi_platform_late_reply(&demo.platform, agent, reply, &cookie);
	take(reply, (int32_t)length);
	return length > 0 && CHECK(cookie == 1234);
}

static bool is_name(uint32_t at, const char *name, uint32_t bytes)
{
	char text[64] = "";
	for (uint32_t i = 0; i < bytes; i++)
		text[i] = (char)(got.words[at + i / 4] >> 8 * (i % 4));
	char expected[64] = "";
	for (uint32_t i = 0; i < bytes - 1 && name[i] != 0; i++)
		expected[i] = name[i];
	return memcmp(text, expected, bytes) == 0;
}

/* What there is ------------------------------------------------------------------------------------------------- */

static void base_says_who_is_there(void)
{
	fresh();
	CHECK(CALL(BASE, 0, NULL, 0) == 0 && got.length == 12 && got.words[0] == 0x20001);
	CHECK(CALL(BASE, 1, NULL, 0) == 0 && got.words[0] == (5 | 2 << 8));
	CHECK(CALL(BASE, 3, NULL, 0) == 0 && got.length == 24 && is_name(0, "scmid", 16));
	CHECK(CALL(BASE, 4, NULL, 0) == 0 && is_name(0, "demo", 16));
	CHECK(CALL(BASE, 5, NULL, 0) == 0 && got.words[0] == 0x100);
	CHECK(CALL(BASE, 6, WORDS(0)) == 0 && got.length == 20 && got.words[0] == 5);
	CHECK(got.words[1] == 0x16151411 && got.words[2] == 0x17);
	CHECK(CALL(BASE, 6, WORDS(3)) == 0 && got.length == 16 && got.words[0] == 2 && got.words[1] == 0x1716);
	CHECK(CALL(BASE, 6, WORDS(5)) == 0 && got.length == 12 && got.words[0] == 0);
	CHECK(CALL(BASE, 6, WORDS(6)) == SCMI_INVALID_PARAMETERS);
	capacity = 19; /* as many whole words as fit */
	CHECK(CALL(BASE, 6, WORDS(0)) == 0 && got.length == 16 && got.words[0] == 4 && got.words[1] == 0x16151411);
	capacity = 15;
	CHECK(CALL(BASE, 6, WORDS(0)) == SCMI_PROTOCOL_ERROR && CALL(BASE, 6, WORDS(5)) == 0);
	capacity = CAPACITY;
	CHECK(CALL(BASE, 7, WORDS(0)) == 0 && got.length == 28 && got.words[0] == 0 && is_name(1, "platform", 16));
	CHECK(CALL(BASE, 7, WORDS(2)) == 0 && got.words[0] == 2 && is_name(1, "guest", 16));
	CHECK(CALL(BASE, 7, WORDS(~0u)) == 0 && got.words[0] == 1 && is_name(1, "bridge", 16));
	CHECK(CALL(BASE, 7, WORDS(3)) == SCMI_NOT_FOUND);
}

static void an_agent_sees_its_own_resources_by_its_own_ids(void)
{
	fresh();
	CHECK(call(DEMO_GUEST, BASE, 6, WORDS(0)) == 0 && got.words[0] == 4 && got.words[1] == 0x17161411);
	CHECK(call(DEMO_GUEST, SENSOR, 0, NULL, 0) == SCMI_NOT_SUPPORTED);
	CHECK(call(DEMO_GUEST, CLOCK, 1, NULL, 0) == 0 && got.words[0] == (3 | (SCMI_PLATFORM_JOBS - 1) << 16));
	CHECK(call(DEMO_GUEST, CLOCK, 3, WORDS(0)) == 0 && is_name(1, "uart", 16) && got.words[5] == 10);
	CHECK(call(DEMO_GUEST, CLOCK, 3, WORDS(3)) == SCMI_NOT_FOUND);
	CHECK(call(DEMO_GUEST, CLOCK, 5, WORDS(0, 1, 5000000, 0)) == SCMI_DENIED);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(1, 1)) == SCMI_DENIED);
	CHECK(call(DEMO_GUEST, CLOCK, 0xf, WORDS(0)) == 0 && got.words[0] == 5u << 29);
	CHECK(call(DEMO_GUEST, RESET, 4, WORDS(0, 1, 0)) == SCMI_DENIED);
	CHECK(call(DEMO_GUEST, CLOCK, 0xc, WORDS(1, 0)) == 0 && got.length == 16 && got.words[0] == 1 && got.words[1] == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 0xe, WORDS(1)) == SCMI_DENIED); /* it runs from one that it does not see */
}

static void each_protocol_has_its_version_and_negotiates_minor_ones(void)
{
	static const uint32_t versions[][2] = {{BASE, 0x20001}, {POWER, 0x30001}, {CLOCK, 0x30000}, {SENSOR, 0x30001},
		{RESET, 0x30001}, {VOLTAGE, 0x20001}};
	fresh();
	for (int i = 0; i < 6; i++) {
		uint32_t own = versions[i][1];
		CHECK(CALL(versions[i][0], 0, NULL, 0) == 0 && got.words[0] == own);
		CHECK(CALL(versions[i][0], 0x10, WORDS(own)) == 0 && got.length == 8);
		CHECK(CALL(versions[i][0], 0x10, WORDS(own & ~1u)) == 0);
		CHECK(CALL(versions[i][0], 0x10, WORDS(own + 1)) == SCMI_NOT_SUPPORTED);
		CHECK(CALL(versions[i][0], 0x10, WORDS(own - 0x10000)) == SCMI_NOT_SUPPORTED);
		CHECK(CALL(versions[i][0], 2, WORDS(0x10)) == 0 && got.words[0] == 0);
		CHECK(CALL(versions[i][0], 2, WORDS(0x44)) == SCMI_NOT_FOUND);
		CHECK(CALL(versions[i][0], 2, WORDS(0x100)) == SCMI_NOT_FOUND);
	}
	CHECK(CALL(0x13, 0, NULL, 0) == SCMI_NOT_SUPPORTED);
}

static void what_is_no_command_or_has_no_room_is_not_answered(void)
{
	fresh();
	for (uint32_t type = 1; type < 4; type++) {
		send(DEMO_BRIDGE, 6 | type << 8 | CLOCK << 10, WORDS(0), 4);
		CHECK(got.length == 0);
	}
	uint8_t message[8] = {6, 0x50};
	CHECK(scmi_platform_handle(&demo.platform, 0, message, 3, message, 8, 0) == 0);
	capacity = 7;
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 1000 && demo.calls == 0);
	capacity = 8;
	CHECK(CALL(CLOCK, 6, WORDS(0)) == SCMI_PROTOCOL_ERROR && demo.calls == 0);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 0 && demo.clocks_on[DEMO_UART]);
}

/* Every length that no version of a command has: by the lengths that they have. */
static void a_payload_of_another_length_is_a_protocol_error(void)
{
	static const uint8_t lengths[][3] = {{BASE, 0, 0}, {BASE, 1, 0}, {BASE, 2, 4}, {BASE, 6, 4}, {BASE, 7, 4},
		{BASE, 0xb, 8}, {BASE, 0x10, 4}, {POWER, 1, 0}, {POWER, 3, 4}, {POWER, 4, 12}, {POWER, 5, 4}, {POWER, 6, 8},
		{POWER, 7, 8}, {POWER, 8, 4}, {CLOCK, 1, 0}, {CLOCK, 3, 4}, {CLOCK, 4, 8}, {CLOCK, 5, 16}, {CLOCK, 6, 4},
		{CLOCK, 7, 8}, {CLOCK, 8, 4}, {CLOCK, 9, 8}, {CLOCK, 0xa, 8}, {CLOCK, 0xb, 8}, {CLOCK, 0xc, 8}, {CLOCK, 0xd, 8},
		{CLOCK, 0xe, 4}, {CLOCK, 0xf, 4}, {SENSOR, 1, 0}, {SENSOR, 3, 4}, {SENSOR, 4, 8}, {SENSOR, 5, 16}, {SENSOR, 6, 8},
		{SENSOR, 9, 4}, {SENSOR, 0xa, 8}, {SENSOR, 0xc, 4}, {RESET, 1, 0}, {RESET, 3, 4}, {RESET, 4, 12}, {RESET, 5, 8},
		{RESET, 6, 4}, {VOLTAGE, 1, 0}, {VOLTAGE, 3, 4}, {VOLTAGE, 4, 8}, {VOLTAGE, 5, 8}, {VOLTAGE, 6, 4},
		{VOLTAGE, 7, 12}, {VOLTAGE, 8, 4}, {VOLTAGE, 9, 4}};
	static const uint32_t zeros[24];
	fresh();
	for (size_t i = 0; i < sizeof lengths / 3; i++) {
		const uint8_t *its = lengths[i];
		for (uint32_t bytes = 0; bytes <= 80; bytes++) {
			send(DEMO_BRIDGE, its[1] | (uint32_t)its[0] << 10, zeros, 24, bytes);
			bool is_right = bytes == its[2] || (its[0] == CLOCK && its[1] == 7 && bytes == 12);
			CHECK((got.status == SCMI_PROTOCOL_ERROR) == !is_right);
		}
		/* And a resource that is not there. */
		if (its[2] > 0 && its[0] != BASE && its[1] > 2 && !(its[0] == SENSOR && its[1] == 3)) {
			uint32_t words[4] = {99, 99, 0, 0};
			CHECK(call(DEMO_BRIDGE, its[0], its[1], words, its[2] / 4) == SCMI_NOT_FOUND
				|| (its[0] == POWER && its[1] == 4) || (its[0] == CLOCK && its[1] == 5));
		}
	}
	CHECK(CALL(POWER, 4, WORDS(0, 99, 0)) == SCMI_NOT_FOUND && CALL(CLOCK, 5, WORDS(0, 99, 0, 0)) == SCMI_NOT_FOUND);
}

static void a_reserved_bit_is_invalid(void)
{
	static const struct {
		uint32_t protocol, message, words, at, reserved;
	} guarded[] = {{BASE, 0xb, 2, 1, ~1u}, {POWER, 4, 3, 0, ~1u}, {POWER, 6, 2, 1, ~1u}, {POWER, 7, 2, 1, ~1u},
		{CLOCK, 5, 4, 0, ~15u}, {CLOCK, 7, 2, 1, ~0xff0003u}, {CLOCK, 9, 2, 1, ~1u}, {CLOCK, 10, 2, 1, ~1u},
		{CLOCK, 11, 2, 1, ~0xffu}, {SENSOR, 4, 2, 1, ~1u}, {SENSOR, 5, 4, 1, 0xfffff00c}, {SENSOR, 6, 2, 1, ~1u},
		{SENSOR, 10, 2, 1, 0x1fc}, {RESET, 4, 3, 1, ~7u}, {RESET, 5, 2, 1, ~1u},
		{VOLTAGE, 5, 2, 1, ~15u}, {VOLTAGE, 7, 3, 1, ~1u}};
	fresh();
	for (size_t i = 0; i < sizeof guarded / sizeof guarded[0]; i++) {
		for (int bit = 0; bit < 32; bit++) {
			uint32_t words[4] = {0};
			words[guarded[i].at] = 1u << bit;
			if ((guarded[i].reserved >> bit & 1) != 0)
				CHECK(call(DEMO_BRIDGE, guarded[i].protocol, guarded[i].message, words, guarded[i].words)
					== SCMI_INVALID_PARAMETERS);
		}
	}
}

static void without_a_way_for_events_nothing_is_offered_that_needs_one(void)
{
	fresh();
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, false, false);
	CHECK(CALL(CLOCK, 1, NULL, 0) == 0 && got.words[0] == DEMO_CLOCKS);
	CHECK(CALL(CLOCK, 3, WORDS(1)) == 0 && got.words[0] == 0);
	CHECK(CALL(CLOCK, 2, WORDS(9)) == SCMI_NOT_FOUND && CALL(CLOCK, 9, WORDS(1, 1)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(CLOCK, 5, WORDS(1, 1, 2000000, 0)) == SCMI_NOT_SUPPORTED && demo.calls == 1);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_VIDEO, 5, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(SENSOR, 6, WORDS(DEMO_ADC, 1)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(RESET, 3, WORDS(DEMO_RESET_VIDEO)) == 0 && got.words[0] == 0);
	CHECK(CALL(VOLTAGE, 3, WORDS(DEMO_RADIO)) == 0 && got.words[0] == 1u << 30);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_RADIO, 1, 3300000)) == SCMI_NOT_SUPPORTED && demo.levels[DEMO_RADIO] == 1800000);
}

/* Clocks -------------------------------------------------------------------------------------------------------- */

static void a_clock_tells_what_it_is(void)
{
	fresh();
	CHECK(CALL(CLOCK, 3, WORDS(DEMO_OSC)) == 0 && got.length == 32);
	CHECK(got.words[0] == (1 | 2 | 3u << 30) && is_name(1, "osc", 16));
	CHECK(CALL(CLOCK, 0xf, WORDS(DEMO_OSC)) == 0 && got.words[0] == 3u << 29);
	CHECK(CALL(CLOCK, 3, WORDS(DEMO_AUDIO)) == 0 && got.words[0] == 15u << 28 && is_name(1, "clock-of-the-au", 16));
	CHECK(CALL(CLOCK, 8, WORDS(DEMO_AUDIO)) == 0 && got.length == 76 && got.words[0] == 0);
	CHECK(is_name(1, "clock-of-the-audio-block", 64));
	CHECK(CALL(CLOCK, 8, WORDS(DEMO_OSC)) == SCMI_NOT_SUPPORTED);
}

static void rates_come_as_a_range_or_page_by_page(void)
{
	fresh();
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_UART, 0)) == 0 && got.length == 36 && got.words[0] == (3 | 1 << 12));
	CHECK(got.words[1] == MHZ && got.words[3] == 100 * MHZ && got.words[5] == MHZ);
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_UART, 1)) == SCMI_OUT_OF_RANGE);
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_OSC, 0)) == 0 && got.length == 20 && got.words[0] == 1 && got.words[1] == 24 * MHZ);
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_OSC, 1)) == SCMI_OUT_OF_RANGE);
	capacity = 27; /* 8 of header and status, 4 of counts, one rate, and not quite a second */
	for (uint32_t index = 0; index < DEMO_PIXEL_RATES; index++) {
		CHECK(CALL(CLOCK, 4, WORDS(DEMO_PIXEL, index)) == 0 && got.length == 20);
		CHECK(got.words[0] == (1 | (DEMO_PIXEL_RATES - index - 1) << 16) && got.words[1] == (index + 1) * MHZ);
	}
	capacity = 19;
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_PIXEL, 0)) == SCMI_PROTOCOL_ERROR);
	capacity = 35;
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_UART, 0)) == SCMI_PROTOCOL_ERROR);
	capacity = ROOM;
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_PIXEL, 7)) == 0 && got.words[0] == DEMO_PIXEL_RATES - 7);
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_PIXEL, DEMO_PIXEL_RATES)) == SCMI_OUT_OF_RANGE);
	CHECK(CALL(CLOCK, 4, WORDS(DEMO_PIXEL, ~0u)) == SCMI_OUT_OF_RANGE);
}

static void a_rate_is_set_with_rounding_and_read(void)
{
	fresh();
	CHECK(CALL(CLOCK, 5, WORDS(0, DEMO_UART, 2600000, 0)) == 0 && got.length == 8);
	CHECK(CALL(CLOCK, 6, WORDS(DEMO_UART)) == 0 && got.length == 16 && got.words[0] == 2000000 && got.words[1] == 0);
	CHECK(CALL(CLOCK, 5, WORDS(4, DEMO_UART, 2400000, 0)) == 0 && demo.rates[DEMO_UART] == 3 * MHZ);
	CHECK(CALL(CLOCK, 5, WORDS(8, DEMO_UART, 4500001, 0)) == 0 && demo.rates[DEMO_UART] == 5 * MHZ);
	CHECK(CALL(CLOCK, 5, WORDS(12, DEMO_UART, 4400000, 0)) == 0 && demo.rates[DEMO_UART] == 4 * MHZ);
	CHECK(CALL(CLOCK, 5, WORDS(4, DEMO_UART, 0, 1)) == SCMI_INVALID_PARAMETERS && demo.rates[DEMO_UART] == 4 * MHZ);
	CHECK(!next_event(DEMO_BRIDGE));
}

static void changes_of_rate_are_told_to_those_who_want_to_know(void)
{
	fresh();
	CHECK(CALL(CLOCK, 9, WORDS(DEMO_UART, 1)) == 0 && CALL(CLOCK, 0xa, WORDS(DEMO_UART, 1)) == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 9, WORDS(0, 1)) == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 5, WORDS(0, 0, 2600000, 0)) == 0);
	is_event(DEMO_BRIDGE, CLOCK, 1, 2, DEMO_UART, 2600000);
	is_event(DEMO_BRIDGE, CLOCK, 0, 2, DEMO_UART, 2000000);
	is_event(DEMO_GUEST, CLOCK, 0, 2, 0, 2000000);
	CHECK(!next_event(DEMO_BRIDGE) && !next_event(DEMO_GUEST));
	CHECK(CALL(CLOCK, 5, WORDS(0, DEMO_UART, 0, 0)) == SCMI_INVALID_PARAMETERS && !next_event(DEMO_BRIDGE));
	scmi_clock_changed(&demo.platform, DEMO_UART, 7, 0);
	scmi_clock_changed(&demo.platform, DEMO_UART, UINT64_C(0x900000008), 0);
	is_event(DEMO_BRIDGE, CLOCK, 0, 0, DEMO_UART, UINT64_C(0x900000008)); /* only the newest */
	CHECK(!next_event(DEMO_BRIDGE));
	scmi_clock_changed(&demo.platform, DEMO_UART, 7, 0);
	CHECK(CALL(CLOCK, 9, WORDS(DEMO_UART, 0)) == 0 && !next_event(DEMO_BRIDGE)); /* it wants it no more */
}

static void an_asynchronous_rate_ends_by_a_delayed_response(void)
{
	fresh();
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0 && got.length == 8);
	uint32_t header = got.header;
	CHECK(!next_event(DEMO_BRIDGE) && demo.rates[DEMO_PLL] == MHZ);
	CHECK(demo_finish(0) && next_event(DEMO_BRIDGE) && got.length == 20 && got.header == (header | 2u << 8));
	CHECK(got.status == 0 && got.words[0] == DEMO_PLL && got.words[1] == 9000000 && got.words[2] == 0);
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_UART, 3000000, 0)) == 0); /* at once, and told in the same way */
	CHECK(next_event(DEMO_BRIDGE) && got.words[0] == DEMO_UART && got.words[1] == 3000000);
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 5000000, 0)) == 0 && demo_finish(SCMI_HARDWARE_ERROR));
	CHECK(next_event(DEMO_BRIDGE) && got.length == 8 && got.status == SCMI_HARDWARE_ERROR);
	CHECK(CALL(CLOCK, 5, WORDS(3, DEMO_PLL, 5000000, 0)) == 0 && demo_finish(0) && !next_event(DEMO_BRIDGE));
	CHECK(demo.rates[DEMO_PLL] == 5 * MHZ);
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 0, 0)) == SCMI_INVALID_PARAMETERS && !next_event(DEMO_BRIDGE));
}

static void as_many_are_under_way_as_was_said_and_one_may_still_wait(void)
{
	fresh();
	for (int i = 0; i < SCMI_PLATFORM_JOBS - 1; i++)
		CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0);
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == SCMI_BUSY);
	CHECK(CALL(CLOCK, 6, WORDS(DEMO_PLL)) == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 5, WORDS(1, 0, 9000000, 0)) == 0);
	for (int i = 0; i < SCMI_PLATFORM_JOBS - 1; i++)
		CHECK(demo_finish(0) && next_event(DEMO_BRIDGE));
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0);
}

static void a_reply_may_come_late(void)
{
	fresh();
	demo.slow = true;
	CHECK(CALL(CLOCK, 6, WORDS(DEMO_OSC)) == 1000 + SCMI_LATER && !late_reply(DEMO_BRIDGE));
	CHECK(demo_finish(0) && !next_event(DEMO_BRIDGE) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 16 && got.header == (6 | CLOCK << 10 | token << 18) && got.words[0] == 24 * MHZ);
	CHECK(!late_reply(DEMO_BRIDGE));
	CHECK(CALL(CLOCK, 3, WORDS(DEMO_OSC)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 32 && (got.words[0] & 1) == 1 && is_name(1, "osc", 16));
	CHECK(CALL(CLOCK, 0xb, WORDS(DEMO_OSC, 0)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 20 && got.words[1] == 1);
	CHECK(CALL(CLOCK, 0xe, WORDS(DEMO_AUDIO)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 12 && got.words[0] == DEMO_OSC);
	CHECK(call(DEMO_GUEST, CLOCK, 0xe, WORDS(1)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_GUEST));
	CHECK(got.length == 8 && got.status == SCMI_DENIED); /* it does not see that parent */
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_AUDIO, 4)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 8 && got.status == 0 && demo.audio_parent == DEMO_PLL);
	CHECK(CALL(SENSOR, 6, WORDS(DEMO_FAN, 0)) == 1000 + SCMI_LATER && demo_finish(0) && late_reply(DEMO_BRIDGE));
	CHECK(got.length == 24 && got.words[0] == (uint32_t)-1003 && got.words[1] == ~0u && got.words[2] == 77);
	CHECK(CALL(POWER, 5, WORDS(DEMO_CPU)) == 1000 + SCMI_LATER && demo_finish(SCMI_HARDWARE_ERROR) && late_reply(0));
	CHECK(got.length == 8 && got.status == SCMI_HARDWARE_ERROR);
}

static void parents_are_listed_read_and_set(void)
{
	fresh();
	CHECK(CALL(CLOCK, 0xc, WORDS(DEMO_AUDIO, 0)) == 0 && got.length == 24 && got.words[0] == 3);
	CHECK(got.words[1] == DEMO_OSC && got.words[2] == DEMO_UART && got.words[3] == DEMO_PLL);
	capacity = 16;
	CHECK(CALL(CLOCK, 0xc, WORDS(DEMO_AUDIO, 1)) == 0 && got.words[0] == (1 | 1 << 24) && got.words[1] == DEMO_UART);
	capacity = CAPACITY;
	CHECK(CALL(CLOCK, 0xc, WORDS(DEMO_AUDIO, 3)) == SCMI_OUT_OF_RANGE);
	CHECK(CALL(CLOCK, 0xc, WORDS(DEMO_UART, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_AUDIO, DEMO_PLL)) == 0);
	CHECK(CALL(CLOCK, 0xe, WORDS(DEMO_AUDIO)) == 0 && got.words[0] == DEMO_PLL);
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_AUDIO, DEMO_PIXEL)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_AUDIO, 99)) == SCMI_NOT_FOUND);
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_UART, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(CLOCK, 0xe, WORDS(DEMO_UART)) == SCMI_NOT_SUPPORTED);
}

static bool config_is(unsigned agent, uint32_t id, uint32_t on)
{
	return call(agent, CLOCK, 0xb, WORDS(id, 0)) == 0 && got.length == 20 && got.words[0] == 0 && got.words[1] == on
		&& got.words[2] == 0 && call(agent, CLOCK, 3, WORDS(id)) == 0 && (got.words[0] & 1) == on;
}

static void a_clock_runs_while_any_agent_votes_for_it(void)
{
	fresh();
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 0 && demo.clocks_on[DEMO_UART] && demo.switches == 1);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 1, 0)) == 0 && demo.switches == 1);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 0)) == 0 && demo.clocks_on[DEMO_UART]);
	CHECK(config_is(DEMO_BRIDGE, DEMO_UART, 0) && config_is(DEMO_GUEST, 0, 1)); /* each reads what it asked for */
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 0)) == 0 && !demo.clocks_on[DEMO_UART] && demo.switches == 2);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 0)) == 0 && demo.switches == 2);
	demo.refuse = SCMI_HARDWARE_ERROR;
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == SCMI_HARDWARE_ERROR);
	demo.refuse = 0;
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 1)) == 0 && call(DEMO_GUEST, CLOCK, 7, WORDS(0, 0)) == 0);
	CHECK(!demo.clocks_on[DEMO_UART]); /* the vote that failed does not count */
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_OSC, 0)) == SCMI_DENIED && demo.clocks_on[DEMO_OSC]);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 0 && call(DEMO_GUEST, CLOCK, 7, WORDS(0, 1)) == 0);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 2)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 3)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1 | 1 << 16)) == SCMI_PROTOCOL_ERROR);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1 | 1 << 16, 50)) == SCMI_INVALID_PARAMETERS);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 0)) == 0 && demo.clocks_on[DEMO_UART]); /* what was refused took no vote */
	CHECK(CALL(CLOCK, 0xb, WORDS(DEMO_UART, 1)) == SCMI_INVALID_PARAMETERS);
}

static void while_something_is_switched_others_are_told_to_wait(void)
{
	fresh();
	demo.slow = true;
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 1000 + SCMI_LATER);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 1)) == SCMI_BUSY);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 0)) == SCMI_BUSY);
	CHECK(call(DEMO_GUEST, CLOCK, 6, WORDS(0)) == 1000 + SCMI_LATER); /* reading is no switching */
	CHECK(demo_finish(0) && late_reply(DEMO_BRIDGE) && got.status == 0 && demo.clocks_on[DEMO_UART]);
	CHECK(demo_finish(0) && late_reply(DEMO_GUEST));
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 1)) == 0);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 0)) == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 0)) == 1000 + SCMI_LATER && demo_finish(SCMI_HARDWARE_ERROR));
	CHECK(late_reply(DEMO_GUEST) && got.status == SCMI_HARDWARE_ERROR && demo.clocks_on[DEMO_UART]);
	demo.slow = false;
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(0, 0)) == 0 && !demo.clocks_on[DEMO_UART]); /* its vote was still there */
}

/* Power, sensors, resets, supplies --------------------------------------------------------------------------------- */

static void a_power_domain_is_on_while_any_agent_votes_for_it(void)
{
	fresh();
	CHECK(CALL(POWER, 1, NULL, 0) == 0 && got.length == 24 && got.words[0] == DEMO_DOMAINS && got.words[3] == 0);
	CHECK(CALL(POWER, 3, WORDS(DEMO_GPU)) == 0 && got.length == 28 && got.words[0] == 11u << 28 && is_name(1, "gpu", 16));
	CHECK(CALL(POWER, 3, WORDS(DEMO_CPU)) == 0 && got.words[0] == 9u << 28);
	CHECK(CALL(POWER, 3, WORDS(DEMO_VIDEO)) == 0 && got.words[0] == (11u << 28 | 1 << 27));
	CHECK(CALL(POWER, 8, WORDS(DEMO_VIDEO)) == 0 && is_name(1, "domain-of-the-video-decoder", 64));
	CHECK(CALL(POWER, 6, WORDS(DEMO_GPU, 1)) == 0 && CALL(POWER, 7, WORDS(DEMO_GPU, 1)) == 0);
	CHECK(call(DEMO_GUEST, POWER, 4, WORDS(0, 0, 0)) == 0 && demo.domains_on[DEMO_GPU]);
	CHECK(next_event(0) && got.header == (3u << 8 | POWER << 10) && got.status == 2 && got.words[0] == DEMO_GPU);
	is_event(DEMO_BRIDGE, POWER, 1, 2, DEMO_GPU, 0);
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_GPU, 0)) == 0);
	is_event(DEMO_BRIDGE, POWER, 1, 1, DEMO_GPU, 0);
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_GPU, 1u << 30)) == 0 && demo.domains_on[DEMO_GPU]);
	is_event(DEMO_BRIDGE, POWER, 1, 1, DEMO_GPU, 1u << 30);
	CHECK(CALL(POWER, 5, WORDS(DEMO_GPU)) == 0 && got.length == 12 && got.words[0] == 1u << 30);
	CHECK(call(DEMO_GUEST, POWER, 5, WORDS(0)) == 0 && got.words[0] == 0);
	CHECK(call(DEMO_GUEST, POWER, 4, WORDS(0, 0, 1u << 30)) == 0 && !demo.domains_on[DEMO_GPU]);
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_GPU, 0xff000000)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(POWER, 4, WORDS(1, DEMO_GPU, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_CPU, 1u << 30)) == SCMI_NOT_SUPPORTED && demo.domains_on[DEMO_CPU]);
}

static void sensors_are_described_page_by_page(void)
{
	fresh();
	CHECK(CALL(SENSOR, 1, NULL, 0) == 0 && got.words[0] == (DEMO_SENSORS | (SCMI_PLATFORM_JOBS - 1) << 16));
	CHECK(CALL(SENSOR, 3, WORDS(0)) == 0 && got.length == 8 + 4 + 2 * 52 && got.words[0] == (2 | 2 << 16));
	CHECK(got.words[1] == 0 && got.words[2] == (2 | 1 << 8) && got.words[3] == (2 | 29u << 11) && is_name(4, "board", 16));
	CHECK(got.words[8] == 0 && got.words[9] == (5 | 31u << 27));
	CHECK(got.words[10] == (uint32_t)-40000 && got.words[11] == ~0u && got.words[12] == 125000 && got.words[13] == 0);
	CHECK(got.words[14] == 1 && got.words[15] == (1u << 29 | 1 << 8));
	CHECK(CALL(SENSOR, 3, WORDS(DEMO_ADC)) == 0 && got.words[0] == 2);
	CHECK(got.words[2] == (1u << 31 | 23u << 10 | 1 << 9 | 1 << 8));
	CHECK(CALL(SENSOR, 3, WORDS(DEMO_SENSORS)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(SENSOR, 0xc, WORDS(DEMO_CORE)) == 0 && is_name(1, "temperature-of-core-0", 64));
	capacity = 8 + 4 + 51;
	CHECK(CALL(SENSOR, 3, WORDS(0)) == SCMI_PROTOCOL_ERROR);
	for (uint32_t i = 7; i <= 0xd; i++)
		CHECK((CALL(SENSOR, 2, WORDS(i)) == 0) == (i == 9 || i == 0xa || i == 0xc));
}

static void sensors_are_read_at_once_and_later(void)
{
	fresh();
	CHECK(CALL(SENSOR, 6, WORDS(DEMO_FAN, 0)) == 0 && got.length == 24);
	CHECK(got.words[0] == (uint32_t)-1003 && got.words[1] == ~0u && got.words[2] == 0 && got.words[3] == 0);
	CHECK(CALL(SENSOR, 6, WORDS(DEMO_FAN, 1)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(SENSOR, 6, WORDS(DEMO_ADC, 1)) == 0 && got.length == 8 && demo_finish(0) && next_event(DEMO_BRIDGE));
	CHECK(got.length == 28 && got.header == (6 | 2u << 8 | SENSOR << 10 | token << 18) && got.words[0] == DEMO_ADC);
	CHECK(got.words[1] == (uint32_t)-1002 && got.words[2] == ~0u && got.words[3] == 77 && got.words[4] == 0);
	CHECK(CALL(SENSOR, 0xa, WORDS(DEMO_FAN, 0)) == 0 && CALL(SENSOR, 6, WORDS(DEMO_FAN, 0)) == SCMI_PROTOCOL_ERROR);
	CHECK(CALL(SENSOR, 9, WORDS(DEMO_FAN)) == 0 && got.words[0] == 0);
	CHECK(CALL(SENSOR, 0xa, WORDS(DEMO_FAN, 3)) == SCMI_NOT_SUPPORTED && CALL(SENSOR, 0xa, WORDS(DEMO_ADC, 3)) == 0);
}

static void trip_points_are_each_agents_own(void)
{
	fresh();
	CHECK(CALL(SENSOR, 4, WORDS(DEMO_FAN, 1)) == SCMI_NOT_SUPPORTED && CALL(SENSOR, 4, WORDS(DEMO_BOARD, 1)) == 0);
	CHECK(CALL(SENSOR, 5, WORDS(DEMO_BOARD, 1 << 4 | 3, 50000, 0)) == 0);
	CHECK(next_event(DEMO_BRIDGE) && got.length == 16 && got.header == (3u << 8 | SENSOR << 10) && got.status == 0);
	CHECK(got.words[0] == DEMO_BOARD && got.words[1] == (1 | 1 << 16));
	CHECK(CALL(SENSOR, 5, WORDS(DEMO_BOARD, 2 << 4 | 3, 0, 0)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(SENSOR, 5, WORDS(DEMO_FAN, 3, 0, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(SENSOR, 5, WORDS(DEMO_FAN, 1 << 4 | 3, 0, 0)) == SCMI_INVALID_PARAMETERS);
	uint32_t before = demo.calls;
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, true);
	CHECK(demo.calls == before + 2); /* both are given up, one of them unset */
}

static void resets_are_pulsed_asserted_and_told(void)
{
	fresh();
	CHECK(CALL(RESET, 1, NULL, 0) == 0 && got.words[0] == DEMO_RESETS);
	CHECK(CALL(RESET, 3, WORDS(DEMO_RESET_VIDEO)) == 0 && got.length == 32 && got.words[0] == 3u << 30);
	CHECK(got.words[1] == ~0u && is_name(2, "video", 16));
	CHECK(CALL(RESET, 3, WORDS(DEMO_RESET_USB)) == 0 && got.words[0] == 3u << 29 && got.words[1] == 100);
	CHECK(CALL(RESET, 6, WORDS(DEMO_RESET_USB)) == 0 && is_name(1, "reset-of-the-usb-controller", 64));
	CHECK(CALL(RESET, 5, WORDS(DEMO_RESET_UART, 1)) == 0);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 2, 0)) == 0 && demo.asserted[DEMO_RESET_UART]);
	is_event(DEMO_BRIDGE, RESET, 0, 1, DEMO_RESET_UART, 0);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 0, 0)) == 0 && !demo.asserted[DEMO_RESET_UART]);
	CHECK(!next_event(DEMO_BRIDGE));
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 3, 0)) == 0 && demo.pulses == 1 && next_event(DEMO_BRIDGE));
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_VIDEO, 5, 0)) == 0 && demo.pulses == 1 && demo_finish(0) && demo.pulses == 2);
	CHECK(next_event(DEMO_BRIDGE) && got.length == 12 && got.header == (4 | 2u << 8 | RESET << 10 | token << 18));
	CHECK(got.status == 0 && got.words[0] == DEMO_RESET_VIDEO);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 5, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_VIDEO, 6, 0)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 1, 0xff)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_USB, 2, 0)) == SCMI_NOT_SUPPORTED);
}

static void a_supply_is_on_while_any_agent_votes_for_it(void)
{
	fresh();
	CHECK(CALL(VOLTAGE, 1, NULL, 0) == 0 && got.length == 12 && got.words[0] == DEMO_SUPPLIES);
	CHECK(CALL(VOLTAGE, 3, WORDS(DEMO_VDD)) == 0 && got.length == 28 && got.words[0] == 0 && is_name(1, "vdd", 16));
	CHECK(CALL(VOLTAGE, 3, WORDS(DEMO_RADIO)) == 0 && got.words[0] == 3u << 30 && is_name(1, "supply-of-the-r", 16));
	CHECK(CALL(VOLTAGE, 9, WORDS(DEMO_RADIO)) == 0 && got.length == 76 && is_name(1, "supply-of-the-radio", 64));
	CHECK(CALL(VOLTAGE, 6, WORDS(DEMO_RADIO)) == 0 && got.length == 12 && got.words[0] == 0);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_RADIO, 7)) == 0 && got.length == 8 && demo.supplies_on[DEMO_RADIO]);
	CHECK(CALL(VOLTAGE, 6, WORDS(DEMO_RADIO)) == 0 && got.words[0] == 7);
	CHECK(call(DEMO_GUEST, VOLTAGE, 5, WORDS(0, 7)) == 0 && demo.switches == 1);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_RADIO, 0)) == 0 && demo.supplies_on[DEMO_RADIO]);
	CHECK(CALL(VOLTAGE, 6, WORDS(DEMO_RADIO)) == 0 && got.words[0] == 0);
	scmi_platform_reset(&demo.platform, DEMO_GUEST, true, false);
	CHECK(!demo.supplies_on[DEMO_RADIO] && demo.switches == 2);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_RADIO, 1)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_RADIO, 8)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_STANDBY, 0)) == SCMI_DENIED && demo.supplies_on[DEMO_STANDBY]);
	demo.refuse = SCMI_HARDWARE_ERROR;
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_VDD, 7)) == SCMI_HARDWARE_ERROR);
	CHECK(CALL(VOLTAGE, 6, WORDS(DEMO_VDD)) == 0 && got.words[0] == 0);
}

static void levels_are_described_set_and_read(void)
{
	fresh();
	CHECK(CALL(VOLTAGE, 4, WORDS(DEMO_VDD, 0)) == 0 && got.length == 24 && got.words[0] == (3 | 1 << 12));
	CHECK(got.words[1] == 800000 && got.words[2] == 1200000 && got.words[3] == 12500);
	CHECK(CALL(VOLTAGE, 4, WORDS(DEMO_VDD, 1)) == SCMI_OUT_OF_RANGE);
	CHECK(CALL(VOLTAGE, 4, WORDS(DEMO_RADIO, 1)) == 0 && got.length == 20 && got.words[0] == 2);
	CHECK(got.words[1] == 1800000 && got.words[2] == 3300000);
	CHECK(CALL(VOLTAGE, 4, WORDS(DEMO_RADIO, 3)) == SCMI_OUT_OF_RANGE);
	capacity = 19; /* 8 of header and status, 4 of counts, one level, and not quite a second */
	CHECK(CALL(VOLTAGE, 4, WORDS(DEMO_RADIO, 0)) == 0 && got.words[0] == (1 | 2 << 16));
	CHECK((int32_t)got.words[1] == -5000000 && CALL(VOLTAGE, 4, WORDS(DEMO_VDD, 0)) == SCMI_PROTOCOL_ERROR);
	capacity = CAPACITY;
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 0, 812500)) == 0 && got.length == 8 && demo.levels[DEMO_VDD] == 812500);
	CHECK(CALL(VOLTAGE, 8, WORDS(DEMO_VDD)) == 0 && got.length == 12 && got.words[0] == 812500);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 0, 812501)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 0, 1212500)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 0, 0x80000000)) == SCMI_INVALID_PARAMETERS);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 1, 1200000)) == SCMI_NOT_SUPPORTED && demo.levels[DEMO_VDD] == 812500);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_RADIO, 1, (uint32_t)-5000000)) == 0 && got.length == 8 && demo_finish(0));
	CHECK(next_event(DEMO_BRIDGE) && got.length == 16 && got.header == (7 | 2u << 8 | VOLTAGE << 10 | token << 18));
	CHECK(got.status == 0 && got.words[0] == DEMO_RADIO && (int32_t)got.words[1] == -5000000);
	CHECK(CALL(VOLTAGE, 8, WORDS(DEMO_RADIO)) == 0 && (int32_t)got.words[0] == -5000000);
	CHECK(CALL(VOLTAGE, 7, WORDS(DEMO_RADIO, 0, 3300000)) == 1000 + SCMI_LATER && demo_finish(0));
	CHECK(late_reply(DEMO_BRIDGE) && got.length == 8 && got.status == 0 && demo.levels[DEMO_RADIO] == 3300000);
	CHECK(call(DEMO_GUEST, VOLTAGE, 7, WORDS(0, 0, 3300000)) == SCMI_DENIED);
	CHECK(call(DEMO_GUEST, VOLTAGE, 3, WORDS(0)) == 0 && got.words[0] == 1u << 30);
}

/* Coming and going ---------------------------------------------------------------------------------------------- */

static void an_agent_that_begins_anew_holds_nothing(void)
{
	fresh();
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 0 && CALL(CLOCK, 7, WORDS(DEMO_PIXEL, 1)) == 0);
	CHECK(call(DEMO_GUEST, CLOCK, 7, WORDS(2, 1)) == 0 && CALL(POWER, 4, WORDS(0, DEMO_GPU, 0)) == 0);
	CHECK(CALL(CLOCK, 9, WORDS(DEMO_UART, 1)) == 0);
	scmi_clock_changed(&demo.platform, DEMO_UART, 5, 0);
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, false);
	CHECK(!demo.clocks_on[DEMO_UART] && demo.clocks_on[DEMO_PIXEL] && !demo.domains_on[DEMO_GPU]);
	CHECK(!next_event(DEMO_BRIDGE));
	scmi_clock_changed(&demo.platform, DEMO_UART, 6, 0);
	CHECK(!next_event(DEMO_BRIDGE));
}

static void votes_may_outlive_a_reset(void)
{
	fresh();
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 0 && CALL(CLOCK, 9, WORDS(DEMO_UART, 1)) == 0);
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, true);
	CHECK(demo.clocks_on[DEMO_UART]);
	scmi_clock_changed(&demo.platform, DEMO_UART, 6, 0);
	CHECK(!next_event(DEMO_BRIDGE));
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 0)) == 0 && !demo.clocks_on[DEMO_UART]);
}

static void what_ends_after_its_agent_has_gone_is_undone_and_not_told(void)
{
	fresh();
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_VIDEO, 0)) == 1000 + SCMI_LATER);
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0);
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, false);
	CHECK(demo_finish(0) && demo.domains_on[DEMO_VIDEO] && demo.waiting == 2); /* the rate, and off again */
	CHECK(demo_finish(0) && demo_finish(0) && !demo.domains_on[DEMO_VIDEO] && demo.waiting == 0);
	CHECK(demo.rates[DEMO_PLL] == 9 * MHZ && !late_reply(DEMO_BRIDGE) && !next_event(DEMO_BRIDGE));
	for (int i = 0; i < SCMI_PLATFORM_JOBS - 1; i++)
		CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0); /* no job was lost */
}

static void an_agent_may_reset_itself_and_no_other(void)
{
	fresh();
	demo.slow = true;
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_UART, 1)) == 1000 + SCMI_LATER);
	CHECK(CALL(BASE, 0xb, WORDS(2, 0)) == SCMI_DENIED && CALL(BASE, 0xb, WORDS(1, 0)) == 0);
	CHECK(demo_finish(0) && late_reply(DEMO_BRIDGE) && got.status == SCMI_BUSY); /* it has just given that up */
	CHECK(demo_finish(0) && !demo.clocks_on[DEMO_UART] && demo.waiting == 0);
	CHECK(CALL(CLOCK, 7, WORDS(DEMO_PIXEL, 0)) == 1000 + SCMI_LATER && CALL(BASE, 0xb, WORDS(1, 1)) == 0);
	CHECK(demo_finish(0) && late_reply(DEMO_BRIDGE) && got.status == 0 && demo.waiting == 0); /* off is off */
}

static void a_ticket_of_something_that_is_no_more_is_ignored(void)
{
	fresh();
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_PLL, 9000000, 0)) == 0);
	uint32_t ticket = demo.waits[0].ticket;
	demo.waiting = 0;
	scmi_platform_complete(&demo.platform, ticket ^ 2, 0, 1, 0);
	scmi_platform_complete(&demo.platform, ticket + (7 << 16), 0, 1, 0);
	scmi_platform_complete(&demo.platform, 0, 0, 1, 0);
	CHECK(!next_event(DEMO_BRIDGE));
	scmi_platform_complete(&demo.platform, ticket, 0, 1, 0);
	scmi_platform_complete(&demo.platform, ticket, 0, 2, 0);
	CHECK(next_event(DEMO_BRIDGE) && got.words[1] == 1 && !next_event(DEMO_BRIDGE));
	scmi_platform_complete(&demo.platform, ticket, 0, 2, 0);
	CHECK(!next_event(DEMO_BRIDGE));
}

static void events_wait_for_room_and_the_oldest_go_first(void)
{
	uint8_t event[64];
	fresh();
	CHECK(CALL(RESET, 5, WORDS(DEMO_RESET_UART, 1)) == 0 && CALL(CLOCK, 9, WORDS(DEMO_UART, 1)) == 0);
	scmi_clock_changed(&demo.platform, DEMO_UART, 5, 0);
	for (int i = 0; i < SCMI_PLATFORM_EVENTS; i++)
		CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 1, 0)) == 0);
	CHECK(demo.states[DEMO_BRIDGE].dropped == 1); /* the clock's */
	for (int i = 0; i < SCMI_PLATFORM_EVENTS; i++)
		is_event(DEMO_BRIDGE, RESET, 0, 1, DEMO_RESET_UART, 0);
	CHECK(!scmi_platform_has_event(&demo.platform, DEMO_BRIDGE));
	scmi_clock_changed(&demo.platform, DEMO_UART, 5, 0);
	CHECK(CALL(RESET, 4, WORDS(DEMO_RESET_UART, 1, 0)) == 0);
	CHECK(scmi_platform_has_event(&demo.platform, DEMO_BRIDGE));
	CHECK(scmi_platform_next_event(&demo.platform, DEMO_BRIDGE, event, 16) == 16); /* what fits goes before */
	for (int i = 0; i < 2; i++)
		CHECK(scmi_platform_next_event(&demo.platform, DEMO_BRIDGE, event, 16) == SCMI_TOO_SMALL);
	CHECK(scmi_platform_next_event(&demo.platform, DEMO_BRIDGE, event, 16) == 0); /* four times is enough */
	CHECK(CALL(CLOCK, 5, WORDS(1, DEMO_UART, 9000000, 0)) == 0 && CALL(CLOCK, 9, WORDS(DEMO_UART, 0)) == 0);
	for (int i = 0; i < 9; i++)
		CHECK(scmi_platform_next_event(&demo.platform, DEMO_BRIDGE, event, 19) == SCMI_TOO_SMALL);
	CHECK(scmi_platform_next_event(&demo.platform, DEMO_BRIDGE, event, 20) == 20); /* a delayed response waits */
}

/* Has a configuration be of one supply and nothing else. */
static void give(struct scmi_platform_config *config, struct scmi_supply *supply)
{
	static const int32_t levels[] = {1800000};
	*supply = (struct scmi_supply){.name = "s", .levels = levels, .level_count = 1};
	config->counts[SCMI_CLOCKS] = 0;
	config->counts[SCMI_SUPPLIES] = 1;
	config->supplies = supply;
}

static void wrong_configurations_are_refused(void)
{
	static uint64_t rates[3];
	static const uint16_t parents[] = {1};
	static struct scmi_clock clock;
	static const struct scmi_grant grants[] = {{0, 0}, {0, 0}};
	static const struct scmi_view twice = {grants, 2};
	static struct scmi_agent agent;
	static struct scmi_supply supply;
	static struct scmi_platform_driver callbacks;
	struct scmi_platform_config config, good;
	struct scmi_platform platform;
	struct scmi_agent_state state;
	uint8_t flags[1];
	fresh();
	clock = (struct scmi_clock){.name = "c", .rates = rates, .rate_count = 1};
	agent = (struct scmi_agent){.name = "a"};
	callbacks = *demo_config.driver;
	good = (struct scmi_platform_config){.vendor = "v", .clocks = &clock, .counts = {0, 1, 0, 0}, .agents = &agent,
		.agent_count = 1, .driver = &callbacks};
#define INIT(change) (config = good, change, scmi_platform_init(&platform, &config, &state, flags, sizeof flags))
	CHECK(INIT((void)0) == 0);
	CHECK(INIT(config.vendor = NULL) == SCMI_BAD_CONFIG && INIT(config.vendor = "") == SCMI_BAD_CONFIG);
	CHECK(INIT(config.vendor = "sixteen letters!") == SCMI_BAD_CONFIG);
	CHECK(INIT(config.agent_count = 0) == SCMI_BAD_CONFIG && INIT(config.agent_count = 256) == SCMI_BAD_CONFIG);
	CHECK(INIT(config.driver = NULL) == SCMI_BAD_CONFIG);
	CHECK(scmi_platform_init(&platform, &good, &state, flags, 0) == SCMI_BAD_CONFIG);
	CHECK(INIT(clock.rate_count = 0) == SCMI_BAD_CONFIG);
	CHECK(INIT((clock.is_range = true, clock.rate_count = 2)) == SCMI_BAD_CONFIG);
	CHECK(INIT((clock.rate_count = 3, clock.parents = parents, clock.parent_count = 1)) == SCMI_BAD_CONFIG);
	CHECK(INIT((clock.parent_count = 0, agent.views[SCMI_CLOCKS] = &twice)) == SCMI_BAD_CONFIG);
	CHECK(INIT((agent.views[SCMI_CLOCKS] = NULL, callbacks.clock_rate = NULL)) == SCMI_BAD_CONFIG);
	CHECK(INIT((callbacks.clock_rate = demo_config.driver->clock_rate, callbacks.sensor_config = NULL)) == SCMI_BAD_CONFIG);
	CHECK(INIT(callbacks.sensor_set_config = NULL) == 0);
	CHECK(INIT(give(&config, &supply)) == 0 && INIT((give(&config, &supply), supply.is_range = true)) == SCMI_BAD_CONFIG);
	CHECK(INIT((give(&config, &supply), supply.level_count = 0)) == SCMI_BAD_CONFIG);
	CHECK(INIT((give(&config, &supply), callbacks.supply_is_on = NULL)) == SCMI_BAD_CONFIG);
}

static void what_no_callback_can_do_is_denied_or_not_there(void)
{
	static struct scmi_platform_driver few;
	struct scmi_platform_config config = demo_config;
	fresh();
	few = (struct scmi_platform_driver){.clock_rate = demo_config.driver->clock_rate,
		.clock_is_on = demo_config.driver->clock_is_on, .clock_parent = demo_config.driver->clock_parent,
		.power_is_on = demo_config.driver->power_is_on, .sensor_read = demo_config.driver->sensor_read,
		.reset = demo_config.driver->reset, .supply_level = demo_config.driver->supply_level,
		.supply_is_on = demo_config.driver->supply_is_on};
	config.driver = &few;
	CHECK(scmi_platform_init(&demo.platform, &config, demo.states, demo.flags, sizeof demo.flags) == 0);
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, false);
	CHECK(CALL(CLOCK, 5, WORDS(0, 1, 5, 0)) == SCMI_DENIED && CALL(CLOCK, 7, WORDS(1, 1)) == SCMI_DENIED);
	CHECK(CALL(CLOCK, 0xd, WORDS(DEMO_AUDIO, 1)) == SCMI_DENIED);
	CHECK(CALL(CLOCK, 0xf, WORDS(DEMO_AUDIO)) == 0 && got.words[0] == 0);
	CHECK(CALL(POWER, 3, WORDS(DEMO_GPU)) == 0 && got.words[0] == 9u << 28);
	CHECK(CALL(POWER, 4, WORDS(0, DEMO_GPU, 0)) == SCMI_NOT_SUPPORTED);
	CHECK(CALL(SENSOR, 9, WORDS(0)) == SCMI_NOT_FOUND && CALL(SENSOR, 2, WORDS(0xa)) == SCMI_NOT_FOUND);
	CHECK(CALL(SENSOR, 4, WORDS(0, 1)) == SCMI_NOT_FOUND && CALL(SENSOR, 3, WORDS(0)) == 0);
	CHECK((got.words[2] & 0xff) == 0);
	CHECK(CALL(VOLTAGE, 5, WORDS(DEMO_VDD, 7)) == SCMI_DENIED && CALL(VOLTAGE, 3, WORDS(DEMO_RADIO)) == 0);
	CHECK(got.words[0] == 1u << 30 && CALL(VOLTAGE, 7, WORDS(DEMO_VDD, 0, 800000)) == SCMI_DENIED);
	scmi_platform_reset(&demo.platform, DEMO_BRIDGE, true, false);
}

int main(void)
{
	RUN(base_says_who_is_there);
	RUN(an_agent_sees_its_own_resources_by_its_own_ids);
	RUN(each_protocol_has_its_version_and_negotiates_minor_ones);
	RUN(what_is_no_command_or_has_no_room_is_not_answered);
	RUN(a_payload_of_another_length_is_a_protocol_error);
	RUN(a_reserved_bit_is_invalid);
	RUN(without_a_way_for_events_nothing_is_offered_that_needs_one);
	RUN(a_clock_tells_what_it_is);
	RUN(rates_come_as_a_range_or_page_by_page);
	RUN(a_rate_is_set_with_rounding_and_read);
	RUN(changes_of_rate_are_told_to_those_who_want_to_know);
	RUN(an_asynchronous_rate_ends_by_a_delayed_response);
	RUN(as_many_are_under_way_as_was_said_and_one_may_still_wait);
	RUN(a_reply_may_come_late);
	RUN(parents_are_listed_read_and_set);
	RUN(a_clock_runs_while_any_agent_votes_for_it);
	RUN(while_something_is_switched_others_are_told_to_wait);
	RUN(a_power_domain_is_on_while_any_agent_votes_for_it);
	RUN(sensors_are_described_page_by_page);
	RUN(sensors_are_read_at_once_and_later);
	RUN(trip_points_are_each_agents_own);
	RUN(resets_are_pulsed_asserted_and_told);
	RUN(a_supply_is_on_while_any_agent_votes_for_it);
	RUN(levels_are_described_set_and_read);
	RUN(an_agent_that_begins_anew_holds_nothing);
	RUN(votes_may_outlive_a_reset);
	RUN(what_ends_after_its_agent_has_gone_is_undone_and_not_told);
	RUN(an_agent_may_reset_itself_and_no_other);
	RUN(a_ticket_of_something_that_is_no_more_is_ignored);
	RUN(events_wait_for_room_and_the_oldest_go_first);
	RUN(wrong_configurations_are_refused);
	RUN(what_no_callback_can_do_is_denied_or_not_there);
	return summary();
}
