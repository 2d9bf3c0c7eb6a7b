/*
 * Tests of the device's side of both window layouts: against the driver of guests/ring, and against one that breaks each
 * rule in turn, or writes anything anywhere.
 *
 *   window-test [SEED]
 */
#define _POSIX_C_SOURCE 200112L
#include <stdlib.h>

#include "../../ring/scmi_ring.h"
#include "../scmi_window_device.h"
#include "check.h"
#include "demo.h"

enum { SIZE = 0x10000, CLOCK = 0x14, CONTROL_MMIO = 0x200, STATE = 8, DRIVER_EPOCH = 0x40, SERVER_EPOCH_SEEN = 0x44 };
#define MILLISECOND UINT64_C(1000000)

static struct scmi_window device;
static struct scmi_window_config config;
static struct scmi_ring ring;
static uint8_t *memory; /* of exactly the window's size, for the address sanitizer */
static uint64_t time_now;
static uint32_t ups, events, event_header, event_words[6], random_state;
static enum scmi_window_layout layout;

static uint32_t random_word(void)
{
	random_state = random_state * 1664525u + 1013904223u;
	return random_state >> 8 ^ random_state << 16;
}

static uint64_t now(void *context)
{
	(void)context;
	return time_now;
}

static bool turn_device(void)
{
	time_now += MILLISECOND;
	return scmi_window_poll(&device, (uint32_t)(time_now / MILLISECOND));
}

static void relax(void *context)
{
	(void)context;
	turn_device();
	demo_finish(SCMI_SUCCESS);
}

static void take_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	(void)context;
	events++;
	event_header = header;
	memcpy(event_words, payload, length < sizeof event_words ? length : sizeof event_words);
}

static void session(void *context, bool up)
{
	(void)context;
	ups += up;
}

static const struct scmi_ring_hooks hooks = {now, relax, NULL, take_event, session};

static void take_status(void *tag, const struct scmi_ring_reply *reply) { *(int32_t *)tag = reply->status; }

static void turns(int count)
{
	for (int i = 0; i < count; i++) {
		turn_device();
		scmi_ring_poll(&ring);
	}
}

static void start_device(uint32_t epoch)
{
	config.epoch = epoch;
	CHECK(scmi_window_start(&device, &config) == 0);
}

static void fresh(uint32_t size)
{
	void *fresh_memory = NULL;
	free(memory);
	if (posix_memalign(&fresh_memory, 4096, size) != 0)
		abort();
	memory = fresh_memory;
	memset(memory, 0, size);
	demo_start();
	ups = events = 0;
	config = (struct scmi_window_config){.layout = layout, .memory = memory, .size = size, .guest_address = 0x40000000,
		.platform = &demo.platform, .agent = DEMO_BRIDGE};
	start_device(5);
	struct scmi_ring_config driver = {.flavour = layout == SCMI_WINDOW_FAT ? SCMI_RING_FAT : SCMI_RING_MMIO,
		.memory = memory, .size = size, .guest_address = 0x40000000, .hooks = &hooks};
	CHECK(scmi_ring_init(&ring, &driver) == 0);
	scmi_ring_begin(&ring);
}

static void begin(void)
{
	fresh(SIZE);
	turns(60);
	CHECK(scmi_ring_is_up(&ring) && ups == 1 && device.sessions == 1);
}

static int32_t rate_of(uint32_t clock, uint64_t *rate)
{
	uint32_t got = 0;
	*rate = 0;
	int32_t status = scmi_ring_call(&ring, CLOCK, 6, &clock, 4, rate, 8, &got, 100 * MILLISECOND);
	return status;
}

static int32_t call(uint32_t message, const uint32_t *words, uint32_t count)
{
	return scmi_ring_call(&ring, CLOCK, message, words, 4 * count, NULL, 0, NULL, 100 * MILLISECOND);
}

static uint32_t *control(uint32_t field)
{
	return (uint32_t *)(void *)(memory + field + (layout == SCMI_WINDOW_MMIO ? CONTROL_MMIO : 0));
}

