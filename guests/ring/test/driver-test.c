/*
 * Tests of the ring driver against a fake server, for what a real one never does: wrong rings, wrong lengths, silence,
 * late replies, restarts at the worst moment. One line for each test; the exit status is 1 if one has failed.
 *
 *   driver-test [SEED]    a seed for the random tests, which they print
 *
 * Time is a number that the tests move. The last tests have two threads; there each turn of the server moves it.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fake-server.h"

enum { MMIO_SIZE = 0x10000, FAT_SIZE = 0x9000, PROTOCOL = 0x14, MESSAGE = 7, DEPTH = 8 };
#define MILLISECOND UINT64_C(1000000)

static struct fake fake;
static struct scmi_ring ring;
static struct scmi_ring_config config;
static uint64_t time_now;
static uint32_t failures, tests, failed_tests, random_state;

#define CHECK(condition) check(condition, #condition, __LINE__)

static bool check(bool good, const char *condition, int line)
{
	if (!good && failures < 5)
		printf("    line %d: not so: %s\n", line, condition);
	failures += !good;
	return good;
}

static uint32_t random_word(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 8 ^ random_state << 16;
}

/* What the driver tells its user. */
static struct {
	uint32_t replies, ups, downs, kicks[2], event_count;
	uint32_t event_header, event_length;
	uint8_t event[SCMI_RING_MESSAGE_MAX];
	void (*in_callback)(void);
} seen;

struct outcome {
	uint32_t count; /* of callbacks */
	int32_t status;
	uint32_t header, length, value;
};

static uint64_t now(void *context)
{
	(void)context;
	return time_now;
}

static void relax(void *context)
{
	(void)context;
	time_now += 1000;
	fake_turn(&fake);
	fake_echo(&fake);
}

static void count_kick(void *context, unsigned queue)
{
	(void)context;
	seen.kicks[queue]++;
}

static void take_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	(void)context;
	seen.event_count++;
	seen.event_header = header;
	seen.event_length = length;
	memcpy(seen.event, payload, length);
	if (seen.in_callback != NULL)
		seen.in_callback();
}

static void count_session(void *context, bool up)
{
	(void)context;
	seen.ups += up;
	seen.downs += !up;
}

static const struct scmi_ring_hooks hooks = {now, relax, count_kick, take_event, count_session};

static void take_reply(void *tag, const struct scmi_ring_reply *reply)
{
	struct outcome *outcome = tag;
	outcome->count++;
	outcome->status = reply->status;
	outcome->header = reply->header;
	outcome->length = reply->length;
	if (reply->length >= 4)
		memcpy(&outcome->value, reply->values, 4);
	seen.replies++;
	if (seen.in_callback != NULL)
		seen.in_callback();
}

static int32_t send(uint32_t value, uint64_t ms, struct outcome *outcome)
{
	memset(outcome, 0, sizeof *outcome);
	return scmi_ring_send(&ring, PROTOCOL, MESSAGE, &value, 4, ms * MILLISECOND, take_reply, outcome);
}

/* Turns of both sides, in which time goes on. */
static int32_t turns(int count)
{
	int32_t result = 0;
	for (int i = 0; i < count; i++) {
		time_now += 1000;
		fake_turn(&fake);
		result = scmi_ring_poll(&ring);
	}
	return result;
}

static void fresh(enum scmi_ring_flavour flavour, uint32_t size)
{
	if (fake.memory != NULL)
		fake_close(&fake);
	fake_open(&fake, flavour, size);
	memset(&seen, 0, sizeof seen);
	config = (struct scmi_ring_config){.flavour = flavour, .memory = fake.memory, .size = size, .hooks = &hooks};
}

static void begin(void)
{
	CHECK(scmi_ring_init(&ring, &config) == 0);
	scmi_ring_begin(&ring);
}

/* A session that is up. */
static void ready(enum scmi_ring_flavour flavour)
{
	fresh(flavour, flavour == SCMI_RING_FAT ? FAT_SIZE : MMIO_SIZE);
	fake_start(&fake, 77);
	begin();
	CHECK(turns(60) == 0 && scmi_ring_is_up(&ring) && seen.ups == 1);
}

/* The same for both layouts. */
static void both(void (*test)(void))
{
	ready(SCMI_RING_FAT);
	test();
	ready(SCMI_RING_MMIO);
	test();
}

/* Whether everything works again, with a session of its own, after time enough. */
static void recovered(void)
{
	struct outcome outcome;
	fake_turn(&fake);
	fake_echo(&fake);
	time_now += 1000 * MILLISECOND;
	turns(100);
	CHECK(scmi_ring_is_up(&ring) && seen.ups >= 2);
	CHECK(send(4711, 100, &outcome) >= 0);
	fake_turn(&fake);
	fake_echo(&fake);
	turns(1);
	CHECK(outcome.count == 1 && outcome.status == 0 && outcome.value == 4711);
	CHECK(ring.in_flight == 0);
}

/* Ordinary service --------------------------------------------------------------------------------------------- */

static void answers_calls(void)
{
	uint32_t request = 0x12345678, values[4] = {0}, got = 0;
	CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, &request, 4, values, sizeof values, &got, MILLISECOND) == 0);
	CHECK(got == 4 && values[0] == request);
	CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, NULL, 0, NULL, 0, NULL, MILLISECOND) == 0);
	CHECK(seen.kicks[0] > 0);
	CHECK(scmi_ring_has_events(&ring));
}

static void a_session_comes_up_and_calls_are_answered(void) { both(answers_calls); }

static void matches_replies_out_of_order(void)
{
	struct outcome outcomes[DEPTH];
	for (uint32_t round = 0; round < 100; round++) {
		for (uint32_t i = 0; i < DEPTH; i++)
			CHECK(send(round * DEPTH + i, 100, &outcomes[i]) >= 0);
		fake_turn(&fake);
		CHECK(fake.held_count == DEPTH);
		fake_echo(&fake);
		CHECK(turns(1) == DEPTH);
		for (uint32_t i = 0; i < DEPTH; i++)
			CHECK(outcomes[i].count == 1 && outcomes[i].status == 0 && outcomes[i].value == round * DEPTH + i);
	}
}

static void many_commands_in_flight_get_each_its_own_reply(void) { both(matches_replies_out_of_order); }

