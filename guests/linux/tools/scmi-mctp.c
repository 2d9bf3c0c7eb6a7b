/*
 * scmi-mctp: SCMI messages over the kernel's own MCTP on a UART, with the messages of docs/serial.md. Frames and packets are
 * made by the kernel: the line discipline N_MCTP and a socket of AF_MCTP. What is here is the agent's end of the rest, as
 * short as it can be: nothing is sent again, one command is under way at a time.
 *
 * The kernel forgets the line when the program ends. The program's first session keeps nothing of one before.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mctp.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/tty.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#ifndef AF_MCTP
#define AF_MCTP 45
#endif

enum { OWN_EID = 8, PLATFORM_EID = 9, TYPE = 0xff, ENTERPRISE = 32473, LONGEST = 4096, HEAD = 20, CHECK = 4 };
enum { SCMI = 0, HELLO = 1, WELCOME = 2, IS_PLATFORM = 1, AGAIN_MS = 100, QUIET_MS = 1000 };

static const char usage[] =
	"usage: scmi-mctp [-n COUNT] [-t MS] TTY 'WORD...'...\n"
	"Sends each message, 32-bit words with the header first, and prints its reply; then prints COUNT notifications.\n"
	"-t MS   wait that long for the platform and for each message (5000)\n";

static __attribute__((noreturn)) void die(const char *what)
{
	fprintf(stderr, "scmi-mctp: %s: %s\n", what, errno ? strerror(errno) : "not in time");
	exit(1);
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static uint32_t crc32(const uint8_t *bytes, size_t count)
{
	uint32_t crc = ~0u;

	while (count-- > 0) {
		crc ^= *bytes++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return ~crc;
}

/* The kernel's side --------------------------------------------------------------------------------------------- */

/* One request to rtnetlink: its head, and an attribute of one byte or none, then one of 32 bits or none. */
static void ask_kernel(int type, const void *head, size_t bytes, int attribute, uint8_t eid, int other, uint32_t value)
{
	struct { struct nlmsghdr n; uint8_t rest[96]; } request = { .n = { .nlmsg_type = type } };
	struct { struct nlmsghdr n; struct nlmsgerr error; uint8_t rest[256]; } answer;
	size_t at = NLMSG_ALIGN(bytes);
	int netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	memcpy(request.rest, head, bytes);
	if (attribute) {
		memcpy(request.rest + at, &(struct rtattr){ RTA_LENGTH(1), attribute }, sizeof(struct rtattr));
		request.rest[at + RTA_LENGTH(0)] = eid;
		at += RTA_SPACE(1);
	}
	if (other) {
		memcpy(request.rest + at, &(struct rtattr){ RTA_LENGTH(4), other }, sizeof(struct rtattr));
		memcpy(request.rest + at + RTA_LENGTH(0), &value, 4);
		at += RTA_SPACE(4);
	}
	request.n.nlmsg_len = NLMSG_LENGTH(at);
	request.n.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	if (send(netlink, &request, request.n.nlmsg_len, 0) < 0 || recv(netlink, &answer, sizeof(answer), 0) < 0)
		die("rtnetlink");
	errno = -answer.error.error;
	if (errno)
		die("setting up mctpserial0");
	close(netlink);
}

/* Makes a network interface of the UART: its link is up, we are there, and so is the platform. */
static void set_up(const char *tty)
{
	int uart = open(tty, O_RDWR | O_NOCTTY), discipline = N_MCTP;
	FILE *index = NULL;
	struct termios raw;
	unsigned id;

	if (uart < 0 || tcgetattr(uart, &raw) < 0)
		die(tty);
	cfmakeraw(&raw);
	raw.c_cflag |= CLOCAL;
	cfsetspeed(&raw, B115200);
	if (tcsetattr(uart, TCSAFLUSH, &raw) < 0 || ioctl(uart, TIOCSETD, &discipline) < 0)
		die(tty);
	index = fopen("/sys/class/net/mctpserial0/ifindex", "r");
	if (!index || fscanf(index, "%u", &id) != 1)
		die("mctpserial0");
	fclose(index);
	ask_kernel(RTM_NEWLINK, &(struct ifinfomsg){ .ifi_index = id, .ifi_flags = IFF_UP, .ifi_change = IFF_UP },
		   sizeof(struct ifinfomsg), 0, 0, 0, 0);
	ask_kernel(RTM_NEWADDR, &(struct ifaddrmsg){ .ifa_family = AF_MCTP, .ifa_index = id }, sizeof(struct ifaddrmsg),
		   IFA_LOCAL, OWN_EID, 0, 0);
	ask_kernel(RTM_NEWROUTE, &(struct rtmsg){ .rtm_family = AF_MCTP, .rtm_type = RTN_UNICAST }, sizeof(struct rtmsg),
		   RTA_DST, PLATFORM_EID, RTA_OIF, id);
}

static int mctp;
static uint8_t tag; /* one for all: the kernel has eight, and gives none back before a reply or six seconds */

static void open_socket(void)
{
	struct sockaddr_mctp any = { .smctp_family = AF_MCTP, .smctp_addr = { MCTP_ADDR_ANY }, .smctp_type = TYPE };
	struct mctp_ioc_tag_ctl wanted = { .peer_addr = PLATFORM_EID };

	mctp = socket(AF_MCTP, SOCK_DGRAM, 0);
	if (mctp < 0 || bind(mctp, (struct sockaddr *)&any, sizeof(any)) < 0 || ioctl(mctp, SIOCMCTPALLOCTAG, &wanted) < 0)
		die("AF_MCTP");
	tag = wanted.tag;
}

