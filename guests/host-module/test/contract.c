/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What a file /dev/scmid-host promises to programs, and what the kernel sees of it. Runs as root in a machine with scmid_host.ko,
 * host_test.ko and the device tree of HostModuleTest.
 *
 *   contract [MESSAGES]     random messages to try, 5000 if not given
 *
 * A line for each test, "ok" or "FAILED"; the exit status is 1 if one has failed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DEVICE "/dev/scmid-host-test"
#define NODE "scmid-host-test"          /* of the device tree; so its platform device is called */
#define DRIVER "/sys/bus/platform/drivers/scmid-host/"
#define HARDWARE "/sys/devices/platform/test-hardware/"
#define CONSUMER "/sys/devices/platform/test-consumer/"
#define CLOCK_COUNT "/sys/kernel/debug/clk/test-divided/clk_enable_count"

enum { POWER = 0x11, CLOCK = 0x14, RESET = 0x16, VOLTAGE = 0x17 };
enum { OSC, DIVIDED }; /* the clocks; domains, resets and supplies are numbered as in the tree */
enum { WAIT = 20000 }; /* milliseconds for what must come */
#define WORDS(...) (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / 4
#define CHECK(what) check(what, #what, __LINE__)

static unsigned failures, checks_failed;
static int device = -1;
static uint32_t token;
static uint32_t got[128]; /* the last message: header, status or agent, values */
static ssize_t got_bytes;

static bool check(bool is_so, const char *what, int line)
{
	if (!is_so) {
		printf("    line %d: not so: %s (errno %d, got %zd bytes: %x %x %x %x %x)\n", line, what, errno, got_bytes, got[0],
			got[1], got[2], got[3], got[4]);
		checks_failed++;
	}
	return is_so;
}

static void run(void (*test)(void), const char *name)
{
	char text[128];
	size_t i;
	for (i = 0; name[i] != 0 && i < sizeof text - 1; i++)
		text[i] = name[i] == '_' ? ' ' : name[i];
	text[i] = 0;
	checks_failed = 0;
	device = open(DEVICE, O_RDWR | O_NONBLOCK);
	CHECK(device >= 0);
	test();
	if (device >= 0)
		close(device);
	printf("%-7s %s\n", checks_failed == 0 ? "ok" : "FAILED", text);
	fflush(stdout);
	failures += checks_failed != 0;
}