static void fills_up(void)
{
	struct outcome outcomes[SCMI_RING_REQUESTS + 1];
	uint32_t pairs = ring.queues[0].entries / 2, most = pairs < SCMI_RING_REQUESTS ? pairs : SCMI_RING_REQUESTS;
	uint8_t payload[256] = {0};
	for (uint32_t i = 0; i < most; i++)
		CHECK(send(i, 100, &outcomes[i]) >= 0);
	CHECK(send(0, 100, &outcomes[most]) == SCMI_RING_BUSY && outcomes[most].count == 0);
	fake_turn(&fake);
	fake_echo(&fake);
	turns(1);
	CHECK(seen.replies == most && ring.in_flight == 0);
	CHECK(scmi_ring_send(&ring, 0x10, 0, payload, scmi_ring_max_payload(&ring), 1, take_reply, outcomes) >= 0);
	CHECK(scmi_ring_send(&ring, 0x10, 0, payload, scmi_ring_max_payload(&ring) + 1, 1, take_reply, outcomes)
			== SCMI_RING_TOO_LONG);
}

static void a_full_ring_and_a_long_command_are_refused(void) { both(fills_up); }

static void delivers_events(void)
{
	uint32_t payload[2] = {0, 99}, available = ring.queues[1].next_available;
	uint32_t notification = 3u << 8 | PROTOCOL << 10;
	seen.event_count = 0;
	for (uint32_t i = 0; i < 1000; i++) {
		payload[0] = i;
		uint32_t kicks = fake_get(&fake, FAKE_KICK1);
		CHECK(fake_event(&fake, notification, payload, sizeof payload));
		CHECK(turns(1) == 1 && seen.event_count == i + 1);
		CHECK(fake_get(&fake, FAKE_KICK1) == kicks + 1);
		CHECK(seen.event_header == notification && seen.event_length == 8 && memcmp(seen.event, payload, 8) == 0);
	}
	CHECK((uint16_t)(ring.queues[1].next_available - available) == 1000);
	for (uint32_t i = 0; i < ring.queues[1].entries; i++)
		CHECK(fake_event(&fake, notification, payload, 8));
	CHECK(!fake_event(&fake, notification, payload, 8));
	CHECK(turns(1) == (int32_t)ring.queues[1].entries);
	CHECK(fake_event(&fake, notification, payload, 8));
}

static void events_arrive_and_their_buffers_go_back(void) { both(delivers_events); }

static struct outcome from_callback;
static int32_t sent_in_callback, polled_in_callback, called_in_callback;

static void use_driver(void)
{
	seen.in_callback = NULL;
	sent_in_callback = send(31, 100, &from_callback);
	polled_in_callback = scmi_ring_poll(&ring);
	called_in_callback = scmi_ring_call(&ring, PROTOCOL, MESSAGE, NULL, 0, NULL, 0, NULL, MILLISECOND);
}

static void sends_in_callback(void)
{
	struct outcome outcome;
	seen.in_callback = use_driver;
	send(30, 100, &outcome);
	relax(NULL);
	turns(1);
	CHECK(sent_in_callback >= 0 && polled_in_callback == 0 && called_in_callback == SCMI_RING_BUSY);
	relax(NULL);
	turns(1);
	CHECK(outcome.value == 30 && from_callback.count == 1 && from_callback.value == 31);
}

static void a_callback_may_send_and_nothing_else(void) { both(sends_in_callback); }

static void the_driver_may_come_first_and_the_server_later(void)
{
	for (int flavour = SCMI_RING_MMIO; flavour <= SCMI_RING_FAT; flavour++) {
		uint32_t value = 5;
		fresh((enum scmi_ring_flavour)flavour, MMIO_SIZE);
		begin();
		CHECK(turns(10) == SCMI_RING_NO_SESSION && fake_get(&fake, FAKE_DRIVER_EPOCH) == 0);
		CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, &value, 4, NULL, 0, NULL, MILLISECOND) == SCMI_RING_NO_SESSION);
		CHECK(send(1, 1, &from_callback) == SCMI_RING_NO_SESSION && from_callback.count == 0);
		fake_start(&fake, 3);
		CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, &value, 4, &value, 4, NULL, 100 * MILLISECOND) == 0);
	}
}

static void a_guest_address_is_added_to_every_address(void)
{
	fresh(SCMI_RING_MMIO, MMIO_SIZE);
	config.guest_address = fake.guest_address = 0x7000000000 + 0x40000;
	fake.guest_address = config.guest_address;
	fake_start(&fake, 3);
	begin();
	turns(60);
	CHECK(fake.queues[0].descriptors == 0x1000 && fake.queues[1].used == 0x4000);
	answers_calls();
}

/* Windows of all sizes ----------------------------------------------------------------------------------------- */

static uint32_t entries_in(uint32_t size)
{
	fresh(SCMI_RING_MMIO, size);
	fake_start(&fake, 3);
	begin();
	turns(60);
	answers_calls();
	delivers_events();
	return ring.queues[0].entries;
}

static void a_small_window_gets_fewer_entries(void)
{
	CHECK(entries_in(0xb000) == 64 && ring.queues[1].descriptors == 0x3000 && ring.queues[0].buffers == 0x5000);
	CHECK(entries_in(0x10000) == 64 && ring.queues[0].used == 0x2000);
	CHECK(entries_in(0xafc0) == 64 && ring.queues[1].descriptors == 0x1700);
	CHECK(entries_in(0x7000) == 32);
	CHECK(entries_in(0x3000) == 16);
	CHECK(entries_in(0x2000) == 8);
	CHECK(entries_in(0x1400) == 2);
	fresh(SCMI_RING_MMIO, 0x13c0);
	CHECK(scmi_ring_init(&ring, &config) == SCMI_RING_BAD_CONFIG);
}

static void a_device_with_short_queues_gets_fewer_entries(void)
{
	fresh(SCMI_RING_MMIO, MMIO_SIZE);
	fake.queue_max = 8;
	fake_start(&fake, 3);
	begin();
	turns(60);
	CHECK(ring.queues[0].entries == 8 && fake.queues[0].entries == 8);
	answers_calls();
	delivers_events();
	fake.queue_max = 64; /* another server may have longer ones */
	scmi_ring_begin(&ring);
	turns(60);
	CHECK(ring.queues[0].entries == 64 && fake.queues[0].entries == 64);
	matches_replies_out_of_order();
	delivers_events();
}

