/*
 * Tests of the transport against a fake of Zephyr's SCMI subsystem and the ring driver's fake server. One line for each
 * test; the exit status is 1 if one has failed. Each test runs in a process of its own, since a boot is once.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"
#include <scmid/scmi_window.h>
#include <scmi_ring.h>
#include "../../ring/test/fake-server.h"

enum { WINDOW_SIZE = 0x9000, POWER = 17, CLOCK = 20, VERSION = 0, LIST = 4, GET = 6, NEGOTIATE = 0x10 };

static struct fake server;
static uint32_t failures;

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool good, const char *condition, int line)
{
	if (!good && failures++ < 5)
		printf("    line %d: not so: %s\n", line, condition);
}

/* What the server does with a command, and what it has had. */
static struct {
	bool absent, power_is_not_served, keep;
	uint32_t list_words; /* in its reply to LIST */
	uint32_t asked[3];   /* PROTOCOL_VERSION, of protocols 16, 17 and 20 */
	uint32_t negotiated;
} platform;

static void answer(void)
{
	const uint32_t *command = (const uint32_t *)(const void *)fake_buffer(&server, 0, server.held[0].head);
	uint32_t header = server.held[0].header, id = SCMI_RING_MESSAGE_ID(header), protocol = SCMI_RING_PROTOCOL(header);
	uint32_t values[32] = {protocol, command[1]};

	if (id == VERSION) {
		platform.asked[protocol == 16 ? 0 : protocol == POWER ? 1 : 2]++;
		values[0] = 0x30000;
	}
	platform.negotiated += id == NEGOTIATE;
	if (protocol == POWER && platform.power_is_not_served)
		fake_answer(&server, 0, SCMI_NOT_SUPPORTED, NULL, 0);
	else if (id == LIST)
		fake_answer(&server, 0, 0, (uint32_t[]){11, 22, 33, 44, 55}, 4 * platform.list_words);
	else
		fake_answer(&server, 0, 0, values, id == NEGOTIATE ? 0 : id == VERSION ? 4 : 8);
}

static void turn(void)
{
	if (platform.absent)
		return;
	fake_turn(&server);
	while (server.held_count > 0 && !platform.keep)
		answer();
}

static void open_window(void)
{
	fake_open(&server, SCMI_RING_FAT, WINDOW_SIZE);
	fake_window = server.memory;
	fake_window_size = WINDOW_SIZE;
	fake_on_the_bus = true;
	fake_world = turn;
}

static void boot_with_service(void)
{
	open_window();
	fake_start(&server, 7);
	fake_boot();
}

/* A command with one word, whose reply goes to `words`; the number of words that came, or an error. */
static int command(struct scmi_protocol *protocol, uint32_t id, uint32_t *words, uint32_t count)
{
	uint32_t parameter = 0x5eed0000 | protocol->id;
	struct scmi_message message = {.hdr = SCMI_MESSAGE_HDR_MAKE(id, SCMI_COMMAND, protocol->id, 0), .len = 4,
								   .content = &parameter};
	struct scmi_message reply = {.hdr = message.hdr, .len = 4 * count, .content = words};
	int result = fake_send(protocol, &message, &reply);
	return result < 0 ? result : (int)(reply.len / 4);
}

/* Whether the reply is the one to this protocol's command. */
static bool is_answered(struct scmi_protocol *protocol)
{
	uint32_t words[3];
	return command(protocol, GET, words, 3) == 3 && words[0] == 0 && words[1] == protocol->id &&
		   words[2] == (0x5eed0000 | protocol->id);
}

static void a_boot_with_a_service_has_all_protocols(void)
{
	boot_with_service();
	CHECK(device_is_ready(&device_n_window) && device_is_ready(&device_n_clocks));
	CHECK(is_answered(&fake_power) && is_answered(&fake_clock));
}

static void a_protocol_that_is_not_served_takes_none_behind_it_down(void)
{
	uint32_t words[3];
	platform.power_is_not_served = true;
	boot_with_service();
	CHECK(fake_clock.transport == &device_n_window);
	CHECK(device_is_ready(&device_n_window) && device_is_ready(&device_n_clocks));
	CHECK(is_answered(&fake_clock));
	CHECK(command(&fake_power, GET, words, 3) == 1 && (int32_t)words[0] == SCMI_NOT_SUPPORTED);
#if FAKE_SUBSYSTEM >= 5
	CHECK(platform.asked[0] == 1 && platform.asked[1] == 1 && platform.asked[2] == 1);
	CHECK(platform.negotiated == 2);
	CHECK(fake_clock.rx->ready);
#endif
}