/* The file's text without the newline. */
static const char *text_of(const char *path)
{
	static char text[64];
	int file = open(path, O_RDONLY);
	ssize_t length = read(file, text, sizeof text - 1);
	close(file);
	text[length > 0 ? length : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	return text;
}

static bool says(const char *path, const char *expected)
{
	const char *text = text_of(path);
	if (strcmp(text, expected) == 0)
		return true;
	printf("    %s says \"%s\", not \"%s\"\n", path, text, expected);
	return false;
}

static bool tell(const char *path, const char *text)
{
	int file = open(path, O_WRONLY);
	bool done = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
	close(file);
	return done;
}

static short ready(int timeout)
{
	struct pollfd its = {.fd = device, .events = POLLIN | POLLOUT};
	return poll(&its, 1, timeout) == 1 ? its.revents : 0;
}

static bool awaits_message(void)
{
	struct pollfd its = {.fd = device, .events = POLLIN};
	return poll(&its, 1, WAIT) == 1 && (its.revents & POLLIN) != 0;
}

static ssize_t take(void)
{
	memset(got, 0, sizeof got);
	got_bytes = read(device, got, sizeof got);
	return got_bytes;
}

static ssize_t send_words(uint32_t header, const uint32_t *words, size_t count)
{
	uint32_t message[16] = {header};
	if (count > 0)
		memcpy(message + 1, words, 4 * count);
	return write(device, message, 4 + 4 * count);
}

static uint32_t header_of(uint32_t protocol, uint32_t message) { return message | protocol << 10 | (++token & 0x3ff) << 18; }

/* Sends a command and takes its reply, which must be what comes next; its status, or 1000. */
static int32_t call(uint32_t protocol, uint32_t message, const uint32_t *words, size_t count)
{
	uint32_t header = header_of(protocol, message);
	if (send_words(header, words, count) != (ssize_t)(4 + 4 * count) || !awaits_message() || take() < 8 || got[0] != header)
		return 1000;
	return (int32_t)got[1];
}

/* Messages -------------------------------------------------------------------------------------------------------- */

static void a_write_is_a_whole_message_of_4_to_512_bytes(void)
{
	uint32_t message[129] = {header_of(0x10, 0)};
	CHECK(write(device, message, 0) == -1 && errno == EINVAL);
	CHECK(write(device, message, 3) == -1 && errno == EINVAL);
	CHECK(write(device, message, 513) == -1 && errno == EMSGSIZE);
	CHECK(syscall(SYS_write, device, NULL, 4) == -1 && errno == EFAULT);
	CHECK(ready(0) == POLLOUT);
	CHECK(write(device, message, 512) == 512 && awaits_message() && take() == 8 && (int32_t)got[1] == -10);
	CHECK(write(device, message, 5) == 5 && awaits_message() && take() == 8 && (int32_t)got[1] == -10);
}

static void a_read_is_a_whole_message_or_EAGAIN(void)
{
	CHECK(take() == -1 && errno == EAGAIN);
	CHECK(send_words(header_of(0x10, 0), NULL, 0) == 4 && awaits_message());
	CHECK(ready(0) == (POLLIN | POLLOUT));
	CHECK(read(device, got, 11) == -1 && errno == EMSGSIZE);
	CHECK(take() == 12 && got[1] == 0 && got[2] == 0x20001);
	CHECK(take() == -1 && errno == EAGAIN && ready(0) == POLLOUT);
}

static void what_is_no_command_has_no_reply(void)
{
	CHECK(send_words(header_of(0x10, 0) | 3 << 8, NULL, 0) == 4);
	CHECK(call(0x10, 0, NULL, 0) == 0 && take() == -1 && errno == EAGAIN);
}

static void a_second_opener_is_refused_while_the_first_is_there(void)
{
	CHECK(open(DEVICE, O_RDWR | O_NONBLOCK) == -1 && errno == EBUSY);
	CHECK(open(DEVICE, O_RDONLY) == -1 && errno == EBUSY);
	close(device);
	device = open(DEVICE, O_RDWR | O_NONBLOCK);
	CHECK(device >= 0);
}

static void who_does_not_read_is_told_to_wait_and_loses_nothing(void)
{
	uint32_t sent = 0;
	/* The driver may be slower than this: full is when nothing is taken for a while. */
	struct pollfd room = {.fd = device, .events = POLLOUT};
	while (sent < 100) {
		if (send_words(sent << 18 | 0x10 << 10, NULL, 0) == 4)
			sent++;
		else if (!CHECK(errno == EAGAIN) || poll(&room, 1, 1000) == 0)
			break;
	}
	CHECK(sent == 4 + 16 && ready(0) == POLLIN);
	for (uint32_t i = 0; i < sent; i++)
		CHECK(awaits_message() && take() == 12 && got[0] == (i << 18 | 0x10 << 10));
	CHECK(take() == -1 && errno == EAGAIN && ready(WAIT) == POLLOUT);
}

static void without_O_NONBLOCK_a_read_waits_and_a_signal_ends_it(void)
{
	close(device);
	device = open(DEVICE, O_RDWR);
	CHECK(send_words(header_of(0x10, 0), NULL, 0) == 4 && take() == 12);
	pid_t child = fork();
	if (child == 0) {
		take();
		_exit(0);
	}
	int status = 0;
	usleep(1000);
	CHECK(waitpid(child, &status, WNOHANG) == 0); /* nothing comes, so it waits */
	kill(child, SIGKILL);
	CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
}

/* Resources ------------------------------------------------------------------------------------------------------- */

static void a_clock_is_set_with_rounding_and_enabled(void)
{
	CHECK(call(CLOCK, 4, WORDS(DIVIDED, 0)) == 0 && got_bytes == 12 + 16 * 8 && got[2] == 16); /* a list of 16 rates */
	CHECK(got[3] == 1500000 && got[5] == 1600000 && got[33] == 24000000);
	CHECK(call(CLOCK, 4, WORDS(OSC, 0)) == 0 && got[2] == 1 && got[3] == 24000000);
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, 7000000, 0)) == 0 && call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 6000000);
	CHECK(call(CLOCK, 5, WORDS(4, DIVIDED, 7000000, 0)) == 0 && call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 8000000);
	CHECK(call(CLOCK, 5, WORDS(12, DIVIDED, 6900000, 0)) == 0 && call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 6000000);
	CHECK(call(CLOCK, 5, WORDS(8, DIVIDED, 7100000, 0)) == 0 && call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 8000000);
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, 1499999, 0)) == -2 && call(CLOCK, 5, WORDS(4, DIVIDED, 24000001, 0)) == -2);
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, 0, 0)) == -2 && call(CLOCK, 5, WORDS(4, DIVIDED, 0, 0x8000)) == -2);
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, ~0u, ~0u)) == 0 && call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 24000000);
	CHECK(call(CLOCK, 0xc, WORDS(DIVIDED, 0)) == 0 && got[2] == 1 && got[3] == OSC);
	CHECK(call(CLOCK, 0xe, WORDS(DIVIDED)) == 0 && got[2] == OSC);
	CHECK(says(CLOCK_COUNT, "0"));
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 1)) == 0 && says(CLOCK_COUNT, "1"));
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 1)) == 0 && says(CLOCK_COUNT, "1"));
	CHECK(call(CLOCK, 0xb, WORDS(DIVIDED, 0)) == 0 && got[3] == 1);
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 0)) == 0 && says(CLOCK_COUNT, "0"));
	CHECK(call(CLOCK, 0xb, WORDS(DIVIDED, 0)) == 0 && got[3] == 0);
}

