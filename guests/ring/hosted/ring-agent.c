/*
 * ring-agent: an SCMI agent on Linux, at a window of shared memory, by the ring driver. For tests and for people.
 *
 *   ring-agent mmio|fat FILE [OPTION...]             a window in a file, without doorbells
 *   ring-agent mmio|fat --ivshmem SOCKET [OPTION...] a window and doorbells from an ivshmem server
 *
 *   --offset N          where the window begins in the file, 0 if not given; a multiple of the page size
 *   --size N            its bytes; all of the file behind the offset if not given
 *   --guest-address N   the window's address as the server counts, 0 if not given
 *   --entries N         mmio: entries of a queue, 64 if not given
 *   --buffer-size N     mmio: bytes of one buffer, 192 if not given
 *   --timeout MS        for each command, 5000 if not given
 *
 * It reads commands from stdin, one on a line, and answers each with one line on stdout, in order. Numbers are decimal
 * or 0x; bytes are two hexadecimal digits each, without blanks, and - is no bytes. An empty line and one that begins
 * with # is ignored. NAME is that of a result in scmi_ring.h without SCMI_RING_, for example TIMEOUT.
 *
 *   call PROTOCOL MESSAGE [BYTES]   sends a command: its payload
 *       reply STATUS BYTES          SCMI's status, in decimal, and the return values
 *       error NAME
 *   events [COUNT [MS]]             takes COUNT (1) events, those that came earlier first; waits MS (5000) for them
 *       event HEADER BYTES          one line for each of them, all in one go: 0x and eight digits, and the payload
 *       error TIMEOUT               instead of those that did not come
 *   load COUNT|SECONDSs [DEPTH]     sends that many commands, or for so long, DEPTH (16) of them in flight; the kinds
 *                                   vary, and each reply must be the same as the first one to the same command; COUNT
 *                                   takes as long as it takes, without a server for ever
 *       load sent N ok N wrong N timeout N restarted N sessions N longest-us N
 *                                   sent is the sum of the four behind it; sessions that came up; the longest wait for
 *                                   a reply that was ok
 *   session [MS]                    waits MS (5000) for a session
 *       session N events yes|no max-payload N late N dropped N
 *                                   how many there were, the driver's counters; if N is not that of the line before, all
 *                                   that was set is gone
 *       error NAME                  why there is none
 *   restart                         begins a new session; answers as session does
 *   end                             ends the session as an agent does that shuts down
 *       ended
 *   timeout MS                      for each command from here on
 *       timeout MS
 *
 * A line that is none of these is answered with "error USAGE" and a line on stderr. At the end of stdin the session
 * ends, too. Exit status: 0; 1 if the window cannot be had; 2 for wrong usage.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "../scmi_ring.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2 };
enum { VECTORS = 2, EVENTS = 4096, LINE_MAX_BYTES = 16384, MAX_DEPTH = SCMI_RING_REQUESTS };
#define MILLISECOND UINT64_C(1000000)

static const char usage[] =
	"usage: ring-agent mmio|fat FILE|--ivshmem SOCKET [--offset N] [--size N] [--guest-address N]\n"
	"                  [--entries N] [--buffer-size N] [--timeout MS]\n"
	"Commands come from stdin: call, events, load, session, restart, end, timeout.\n";

struct event {
	uint32_t header, length;
	uint8_t *payload;
};

/* An agent has one window, so there is one of each. */
static struct scmi_ring ring;
static struct scmi_ring_config config;
static uint64_t offset, size, timeout = 5000 * MILLISECOND;
static const char *socket_path;
static int server = -1;               /* the ivshmem server */
static int64_t own_id = -1;
static int ring_fds[VECTORS] = {-1, -1}; /* the server's doorbells */
static int wait_fds[VECTORS] = {-1, -1}; /* ours */
static uint64_t connect_again;
static struct stat window_file;
static struct event events[EVENTS]; /* a ring of those that nobody has asked for yet */
static uint32_t events_first, events_count;
static uint32_t idle;