static void every_legal_geometry_works(void)
{
	for (uint32_t n = 2; n <= 256; n *= 2) {
		for (uint32_t slot = 128; slot <= 4096; slot += 64) {
			uint32_t slots = (n * slot + 4095) / 4096, used = (18 * n + 6 + 4095) / 4096, tail = (8 * n + 6 + 4095) / 4096;
			uint32_t value = n * slot, echo = 0;
			fresh(SCMI_RING_FAT, 0x1000 + 2 * 4096 * (slots + used + tail));
			fake.entries = n;
			fake.slot = slot;
			fake_start(&fake, 3);
			begin();
			CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, &value, 4, &echo, 4, NULL, 100 * MILLISECOND) == 0);
			CHECK(echo == value && scmi_ring_max_payload(&ring) == slot - 4);
		}
	}
}

static void wrong_configurations_are_refused(void)
{
	struct scmi_ring_hooks no_clock = hooks;
	no_clock.now = NULL;
	fresh(SCMI_RING_MMIO, MMIO_SIZE);
	const struct scmi_ring_config good = config;
	CHECK(scmi_ring_init(&ring, &good) == 0);
#define REFUSED(change) (config = good, change, CHECK(scmi_ring_init(&ring, &config) == SCMI_RING_BAD_CONFIG))
	REFUSED(config.memory = NULL);
	REFUSED(config.memory = fake.memory + 32);
	REFUSED(config.guest_address = 8);
	REFUSED(config.hooks = NULL);
	REFUSED(config.hooks = &no_clock);
	REFUSED(config.entries = 48);
	REFUSED(config.entries = 128);
	REFUSED(config.entries = 1);
	REFUSED(config.buffer_size = 64);
	REFUSED(config.buffer_size = 200);
	REFUSED(config.buffer_size = 8192);
	REFUSED(config.registers = fake.memory);
	REFUSED(config.flavour = SCMI_RING_TRAPPED);
	REFUSED((config.flavour = SCMI_RING_FAT, config.size = 0xfff));
#undef REFUSED
}

/* A page of plain memory is what a trapped device without events looks like, as long as its Status keeps what it is told. */
static void a_trapped_device_is_set_up_by_its_registers(void)
{
	static uint32_t registers[64];
	uint32_t address = 0x40080000;
	uint32_t size = SCMI_RING_TRAPPED_SIZE;
	struct outcome outcome;
	fresh(SCMI_RING_MMIO, size);
	memset(registers, 0, sizeof registers);
	config.flavour = SCMI_RING_TRAPPED;
	config.registers = registers;
	config.guest_address = address;
	begin();
	CHECK(turns(1) == SCMI_RING_NO_DEVICE);
	registers[0] = 0x74726976;
	registers[1] = 2;
	registers[2] = 32;
	registers[0x34 / 4] = 1024;
	time_now += 100 * MILLISECOND;
	CHECK(turns(1) == SCMI_RING_NO_FEATURES);
	registers[0x10 / 4] = 2; /* both words; no VERSION_1 */
	time_now += 100 * MILLISECOND;
	CHECK(turns(1) == SCMI_RING_NO_FEATURES);
	registers[0x10 / 4] = 1;
	registers[0x44 / 4] = 0;
	time_now += 100 * MILLISECOND;
	/* Word 0 is 1, too, so there is an event queue, which finds QueueReady of the other queue: such a device is none. */
	CHECK(turns(1) == SCMI_RING_NO_FEATURES && registers[0x30 / 4] == 1);
	CHECK(registers[0x70 / 4] == 11 && registers[0x38 / 4] == 64 && registers[0x80 / 4] == address);
	CHECK(registers[0x90 / 4] == address + 0x400 && registers[0xa0 / 4] == address + 0x4c0 && registers[0x84 / 4] == 0);
	CHECK(send(1, 1, &outcome) == SCMI_RING_NO_SESSION);
	config.flavour = SCMI_RING_MMIO;
}

/* Restarts ----------------------------------------------------------------------------------------------------- */

static void ends_when_server_restarts(void)
{
	struct outcome outcomes[3];
	for (int i = 0; i < 3; i++)
		send(1, 1000, &outcomes[i]);
	fake_turn(&fake);
	uint32_t epoch = fake_get(&fake, FAKE_DRIVER_EPOCH);
	fake_start(&fake, 78);
	scmi_ring_poll(&ring);
	CHECK(seen.downs == 1 && seen.replies == 3 && ring.in_flight == 0 && ring.taken == 0);
	for (int i = 0; i < 3; i++)
		CHECK(outcomes[i].count == 1 && outcomes[i].status == SCMI_RING_RESTARTED);
	turns(60);
	CHECK(seen.ups == 2 && fake_get(&fake, FAKE_DRIVER_EPOCH) != epoch && fake.commands == 3);
	recovered();
}

static void a_restart_of_the_server_ends_commands_and_never_repeats_them(void) { both(ends_when_server_restarts); }

static void waits_for_server(void)
{
	struct outcome outcome;
	send(1, 1000, &outcome);
	fake_stop(&fake);
	CHECK(turns(20) == SCMI_RING_NO_SESSION && outcome.status == SCMI_RING_RESTARTED && seen.downs == 1);
	fake_start(&fake, 78);
	turns(60);
	recovered();
}

static void a_stopped_server_is_waited_for(void) { both(waits_for_server); }

static void distrusts_used_index(void)
{
	struct outcome outcome;
	/* What is announced looks like a reply, but the server that announced it is not there any more. */
	send(1, 1000, &outcome);
	fake_turn(&fake);
	fake_echo(&fake);
	fake_set(&fake, FAKE_SERVER_EPOCH, 79);
	scmi_ring_poll(&ring);
	CHECK(outcome.count == 1 && outcome.status == SCMI_RING_RESTARTED);
	fake_start(&fake, 80);
	turns(60);
	send(1, 1000, &outcome);
	fake_turn(&fake);
	fake_echo(&fake);
	fake_set(&fake, FAKE_STATE, 0);
	scmi_ring_poll(&ring);
	CHECK(outcome.count == 1 && outcome.status == SCMI_RING_RESTARTED);
	fake_start(&fake, 81);
	recovered();
}