static void an_asynchronous_rate_ends_by_a_delayed_response_after_its_reply(void)
{
	CHECK(call(CLOCK, 5, WORDS(1, DIVIDED, 12000000, 0)) == 0 && got_bytes == 8);
	uint32_t header = got[0];
	CHECK(awaits_message() && take() == 20 && got[0] == (header | 2 << 8) && got[2] == DIVIDED && got[3] == 12000000);
}

static bool is_notified(uint32_t causer, uint32_t rate)
{
	return CHECK(awaits_message()) && CHECK(take() == 20) && CHECK(got[0] == (3 << 8 | CLOCK << 10))
		&& CHECK(got[1] == causer) && CHECK(got[2] == DIVIDED) && CHECK(got[3] == rate);
}

static void who_changed_a_rate_is_told_the_kernel_or_this_agent(void)
{
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, 24000000, 0)) == 0 && call(CLOCK, 9, WORDS(DIVIDED, 1)) == 0);
	CHECK(tell(CONSUMER "rate", "4800000"));
	is_notified(0, 4800000);
	CHECK(call(CLOCK, 5, WORDS(0, DIVIDED, 3000000, 0)) == 0);
	is_notified(1, 3000000);
	CHECK(tell(CONSUMER "rate", "3000000") && tell(CONSUMER "rate", "12000000")); /* no change, and one */
	is_notified(0, 12000000);
	CHECK(take() == -1 && errno == EAGAIN);
	CHECK(call(CLOCK, 9, WORDS(DIVIDED, 0)) == 0 && tell(CONSUMER "rate", "24000000"));
	CHECK(call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 24000000 && take() == -1 && errno == EAGAIN);
}

static void a_clock_that_the_kernel_uses_too_stays_on_for_it(void)
{
	CHECK(tell(CONSUMER "enable", "1") && says(CLOCK_COUNT, "1"));
	CHECK(call(CLOCK, 0xb, WORDS(DIVIDED, 0)) == 0 && got[3] == 1); /* it runs */
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 1)) == 0 && says(CLOCK_COUNT, "2"));
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 0)) == 0 && says(CLOCK_COUNT, "1"));
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 0)) == 0 && says(CLOCK_COUNT, "1"));
	CHECK(tell(CONSUMER "enable", "0") && says(CLOCK_COUNT, "0"));
}

static void power_domains_are_switched_and_told(void)
{
	CHECK(call(POWER, 1, NULL, 0) == 0 && got[2] == 2);
	CHECK(says(HARDWARE "domains", "00") && call(POWER, 5, WORDS(1)) == 0 && got[2] == 1u << 30);
	CHECK(call(POWER, 6, WORDS(1, 1)) == 0 && call(POWER, 4, WORDS(0, 1, 0)) == 0 && says(HARDWARE "domains", "01"));
	CHECK(awaits_message() && take() == 16 && got[0] == (3 << 8 | POWER << 10) && got[1] == 1 && got[2] == 1 && got[3] == 0);
	CHECK(call(POWER, 5, WORDS(1)) == 0 && got[2] == 0);
	CHECK(call(POWER, 4, WORDS(0, 1, 1u << 30)) == 0 && says(HARDWARE "domains", "00"));
	CHECK(awaits_message() && take() == 16 && got[2] == 1 && got[3] == 1u << 30);
}