static __attribute__((noreturn, format(printf, 2, 3))) void die(int status, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("ring-agent: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(status);
}

static uint64_t number(const char *text)
{
	char *end;
	errno = 0;
	uint64_t value = strtoull(text, &end, 0);
	if (errno != 0 || end == text || *end != '\0' || *text == '-')
		die(EXIT_USAGE, "not a number: %s", text);
	return value;
}

/* The driver's hooks ------------------------------------------------------------------------------------------- */

static uint64_t clock_now(void *context)
{
	(void)context;
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * UINT64_C(1000000000) + (uint64_t)time.tv_nsec;
}

static void ring_doorbell(void *context, unsigned queue)
{
	(void)context;
	const uint64_t one = 1;
	/* A full counter is a doorbell that rings already; a server that is gone has no ears. */
	if (ring_fds[queue] >= 0 && write(ring_fds[queue], &one, sizeof one) < 0 && errno != EAGAIN && errno != EPIPE)
		die(EXIT_FAILED, "doorbell %u: %s", queue, strerror(errno));
}

static void keep_event(void *context, uint32_t header, const void *payload, uint32_t length)
{
	(void)context;
	if (events_count == EVENTS)
		die(EXIT_FAILED, "more than %d events that nobody asked for", EVENTS);
	struct event *event = &events[(events_first + events_count++) % EVENTS];
	*event = (struct event){header, length, malloc(length + 1)};
	if (event->payload == NULL)
		die(EXIT_FAILED, "out of memory");
	memcpy(event->payload, payload, length);
}

static void tend_ivshmem(void);

/* How long there may be a nap: none at first, for a quick reply; then for as long as somebody rings, or a little. */
static long nap_time(void)
{
	long most = wait_fds[0] >= 0 ? 10 * (long)MILLISECOND : (long)MILLISECOND;
	idle++;
	return idle < 1000 ? 0 : idle < 2000 ? (long)MILLISECOND / 10 : most;
}

/* Waits for a doorbell, for the ivshmem server or, if `input` is not -1, for a line. Returns whether there is one. */
static bool wait_for_news(int input)
{
	struct pollfd fds[] = {{input, POLLIN, 0}, {server, POLLIN, 0}, {wait_fds[0], POLLIN, 0}, {wait_fds[1], POLLIN, 0}};
	struct timespec nap = {0, nap_time()};
	if (nap.tv_nsec == 0)
		sched_yield();
	if (nap.tv_nsec == 0 && input < 0 && socket_path == NULL)
		return false; /* nothing to look at but the ring */
	if (ppoll(fds, 4, &nap, NULL) < 0 && errno != EINTR)
		die(EXIT_FAILED, "poll: %s", strerror(errno));
	for (int i = 0; i < VECTORS; i++) {
		uint64_t count;
		if (fds[2 + i].revents != 0 && read(wait_fds[i], &count, sizeof count) == sizeof count)
			idle = 0;
	}
	if (fds[1].revents != 0 || (socket_path != NULL && server < 0))
		tend_ivshmem();
	return fds[0].revents != 0;
}

static void relax(void *context)
{
	(void)context;
	wait_for_news(-1);
}

static const struct scmi_ring_hooks hooks = {clock_now, relax, ring_doorbell, keep_event, NULL};

/* The window --------------------------------------------------------------------------------------------------- */

static void map_window(int fd, const char *name)
{
	if (fstat(fd, &window_file) < 0)
		die(EXIT_FAILED, "%s: %s", name, strerror(errno));
	uint64_t there = (uint64_t)window_file.st_size;
	uint64_t wanted = size != 0 ? size : there > offset ? there - offset : 0;
	if (wanted == 0 || wanted > UINT32_MAX || offset > there || wanted > there - offset)
		die(EXIT_FAILED, "%s: has %" PRIu64 " bytes, and the window is at %" PRIu64 ", %" PRIu64 " bytes", name, there,
				offset, wanted);
	if (config.memory != NULL)
		munmap(config.memory, config.size);
	config.size = (uint32_t)wanted;
	config.memory = mmap(NULL, config.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)offset);
	if (config.memory == MAP_FAILED)
		die(EXIT_FAILED, "%s: %s", name, strerror(errno));
	if (scmi_ring_init(&ring, &config) != 0)
		die(EXIT_FAILED, "%s: the driver refuses this window: too small, or a wrong option", name);
	scmi_ring_begin(&ring);
}