static void what_a_server_announced_before_it_vanished_is_not_believed(void) { both(distrusts_used_index); }

static void an_acknowledged_write_is_not_believed_from_a_server_that_starts(void)
{
	for (int writes = 1; writes < 30; writes++) {
		fresh(SCMI_RING_MMIO, MMIO_SIZE);
		fake_start(&fake, 77);
		begin();
		while (fake.writes < (uint32_t)writes)
			turns(1);
		fake.no_writes = true;
		turns(3);
		uint32_t met = fake.meetings;
		fake_start(&fake, 78); /* it says wt_ack = wt_seq, but has applied nothing */
		scmi_ring_poll(&ring);
		CHECK(ring.phase == SCMI_RING_FINDING || ring.phase == SCMI_RING_MEETING);
		fake.no_writes = false;
		turns(60);
		CHECK(fake.meetings == met + 1 && scmi_ring_is_up(&ring));
		answers_calls();
	}
}

static void goes_on_after_restart_during_setup(void)
{
	for (int when = 0; when < 40; when++) {
		scmi_ring_begin(&ring);
		turns(when);
		fake_start(&fake, 1000 + (uint32_t)when);
		turns(80);
		CHECK(scmi_ring_is_up(&ring));
		answers_calls();
	}
}

static void a_server_may_restart_at_each_step_of_the_set_up(void) { both(goes_on_after_restart_during_setup); }

static void follows_the_epoch_rules(void)
{
	uint32_t epochs[] = {0, 1, UINT32_MAX, UINT32_MAX - 1, 0x80000000};
	for (int i = 0; i < 5; i++) {
		for (uint32_t seen_too = 0; seen_too < 3; seen_too++) {
			fake.deaf = true;
			fake_set(&fake, FAKE_DRIVER_EPOCH, epochs[i]);
			fake_set(&fake, FAKE_DRIVER_EPOCH_SEEN, epochs[i] + seen_too);
			fake.driver_epoch = epochs[i] + seen_too;
			scmi_ring_begin(&ring);
			uint32_t kicks = fake_get(&fake, FAKE_KICK0);
			turns(3);
			uint32_t epoch = fake_get(&fake, FAKE_DRIVER_EPOCH);
			CHECK(epoch != epochs[i] && epoch != epochs[i] + seen_too);
			CHECK(fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 0 && fake_get(&fake, FAKE_KICK0) == kicks + 1);
			uint8_t *before = malloc(fake.size);
			memcpy(before, fake.memory, fake.size);
			turns(5);
			CHECK(memcmp(before, fake.memory, fake.size) == 0); /* it waits, and touches nothing */
			free(before);
			fake.deaf = false;
			turns(60);
			CHECK(scmi_ring_is_up(&ring) && fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 77);
		}
	}
}

static void a_session_begins_with_a_new_epoch_and_touches_nothing_before_it_is_seen(void)
{
	both(follows_the_epoch_rules);
}

static void goes_by_what_the_server_has_left(void)
{
	uint32_t used = ring.queues[0].used;
	scmi_ring_begin(&ring);
	turns(1);
	fake_turn(&fake);
	fake_stop(&fake); /* before the driver has seen that its epoch was seen */
	scmi_ring_poll(&ring);
	CHECK(fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 0);
	fake_start(&fake, 78);
	time_now += 1000 * MILLISECOND;
	turns(1);
	fake_turn(&fake);
	fake_set(&fake, FAKE_WT_ACK, 500);
	fake.transaction = 500;
	memset(fake.memory + used + 4, 0x5a, 8);
	scmi_ring_poll(&ring);
	CHECK(fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 78);
	if (fake.flavour == SCMI_RING_FAT)
		CHECK(fake_get(&fake, FAKE_WT_SEQ) == 500 && fake.memory[used + 4] == 0x5a); /* used is the server's */
	else
		CHECK(fake_get(&fake, FAKE_WT_SEQ) == 501); /* its first write */
	turns(60);
	recovered();
}

static void a_session_begins_with_what_the_server_has_left(void) { both(goes_by_what_the_server_has_left); }

static void tries_again(void)
{
	for (int when = 1; when < 30; when++) {
		scmi_ring_begin(&ring);
		turns(when);
		bool was_up = scmi_ring_is_up(&ring);
		fake_set(&fake, FAKE_DRIVER_EPOCH, 0x5555); /* lost, by whatever */
		fake_set(&fake, FAKE_WT_SEQ, 0x5555);
		turns(60);
		time_now += 5000 * MILLISECOND;
		turns(60);
		CHECK(scmi_ring_is_up(&ring) || was_up);
	}
	scmi_ring_begin(&ring);
	turns(60);
	recovered();
}

static void an_attempt_that_gets_nowhere_is_begun_anew(void) { both(tries_again); }

static void begins_anew(void)
{
	struct outcome outcome;
	send(1, 1000, &outcome);
	uint32_t met = fake.meetings;
	scmi_ring_begin(&ring);
	CHECK(outcome.count == 1 && outcome.status == SCMI_RING_RESTARTED && seen.downs == 1);
	turns(60);
	CHECK(fake.meetings == met + 1 && outcome.count == 1);
	recovered();
	scmi_ring_end(&ring);
	CHECK(turns(60) == SCMI_RING_NO_SESSION && fake.meetings == met + 2);
	CHECK(fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 0);
}

static void the_user_may_begin_anew_and_end(void) { both(begins_anew); }

static void recovers_from_broken(void)
{
	struct outcome outcome;
	send(1, 1000, &outcome);
	fake_set(&fake, FAKE_STATE, 2);
	fake.no_service = true;
	CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_RING);
	CHECK(outcome.count == 1 && outcome.status == SCMI_RING_RESTARTED);
	fake.no_service = false;
	recovered();
}

static void a_broken_ring_is_recovered_by_the_drivers_reset(void) { both(recovers_from_broken); }

/* Time-outs ---------------------------------------------------------------------------------------------------- */