static void resets_are_asserted_released_and_pulsed(void)
{
	CHECK(call(RESET, 1, NULL, 0) == 0 && got[2] == 2);
	CHECK(call(RESET, 4, WORDS(0, 2, 0)) == 0 && says(HARDWARE "asserted", "1"));
	int before = atoi(text_of(HARDWARE "pulses"));
	CHECK(call(RESET, 4, WORDS(0, 0, 0)) == 0 && says(HARDWARE "asserted", "0"));
	CHECK(call(RESET, 4, WORDS(0, 1, 0)) == 0 && atoi(text_of(HARDWARE "pulses")) == before + 101); /* its controller's */
	CHECK(call(RESET, 4, WORDS(1, 1, 0)) == 0 && atoi(text_of(HARDWARE "pulses")) == before + 102); /* made of two */
}

static void a_supply_has_levels_and_is_switched(void)
{
	CHECK(call(VOLTAGE, 1, NULL, 0) == 0 && got[2] == 1 && call(VOLTAGE, 3, WORDS(0)) == 0);
	CHECK(memcmp(&got[3], "core", 5) == 0);
	CHECK(call(VOLTAGE, 4, WORDS(0, 0)) == 0 && got_bytes == 24 && got[2] == (3 | 1 << 12));
	CHECK(got[3] == 850000 && got[4] == 1150000 && got[5] == 12500); /* its constraints in the device tree */
	CHECK(call(VOLTAGE, 7, WORDS(0, 0, 1050000)) == 0 && says(HARDWARE "microvolts", "1050000"));
	CHECK(call(VOLTAGE, 8, WORDS(0)) == 0 && got[2] == 1050000 && call(VOLTAGE, 7, WORDS(0, 0, 800000)) == -2);
	CHECK(call(VOLTAGE, 5, WORDS(0, 7)) == 0 && says(HARDWARE "supply", "1"));
	CHECK(call(VOLTAGE, 6, WORDS(0)) == 0 && got[2] == 7);
	CHECK(call(VOLTAGE, 5, WORDS(0, 0)) == 0 && says(HARDWARE "supply", "0"));
}

/* Coming and going ------------------------------------------------------------------------------------------------ */

static void hold_everything(void)
{
	CHECK(call(CLOCK, 7, WORDS(DIVIDED, 1)) == 0 && call(POWER, 4, WORDS(0, 0, 0)) == 0);
	CHECK(call(VOLTAGE, 5, WORDS(0, 7)) == 0 && call(VOLTAGE, 7, WORDS(0, 0, 900000)) == 0);
	CHECK(says(CLOCK_COUNT, "1") && says(HARDWARE "domains", "10") && says(HARDWARE "supply", "1"));
}

static bool nothing_is_held(void)
{
	return says(CLOCK_COUNT, "0") && says(HARDWARE "domains", "00") && says(HARDWARE "supply", "0");
}

static void closing_gives_back_what_was_enabled(void)
{
	hold_everything();
	CHECK(call(CLOCK, 9, WORDS(DIVIDED, 1)) == 0);
	close(device);
	CHECK(nothing_is_held());
	device = open(DEVICE, O_RDWR | O_NONBLOCK);
	CHECK(call(CLOCK, 0xb, WORDS(DIVIDED, 0)) == 0 && got[3] == 0);
	CHECK(tell(CONSUMER "rate", "1600000") && call(0x10, 0, NULL, 0) == 0);
	CHECK(take() == -1 && errno == EAGAIN); /* the new session has asked for nothing */
}

