/*
 * platform-server: the demo platform of test/demo.c as a program on Linux, for tests and for people.
 *
 *   platform-server socket PATH [OPTION...]     a Unix socket with the framing of docs/socket.md; one client at a time
 *   platform-server mmio|fat FILE [OPTION...]   a window of 64 KiB in a file, without doorbells; made if it is not there
 *   platform-server serial PATH [OPTION...]     the line of docs/serial.md, at 115200 baud if it is a real one
 *   platform-server pty [OPTION...]             the same at a pseudo terminal, whose path is in the first line of output
 *
 *   --agent N           whose messages these are, by its position: 0, the one that may do all, if not given
 *   --delay MS          how long takes what takes time, 2 if not given
 *   --guest-address N   mmio: the window's address as the driver counts, 0 if not given
 *
 * When it serves it prints "ready", and the path of a pseudo terminal behind it. It reads commands from stdin, one on a
 * line, and ends with stdin. An empty line is ignored; each other one is answered with "ok" or "error".
 *
 *   rate CLOCK HZ       the clock has another rate, by itself
 *   slow, fast          everything takes time from now on; or only what always does
 *   votes               "votes" and the clocks and power domains that are on, as two numbers in hexadecimal; then "ok"
 *
 * Exit status: 0; 1 if the socket, file or line cannot be had; 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../scmi_serial.h"
#include "../scmi_window_device.h"
#include "../test/demo.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, MESSAGE_MAX = 4096, WINDOW_BYTES = 0x10000, SHARE = 64 };

static const char usage[] = "usage: platform-server socket PATH|mmio FILE|fat FILE|serial PATH|pty\n"
	"                       [--agent N] [--delay MS] [--guest-address N]\n";

static unsigned agent;
static uint32_t delay = 2;
static uint64_t guest_address;
static uint32_t due[DEMO_WAITING]; /* when what waits in the demo ends */
static uint32_t noted;

static __attribute__((noreturn)) void die(const char *what, const char *path)
{
	fprintf(stderr, "platform-server: %s %s: %s\n", what, path, strerror(errno));
	exit(EXIT_FAILED);
}

static uint32_t now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint32_t)(time.tv_sec * 1000 + time.tv_nsec / 1000000);
}

static uint32_t random_number(void)
{
	uint32_t number = 0;
	while (number == 0) {
		if (getrandom(&number, sizeof number, 0) < 0)
			die("no randomness from", "the kernel");
	}
	return number;
}

/* Ends what has taken its time; the milliseconds until the next, or `most`. */
static int pass_time(int most)
{
	uint32_t time = now();
	while (noted < demo.waiting)
		due[noted++] = time + delay;
	while (noted > 0 && (int32_t)(time - due[0]) >= 0) {
		demo_finish(SCMI_SUCCESS);
		memmove(due, due + 1, --noted * sizeof due[0]);
		while (noted < demo.waiting) /* what has begun by that */
			due[noted++] = time + delay;
	}
	return noted == 0 ? most : (int)(due[0] - time) < most || most < 0 ? (int)(due[0] - time) : most;
}

static void obey(const char *line)
{
	unsigned clock;
	uint64_t rate;
	bool is_right = true;
	if (line[0] == 0)
		return;
	if (sscanf(line, "rate %u %" SCNu64, &clock, &rate) == 2 && clock < DEMO_CLOCKS) {
		demo.rates[clock] = rate;
		scmi_clock_changed(&demo.platform, clock, rate, 0);
	} else if (strcmp(line, "slow") == 0 || strcmp(line, "fast") == 0) {
		demo.slow = line[0] == 's';
	} else if (strcmp(line, "votes") == 0) {
		unsigned clocks = 0, domains = 0;
		for (unsigned i = 0; i < DEMO_CLOCKS; i++)
			clocks |= (unsigned)demo.clocks_on[i] << i;
		for (unsigned i = 0; i < DEMO_DOMAINS; i++)
			domains |= (unsigned)demo.domains_on[i] << i;
		printf("votes %x %x\n", clocks, domains);
	} else {
		is_right = false;
	}
	puts(is_right ? "ok" : "error");
}