static void drops_late_replies(void)
{
	struct outcome late, next;
	send(1, 10, &late);
	fake_turn(&fake);
	time_now += 9 * MILLISECOND;
	turns(1);
	CHECK(late.count == 0);
	time_now += MILLISECOND;
	turns(1);
	CHECK(late.count == 1 && late.status == SCMI_RING_TIMEOUT && ring.in_flight == 0);
	/* However many come after it, none takes its slot. */
	for (uint32_t i = 0; i < ring.queues[0].entries; i++) {
		CHECK(send(100 + i, 1000, &next) >= 0);
		fake_turn(&fake);
		CHECK(fake.held_count == 2 && fake.held[0].head != fake.held[1].head);
		fake_answer(&fake, 1, 0, &i, 4);
		turns(1);
		CHECK(next.count == 1 && next.status == 0 && next.value == i);
	}
	send(2, 1000, &next);
	fake_turn(&fake);
	fake_answer(&fake, 0, 0, "wrong", 5);
	CHECK(turns(1) == 0 && next.count == 0 && late.count == 1 && ring.late == 1);
	fake_echo(&fake);
	CHECK(turns(1) == 1 && next.status == 0 && next.value == 2);
	/* Given back, it is used again. */
	bool again = false;
	for (uint32_t i = 0; i < ring.queues[0].entries; i++) {
		send(i, 1000, &next);
		fake_turn(&fake);
		again |= fake.held[0].head == 0;
		fake_echo(&fake);
		turns(1);
	}
	CHECK(again);
}

static void a_late_reply_is_dropped_and_its_slot_rests_until_then(void) { both(drops_late_replies); }

static void gives_up_on_silent_server(void)
{
	struct outcome outcomes[SCMI_RING_REQUESTS];
	uint32_t sent = 0;
	fake.no_service = true;
	while (send(sent, 5, &outcomes[sent % SCMI_RING_REQUESTS]) >= 0)
		sent++;
	time_now += 5 * MILLISECOND;
	turns(1);
	CHECK(sent > 0 && seen.replies == sent && ring.in_flight == 0);
	CHECK(send(1, 5, &outcomes[0]) == SCMI_RING_BUSY);
	CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, NULL, 0, NULL, 0, NULL, MILLISECOND) == SCMI_RING_BUSY);
	fake.no_service = false;
	scmi_ring_begin(&ring);
	turns(60);
	recovered();
}

static void with_a_silent_server_all_slots_rest_until_the_session_is_new(void) { both(gives_up_on_silent_server); }

static void times_out_each_by_its_own_time(void)
{
	struct outcome first, second, never;
	send(1, 30, &first);
	send(2, 10, &second);
	CHECK(scmi_ring_send(&ring, PROTOCOL, MESSAGE, NULL, 0, UINT64_MAX, take_reply, &never) >= 0);
	never.count = 0;
	time_now += 10 * MILLISECOND;
	scmi_ring_poll(&ring);
	CHECK(first.count == 0 && second.status == SCMI_RING_TIMEOUT);
	time_now += 20 * MILLISECOND;
	scmi_ring_poll(&ring);
	CHECK(first.status == SCMI_RING_TIMEOUT && first.count == 1);
	time_now += UINT64_C(1) << 40;
	scmi_ring_poll(&ring);
	CHECK(never.count == 0);
	fake.no_service = true;
	uint64_t before = time_now;
	CHECK(scmi_ring_call(&ring, PROTOCOL, MESSAGE, NULL, 0, NULL, 0, NULL, MILLISECOND) == SCMI_RING_TIMEOUT);
	CHECK(time_now - before >= MILLISECOND && time_now - before < 2 * MILLISECOND);
}

static void each_command_has_a_time_out_of_its_own(void) { both(times_out_each_by_its_own_time); }

/* Hostile servers ---------------------------------------------------------------------------------------------- */

static void used_id(uint32_t id)
{
	struct outcome outcome;
	send(1, 1000, &outcome);
	fake_turn(&fake);
	fake_use(&fake, 0, id, 12);
	CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_RING);
	CHECK(outcome.count == 1 && outcome.status == SCMI_RING_RESTARTED);
	recovered();
}

static void refuses_used_ids(void)
{
	/* The first command of a session has head 0. */
	const uint32_t ids[] = {1, 2, 3, ring.queues[0].entries, ring.queues[0].entries + 2, 2 * SCMI_RING_REQUESTS, 0x10000,
		0x80000000, UINT32_MAX - 1, UINT32_MAX};
	for (uint32_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		ring.next_request = 0;
		used_id(ids[i]);
	}
}

static void an_impossible_used_id_ends_the_session(void) { both(refuses_used_ids); }

static void refuses_used_twice(void)
{
	struct outcome outcomes[2];
	ring.next_request = 0;
	send(1, 1000, &outcomes[0]);
	send(2, 1000, &outcomes[1]);
	fake_turn(&fake);
	fake_answer(&fake, 0, 0, "good", 4);
	fake_use(&fake, 0, 0, 12);
	CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_RING);
	CHECK(outcomes[0].status == 0 && outcomes[0].count == 1 && outcomes[1].status == SCMI_RING_RESTARTED);
	recovered();
}

static void a_used_id_that_comes_twice_ends_the_session(void) { both(refuses_used_twice); }

static void refuses_used_index(void)
{
	for (uint32_t queue = 0; queue < 2; queue++) {
		for (uint32_t ahead = 0; ahead < 3; ahead++) {
			struct outcome outcome;
			send(1, 1000, &outcome);
			uint32_t most = queue == 0 ? 1 : ring.queues[1].entries;
			fake_turn(&fake);
			fake.queues[queue].done = (uint16_t)(fake.queues[queue].done + (ahead == 2 ? 0x8000 : most + ahead));
			fake_use(&fake, queue, 0, 0);
			CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_RING && outcome.status == SCMI_RING_RESTARTED);
			recovered();
		}
	}
}

static void a_used_index_too_far_ahead_ends_the_session(void) { both(refuses_used_index); }

static void refuses_used_lengths(void)
{
	const uint32_t lengths[] = {0, 1, 7, FAKE_SLOT + 1, 0x10000, 0x7fffffff, 0x80000000, UINT32_MAX};
	for (uint32_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct outcome outcome;
		send(1, 1000, &outcome);
		fake_turn(&fake);
		memcpy(fake_buffer(&fake, 0, fake.held[0].head + 1), &fake.held[0].header, 4); /* all else is right */
		fake_use(&fake, 0, fake.held[0].head, lengths[i]);
		fake.held_count = 0;
		CHECK(turns(1) == 1 && outcome.count == 1 && outcome.status == SCMI_RING_BAD_REPLY && outcome.length == 0);
	}
	seen.ups++;
	recovered();
	CHECK(seen.downs == 0);
}

