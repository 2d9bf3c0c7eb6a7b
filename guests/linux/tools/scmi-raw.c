/*
 * scmi-raw: any SCMI message from the guest's shell, through the kernel's raw mode
 * (drivers/firmware/arm_scmi/raw_mode.c), and the notifications that arrive.
 *
 * What the kernel does, and this program has to live with:
 *  - One write is one message, one read is one message; the read after it returns 0. Both move the
 *    same file position and only the read resets it, so a descriptor is for one of the two.
 *  - The header is sent as written, its token (bits 27:18) included. A token that is still in
 *    flight makes the write wait for a tenth of the transport's time-out, up to ten times.
 *  - Replies of all processes go into one queue. A lock on the file keeps them apart here.
 *  - A delayed response may overtake the immediate reply (they come by two virtqueues). The kernel
 *    then takes the immediate reply for an error, and it is to be found in raw/errors.
 *  - A message that is longer than the kernel's limit is refused, or dropped if it is a reply. The
 *    limit is raw/../transport/max_msg_size, 128 bytes after the header, unless a kernel newer than
 *    6.12 is given `arm,max-msg-size` in the device tree.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define RAW "/sys/kernel/debug/scmi/0/raw/"

/* More than a kernel takes, so that the kernel does the refusing, and a whole message by one read. */
#define MAX_MESSAGE (128 * 1024)
#define TOKENS 1024
#define MAX_DEPTH 64

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_TIMED_OUT = 3 };

enum { TYPE_COMMAND = 0, TYPE_DELAYED_RESPONSE = 2 };
enum { PROTOCOL_BASE = 0x10, PROTOCOL_CLOCK = 0x14 };

static const char usage[] =
	"usage: scmi-raw [-a] [-b] [-t MS] WORD...   send a message, print its reply\n"
	"       scmi-raw -n COUNT [-t MS]            print the next COUNT notifications\n"
	"       scmi-raw -l COUNT|SECONDSs [-d DEPTH] [-i MS] [-t MS]\n"
	"                                            send messages and check every reply\n"
	"       scmi-raw -e                          print late and unexpected replies\n"
	"       scmi-raw -r                          forget all unread messages\n"
	"\n"
	"WORD    32 bits, header first, as 0x5006 or 20486; with -b each is one hex byte\n"
	"-a      asynchronous: print the immediate reply, then the delayed response\n"
	"-t MS   wait that long for each reply (5000)\n"
	"-l      COUNT messages, or for so many seconds (10s), or until SIGTERM (0); the kinds\n"
	"        of messages vary, each reply is compared with the first reply to the same\n"
	"        request; prints: sent N ok N wrong N timeout N longest-ms N\n"
	"-d      so many messages in flight (1, at most 64)\n"
	"-i MS   pause so long after each message\n"
	"\n"
	"Messages are printed as 32-bit words, trailing bytes as two digits each.\n"
	"Exit status: 0, 1 error, 2 wrong usage, 3 time-out.\n";