static uint16_t *half(uint32_t offset) { return (uint16_t *)(void *)(memory + offset); }

static uint32_t *word(uint32_t offset) { return (uint32_t *)(void *)(memory + offset); }

static void commands_are_answered(void)
{
	uint64_t rate;
	uint32_t list[64], got = 0;
	begin();
	CHECK(scmi_ring_has_events(&ring));
	CHECK(rate_of(DEMO_OSC, &rate) == 0 && rate == 24000000);
	CHECK(rate_of(99, &rate) == SCMI_NOT_FOUND);
	for (int i = 0; i < 500; i++)
		CHECK(rate_of(DEMO_UART, &rate) == 0 && rate == 1000000);
	/* A list is as long as the buffer: 192 bytes, less header, status and counts. */
	CHECK(scmi_ring_call(&ring, CLOCK, 4, (uint32_t[]){DEMO_PIXEL, 0}, 8, list, sizeof list, &got, 100 * MILLISECOND) == 0);
	CHECK(got == 4 + 8 * 22 && list[0] == (22 | 18 << 16));
	CHECK(scmi_ring_call(&ring, CLOCK, 6, list, 100, list, 8, &got, 100 * MILLISECOND) == SCMI_PROTOCOL_ERROR);
	CHECK(device.violations == 0);
}

static void events_come_by_the_other_queue(void)
{
	begin();
	CHECK(call(9, (uint32_t[]){DEMO_UART, 1}, 2) == 0);
	for (uint32_t i = 0; i < 300; i++) {
		scmi_clock_changed(&demo.platform, DEMO_UART, i, 0);
		turns(1);
		CHECK(events == i + 1 && event_header == (3u << 8 | CLOCK << 10) && event_words[2] == i);
	}
	CHECK(call(5, (uint32_t[]){1, DEMO_PLL, 7000000, 0}, 4) == 0);
	demo_finish(SCMI_SUCCESS);
	turns(2);
	CHECK(events == 301 && (event_header >> 8 & 3) == 2 && event_words[0] == 0 && event_words[1] == DEMO_PLL);
}

static void a_late_reply_finds_its_buffer(void)
{
	uint64_t rate;
	begin();
	demo.slow = true;
	CHECK(rate_of(DEMO_OSC, &rate) == 0 && rate == 24000000); /* relax ends what waits */
	CHECK(call(7, (uint32_t[]){DEMO_UART, 1, 0}, 3) == 0 && demo.clocks_on[DEMO_UART]);
	scmi_ring_begin(&ring); /* and its votes end with the session */
	turns(60);
	while (demo_finish(SCMI_SUCCESS))
		;
	CHECK(scmi_ring_is_up(&ring) && !demo.clocks_on[DEMO_UART] && device.sessions == 2);
	demo.slow = false;
	CHECK(rate_of(DEMO_OSC, &rate) == 0);
}

static void a_session_that_ends_takes_its_late_reply_with_it(void)
{
	uint64_t rate;
	int32_t status = 0;
	begin();
	demo.slow = true;
	CHECK(scmi_ring_send(&ring, CLOCK, 6, &(uint32_t){0}, 4, 100 * MILLISECOND, take_status, &status) >= 0);
	turn_device();
	CHECK(demo.waiting == 1);
	scmi_ring_begin(&ring);
	CHECK(status == SCMI_RING_RESTARTED);
	turns(60);
	CHECK(demo_finish(SCMI_SUCCESS) && scmi_ring_is_up(&ring));
	demo.slow = false;
	for (int i = 0; i < 100; i++)
		CHECK(rate_of(DEMO_OSC, &rate) == 0 && rate == 24000000);
	CHECK(device.violations == 0 && ring.dropped == 0 && ups == 2);
}