static void an_impossible_length_ends_the_command_only(void) { both(refuses_used_lengths); }

static void refuses_other_headers(void)
{
	for (uint32_t bit = 0; bit < 32; bit++) {
		struct outcome outcome;
		send(1, 1000, &outcome);
		fake_turn(&fake);
		fake.held[0].header ^= 1u << bit;
		fake_answer(&fake, 0, 0, "text", 4);
		CHECK(turns(1) == 1 && outcome.status == SCMI_RING_BAD_REPLY);
	}
	for (int32_t status = SCMI_RING_BAD_CONFIG - 1; status <= SCMI_RING_TIMEOUT + 1; status++) {
		struct outcome outcome;
		bool ours = scmi_ring_error_name(status) != NULL;
		send(1, 1000, &outcome);
		fake_turn(&fake);
		fake_answer(&fake, 0, status, NULL, 0);
		CHECK(turns(1) == 1 && outcome.status == (ours ? SCMI_RING_BAD_REPLY : status));
	}
	CHECK(seen.downs == 0);
}

static void a_reply_to_another_command_is_none(void) { both(refuses_other_headers); }

static void refuses_events(void)
{
	const uint32_t lengths[] = {0, 3, FAKE_SLOT + 1, 0x80000000, UINT32_MAX};
	for (uint32_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		fake_use(&fake, 1, i, lengths[i]);
		CHECK(turns(1) == 0 && ring.dropped == i + 1 && seen.event_count == 0);
	}
	CHECK(seen.downs == 0);
	const uint32_t ids[] = {ring.queues[1].entries, 0x10000, UINT32_MAX};
	for (uint32_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		fake_use(&fake, 1, ids[i], 8);
		CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_RING);
		recovered();
	}
	delivers_events();
}

static void an_impossible_event_is_dropped_and_an_impossible_id_ends_the_session(void) { both(refuses_events); }

static void a_geometry_that_is_not_the_contracts_is_refused(void)
{
	const uint32_t wrong[][2] = {{0x00, 0}, {0x00, 1}, {0x00, 3}, {0x00, 512}, {0x00, UINT32_MAX}, {0x00, 0x80000000},
		{0x04, 0}, {0x04, 64}, {0x04, 200}, {0x04, 4160}, {0x04, UINT32_MAX - 63}, {0x00, 32}, {0x04, 320}};
	for (uint32_t i = 0; i < sizeof wrong / sizeof wrong[0] + 6; i++) {
		bool value = i < sizeof wrong / sizeof wrong[0];
		uint32_t field = value ? wrong[i][0] : 0x08 + 4 * (i - sizeof wrong / sizeof wrong[0]);
		fresh(SCMI_RING_FAT, FAT_SIZE);
		fake_start(&fake, 77);
		begin();
		turns(1);
		scmi_ring_begin(&ring);
		scmi_ring_poll(&ring);
		fake_turn(&fake);
		fake_set(&fake, FAKE_GEOMETRY + field, value ? wrong[i][1] : fake_get(&fake, FAKE_GEOMETRY + field) + 0x1000);
		CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_GEOMETRY);
		CHECK(fake_get(&fake, FAKE_SERVER_EPOCH_SEEN) == 0);
		time_now += 1000 * MILLISECOND;
		turns(3); /* the server shows the right one again */
		CHECK(scmi_ring_is_up(&ring));
	}
}

static void a_geometry_larger_than_the_window_is_refused(void)
{
	fresh(SCMI_RING_FAT, FAT_SIZE - 0x1000);
	fake.entries = 32; /* FAT_SIZE with slots of 192 bytes */
	fake_start(&fake, 77);
	begin();
	turns(30);
	CHECK(scmi_ring_poll(&ring) == SCMI_RING_BAD_GEOMETRY && !scmi_ring_is_up(&ring));
	CHECK(fake.meetings <= 2); /* and it does not come again at once */
	fresh(SCMI_RING_FAT, FAT_SIZE);
	fake.entries = 32;
	fake_start(&fake, 77);
	begin();
	turns(30);
	answers_calls();
}

static void wears_wrong_magic(void)
{
	const uint32_t wrong[][2] = {{FAKE_MAGIC, 1}, {FAKE_MAGIC, UINT32_MAX}, {FAKE_VERSION, 0}, {FAKE_VERSION, 2},
		{FAKE_MAGIC, fake.flavour == SCMI_RING_FAT ? 0x424d4353 : 0x56464353}};
	for (uint32_t i = 0; i < 5; i++) {
		uint32_t right = fake_get(&fake, wrong[i][0]), epoch = fake_get(&fake, FAKE_DRIVER_EPOCH);
		fake_set(&fake, wrong[i][0], wrong[i][1]);
		scmi_ring_begin(&ring);
		CHECK(turns(30) == SCMI_RING_NO_DEVICE && fake_get(&fake, FAKE_DRIVER_EPOCH) == epoch);
		fake_set(&fake, wrong[i][0], right);
		recovered();
	}
}

static void another_magic_or_version_is_left_alone(void) { both(wears_wrong_magic); }

static void a_window_of_the_other_layout_is_no_device(void)
{
	const enum scmi_ring_flavour flavours[] = {SCMI_RING_MMIO, SCMI_RING_FAT};
	for (int i = 0; i < 2; i++) {
		fresh(flavours[1 - i], MMIO_SIZE);
		config.flavour = flavours[i];
		begin();
		CHECK(turns(3) == SCMI_RING_NO_SESSION); /* zeros: it may become the right one */
		fake_start(&fake, 77);
		CHECK(turns(30) == SCMI_RING_NO_DEVICE && !scmi_ring_is_up(&ring));
		fake_stop(&fake);
		CHECK(turns(30) == SCMI_RING_NO_DEVICE);
		CHECK(fake_get(&fake, FAKE_DRIVER_EPOCH) == 0 && fake.meetings == 0 && fake_get(&fake, FAKE_KICK0) == 0);
		fake.flavour = flavours[i]; /* the service is configured anew, with the same file */
		fake_start(&fake, 78);
		turns(60);
		CHECK(scmi_ring_is_up(&ring));
		answers_calls();
	}
}