/* Messages ------------------------------------------------------------------------------------------------------ */

struct message {
	union {
		uint8_t bytes[HEAD + LONGEST + CHECK];
		struct __attribute__((packed)) {
			uint8_t type;
			uint32_t enterprise; /* big-endian; all else is little-endian, as this machine is */
			uint8_t version, kind, flags;
			uint32_t session, peer, sequence;
			uint32_t body[LONGEST / 4 + 1];
		};
	};
	size_t length; /* of the body */
};

static uint32_t nonce, platform, sequence, heard; /* numbers of both sides, and of their last messages */
static int64_t said;

static void send_message(uint8_t kind, const void *body, size_t length)
{
	struct sockaddr_mctp to = { .smctp_family = AF_MCTP, .smctp_addr = { PLATFORM_EID }, .smctp_type = TYPE,
		.smctp_tag = tag };
	static struct message m;
	uint32_t check;

	m.type = TYPE;
	m.enterprise = __builtin_bswap32(ENTERPRISE);
	m.version = 1;
	m.kind = kind;
	m.session = nonce;
	m.peer = platform;
	m.sequence = ++sequence;
	memcpy(m.body, body, length);
	check = crc32(m.bytes, HEAD + length);
	memcpy(m.bytes + HEAD + length, &check, CHECK);
	/* The kernel puts the type in front. */
	if (sendto(mctp, m.bytes + 1, HEAD + length + CHECK - 1, 0, (struct sockaddr *)&to, sizeof(to)) < 0)
		die("sending");
	said = now_ms();
}

static void greet(uint8_t kind) { send_message(kind, (const uint32_t[]){ LONGEST, 0 }, 8); }

/* The next message that counts: a greeting, or one of this session that was not there yet. */
static bool receive(struct message *m, int64_t deadline)
{
	struct pollfd p = { .fd = mctp, .events = POLLIN };
	int64_t wait;

	while ((wait = deadline - now_ms()) > 0 && poll(&p, 1, wait) > 0) {
		ssize_t count = recv(mctp, m->bytes + 1, sizeof(m->bytes) - 1, 0);
		uint32_t check;

		m->type = TYPE;
		m->length = count + 1 - HEAD - CHECK;
		if (count + 1 < HEAD + 4 + CHECK || m->enterprise != __builtin_bswap32(ENTERPRISE) || m->version != 1)
			continue;
		memcpy(&check, m->bytes + HEAD + m->length, CHECK);
		if (check != crc32(m->bytes, HEAD + m->length) || (m->kind != HELLO && m->peer != nonce))
			continue;
		if (m->session == platform && (int32_t)(m->sequence - heard) <= 0)
			continue;
		if (m->kind == SCMI && m->session != platform)
			continue;
		if (platform != 0 && m->session != platform) {
			errno = ECONNRESET;
			die("the platform has begun anew");
		}
		platform = m->session;
		heard = m->sequence;
		if (m->kind == HELLO)
			greet(WELCOME);
		return true;
	}
	return false;
}

static void begin(int64_t deadline)
{
	static struct message m;

	if (getrandom(&nonce, sizeof(nonce), 0) != sizeof(nonce) || nonce == 0)
		nonce = 1;
	do {
		errno = 0;
		if (now_ms() >= deadline)
			die("no platform");
		greet(HELLO);
	} while (!receive(&m, now_ms() + AGAIN_MS) || m.kind != WELCOME);
}

/* The next message of SCMI: of this type, and, if it is a reply, to this header. Whoever says nothing for long is greeted. */
static void print_next(unsigned type, uint32_t header, int64_t deadline)
{
	static struct message m;

	for (;;) {
		errno = 0;
		if (now_ms() >= deadline)
			die("no message");
		if (now_ms() - said >= QUIET_MS)
			greet(HELLO);
		if (receive(&m, now_ms() + AGAIN_MS) && m.kind == SCMI && (m.body[0] >> 8 & 3) == type
		    && (type != 0 || m.body[0] == header))
			break;
	}
	for (size_t i = 0; i < m.length / 4; i++)
		printf("%s0x%08x", i ? " " : "", m.body[i]);
	putchar('\n');
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long notifications = 0, timeout = 5000;
	int option;

	while ((option = getopt(argc, argv, "+n:t:h")) != -1) {
		if (option == 'n')
			notifications = strtol(optarg, NULL, 10);
		else if (option == 't')
			timeout = strtol(optarg, NULL, 10);
		else
			return fputs(usage, stderr), 2;
	}
	if (optind >= argc)
		return fputs(usage, stderr), 2;
	set_up(argv[optind++]);
	open_socket();
	begin(now_ms() + timeout);
	for (uint32_t token = 0; optind < argc; optind++) {
		uint32_t words[32], count = 0;

		for (char *at = argv[optind], *end; count < 32; at = end) {
			words[count] = strtoul(at, &end, 0);
			if (end == at)
				break;
			count++;
		}
		words[0] |= ++token << 18;
		send_message(SCMI, words, 4 * count);
		print_next(0, words[0], now_ms() + timeout);
	}
	for (; notifications > 0; notifications--)
		print_next(3, 0, now_ms() + timeout);
	return 0;
}