/* False at the end of stdin. */
static bool take_lines(void)
{
	static char text[1024];
	static size_t length;
	ssize_t count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
	if (count <= 0)
		return false;
	length += (size_t)count;
	text[length] = 0;
	for (char *end; (end = strchr(text, '\n')) != NULL;) {
		*end = 0;
		obey(text);
		length -= (size_t)(end + 1 - text);
		memmove(text, end + 1, length + 1);
	}
	fflush(stdout);
	return length < sizeof text - 1;
}

static void say_ready(const char *what)
{
	printf("ready%s%s\n", what[0] == 0 ? "" : " ", what);
	fflush(stdout);
}

static bool write_all(int fd, const uint8_t *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(fd, bytes, count);
		if (written <= 0 && errno != EAGAIN && errno != EINTR)
			return false;
		if (written > 0) {
			bytes += written;
			count -= (size_t)written;
		} else {
			(void)poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 1000);
		}
	}
	return true;
}

/* The socket -------------------------------------------------------------------------------------------------------- */

static uint8_t input[2 * (MESSAGE_MAX + 4)];
static size_t input_length;
static bool is_held; /* a reply is late: no other command is taken */

static bool send_message(int client, const uint8_t *message, uint32_t length)
{
	uint8_t frame[4 + MESSAGE_MAX];
	memcpy(frame, &length, 4); /* this program is for little-endian machines */
	memcpy(frame + 4, message, length);
	return write_all(client, frame, 4 + length);
}

/* Executes what came, and sends what waits. False: the client is to be dropped. */
static bool serve_client(int client)
{
	uint8_t message[MESSAGE_MAX];
	uint32_t cookie, length = scmi_platform_late_reply(&demo.platform, agent, message, &cookie);
	size_t at = 0;
	if (length > 0) {
		is_held = false;
		if (!send_message(client, message, length))
			return false;
	}
	while (!is_held && input_length - at >= 4) {
		memcpy(&length, input + at, 4);
		if (length < 4 || length > MESSAGE_MAX)
			return false;
		if (input_length - at < 4 + length)
			break;
		int32_t result = scmi_platform_handle(&demo.platform, agent, input + at + 4, length, message, sizeof message, 0);
		at += 4 + length;
		is_held = result == SCMI_LATER;
		if (result > 0 && !send_message(client, message, (uint32_t)result))
			return false;
	}
	input_length -= at;
	memmove(input, input + at, input_length);
	for (int32_t result; (result = scmi_platform_next_event(&demo.platform, agent, message, sizeof message)) > 0;) {
		if (!send_message(client, message, (uint32_t)result))
			return false;
	}
	return true;
}

static void serve_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int client = -1, listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (strlen(path) >= sizeof address.sun_path) {
		errno = ENAMETOOLONG;
		die("cannot listen at", path);
	}
	strcpy(address.sun_path, path);
	unlink(path);
	if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 4) != 0)
		die("cannot listen at", path);
	say_ready("");
	for (;;) {
		struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {listener, POLLIN, 0}, {client, POLLIN, 0}};
		(void)poll(polled, 3, pass_time(-1));
		if (polled[0].revents != 0 && !take_lines())
			break;
		if (polled[1].revents != 0) {
			int another = accept(listener, NULL, NULL);
			if (client >= 0) {
				close(another);
			} else {
				client = another;
				input_length = 0;
				is_held = false;
				scmi_platform_reset(&demo.platform, agent, true, false);
			}
		}
		(void)pass_time(-1);
		bool goes_on = client < 0 || polled[2].revents == 0;
		if (!goes_on && input_length < sizeof input) {
			ssize_t count = read(client, input + input_length, sizeof input - input_length);
			goes_on = count > 0;
			input_length += count > 0 ? (size_t)count : 0;
		}
		if (client >= 0 && (!goes_on || !serve_client(client))) {
			close(client);
			client = -1;
			scmi_platform_reset(&demo.platform, agent, false, false);
		}
	}
	unlink(path);
}

/* Windows ----------------------------------------------------------------------------------------------------------- */