static void features_must_be_right(void)
{
	fresh(SCMI_RING_MMIO, MMIO_SIZE);
	fake.features[1] = 0xfffffffe;
	fake_start(&fake, 77);
	begin();
	CHECK(turns(50) == SCMI_RING_NO_FEATURES && fake.meetings <= 2);
	fake.features[1] = 1;
	fake.refuse_features = true;
	time_now += 1000 * MILLISECOND;
	CHECK(turns(50) == SCMI_RING_NO_FEATURES);
	fake.refuse_features = false;
	fake.queue_max = 0;
	time_now += 1000 * MILLISECOND;
	CHECK(turns(50) == SCMI_RING_NO_FEATURES);
	fake.queue_max = 64;
	fake.features[0] = 0xfffffffe; /* no P2A_CHANNELS */
	time_now += 1000 * MILLISECOND;
	CHECK(turns(80) == 0 && scmi_ring_is_up(&ring) && !scmi_ring_has_events(&ring));
	CHECK(fake.driver_features[0] == 0 && fake.driver_features[1] == 1 && !fake.queues[1].ready && seen.kicks[1] == 0);
	fake.features[0] = UINT32_MAX;
	scmi_ring_begin(&ring);
	turns(80);
	CHECK(fake.driver_features[0] == 1 && fake.queues[1].ready && fake.status == 15);
	answers_calls();
}

/* Anything anywhere in the server's memory: no access outside the window (the address sanitizer looks), no command
 * with two ends or none, and all is well when the server is again. */
static void survives_scribbles(void)
{
	static struct outcome outcomes[1024];
	uint32_t sent = 0, size = fake.size, base = fake.flavour == SCMI_RING_MMIO ? 0x200 : 0;
	memset(outcomes, 0, sizeof outcomes);
	seen.replies = 0;
	for (int round = 0; round < 20000; round++) {
		uint32_t place = random_word(), value = random_word();
		struct scmi_ring_queue *queue = &ring.queues[place >> 8 & 1];
		uint32_t offset = place % 8 < 2 ? base + (place >> 4) % 0xa0 / 4 * 4
			: place % 8 < 5 ? queue->used / 4 * 4 + (place >> 4) % (4 + 8 * queue->entries) / 4 * 4
			: place % 8 < 6 ? queue->buffers + (place >> 4) % (queue->entries * queue->buffer_size) / 4 * 4
			: (place >> 4) % size / 4 * 4;
		value = value % 4 == 0 ? value : value % 4 == 1 ? value % 64 : value % 4 == 2 ? value % 2048 : 0;
		__atomic_store_n((uint32_t *)(void *)(fake.memory + offset), value, __ATOMIC_RELEASE);
		if (sent < 1024)
			sent += send(sent, 1 + value % 50, &outcomes[sent]) >= 0;
		time_now += value % MILLISECOND;
		scmi_ring_poll(&ring);
		if (round % 16 == 0) {
			memset(fake.queues, 0, sizeof fake.queues); /* its own positions are not what is tested here */
			fake_start(&fake, 100 + (uint32_t)round);
			for (int i = 0; i < 60 && !scmi_ring_is_up(&ring); i++) {
				fake.no_service = true;
				turns(1);
				time_now += MILLISECOND;
			}
		}
	}
	fake.no_service = false;
	fake_start(&fake, 99);
	scmi_ring_begin(&ring); /* the driver's own words may have been overwritten, too */
	turns(100);
	CHECK(ring.in_flight == 0 && seen.replies == sent && sent > 100);
	for (uint32_t i = 0; i < sent; i++)
		CHECK(outcomes[i].count == 1);
	recovered();
}

static void scribbles_anywhere_do_no_harm(void) { both(survives_scribbles); }

/* Threads ------------------------------------------------------------------------------------------------------ */

/*
 * Nothing here goes by a clock: time is the server's turns, so that a thread that does not get its processor for a while
 * makes nothing time out. The server throws its dice only when the driver has got something done, so that there are as
 * many restarts for one command on any machine, and the test goes on until it has seen what it is about.
 */
enum { TURN = 100000, STUCK = 200000 }; /* nanoseconds; polls */

struct serving {
	bool restarts;
	uint32_t starts; /* so many */
};

static bool stop_server;
static uint32_t server_turns;

static uint64_t turns_now(void *context)
{
	(void)context;
	return (uint64_t)__atomic_load_n(&server_turns, __ATOMIC_ACQUIRE) * TURN;
}

static void yield(void *context)
{
	(void)context;
	sched_yield();
}

static void *serve(void *argument)
{
	struct serving *serving = argument;
	uint32_t epoch = 1000, state = random_state, done = 0;
	while (!__atomic_load_n(&stop_server, __ATOMIC_ACQUIRE)) {
		fake_turn(&fake);
		state = state * 1664525u + 1013904223u;
		uint32_t now_done = fake.meetings + fake.writes + fake.commands;
		bool restart = serving->restarts && now_done != done && (state >> 16 & 63) == 0;
		done = now_done;
		if (!restart || (state >> 24 & 1) == 0)
			fake_echo(&fake);
		if (restart) {
			fake_start(&fake, ++epoch);
			serving->starts++;
		}
		if (fake_get(&fake, FAKE_STATE) == 1 && (state >> 8 & 7) == 0)
			fake_event(&fake, 3u << 8, &epoch, 4);
		__atomic_store_n(&server_turns, server_turns + 1, __ATOMIC_RELEASE);
		sched_yield();
	}
	return NULL;
}

/* Commands in flight, and how they have ended. */
struct traffic {
	struct outcome outcomes[DEPTH];
	uint32_t values[DEPTH], sent, ok, ended;
	bool flying[DEPTH];
};

/* Counts the commands that have ended, each of which ended rightly, and sends others in their place if there is more. */
static void keep_flying(struct traffic *traffic, bool restarts, bool more)
{
	for (uint32_t i = 0; i < DEPTH; i++) {
		const struct outcome *outcome = &traffic->outcomes[i];
		if (traffic->flying[i] && outcome->count > 0) {
			bool ok = outcome->status == 0;
			CHECK(outcome->count == 1);
			CHECK(ok ? outcome->value == traffic->values[i] : restarts && outcome->status == SCMI_RING_RESTARTED);
			traffic->ok += ok;
			traffic->ended += !ok;
			traffic->flying[i] = false;
		}
		if (more && !traffic->flying[i] && send(traffic->sent, 20000, &traffic->outcomes[i]) >= 0) {
			traffic->values[i] = traffic->sent++;
			traffic->flying[i] = true;
		}
	}
}