static void a_killed_opener_gives_back_what_was_enabled(void)
{
	close(device);
	int ends[2];
	CHECK(pipe(ends) == 0);
	pid_t child = fork();
	if (child == 0) {
		device = open(DEVICE, O_RDWR | O_NONBLOCK);
		hold_everything();
		/* Replies that nobody reads, and commands that are still to be carried out. */
		for (uint32_t i = 0; i < 40; i++)
			send_words(header_of(CLOCK, 5), WORDS(0, DIVIDED, i % 2 == 0 ? 2000000 : 8000000, 0));
		CHECK(write(ends[1], "x", 1) == 1);
		pause();
	}
	char byte;
	CHECK(read(ends[0], &byte, 1) == 1 && kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
	close(ends[0]);
	close(ends[1]);
	CHECK(nothing_is_held());
	device = open(DEVICE, O_RDWR | O_NONBLOCK);
	CHECK(call(0x10, 0, NULL, 0) == 0);
}

static void the_module_stays_while_it_is_open(void)
{
	CHECK(syscall(SYS_delete_module, "scmid_host", O_NONBLOCK) == -1 && errno == EAGAIN);
	CHECK(call(0x10, 0, NULL, 0) == 0);
}

static void an_unbound_device_says_so_and_gives_everything_back(void)
{
	hold_everything();
	CHECK(call(CLOCK, 9, WORDS(DIVIDED, 1)) == 0);
	CHECK(tell(DRIVER "unbind", NODE) && nothing_is_held());
	CHECK((ready(WAIT) & (POLLHUP | POLLERR)) == (POLLHUP | POLLERR));
	CHECK(take() == -1 && errno == ENODEV);
	CHECK(send_words(header_of(0x10, 0), NULL, 0) == -1 && errno == ENODEV);
	CHECK(open(DEVICE, O_RDWR) == -1 && errno == ENOENT);
	CHECK(tell(CONSUMER "rate", "24000000")); /* nobody is told any more */
	CHECK(tell(DRIVER "bind", NODE));
	int again = open(DEVICE, O_RDWR | O_NONBLOCK); /* another device, while the file of the old one is open */
	close(device);
	device = again;
	CHECK(call(CLOCK, 6, WORDS(DIVIDED)) == 0 && got[2] == 24000000);
}

static uint32_t random_state = 1, messages = 5000;

static uint32_t random_below(uint32_t bound)
{
	random_state = random_state * 1664525 + 1013904223;
	return (random_state >> 8) % bound;
}

/* Whatever is asked is answered, while the kernel changes things, files are closed and the device comes and goes. */
static void random_messages_are_all_answered(void)
{
	static const uint8_t protocols[] = {0x10, POWER, CLOCK, CLOCK, RESET, VOLTAGE, 0x15};
	for (uint32_t i = 0; i < messages && checks_failed == 0; i++) {
		uint32_t words[5], header = header_of(protocols[random_below(sizeof protocols)], random_below(17));
		for (int j = 0; j < 5; j++)
			words[j] = random_below(4) == 0 ? random_below(30000000) : random_below(9);
		CHECK(send_words(header, words, random_below(6)) >= 4);
		do
			CHECK(awaits_message() && take() >= 8);
		while ((got[0] & 3 << 8) != 0 && checks_failed == 0); /* a notification, a delayed response */
		CHECK(got[0] == header);
		if (i % 16 == 0)
			tell(CONSUMER "rate", i % 32 == 0 ? "1500000" : "8000000");
		if (i % 512 == 511) {
			close(device);
			device = open(DEVICE, O_RDWR | O_NONBLOCK);
		}
		if (i % 1024 == 1023)
			an_unbound_device_says_so_and_gives_everything_back();
	}
	close(device);
	device = -1;
	CHECK(nothing_is_held());
}

#define RUN(test) run(test, #test)

int main(int count, char **arguments)
{
	if (count > 1)
		messages = (uint32_t)strtoul(arguments[1], NULL, 10);
	RUN(a_write_is_a_whole_message_of_4_to_512_bytes);
	RUN(a_read_is_a_whole_message_or_EAGAIN);
	RUN(what_is_no_command_has_no_reply);
	RUN(a_second_opener_is_refused_while_the_first_is_there);
	RUN(who_does_not_read_is_told_to_wait_and_loses_nothing);
	RUN(without_O_NONBLOCK_a_read_waits_and_a_signal_ends_it);
	RUN(a_clock_is_set_with_rounding_and_enabled);
	RUN(an_asynchronous_rate_ends_by_a_delayed_response_after_its_reply);
	RUN(who_changed_a_rate_is_told_the_kernel_or_this_agent);
	RUN(a_clock_that_the_kernel_uses_too_stays_on_for_it);
	RUN(power_domains_are_switched_and_told);
	RUN(resets_are_asserted_released_and_pulsed);
	RUN(a_supply_has_levels_and_is_switched);
	RUN(closing_gives_back_what_was_enabled);
	RUN(a_killed_opener_gives_back_what_was_enabled);
	RUN(the_module_stays_while_it_is_open);
	RUN(an_unbound_device_says_so_and_gives_everything_back);
	RUN(random_messages_are_all_answered);
	return failures != 0;
}