static void both_sides_may_start_anew_at_any_time(void)
{
	uint64_t rate;
	begin();
	CHECK(call(7, (uint32_t[]){DEMO_UART, 1, 0}, 3) == 0 && demo.clocks_on[DEMO_UART]);
	start_device(5); /* the same number: it takes another one */
	CHECK(!demo.clocks_on[DEMO_UART]);
	turns(60);
	CHECK(ups == 2 && rate_of(DEMO_OSC, &rate) == 0);
	for (int steps = 0; steps < 40; steps++) {
		scmi_ring_begin(&ring);
		turns(steps);
		start_device((uint32_t)steps);
		turns(60);
		CHECK(scmi_ring_is_up(&ring) && rate_of(DEMO_OSC, &rate) == 0);
	}
	scmi_window_stop(&device);
	turns(60);
	CHECK(!scmi_ring_is_up(&ring) && *control(STATE) == 0 && !turn_device());
	start_device(9);
	turns(60);
	CHECK(scmi_ring_is_up(&ring));
}

static void a_scribble_on_the_devices_lines_heals(void)
{
	uint64_t rate;
	begin();
	memset(control(0), 0xee, 0x20);
	if (layout == SCMI_WINDOW_FAT)
		memset(memory + 0x80, 0xee, 0x20);
	else
		memset(memory, 0xee, 0x100);
	for (int i = 0; i < 1100; i++)
		turn_device();
	turns(100);
	CHECK(scmi_ring_is_up(&ring) && rate_of(DEMO_OSC, &rate) == 0);
}

/* What is wrong in the ring of a queue ends the session; and a new one heals it. */
static void is_broken_by(void (*breaks)(uint32_t available, uint32_t descriptors))
{
	uint64_t rate;
	begin();
	const struct scmi_window_queue *queue = &device.queues[0];
	breaks(queue->available, queue->descriptors);
	*half(queue->available + 2) = (uint16_t)(*half(queue->available + 2) + 1);
	turn_device();
	CHECK(*control(STATE) == 2 && device.violations == 1 && !turn_device());
	scmi_ring_begin(&ring);
	turns(60);
	CHECK(scmi_ring_is_up(&ring) && rate_of(DEMO_OSC, &rate) == 0);
}

static void far_ahead(uint32_t available, uint32_t descriptors)
{
	(void)descriptors;
	*half(available + 2) = 300;
}

static void impossible_head(uint32_t available, uint32_t descriptors)
{
	(void)descriptors;
	*half(available + 4) = 64;
}

static void odd_head(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 1;
	*half(descriptors + 16 + 12) = 3; /* writable, and another behind it */
	*half(descriptors + 16 + 14) = 2;
	*half(descriptors + 32 + 12) = 0;
}

static void long_request(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*word(descriptors + 8) = SIZE + 1;
}

static void a_ring_that_cannot_be_ends_the_session(void)
{
	is_broken_by(far_ahead);
	is_broken_by(impossible_head);
	is_broken_by(odd_head);
	is_broken_by(long_request);
}

static void outside(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*word(descriptors) = 0x40000000 + SIZE - 4;
	*word(descriptors + 8) = 8;
}

static void in_the_registers(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*word(descriptors) = 0x40000ffc;
	*word(descriptors + 8) = 8;
}

static void far_away(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*word(descriptors) = 0x40001000;
	*word(descriptors + 4) = 1;
	*word(descriptors + 8) = 8;
}

static void before(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*word(descriptors) = 0x3ffff000;
	*word(descriptors + 8) = 8;
}

static void circle(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*half(descriptors + 12) = 1;
	*half(descriptors + 14) = 0;
}

static void next_is_none(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*half(descriptors + 12) = 1;
	*half(descriptors + 14) = 64;
}

static void indirect(uint32_t available, uint32_t descriptors)
{
	*half(available + 4) = 0;
	*half(descriptors + 12) = 4;
}

static void a_chain_that_cannot_be_ends_the_session(void)
{
	is_broken_by(outside);
	is_broken_by(in_the_registers);
	is_broken_by(far_away);
	is_broken_by(before);
	is_broken_by(circle);
	is_broken_by(next_is_none);
	is_broken_by(indirect);
}

static void write_register(uint32_t offset, uint32_t value)
{
	*control(0x48) = offset;
	*control(0x4c) = value;
	*control(0x50) += 1;
	turn_device();
}