static void each_protocol_has_a_channel_and_a_reply_of_its_own(void)
{
	boot_with_service();
	CHECK(fake_power.tx != fake_clock.tx && fake_power.tx->data != fake_clock.tx->data);
	uint32_t clock[3] = {0}, power[3] = {0};
	const struct scmi_transport_api *api = device_n_window.api;
	struct scmi_message of_clock = {.hdr = SCMI_MESSAGE_HDR_MAKE(GET, SCMI_COMMAND, CLOCK, 0), .len = 4, .content = clock};
	struct scmi_message of_power = {.hdr = SCMI_MESSAGE_HDR_MAKE(GET, SCMI_COMMAND, POWER, 0), .len = 4, .content = power};
#if FAKE_SUBSYSTEM == 3
	CHECK(api->send_message(&device_n_window, fake_clock.tx, &of_clock) == 0);
	CHECK(api->send_message(&device_n_window, fake_power.tx, &of_power) == 0);
#else
	CHECK(api->send_message(&device_n_window, fake_clock.tx, &of_clock, true) == 0);
	CHECK(api->send_message(&device_n_window, fake_power.tx, &of_power, true) == 0);
#endif
	of_clock.len = of_power.len = 12;
	CHECK(api->read_message(&device_n_window, fake_clock.tx, &of_clock) == 0 && clock[1] == CLOCK);
	CHECK(api->read_message(&device_n_window, fake_power.tx, &of_power) == 0 && power[1] == POWER);
}

/* The second thread, while the command of the first is with the server. */
static _Atomic bool second_ended;
static bool second_good;
static pthread_t second;

static void *ask_power(void *none)
{
	second_good = is_answered(&fake_power);
	second_ended = true;
	return none;
}

static void turn_with_a_second_thread(void)
{
	static bool begun;
	platform.keep = true;
	turn();
	platform.keep = false;
	if (server.held_count == 0)
		return;
	if (!begun) {
		begun = true;
		pthread_create(&second, NULL, ask_power, NULL);
		/* Until it waits for the first one, or has given up. */
		while (fake_waiting == 0 && !second_ended)
			usleep(100);
	}
	answer();
}

static void threads_of_two_protocols_are_both_answered(void)
{
	boot_with_service();
	fake_world = turn_with_a_second_thread;
	CHECK(is_answered(&fake_clock));
	pthread_join(second, NULL);
	CHECK(second_good);
}

static void a_reply_is_as_long_as_it_is(void)
{
	uint32_t words[8];
	boot_with_service();
	memset(words, 0xee, sizeof words);
	platform.list_words = 3;
	CHECK(command(&fake_clock, LIST, words, 8) == 4);
	CHECK(words[0] == 0 && words[1] == 11 && words[3] == 33);
	CHECK(words[4] == 0 && words[7] == 0);
	platform.list_words = 0;
	CHECK(command(&fake_clock, LIST, words, 8) == 1 && words[1] == 0);
	platform.list_words = 5;
	memset(words, 0xee, sizeof words);
	CHECK(command(&fake_clock, LIST, words, 3) == 3 && words[2] == 22 && words[3] == 0xeeeeeeee);
}

static uint32_t ups, downs, up_with_clocks, listened;

static void on_session(void *context, bool up)
{
	(void)context;
	ups += up;
	downs += !up;
	up_with_clocks += up && device_is_ready(&device_n_clocks);
}

static void on_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	(void)context, (void)header, (void)payload;
	listened += length;
}

static const struct scmi_window_listener listener = {.event = on_event, .session = on_session};

/* Looks of the work queue, long enough for a session to come up. */
static void work(void)
{
	for (int look = 0; look < 200; look++) {
		fake_time += 1000;
		turn();
		fake_run_work();
	}
}

static void a_service_that_comes_late_is_found(void)
{
	uint32_t words[3];
	open_window();
	platform.absent = true;
	fake_boot();
	CHECK(fake_time < 55000);
	CHECK(!device_is_ready(&device_n_window) && !device_is_ready(&device_n_clocks));
	CHECK(command(&fake_clock, GET, words, 3) == -ENOTCONN);
	scmi_window_listen(&device_n_window, &listener);
	platform.absent = false;
	fake_start(&server, 7);
	work();
	CHECK(device_is_ready(&device_n_window) && device_is_ready(&device_n_clocks));
	CHECK(is_answered(&fake_power) && is_answered(&fake_clock));
	CHECK(ups == 1 && up_with_clocks == 1 && downs == 0);
}