static void serve_window(const char *path, enum scmi_window_layout layout)
{
	static struct scmi_window window;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	struct stat file;
	if (fd < 0 || fstat(fd, &file) != 0 || (file.st_size == 0 && ftruncate(fd, WINDOW_BYTES) != 0))
		die("cannot open", path);
	uint32_t size = file.st_size == 0 ? (uint32_t)WINDOW_BYTES : (uint32_t)file.st_size;
	struct scmi_window_config config = {.layout = layout, .size = size, .guest_address = guest_address,
		.epoch = random_number(), .platform = &demo.platform, .agent = agent};
	config.memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (config.memory == MAP_FAILED || scmi_window_start(&window, &config) != 0)
		die("cannot serve", path);
	say_ready("");
	for (uint32_t idle = 0;;) {
		bool worked = scmi_window_poll(&window, now());
		idle = worked ? 0 : idle + 1;
		struct pollfd polled = {STDIN_FILENO, POLLIN, 0};
		int pause = pass_time(idle < 10000 ? 0 : 1);
		if (poll(&polled, 1, pause < 1 && idle >= 10000 ? 1 : pause < 1 ? 0 : 1) > 0 && !take_lines())
			break;
	}
	scmi_window_stop(&window);
}

/* Serial lines ------------------------------------------------------------------------------------------------------ */

static int open_line(const char *path)
{
	int fd = path == NULL ? posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) : open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios mode;
	if (fd < 0 || (path == NULL && (grantpt(fd) != 0 || unlockpt(fd) != 0)))
		die("cannot open", path == NULL ? "a pseudo terminal" : path);
	if (tcgetattr(fd, &mode) == 0) {
		cfmakeraw(&mode);
		cfsetspeed(&mode, B115200);
		(void)tcsetattr(fd, TCSANOW, &mode);
	}
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void serve_line(const char *path)
{
	static struct scmi_serial serial;
	uint8_t bytes[512];
	int line = open_line(path);
	/* Nobody has the other end open yet: with one of our own the terminal does not hang up. */
	int other = path == NULL ? open_line(ptsname(line)) : -1;
	struct scmi_serial_config config = {.platform = &demo.platform, .agent = agent, .nonce = random_number()};
	if (scmi_serial_init(&serial, &config) != 0)
		die("cannot serve", "the line");
	say_ready(path == NULL ? ptsname(line) : "");
	size_t left = 0, at = 0;
	for (;;) {
		if (left == 0) {
			at = 0;
			left = scmi_serial_send(&serial, bytes, sizeof bytes, now());
		}
		struct pollfd polled[] = {{STDIN_FILENO, POLLIN, 0}, {line, (short)(left > 0 ? POLLIN | POLLOUT : POLLIN), 0}};
		(void)poll(polled, 2, pass_time(-1));
		if (polled[0].revents != 0 && !take_lines())
			break;
		if ((polled[1].revents & POLLOUT) != 0) {
			ssize_t written = write(line, bytes + at, left);
			at += written > 0 ? (size_t)written : 0;
			left -= written > 0 ? (size_t)written : 0;
		}
		if ((polled[1].revents & POLLIN) != 0) {
			uint8_t came[256];
			ssize_t count = read(line, came, sizeof came);
			if (count > 0)
				scmi_serial_receive(&serial, came, (size_t)count, now());
		}
		if ((polled[1].revents & (POLLHUP | POLLERR)) != 0)
			die("lost", path == NULL ? "the pseudo terminal" : path);
		(void)pass_time(-1);
	}
	close(other);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t value = strtoull(text, &end, 0);
	if (*text == 0 || *end != 0) {
		fputs(usage, stderr);
		exit(EXIT_USAGE);
	}
	return value;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "", *path = NULL;
	int next = 2;
	if (strcmp(mode, "pty") != 0)
		path = argc > next ? argv[next++] : NULL;
	for (; next + 1 < argc; next += 2) {
		uint64_t value = number(argv[next + 1]);
		if (strcmp(argv[next], "--agent") == 0 && value < DEMO_AGENTS)
			agent = (unsigned)value;
		else if (strcmp(argv[next], "--delay") == 0 && value < 1000000)
			delay = (uint32_t)value;
		else if (strcmp(argv[next], "--guest-address") == 0)
			guest_address = value;
		else
			break;
	}
	demo_start();
	if (next == argc && path != NULL && strcmp(mode, "socket") == 0) {
		serve_socket(path);
	} else if (next == argc && path != NULL && (strcmp(mode, "mmio") == 0 || strcmp(mode, "fat") == 0)) {
		serve_window(path, mode[0] == 'm' ? SCMI_WINDOW_MMIO : SCMI_WINDOW_FAT);
	} else if (next == argc && path != NULL && strcmp(mode, "serial") == 0) {
		serve_line(path);
	} else if (next == argc && strcmp(mode, "pty") == 0) {
		serve_line(NULL);
	} else {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	return 0;
}
