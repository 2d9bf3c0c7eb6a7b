/*
 * Random messages, mostly nearly right ones, from all agents to the platform library, with hardware that takes its time,
 * refuses, or ends when nobody waits any more. A model as large as a sentence is kept for what must always hold.
 *
 *   fuzz [COUNT [SEED]]    messages, 300000 if not given; the same seed is the same run
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"

enum { ROOM = 300, LATE = 100000 };

static uint64_t random_state;
static uint32_t owed[DEMO_AGENTS]; /* replies that are to come late */

static uint32_t random_below(uint32_t bound)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(random_state >> 33) % bound;
}

static void fail(const char *what)
{
	printf("FAILED  %s\n", what);
	exit(1);
}

static void set32(uint8_t *to, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t get32(const uint8_t *from)
{
	return from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

static void check_message(const uint8_t *message, uint32_t length, uint32_t type)
{
	if (length % 4 != 0 || (get32(message) >> 8 & 3) != type)
		fail("a message is of whole words, and of the type that is right");
	if (type == 3)
		return;
	int32_t status = (int32_t)get32(message + 4);
	if (status > 0 || status < SCMI_PROTOCOL_ERROR || (status != 0 && length != 8))
		fail("a status is SCMI's, and an error has no values");
}

static uint32_t random_word(void)
{
	switch (random_below(6)) {
	case 0:
		return 1u << random_below(32);
	case 1:
		return ~0u - random_below(3);
	case 2:
		return random_below(2) == 0 ? random_below(100000000) : 800000 + 12500 * random_below(34);
	default:
		return random_below(9);
	}
}

static void send_one(unsigned agent)
{
	static const uint8_t protocols[] = {0x10, 0x11, 0x14, 0x14, 0x14, 0x15, 0x16, 0x17, 0x13};
	uint8_t reply[ROOM];
	uint32_t words = random_below(6), bytes = 4 * words + (random_below(20) == 0 ? random_below(4) : 0);
	uint32_t capacity = random_below(3) == 0 ? random_below(ROOM) : ROOM;
	uint8_t *message = malloc(4 + bytes); /* of exactly that length, so that a look behind it is seen */
	uint32_t header = random_below(18) | (random_below(50) == 0 ? random_below(4) << 8 : 0)
		| (uint32_t)protocols[random_below(sizeof protocols)] << 10 | random_below(1024) << 18;
	if (message == NULL)
		fail("there is memory");
	memset(message, 0, 4 + bytes);
	set32(message, header);
	for (uint32_t i = 0; i < words; i++)
		set32(message + 4 + 4 * i, random_word());
	uint32_t length = random_below(100) == 0 ? random_below(4) : 4 + bytes;
	memset(reply, 0x55, sizeof reply);
	int32_t result = scmi_platform_handle(&demo.platform, agent, message, length, reply, capacity, LATE + agent);
	if (result == SCMI_LATER)
		owed[agent]++;
	else if (result < 0 || (uint32_t)result > capacity)
		fail("a reply fits its buffer");
	for (uint32_t i = result < 0 ? 0 : (uint32_t)result; i < sizeof reply; i++) {
		if (i >= capacity && reply[i] != 0x55)
			fail("nothing is written behind the buffer");
	}
	if (result > 0) {
		check_message(reply, (uint32_t)result, 0);
		if (get32(reply) != header)
			fail("a reply has the header of its command");
	}
	free(message);
}

static void take_all(unsigned agent)
{
	uint8_t buffer[64];
	uint32_t cookie = 0, length;
	while ((length = scmi_platform_late_reply(&demo.platform, agent, buffer, &cookie)) > 0) {
		check_message(buffer, length, 0);
		if (cookie != LATE + agent || owed[agent]-- == 0)
			fail("a late reply is for a command whose reply was late");
	}
	uint32_t capacity = random_below(sizeof buffer);
	for (;;) {
		int32_t result = scmi_platform_next_event(&demo.platform, agent, buffer, capacity);
		if (result <= 0)
			break;
		if ((uint32_t)result > capacity)
			fail("an event fits its buffer");
		check_message(buffer, (uint32_t)result, get32(buffer) >> 8 & 3);
		if ((get32(buffer) >> 8 & 3) < 2)
			fail("an event is a delayed response or a notification");
	}
}

/* With nothing under way, hardware is on for whoever votes; and with no agent, off, but for what nobody switches. */
static void settle(void)
{
	while (demo_finish(SCMI_SUCCESS))
		;
	for (unsigned agent = 0; agent < DEMO_AGENTS; agent++) {
		take_all(agent);
		if (owed[agent] != 0)
			fail("each command is answered");
	}
	demo.refuse = 0;
	demo.slow = false;
	for (unsigned agent = 0; agent < DEMO_AGENTS; agent++)
		scmi_platform_reset(&demo.platform, agent, true, false);
	while (demo_finish(SCMI_SUCCESS))
		;
	for (unsigned i = 0; i < DEMO_CLOCKS; i++) {
		if (demo.clocks_on[i] != (i == DEMO_OSC))
			fail("a clock is off when all agents have gone");
	}
	for (unsigned i = 0; i < DEMO_DOMAINS; i++) {
		if (demo.domains_on[i] != (i == DEMO_CPU))
			fail("a power domain is off when all agents have gone");
	}
	for (unsigned i = 0; i < DEMO_SUPPLIES; i++) {
		if (demo.supplies_on[i] != (i == DEMO_STANDBY))
			fail("a supply is off when all agents have gone");
	}
	for (unsigned agent = 0; agent < DEMO_AGENTS; agent++) {
		for (unsigned i = 0; i < SCMI_PLATFORM_JOBS; i++) {
			if (demo.states[agent].jobs[i].state != 0)
				fail("no job is lost");
		}
	}
}

int main(int argc, char **argv)
{
	uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 300000;
	random_state = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	static const int32_t refusals[] = {SCMI_BUSY, SCMI_HARDWARE_ERROR, SCMI_DENIED, SCMI_INVALID_PARAMETERS};
	demo_start();
	for (uint32_t i = 0; i < count; i++) {
		unsigned agent = random_below(DEMO_AGENTS);
		send_one(agent);
		/* What goes off for an agent that has gone meanwhile must not fail: nobody is there to try again. */
		if (random_below(3) == 0)
			demo_finish(random_below(8) == 0 && demo.waits[0].value != 0 ? SCMI_HARDWARE_ERROR : SCMI_SUCCESS);
		if (random_below(4) == 0)
			take_all(agent);
		if (random_below(200) == 0) {
			/* Whose replies are owed at a reset is nobody's any more. */
			scmi_platform_reset(&demo.platform, agent, random_below(2) == 0, random_below(2) == 0);
			owed[agent] = 0;
		}
		if (random_below(100) == 0)
			demo.slow = !demo.slow;
		if (random_below(100) == 0)
			demo.refuse = random_below(2) == 0 ? 0 : refusals[random_below(4)];
		if (random_below(50) == 0)
			scmi_clock_changed(&demo.platform, random_below(8), i, 0);
		if (random_below(1000) == 0)
			settle();
	}
	settle();
	printf("ok      %" PRIu32 " random messages do no harm\n", count);
	return 0;
}