static bool seen_enough(const struct traffic *traffic, bool restarts)
{
	bool ends = traffic->ended >= 50 && seen.ups >= 10;
	return traffic->ok >= 2000 && traffic->ok + traffic->ended >= 5000 && seen.event_count >= 50 && (ends || !restarts);
}

static void run_against_thread(enum scmi_ring_flavour flavour, bool restarts)
{
	static const struct scmi_ring_hooks threaded = {turns_now, yield, NULL, take_event, count_session};
	struct traffic traffic = {0};
	struct serving serving = {restarts, 0};
	/* Polls with a turn of the server in each, since a command has ended. */
	uint32_t polls = 0, last_turn = 0, last_end = 0;
	pthread_t thread;
	fresh(flavour, MMIO_SIZE);
	config.hooks = &threaded;
	fake_start(&fake, 77);
	stop_server = false;
	CHECK(pthread_create(&thread, NULL, serve, &serving) == 0);
	begin();
	while ((!seen_enough(&traffic, restarts) || ring.in_flight > 0) && polls < STUCK) {
		uint32_t turn = __atomic_load_n(&server_turns, __ATOMIC_ACQUIRE);
		keep_flying(&traffic, restarts, !seen_enough(&traffic, restarts));
		polls = last_end != traffic.ok + traffic.ended ? 0 : polls + (turn != last_turn);
		last_end = traffic.ok + traffic.ended;
		last_turn = turn;
		if (scmi_ring_poll(&ring) <= 0)
			sched_yield();
	}
	keep_flying(&traffic, restarts, false);
	__atomic_store_n(&stop_server, true, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	if (!CHECK(polls < STUCK && seen.ups <= 1 + serving.starts)) {
		printf("    sessions %" PRIu32 " starts %" PRIu32 " ok %" PRIu32 " ended %" PRIu32 " events %" PRIu32 " phase %d\n",
				seen.ups, 1 + serving.starts, traffic.ok, traffic.ended, seen.event_count, (int)ring.phase);
	}
	scmi_ring_begin(&ring);
}

static void a_server_in_another_thread_answers_all(void)
{
	run_against_thread(SCMI_RING_FAT, false);
	run_against_thread(SCMI_RING_MMIO, false);
}

static void a_server_that_restarts_at_any_moment_makes_no_command_end_wrongly(void)
{
	run_against_thread(SCMI_RING_FAT, true);
	run_against_thread(SCMI_RING_MMIO, true);
}

static void run(const char *name, void (*test)(void))
{
	char sentence[128];
	failures = 0;
	test();
	tests++;
	failed_tests += failures > 0;
	for (size_t i = 0; i <= strlen(name); i++)
		sentence[i] = name[i] == '_' ? ' ' : name[i];
	printf("%s  %s\n", failures == 0 ? "ok    " : "FAILED", sentence);
	fflush(stdout);
}

#define RUN(test) run(#test, test)

int main(int argc, char **argv)
{
	uint32_t seed = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : (uint32_t)time(NULL);
	random_state = seed;
	printf("seed %" PRIu32 "\n", seed);
	RUN(a_session_comes_up_and_calls_are_answered);
	RUN(many_commands_in_flight_get_each_its_own_reply);
	RUN(a_full_ring_and_a_long_command_are_refused);
	RUN(events_arrive_and_their_buffers_go_back);
	RUN(a_callback_may_send_and_nothing_else);
	RUN(the_driver_may_come_first_and_the_server_later);
	RUN(a_guest_address_is_added_to_every_address);
	RUN(a_small_window_gets_fewer_entries);
	RUN(a_device_with_short_queues_gets_fewer_entries);
	RUN(every_legal_geometry_works);
	RUN(wrong_configurations_are_refused);
	RUN(a_trapped_device_is_set_up_by_its_registers);
	RUN(a_restart_of_the_server_ends_commands_and_never_repeats_them);
	RUN(a_stopped_server_is_waited_for);
	RUN(what_a_server_announced_before_it_vanished_is_not_believed);
	RUN(an_acknowledged_write_is_not_believed_from_a_server_that_starts);
	RUN(a_server_may_restart_at_each_step_of_the_set_up);
	RUN(a_session_begins_with_a_new_epoch_and_touches_nothing_before_it_is_seen);
	RUN(a_session_begins_with_what_the_server_has_left);
	RUN(an_attempt_that_gets_nowhere_is_begun_anew);
	RUN(the_user_may_begin_anew_and_end);
	RUN(a_broken_ring_is_recovered_by_the_drivers_reset);
	RUN(a_late_reply_is_dropped_and_its_slot_rests_until_then);
	RUN(with_a_silent_server_all_slots_rest_until_the_session_is_new);
	RUN(each_command_has_a_time_out_of_its_own);
	RUN(an_impossible_used_id_ends_the_session);
	RUN(a_used_id_that_comes_twice_ends_the_session);
	RUN(a_used_index_too_far_ahead_ends_the_session);
	RUN(an_impossible_length_ends_the_command_only);
	RUN(a_reply_to_another_command_is_none);
	RUN(an_impossible_event_is_dropped_and_an_impossible_id_ends_the_session);
	RUN(a_geometry_that_is_not_the_contracts_is_refused);
	RUN(a_geometry_larger_than_the_window_is_refused);
	RUN(another_magic_or_version_is_left_alone);
	RUN(a_window_of_the_other_layout_is_no_device);
	RUN(features_must_be_right);
	RUN(scribbles_anywhere_do_no_harm);
	RUN(a_server_in_another_thread_answers_all);
	RUN(a_server_that_restarts_at_any_moment_makes_no_command_end_wrongly);
	fake_close(&fake);
	printf("%" PRIu32 " tests, %" PRIu32 " failed, seed %" PRIu32 "\n", tests, failed_tests, seed);
	return failed_tests == 0 ? 0 : 1;
}