#if FAKE_IVSHMEM
static void a_window_that_comes_late_is_found(void)
{
	open_window();
	fake_start(&server, 7);
	fake_on_the_bus = false;
	fake_boot();
	CHECK(!device_is_ready(&device_n_clocks));
	work();
	CHECK(!device_is_ready(&device_n_clocks));
	fake_on_the_bus = true;
	work();
	CHECK(device_is_ready(&device_n_window) && device_is_ready(&device_n_clocks));
	CHECK(is_answered(&fake_clock));
}
#endif

static void a_service_that_begins_anew_is_told_and_goes_on(void)
{
	boot_with_service();
	scmi_window_listen(&device_n_window, &listener);
	fake_stop(&server);
	work();
	CHECK(downs == 1 && ups == 0);
	fake_start(&server, 8);
	work();
	CHECK(downs == 1 && ups == 1);
	CHECK(is_answered(&fake_power) && is_answered(&fake_clock));
#if FAKE_SUBSYSTEM >= 5
	/* It has forgotten what was agreed. */
	CHECK(platform.asked[0] == 2 && platform.asked[1] == 2 && platform.asked[2] == 2);
#endif
}

static void an_event_reaches_the_listener_and_the_driver_that_takes_it(void)
{
	uint32_t payload[4] = {1, 5, 100, 0};
	boot_with_service();
	scmi_window_listen(&device_n_window, &listener);
	work();
	CHECK(fake_event(&server, SCMI_MESSAGE_HDR_MAKE(0, SCMI_NOTIFICATION, CLOCK, 0), payload, sizeof payload));
	work();
	CHECK(listened == sizeof payload);
#if FAKE_SUBSYSTEM >= 5
	CHECK(fake_events == 1 && fake_event_length == sizeof payload && fake_event_words[1] == 5);
	struct scmi_message late = {.len = sizeof payload, .content = payload};
	CHECK(scmi_read_message(&fake_clock, &late) == -ENOMSG);
#endif
	CHECK(fake_event(&server, SCMI_MESSAGE_HDR_MAKE(1, SCMI_NOTIFICATION, CLOCK, 0), payload, sizeof payload));
	CHECK(fake_event(&server, SCMI_MESSAGE_HDR_MAKE(0, SCMI_NOTIFICATION, POWER, 0), payload, sizeof payload));
	CHECK(fake_event(&server, SCMI_MESSAGE_HDR_MAKE(0, SCMI_RING_TYPE_DELAYED, CLOCK, 0), payload, sizeof payload));
	work();
	CHECK(listened == 4 * sizeof payload);
	CHECK(fake_complaints == 0);
}

static uint32_t tests, failed_tests;

/* In a process of its own. */
static void run(void (*test)(void), const char *name)
{
	int status;
	fflush(stdout);
	pid_t child = fork();
	if (child == 0) {
		alarm(60);
		test();
		fflush(stdout);
		_exit(failures > 0);
	}
	waitpid(child, &status, 0);
	bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!WIFEXITED(status))
		printf("    ended by signal %d\n", WTERMSIG(status));
	printf("%s ", good ? "ok" : "FAILED");
	for (; *name != '\0'; name++)
		putchar(*name == '_' ? ' ' : *name);
	putchar('\n');
	tests++;
	failed_tests += !good;
}

#define RUN(test) run(test, #test)

int main(void)
{
	RUN(a_boot_with_a_service_has_all_protocols);
	RUN(a_protocol_that_is_not_served_takes_none_behind_it_down);
	RUN(each_protocol_has_a_channel_and_a_reply_of_its_own);
	RUN(threads_of_two_protocols_are_both_answered);
	RUN(a_reply_is_as_long_as_it_is);
	RUN(a_service_that_comes_late_is_found);
#if FAKE_IVSHMEM
	RUN(a_window_that_comes_late_is_found);
#endif
	RUN(a_service_that_begins_anew_is_told_and_goes_on);
	RUN(an_event_reaches_the_listener_and_the_driver_that_takes_it);
	printf("%u tests, %u failed\n", tests, failed_tests);
	return failed_tests == 0 ? 0 : 1;
}