static void a_queue_that_lies_where_it_must_not_ends_the_session(void)
{
	static const uint32_t wrong[][4] = {{3, 0x40001000, 0x40001400, 0x40002000}, {128, 0x40001000, 0x40002000, 0x40003000},
		{64, 0x40000000, 0x40001400, 0x40002000}, {64, 0x40001008, 0x40001800, 0x40002000},
		{64, 0x40001000, 0x40001401, 0x40002000}, {64, 0x40001000, 0x40001400, 0x40002002},
		{64, 0x40001000, 0x40001400, 0x4000fe00}, {0, 0x40001000, 0x40001400, 0x40002000}};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		begin();
		write_register(0x70, 0);
		CHECK(*word(0x70) == 0);
		write_register(0x30, 0);
		write_register(0x38, wrong[i][0]);
		write_register(0x80, wrong[i][1]);
		write_register(0x90, wrong[i][2]);
		write_register(0xa0, wrong[i][3]);
		write_register(0x44, 1);
		CHECK(*control(STATE) == 2 && *word(0x44) == 0);
	}
}

static void features_are_agreed_as_virtio_wants_it(void)
{
	begin();
	write_register(0x70, 0);
	write_register(0x70, 3);
	write_register(0x14, 1);
	CHECK(*word(0x10) == 1);
	write_register(0x14, 2);
	CHECK(*word(0x10) == 0);
	write_register(0x70, 11);
	CHECK(*word(0x70) == 3); /* without VERSION_1 it does not stick */
	write_register(0x24, 1);
	write_register(0x20, 1);
	write_register(0x70, 11);
	CHECK(*word(0x70) == 11);
	write_register(0x70, 15); /* without P2A_CHANNELS there are no events */
	CHECK(!demo.states[DEMO_BRIDGE].has_events);
	CHECK(*word(0x34) == 64 && *word(0) == 0x74726976 && *word(4) == 2 && *word(8) == 32 && *word(0xb0) == ~0u);
	write_register(0x30, 2);
	CHECK(*word(0x34) == 0);
}

static void a_queue_that_is_stopped_gets_no_late_reply(void)
{
	int32_t status = 0;
	begin();
	demo.slow = true;
	CHECK(scmi_ring_send(&ring, CLOCK, 6, &(uint32_t){0}, 4, 100 * MILLISECOND, take_status, &status) >= 0);
	turn_device();
	uint32_t used = device.queues[0].used;
	write_register(0x30, 0);
	write_register(0x44, 0);
	CHECK(demo.waiting == 1 && *word(0x44) == 0);
	*half(device.queues[0].available + 2) = 0;
	write_register(0x44, 1); /* and begins again, empty */
	CHECK(demo_finish(SCMI_SUCCESS));
	for (int i = 0; i < 3; i++)
		turn_device();
	CHECK(*half(used + 2) == 0 && device.violations == 0 && !device.is_held);
	/* One that takes the command again gets the reply to that, and once. */
	*half(device.queues[0].available + 2) = 1;
	turn_device();
	write_register(0x44, 0);
	write_register(0x44, 1);
	CHECK(demo.waiting == 2 && demo_finish(SCMI_SUCCESS));
	turn_device();
	CHECK(*half(used + 2) == 0 && device.is_held && demo_finish(SCMI_SUCCESS));
	turn_device();
	CHECK(*half(used + 2) == 1 && !device.is_held);
}

static void small_buffers_come_back_and_no_event_is_lost(void)
{
	begin();
	const struct scmi_window_queue *queue = &device.queues[1];
	for (uint32_t i = 0; i < queue->entries; i++)
		*word(queue->descriptors + 16 * i + 8) = i == 40 ? 192 : 19;
	CHECK(call(5, (uint32_t[]){1, DEMO_PLL, 7000000, 0}, 4) == 0);
	turns(3);
	CHECK(device.violations == 0 && events == 1 && (event_header >> 8 & 3) == 2 && ring.dropped == 40);
}