static __attribute__((noreturn, format(printf, 2, 3)))
void die(int status, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	fputs("scmi-raw: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(status);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static long number(const char *text, int base, long min, long max, const char *what)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, base);
	if (errno || end == text || *end || value < min || value > max)
		die(EXIT_USAGE, "%s: '%s' is not a number from %ld to %ld", what, text, min, max);
	return value;
}

/* A message, as it travels; too large for the stack. This program and the wire are both little-endian. */
struct message {
	size_t size;
	union {
		uint8_t bytes[MAX_MESSAGE];
		uint32_t words[MAX_MESSAGE / 4];
	};
};

static unsigned token_of(uint32_t header) { return header >> 18 & (TOKENS - 1); }
static unsigned type_of(uint32_t header) { return header >> 8 & 3; }

static uint32_t header_of(unsigned protocol, unsigned id)
{
	return protocol << 10 | id;
}

static void print(const struct message *m)
{
	size_t at;

	for (at = 0; at + 4 <= m->size; at += 4)
		printf("%s0x%08x", at ? " " : "", m->words[at / 4]);
	for (; at < m->size; at++)
		printf("%s%02x", at ? " " : "", m->bytes[at]);
	putchar('\n');
	fflush(stdout);
}

/* The two ends of raw/message or raw/message_async. */
struct channel {
	int send;
	int receive;
};

static int open_raw(const char *path, int flags)
{
	int fd = open(path, flags | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die(EXIT_FAILED, "%s: %s%s", path, strerror(errno),
		    errno == ENOENT ? " (no SCMI device, or no /firmware/scmi in the device tree?)" : "");
	return fd;
}

/* True if a message was there before the deadline. */
static bool receive(int fd, struct message *m, int64_t deadline)
{
	for (;;) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t wait;
		ssize_t n = read(fd, m->bytes, sizeof(m->bytes));

		if (n > 0) {
			m->size = n;
			/* The end-of-message mark, so that the next read is the next message. */
			if (read(fd, &(char){ 0 }, 1) > 0)
				die(EXIT_FAILED, "a message is longer than %zu bytes", sizeof(m->bytes));
			return true;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			die(EXIT_FAILED, "read: %s", strerror(errno));
		if (n == 0)
			continue;
		wait = deadline - now_ms();
		if (wait <= 0)
			return false;
		if (poll(&p, 1, wait) < 0 && errno != EINTR)
			die(EXIT_FAILED, "poll: %s", strerror(errno));
	}
}

static struct channel open_channel(const char *path)
{
	struct channel c = { open_raw(path, O_WRONLY), open_raw(path, O_RDONLY) };

	return c;
}

static void send_message(struct channel c, const struct message *m)
{
	if (write(c.send, m->bytes, m->size) != (ssize_t)m->size)
		die(EXIT_FAILED, "write: %s", strerror(errno));
}

/* Waits until no other scmi-raw uses the queue of replies; then drops what nobody came for. */
static void take_queue(struct channel c, int64_t deadline)
{
	static struct message stale;

	while (flock(c.receive, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			die(EXIT_FAILED, "flock: %s", strerror(errno));
		if (now_ms() > deadline)
			die(EXIT_TIMED_OUT, "another scmi-raw is at work all the time");
		usleep(1000);
	}
	while (receive(c.receive, &stale, 0))
		fprintf(stderr, "scmi-raw: dropped an old reply, header 0x%08x\n", stale.words[0]);
}

static uint32_t with_type(uint32_t header, unsigned type)
{
	return (header & 0x0ffffcff) | type << 8;
}

/* The reply to a request, or its delayed response. Others in the queue came too late for someone. */
static bool receive_reply(int fd, uint32_t header, struct message *m, int64_t deadline)
{
	while (receive(fd, m, deadline)) {
		if (m->size >= 4 && with_type(m->words[0], 0) == with_type(header, 0))
			return true;
		fprintf(stderr, "scmi-raw: dropped a reply to another message, header 0x%08x\n", m->words[0]);
	}
	return false;
}

/* The immediate reply to a request whose delayed response is here already. */
static void print_overtaken_reply(uint32_t header, long timeout)
{
	int fd = open_raw(RAW "errors", O_RDONLY);
	int64_t deadline = now_ms() + timeout;
	static struct message m;

	while (receive(fd, &m, deadline)) {
		if (m.size >= 4 && m.words[0] == with_type(header, TYPE_COMMAND)) {
			print(&m);
			close(fd);
			return;
		}
	}
	die(EXIT_TIMED_OUT, "a delayed response, but no immediate reply within %ld ms", timeout);
}

static int exchange(int argc, char **argv, bool async, bool as_bytes, long timeout)
{
	static struct message request, reply;
	struct channel channel;
	uint32_t header;
	int i;

	for (i = 0; i < argc; i++) {
		if (request.size + 4 > sizeof(request.bytes))
			die(EXIT_USAGE, "the message is too long");
		if (as_bytes) {
			request.bytes[request.size++] = number(argv[i], 16, 0, 0xff, "byte");
		} else {
			request.words[request.size / 4] = number(argv[i], 0, 0, 0xffffffffL, "word");
			request.size += 4;
		}
	}

	channel = open_channel(async ? RAW "message_async" : RAW "message");
	take_queue(channel, now_ms() + timeout);
	send_message(channel, &request);
	header = request.words[0];
	if (!receive_reply(channel.receive, header, &reply, now_ms() + timeout))
		die(EXIT_TIMED_OUT, "no reply within %ld ms", timeout);
	if (type_of(reply.words[0]) == TYPE_DELAYED_RESPONSE && type_of(header) == TYPE_COMMAND) {
		print_overtaken_reply(header, timeout);
		print(&reply);
		return 0;
	}
	print(&reply);
	if (!async || reply.size < 8 || reply.words[1] != 0)
		return 0;
	if (!receive_reply(channel.receive, header, &reply, now_ms() + timeout))
		die(EXIT_TIMED_OUT, "no delayed response within %ld ms", timeout);
	print(&reply);
	return 0;
}

static int notifications(long count, long timeout)
{
	int fd = open_raw(RAW "notification", O_RDONLY);
	static struct message m;
	long got;

	for (got = 0; got < count; got++) {
		if (!receive(fd, &m, now_ms() + timeout))
			die(EXIT_TIMED_OUT, "%ld of %ld notifications within %ld ms", got, count, timeout);
		print(&m);
	}
	return 0;
}

static int errors(void)
{
	int fd = open_raw(RAW "errors", O_RDONLY);
	static struct message m;

	while (receive(fd, &m, 0))
		print(&m);
	return 0;
}

static int reset(void)
{
	int fd = open_raw(RAW "reset", O_WRONLY);

	if (write(fd, "1", 1) != 1)
		die(EXIT_FAILED, "reset: %s", strerror(errno));
	return 0;
}

/*
 * The loop. Requests differ in protocol, message and parameter, so that a reply to the wrong
 * request shows in its content and not in its token alone. All of them ask for what does not
 * change while a platform runs; the first reply to each is what later ones must be.
 */
struct probe {
	uint32_t request[3]; /* token 0 */
	size_t request_size;
	uint8_t *reply; /* token 0 */
	size_t reply_size;
};

static struct probe *probes;
static unsigned probe_count;

/* The enabled bit of CLOCK_ATTRIBUTES is the one thing asked for that may change. */
static void normalize(struct message *m)
{
	m->words[0] &= ~(uint32_t)((TOKENS - 1) << 18);
	if (m->words[0] == header_of(PROTOCOL_CLOCK, 0x3) && m->size >= 12)
		m->words[2] &= ~1u;
}

/* Sends the request of a probe under a token. */
static void send_probe(struct channel c, const struct probe *p, uint32_t token)
{
	static struct message m;

	memcpy(m.words, p->request, p->request_size);
	m.words[0] |= token << 18;
	m.size = p->request_size;
	send_message(c, &m);
}

static const struct message *add_probe(struct channel c, long timeout, uint32_t header, int words, ...)
{
	static struct message reply;
	static unsigned tokens;
	unsigned token = tokens++ % TOKENS;
	struct probe *p;
	va_list arguments;
	int i;

	probes = realloc(probes, (probe_count + 1) * sizeof(*probes));
	if (!probes)
		die(EXIT_FAILED, "out of memory");
	p = &probes[probe_count++];
	p->request[0] = header;
	p->request_size = 4 + 4 * words;
	va_start(arguments, words);
	for (i = 0; i < words; i++)
		p->request[1 + i] = va_arg(arguments, uint32_t);
	va_end(arguments);
	send_probe(c, p, token);
	if (!receive_reply(c.receive, header | token << 18, &reply, now_ms() + timeout))
		die(EXIT_TIMED_OUT, "no reply within %ld ms to the request with header 0x%08x", timeout, header | token << 18);
	normalize(&reply);
	p->reply = malloc(reply.size);
	if (!p->reply)
		die(EXIT_FAILED, "out of memory");
	memcpy(p->reply, reply.bytes, reply.size);
	p->reply_size = reply.size;
	return &reply;
}

/* The return value at a word index of a successful reply, otherwise 0. */
static uint32_t returned(const struct message *reply, unsigned word)
{
	return reply->words[1] == 0 && reply->size >= 4 * (word + 1) ? reply->words[word] : 0;
}

static void learn(struct channel c, long timeout)
{
	uint8_t protocols[32] = { PROTOCOL_BASE };
	unsigned protocol_count = 1, i;
	const struct message *m;
	uint32_t id, clocks;

	m = add_probe(c, timeout, header_of(PROTOCOL_BASE, 0x6), 1, 0u); /* LIST_PROTOCOLS */
	for (i = 0; i < returned(m, 2) && 12 + i < m->size && protocol_count < sizeof(protocols); i++)
		protocols[protocol_count++] = m->bytes[12 + i];

	for (i = 0; i < protocol_count; i++) {
		add_probe(c, timeout, header_of(protocols[i], 0x0), 0);      /* PROTOCOL_VERSION */
		m = add_probe(c, timeout, header_of(protocols[i], 0x1), 0);  /* PROTOCOL_ATTRIBUTES */
		clocks = protocols[i] == PROTOCOL_CLOCK ? returned(m, 2) & 0xffff : 0;
		for (id = 0; id < 16; id++)
			add_probe(c, timeout, header_of(protocols[i], 0x2), 1, id); /* PROTOCOL_MESSAGE_ATTRIBUTES */
		for (id = 0; id < clocks; id++) {
			add_probe(c, timeout, header_of(PROTOCOL_CLOCK, 0x3), 1, id);     /* CLOCK_ATTRIBUTES */
			add_probe(c, timeout, header_of(PROTOCOL_CLOCK, 0x4), 2, id, 0u); /* CLOCK_DESCRIBE_RATES */
		}
	}
}

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	(void)signal;
	stopped = 1;
}

static int loop(long count, long seconds, unsigned depth, long pause, long timeout)
{
	struct in_flight { const struct probe *probe; int64_t sent; } flight[TOKENS] = { 0 };
	struct sigaction on_stop = { .sa_handler = stop };
	unsigned long sent = 0, ok = 0, wrong = 0, timed_out = 0;
	unsigned flying = 0, token = 0, i;
	int64_t end = seconds ? now_ms() + seconds * 1000 : INT64_MAX, longest = 0, oldest, took;
	struct channel c = open_channel(RAW "message");
	static struct message m;

	sigaction(SIGTERM, &on_stop, NULL);
	sigaction(SIGINT, &on_stop, NULL);
	take_queue(c, now_ms() + timeout);
	learn(c, timeout);

	for (;;) {
		bool more = !stopped && (!count || sent < (unsigned long)count) && now_ms() < end;

		while (more && flying < depth) {
			while (flight[token].probe)
				token = (token + 1) % TOKENS;
			flight[token].probe = &probes[sent++ % probe_count];
			flight[token].sent = now_ms();
			flying++;
			send_probe(c, flight[token].probe, token);
			token = (token + 1) % TOKENS;
			more = !count || sent < (unsigned long)count;
		}
		if (!flying)
			break;

		oldest = INT64_MAX;
		for (i = 0; i < TOKENS; i++)
			if (flight[i].probe && flight[i].sent < oldest)
				oldest = flight[i].sent;
		if (receive(c.receive, &m, oldest + timeout)) {
			struct in_flight *f = &flight[token_of(m.words[0])];
			const struct probe *p = f->probe;

			if (p) {
				took = now_ms() - f->sent;
				longest = took > longest ? took : longest;
				f->probe = NULL;
				flying--;
			}
			normalize(&m);
			if (p && m.size == p->reply_size && !memcmp(m.bytes, p->reply, m.size)) {
				ok++;
			} else {
				wrong++;
				printf("wrong reply to %s: ", p ? "the request that follows" : "no request");
				print(&m);
				if (p) {
					memcpy(m.words, p->request, p->request_size);
					m.size = p->request_size;
					print(&m);
				}
			}
		} else {
			for (i = 0; i < TOKENS; i++) {
				if (flight[i].probe && flight[i].sent + timeout <= now_ms()) {
					flight[i].probe = NULL;
					flying--;
					timed_out++;
				}
			}
		}
		if (pause)
			usleep(pause * 1000);
	}
	printf("sent %lu ok %lu wrong %lu timeout %lu longest-ms %lld\n",
	       sent, ok, wrong, timed_out, (long long)longest);
	return wrong || timed_out ? EXIT_FAILED : 0;
}

int main(int argc, char **argv)
{
	bool async = false, as_bytes = false;
	long timeout = 5000, depth = 1, pause = 0, amount = 0;
	char mode = 'm', *unit;
	bool in_seconds = false;
	int option;

	while ((option = getopt(argc, argv, "+abd:ehi:l:n:rt:")) != -1) {
		switch (option) {
		case 'a': async = true; break;
		case 'b': as_bytes = true; break;
		case 'd': depth = number(optarg, 10, 1, MAX_DEPTH, "-d"); break;
		case 'i': pause = number(optarg, 10, 0, 3600000, "-i"); break;
		case 't': timeout = number(optarg, 10, 0, 3600000, "-t"); break;
		case 'n':
			mode = 'n';
			amount = number(optarg, 10, 1, 1000000, "-n");
			break;
		case 'l':
			mode = 'l';
			unit = optarg[0] ? &optarg[strlen(optarg) - 1] : optarg;
			if (*unit == 's') {
				in_seconds = true;
				*unit = '\0';
			}
			amount = number(optarg, 10, in_seconds ? 1 : 0, 1000000000, "-l");
			break;
		case 'e':
		case 'r':
			mode = option;
			break;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	}
	argc -= optind;
	argv += optind;
	if ((mode == 'm') != (argc > 0)) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}

	switch (mode) {
	case 'n': return notifications(amount, timeout);
	case 'l': return loop(in_seconds ? 0 : amount, in_seconds ? amount : 0, depth, pause, timeout);
	case 'e': return errors();
	case 'r': return reset();
	default: return exchange(argc, argv, async, as_bytes, timeout);
	}
}