static void open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die(EXIT_FAILED, "%s: %s", path, strerror(errno));
	map_window(fd, path);
	close(fd);
}

static void take_fd(int *slot, int fd)
{
	if (*slot >= 0)
		close(*slot);
	*slot = fd;
}

static void forget_server(void)
{
	take_fd(&server, -1);
	for (int i = 0; i < VECTORS; i++) {
		take_fd(&ring_fds[i], -1);
		take_fd(&wait_fds[i], -1);
	}
	own_id = -1;
	connect_again = clock_now(NULL) + 100 * MILLISECOND;
}

/* One message of the ivshmem protocol: a little-endian number, perhaps with a descriptor. False: there is none yet
 * (errno is EAGAIN), or the server is gone (it is not). */
static bool receive(int64_t *value, int *fd, int flags)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec data = {value, sizeof *value};
	struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof control};
	errno = 0;
	ssize_t got = recvmsg(server, &message, flags | MSG_CMSG_CLOEXEC);
	struct cmsghdr *header = got > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	*fd = -1;
	if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof *fd);
	return got == sizeof *value;
}

/* The first number is the protocol's version, the second our ID, -1 comes with the memory, and an ID with a doorbell:
 * ours to wait on, the server's, which is peer 0, to ring; the vectors of each in order. */
static void tend_message(int64_t value, int fd)
{
	if (own_id < 0) {
		own_id = value;
	} else if (value == -1 && fd >= 0) {
		struct stat before = window_file, file;
		if (fstat(fd, &file) < 0)
			die(EXIT_FAILED, "the window: %s", strerror(errno));
		if (config.memory == NULL || file.st_ino != before.st_ino || file.st_dev != before.st_dev)
			map_window(fd, "the window");
		close(fd);
	} else if (fd >= 0 && (value == own_id || value == 0)) {
		int *fds = value == own_id ? wait_fds : ring_fds;
		int vector = fds[0] < 0 ? 0 : 1;
		fcntl(fd, F_SETFL, O_NONBLOCK);
		take_fd(&fds[vector], fd);
	} else if (fd >= 0) {
		close(fd); /* another guest's doorbell: not for us */
	}
}

static bool connect_ivshmem(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int64_t version;
	int fd;
	if (strlen(socket_path) >= sizeof address.sun_path)
		die(EXIT_USAGE, "%s: too long for a socket", socket_path);
	strcpy(address.sun_path, socket_path);
	server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) < 0
		|| !receive(&version, &fd, MSG_WAITALL)) {
		forget_server();
		return false;
	}
	if (version != 0)
		die(EXIT_FAILED, "%s: version %" PRId64 " of the ivshmem protocol, and this is for 0", socket_path, version);
	return true;
}

/* Takes what the ivshmem server says, or connects to it again when it was gone. Without it the window goes on, polled. */
static void tend_ivshmem(void)
{
	int64_t value;
	int fd;
	if (server < 0) {
		if (clock_now(NULL) >= connect_again)
			connect_ivshmem();
		return;
	}
	while (receive(&value, &fd, MSG_DONTWAIT))
		tend_message(value, fd);
	if (errno != EAGAIN)
		forget_server();
}

static void open_ivshmem(void)
{
	if (!connect_ivshmem())
		die(EXIT_FAILED, "%s: %s", socket_path, strerror(errno));
	uint64_t deadline = clock_now(NULL) + 5000 * MILLISECOND;
	while (config.memory == NULL || wait_fds[VECTORS - 1] < 0) {
		if (server < 0 || clock_now(NULL) > deadline)
			die(EXIT_FAILED, "%s: no window and no doorbells from it", socket_path);
		wait_for_news(-1);
	}
}

/* The commands ------------------------------------------------------------------------------------------------- */

/* The driver's turn; what comes begins the quick phase of waiting anew. */
static int32_t turn(void)
{
	int32_t result = scmi_ring_poll(&ring);
	if (result > 0)
		idle = 0;
	return result;
}

static void print_bytes(const void *bytes, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		printf("%02x", ((const uint8_t *)bytes)[i]);
	printf("%s\n", length == 0 ? "-" : "");
}