static void wrong_configurations_of_a_window_are_refused(void)
{
	fresh(SIZE);
	struct scmi_window_config good = config;
#define START(change) (config = good, change, scmi_window_start(&device, &config))
	CHECK(START((void)0) == 0);
	CHECK(START(config.memory = memory + 64) == SCMI_BAD_CONFIG && START(config.memory = NULL) == SCMI_BAD_CONFIG);
	CHECK(START(config.size = 4096) == SCMI_BAD_CONFIG && START(config.size = 8193) == SCMI_BAD_CONFIG);
	CHECK(START(config.entries = 3) == SCMI_BAD_CONFIG && START(config.entries = 512) == SCMI_BAD_CONFIG);
	CHECK(START(config.slot_size = 100) == SCMI_BAD_CONFIG && START(config.slot_size = 8192) == SCMI_BAD_CONFIG);
	CHECK(START(config.agent = DEMO_AGENTS) == SCMI_BAD_CONFIG && START(config.platform = NULL) == SCMI_BAD_CONFIG);
	CHECK(layout == SCMI_WINDOW_MMIO || START(config.size = 0x8000) == SCMI_BAD_CONFIG);
}

/* The sanitizers watch that nothing outside the window is touched. */
static void anything_anywhere_does_no_harm(void)
{
	uint64_t rate;
	for (int round = 0; round < 300; round++) {
		begin();
		for (int i = 0; i < 200; i++) {
			uint32_t spot = random_word() % 4 == 0 ? random_word() % (SIZE / 4)
				: (layout == SCMI_WINDOW_FAT ? 0x3000 : 0x1000) / 4 + random_word() % 0x400;
			if (random_word() % 3 == 0)
				spot = (uint32_t)((uint8_t *)control(DRIVER_EPOCH) - memory) / 4 + 2 + random_word() % 5;
			*word(4 * spot) = random_word() % 2 == 0 ? random_word() : random_word() % 70;
			if (layout == SCMI_WINDOW_MMIO && random_word() % 4 == 0)
				write_register(4 * (random_word() % 48),
					random_word() % 3 == 0 ? random_word() : 0x40001000 + 16 * (random_word() % 64));
			*half(device.queues[0].available + 2) = (uint16_t)(device.queues[0].taken + random_word() % 4);
			turn_device();
			demo_finish(SCMI_SUCCESS);
			if (random_word() % 8 == 0)
				scmi_clock_changed(&demo.platform, DEMO_UART, 3, 0);
		}
		while (demo_finish(SCMI_SUCCESS))
			;
		start_device((uint32_t)round);
		scmi_ring_begin(&ring);
		turns(60);
		CHECK(scmi_ring_is_up(&ring) && rate_of(DEMO_OSC, &rate) == 0 && rate == 24000000);
	}
}

int main(int argc, char **argv)
{
	random_state = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 1;
	for (int i = 0; i < 2; i++) {
		layout = i == 0 ? SCMI_WINDOW_MMIO : SCMI_WINDOW_FAT;
		printf("%s\n", i == 0 ? "the virtio-mmio ring" : "the fat virtqueue");
		RUN(commands_are_answered);
		RUN(events_come_by_the_other_queue);
		RUN(a_late_reply_finds_its_buffer);
		RUN(a_session_that_ends_takes_its_late_reply_with_it);
		RUN(both_sides_may_start_anew_at_any_time);
		RUN(a_scribble_on_the_devices_lines_heals);
		RUN(a_ring_that_cannot_be_ends_the_session);
		RUN(wrong_configurations_of_a_window_are_refused);
		RUN(anything_anywhere_does_no_harm);
	}
	layout = SCMI_WINDOW_MMIO;
	RUN(a_chain_that_cannot_be_ends_the_session);
	RUN(a_queue_that_lies_where_it_must_not_ends_the_session);
	RUN(features_are_agreed_as_virtio_wants_it);
	RUN(a_queue_that_is_stopped_gets_no_late_reply);
	RUN(small_buffers_come_back_and_no_event_is_lost);
	free(memory);
	return summary();
}