/* Returns the number of bytes, or -1 for text that is none. */
static int parse_bytes(const char *text, uint8_t *bytes, size_t most)
{
	size_t digits = strlen(text);
	if (strcmp(text, "-") == 0)
		return 0;
	if (digits % 2 != 0 || digits / 2 > most || strspn(text, "0123456789abcdefABCDEF") != digits)
		return -1;
	for (size_t i = 0; i < digits / 2; i++) {
		char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return (int)(digits / 2);
}

static bool parse(const char *text, uint64_t max, uint64_t *value)
{
	char *end;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return errno == 0 && end != text && *end == '\0' && *text != '-' && *value <= max;
}

static bool call(char **words, int count)
{
	static uint8_t payload[SCMI_RING_MESSAGE_MAX], values[SCMI_RING_MESSAGE_MAX];
	uint64_t protocol, message;
	uint32_t got;
	int length = count > 3 ? parse_bytes(words[3], payload, sizeof payload) : 0;
	if (count < 3 || count > 4 || length < 0 || !parse(words[1], 255, &protocol) || !parse(words[2], 255, &message))
		return false;
	idle = 0;
	int32_t status = scmi_ring_call(&ring, (uint8_t)protocol, (uint8_t)message, payload, (uint32_t)length, values,
			sizeof values, &got, timeout);
	const char *name = scmi_ring_error_name(status);
	if (name != NULL) {
		printf("error %s\n", name);
	} else {
		printf("reply %" PRId32 " ", status);
		print_bytes(values, got);
	}
	return true;
}

static bool take_events(char **words, int count)
{
	uint64_t wanted = 1, wait = 5000;
	if (count > 3 || (count > 1 && !parse(words[1], EVENTS, &wanted)) || (count > 2 && !parse(words[2], 600000, &wait)))
		return false;
	uint64_t deadline = clock_now(NULL) + wait * MILLISECOND;
	idle = 0;
	for (turn(); events_count < wanted && clock_now(NULL) < deadline; turn())
		wait_for_news(-1);
	for (; wanted > 0 && events_count > 0; wanted--) {
		struct event *event = &events[events_first++ % EVENTS];
		events_count--;
		printf("event 0x%08" PRIx32 " ", event->header);
		print_bytes(event->payload, event->length);
		free(event->payload);
	}
	if (wanted > 0)
		printf("error TIMEOUT\n");
	return true;
}

static bool show_session(uint64_t wait)
{
	uint64_t deadline = clock_now(NULL) + wait;
	int32_t why;
	idle = 0;
	while ((why = turn()) < 0 && clock_now(NULL) < deadline)
		wait_for_news(-1);
	if (why < 0) {
		printf("error %s\n", scmi_ring_error_name(why));
	} else {
		printf("session %" PRIu32 " events %s max-payload %" PRIu32 " late %" PRIu32 " dropped %" PRIu32 "\n",
				ring.sessions, scmi_ring_has_events(&ring) ? "yes" : "no", scmi_ring_max_payload(&ring), ring.late,
				ring.dropped);
	}
	return true;
}

static bool session(char **words, int count)
{
	uint64_t wait = 5000;
	return count <= 2 && (count < 2 || parse(words[1], 600000, &wait)) && show_session(wait * MILLISECOND);
}

static bool restart(char **words, int count)
{
	(void)words;
	if (count != 1)
		return false;
	scmi_ring_begin(&ring);
	return show_session(timeout);
}

static bool end(char **words, int count)
{
	(void)words;
	if (count != 1)
		return false;
	scmi_ring_end(&ring);
	printf("ended\n");
	return true;
}

static bool set_timeout(char **words, int count)
{
	uint64_t ms;
	if (count != 2 || !parse(words[1], 600000, &ms))
		return false;
	timeout = ms * MILLISECOND;
	printf("timeout %" PRIu64 "\n", ms);
	return true;
}

/* Load ------------------------------------------------------------------------------------------------------------ */

/* Commands whose answers differ from each other and never change; the first answer to each is what all must be. */
static struct kind {
	uint8_t protocol, message;
	uint32_t length, argument;
	bool known;
	int32_t status;
	uint32_t answer_length;
	uint8_t answer[SCMI_RING_MESSAGE_MAX];
} kinds[] = {
	{.protocol = 0x10, .message = 0x0},                               /* PROTOCOL_VERSION */
	{.protocol = 0x10, .message = 0x1},                               /* PROTOCOL_ATTRIBUTES */
	{.protocol = 0x10, .message = 0x2, .length = 4, .argument = 0x7},  /* PROTOCOL_MESSAGE_ATTRIBUTES */
	{.protocol = 0x10, .message = 0x2, .length = 4, .argument = 0x7f}, /* of a message that there is not */
	{.protocol = 0x10, .message = 0x3},                               /* BASE_DISCOVER_VENDOR */
	{.protocol = 0x10, .message = 0x4},                               /* BASE_DISCOVER_SUB_VENDOR */
	{.protocol = 0x10, .message = 0x5},                               /* BASE_DISCOVER_IMPLEMENTATION_VERSION */
	{.protocol = 0x10, .message = 0x6, .length = 4},                  /* BASE_DISCOVER_LIST_PROTOCOLS */
	{.protocol = 0x10, .message = 0x6, .length = 4, .argument = 1},   /* without the first one */
	{.protocol = 0x10, .message = 0x7, .length = 4},                  /* BASE_DISCOVER_AGENT: the platform */
	{.protocol = 0x10, .message = 0x7, .length = 4, .argument = UINT32_MAX}, /* this agent */
	{.protocol = 0x7f, .message = 0x0},                               /* a protocol that there is not */
	{.protocol = 0x10, .message = 0x7f},                              /* a message that there is not */
	{.protocol = 0x10, .message = 0x2, .length = 2},                  /* a command that is too short */
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

struct flight {
	bool flying;
	struct kind *kind;
	uint64_t sent;
};

static struct {
	uint64_t sent, ok, wrong, timeout, restarted, longest;
} load;

static void landed(void *tag, const struct scmi_ring_reply *reply)
{
	struct flight *flight = tag;
	struct kind *kind = flight->kind;
	flight->flying = false;
	if (reply->status == SCMI_RING_TIMEOUT) {
		load.timeout++;
	} else if (reply->status == SCMI_RING_RESTARTED) {
		load.restarted++;
	} else if (scmi_ring_error_name(reply->status) != NULL) {
		load.wrong++;
	} else if (kind->known) {
		bool same = reply->status == kind->status && reply->length == kind->answer_length
			&& memcmp(reply->values, kind->answer, reply->length) == 0;
		*(same ? &load.ok : &load.wrong) += 1;
	} else {
		kind->known = true;
		kind->status = reply->status;
		kind->answer_length = reply->length;
		memcpy(kind->answer, reply->values, reply->length);
		load.ok++;
	}
	uint64_t took = clock_now(NULL) - flight->sent;
	if (scmi_ring_error_name(reply->status) == NULL && took > load.longest)
		load.longest = took;
}

/* False if it cannot be sent now: no session, or no room in the ring. */
static bool launch(struct flight *flight)
{
	flight->kind = &kinds[load.sent % KINDS];
	flight->sent = clock_now(NULL);
	flight->flying = true;
	int32_t sent = scmi_ring_send(&ring, flight->kind->protocol, flight->kind->message, &flight->kind->argument,
			flight->kind->length, timeout, landed, flight);
	flight->flying = sent >= 0;
	load.sent += sent >= 0;
	return sent >= 0;
}

static bool put_under_load(char **words, int count)
{
	static struct flight flights[MAX_DEPTH];
	uint64_t most = UINT64_MAX, seconds = 0, depth = 16;
	if (count < 2 || count > 3 || (count > 2 && !parse(words[2], MAX_DEPTH, &depth)) || depth == 0)
		return false;
	size_t last = strlen(words[1]) - 1;
	bool timed = words[1][last] == 's';
	if (timed)
		words[1][last] = '\0';
	if (!parse(words[1], UINT32_MAX, timed ? &seconds : &most))
		return false;
	uint64_t stop = timed ? clock_now(NULL) + seconds * 1000 * MILLISECOND : UINT64_MAX;
	uint32_t sessions = ring.sessions;
	for (int i = 0; i < KINDS; i++)
		kinds[i].known = false;
	memset(&load, 0, sizeof load);
	idle = 0;
	for (;;) {
		bool more = load.sent < most && clock_now(NULL) < stop;
		for (uint64_t i = 0; i < depth && more && load.sent < most; i++)
			more = flights[i].flying || launch(&flights[i]);
		if ((load.sent == most || clock_now(NULL) >= stop) && ring.in_flight == 0)
			break;
		if (turn() <= 0)
			wait_for_news(-1);
	}
	printf("load sent %" PRIu64 " ok %" PRIu64 " wrong %" PRIu64 " timeout %" PRIu64 " restarted %" PRIu64
			" sessions %" PRIu32 " longest-us %" PRIu64 "\n", load.sent, load.ok, load.wrong, load.timeout,
			load.restarted, ring.sessions - sessions, load.longest / 1000);
	return true;
}

/* Input ----------------------------------------------------------------------------------------------------------- */

static void obey(char *line)
{
	static const struct {
		const char *name;
		bool (*command)(char **words, int count);
	} commands[] = {{"call", call}, {"events", take_events}, {"load", put_under_load}, {"session", session},
		{"restart", restart}, {"end", end}, {"timeout", set_timeout}};
	char *words[5], *copy = strdup(line);
	int count = 0;
	for (char *word = strtok(line, " \t\r"); word != NULL && count < 5; word = strtok(NULL, " \t\r"))
		words[count++] = word;
	if (count > 0 && words[0][0] != '#') {
		bool done = false;
		for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
			if (strcmp(words[0], commands[i].name) == 0)
				done = commands[i].command(words, count);
		}
		if (!done) {
			fprintf(stderr, "ring-agent: not a command: %s\n", copy);
			printf("error USAGE\n");
		}
		fflush(stdout);
	}
	free(copy);
}

/* Lines as they come; the ring goes on meanwhile. */
static void obey_input(void)
{
	static char input[LINE_MAX_BYTES];
	size_t length = 0;
	for (;;) {
		turn();
		if (!wait_for_news(STDIN_FILENO))
			continue;
		ssize_t got = read(STDIN_FILENO, input + length, sizeof input - 1 - length);
		if (got <= 0)
			break;
		length += (size_t)got;
		input[length] = '\0';
		char *line = input, *newline;
		while ((newline = strchr(line, '\n')) != NULL) {
			*newline = '\0';
			obey(line);
			line = newline + 1;
		}
		length -= (size_t)(line - input);
		memmove(input, line, length);
		if (length == sizeof input - 1)
			die(EXIT_USAGE, "a line of more than %zu bytes", length);
	}
	input[length] = '\0';
	obey(input);
}

int main(int argc, char **argv)
{
	const char *file = NULL;
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc < 3 || (strcmp(argv[1], "mmio") != 0 && strcmp(argv[1], "fat") != 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	config.flavour = strcmp(argv[1], "mmio") == 0 ? SCMI_RING_MMIO : SCMI_RING_FAT;
	config.hooks = &hooks;
	for (int i = 2; i < argc; i++) {
		const char *option = argv[i];
		if (option[0] != '-' && file == NULL) {
			file = option;
			continue;
		}
		if (option[0] != '-' || ++i == argc)
			die(EXIT_USAGE, "%s: one file only, and a value for each option", option);
		if (strcmp(option, "--ivshmem") == 0) {
			socket_path = argv[i];
		} else if (strcmp(option, "--offset") == 0) {
			offset = number(argv[i]);
		} else if (strcmp(option, "--size") == 0) {
			size = number(argv[i]);
		} else if (strcmp(option, "--guest-address") == 0) {
			config.guest_address = number(argv[i]);
		} else if (strcmp(option, "--entries") == 0) {
			config.entries = (uint32_t)number(argv[i]);
		} else if (strcmp(option, "--buffer-size") == 0) {
			config.buffer_size = (uint32_t)number(argv[i]);
		} else if (strcmp(option, "--timeout") == 0) {
			timeout = number(argv[i]) * MILLISECOND;
		} else {
			die(EXIT_USAGE, "there is no option %s", option);
		}
	}
	if ((file == NULL) == (socket_path == NULL))
		die(EXIT_USAGE, "either a file or --ivshmem");
	if (file != NULL) {
		open_file(file);
	} else {
		open_ivshmem();
	}
	obey_input();
	scmi_ring_end(&ring);
	return 0;
}
