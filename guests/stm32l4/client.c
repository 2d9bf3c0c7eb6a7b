/* The microcontroller as a client: an SCMI agent on its line, which does what it is told on its console, see README.md. */
#include <string.h>

#include "registers.h"
#include "scmi_serial_agent.h"
#include "system.h"

enum { BASE = 0x10, CLOCK = 0x14, BASE_DISCOVER_AGENT = 7, PROTOCOL_VERSION = 0, PROTOCOL_ATTRIBUTES = 1 };
enum { CLOCK_ATTRIBUTES = 3, RATE_SET = 5, RATE_GET = 6, CONFIG_SET = 7, RATE_NOTIFY = 9, PARENT_SET = 0xd, PARENT_GET = 0xe };
enum { NOTIFICATION = 3, RATE_CHANGED = 0, ENABLED = 1, ROUND_NEAREST = 1 << 3, THIS_AGENT = -1 };
enum { NO_SESSION = 1, NO_REPLY = 2, BAD_REPLY = 3 }; /* beside SCMI's statuses, which are 0 or less */
enum { WORDS = 16, CLOCKS_MAX = 64, LONGEST_LINE = 80, NAME_AT = 2, NAME_BYTES = 16, ARGUMENTS = 3 };
enum { GPIOA_ENABLE = 1 << 0, USART2_ENABLE = 1 << 17, USART2_FROM_HSI = 2 << 2 };

static struct scmi_serial_agent agent;
static uint32_t token, sessions;

/* The reply to the command that is waited for. */
static struct {
	uint32_t words[WORDS], count; /* header included */
	bool has_ended;
} reply;

/* What is made again in another session. */
static bool enabled[CLOCKS_MAX], subscribed[CLOCKS_MAX];

/* What came of rates, until it is printed: never within another line. */
static struct {
	uint32_t clock, words[2];
} events[8];
static uint32_t event_count;

/* The console's output --------------------------------------------------------------------------------------------- */

static void say(const char *text)
{
	for (; *text != '\0'; text++) {
		while (!uart_takes(CONSOLE)) {
		}
		uart_transmit(CONSOLE, (uint8_t)*text);
	}
}

static void say_number(uint64_t number)
{
	char digits[21];
	unsigned at = sizeof digits - 1;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	say(digits + at);
}

static void say_line(const char *what, uint64_t number)
{
	say(what);
	say(" ");
	say_number(number);
	say("\n");
}

/* Commands --------------------------------------------------------------------------------------------------------- */

static void replied(void *context, const uint8_t *message, uint32_t length)
{
	(void)context;
	reply.has_ended = true;
	reply.count = 0;
	if (message != NULL && length <= sizeof reply.words) {
		memcpy(reply.words, message, length);
		reply.count = length / sizeof(uint32_t);
	}
}

static void told(void *context, const uint8_t *message, uint32_t length)
{
	uint32_t words[5]; /* header, who has changed it, the clock, its rate */

	(void)context;
	if (length < sizeof words || event_count == sizeof events / sizeof events[0])
		return;
	memcpy(words, message, sizeof words);
	if ((words[0] & 0x3ffff) == (RATE_CHANGED | NOTIFICATION << 8 | CLOCK << 10)) {
		events[event_count].clock = words[2];
		events[event_count].words[0] = words[3];
		events[event_count++].words[1] = words[4];
	}
}

static void take(const uint8_t *bytes, size_t count) { scmi_serial_agent_receive(&agent, bytes, count, time_now()); }

static size_t next(uint8_t *bytes, size_t room) { return scmi_serial_agent_send(&agent, bytes, room, time_now()); }

/* Sends a command and waits for its end, which comes in two seconds. SCMI's status, or what of ours is above. */
static int32_t call(uint32_t protocol, uint32_t message, const uint32_t *payload, uint32_t count)
{
	uint32_t words[5] = {message | protocol << 10 | (++token & 0x3ff) << 18};

	memcpy(words + 1, payload, count * sizeof *words);
	reply.has_ended = false;
	if (!scmi_serial_agent_command(&agent, words, (1 + count) * (uint32_t)sizeof *words, time_now()))
		return NO_SESSION;
	while (!reply.has_ended)
		line_turn(take, next);
	return reply.count < 2 ? NO_REPLY : (int32_t)reply.words[1];
}

/* The same, for a reply that has so many words behind its status. */
static int32_t ask(uint32_t protocol, uint32_t message, const uint32_t *payload, uint32_t count, uint32_t values)
{
	int32_t status = call(protocol, message, payload, count);

	return status == 0 && reply.count < 2 + values ? BAD_REPLY : status;
}

static int32_t get_rate(uint32_t clock, uint64_t *hz)
{
	int32_t status = ask(CLOCK, RATE_GET, &clock, 1, 2);

	*hz = reply.words[2] | (uint64_t)reply.words[3] << 32;
	return status;
}

static int32_t enable(uint32_t clock, bool on)
{
	int32_t status = call(CLOCK, CONFIG_SET, (uint32_t[]){clock, on, 0}, 3);

	if (status == 0 && clock < CLOCKS_MAX)
		enabled[clock] = on;
	return status;
}

static int32_t subscribe(uint32_t clock, bool on)
{
	int32_t status = call(CLOCK, RATE_NOTIFY, (uint32_t[]){clock, on}, 2);

	if (status == 0 && clock < CLOCKS_MAX)
		subscribed[clock] = on;
	return status;
}

static int32_t show_clock(uint32_t clock)
{
	char name[NAME_BYTES + 1] = {0};
	int32_t status = ask(CLOCK, CLOCK_ATTRIBUTES, &clock, 1, 1 + NAME_BYTES / 4);
	bool on = (reply.words[NAME_AT] & ENABLED) != 0;
	uint64_t hz;

	memcpy(name, &reply.words[NAME_AT + 1], NAME_BYTES);
	if (status == 0)
		status = get_rate(clock, &hz);
	if (status != 0)
		return status;
	say("clock ");
	say_number(clock);
	say(" ");
	say(name);
	say(" ");
	say_number(hz);
	say(on ? " on\n" : " off\n");
	return 0;
}

static int32_t list_clocks(uint32_t *count)
{
	int32_t status = ask(CLOCK, PROTOCOL_ATTRIBUTES, NULL, 0, 1);
	uint32_t clocks = reply.words[2] & 0xffff;

	for (uint32_t clock = 0; clock < clocks && status == 0; clock++)
		status = show_clock(clock);
	*count = clocks;
	return status;
}

/* A session --------------------------------------------------------------------------------------------------------- */

static void show_platform(void)
{
	char name[NAME_BYTES + 1] = {0};
	uint32_t id = (uint32_t)THIS_AGENT, count;

	if (ask(BASE, BASE_DISCOVER_AGENT, &id, 1, 1 + NAME_BYTES / 4) == 0) {
		memcpy(name, &reply.words[NAME_AT + 1], NAME_BYTES);
		say("agent ");
		say_number(reply.words[NAME_AT]);
		say(" ");
		say(name);
		say("\n");
	}
	if (list_clocks(&count) == 0) {
		say_line("clocks", count);
		say("ready\n");
	}
}

static void restore(void)
{
	uint32_t done = 0;

	for (uint32_t clock = 0; clock < CLOCKS_MAX; clock++) {
		done += subscribed[clock] && subscribe(clock, true) == 0;
		done += enabled[clock] && enable(clock, true) == 0;
	}
	say_line("session restored", done);
}

static void watch_session(void)
{
	static bool was_open;
	bool is_open = scmi_serial_agent_is_open(&agent);

	if (was_open && (!is_open || sessions != agent.sessions))
		say("session lost\n");
	was_open = is_open;
	if (!is_open || sessions == agent.sessions)
		return;
	sessions = agent.sessions;
	say("session new\n");
	if (sessions == 1)
		show_platform();
	else
		restore();
}

/* The console's input ---------------------------------------------------------------------------------------------- */

static bool is_word(const char *text, const char *word)
{
	while (*word != '\0' && *text == *word)
		text++, word++;
	return *word == '\0' && (*text == ' ' || *text == '\0');
}

/* Reads the numbers behind a command's word; how many there are, or ARGUMENTS + 1 if something is no number. */
static unsigned numbers_of(const char *text, uint64_t numbers[ARGUMENTS])
{
	unsigned count = 0;

	while (*text != '\0' && *text != ' ')
		text++;
	while (*text == ' ') {
		uint64_t number = 0;
		if (*++text < '0' || *text > '9' || count == ARGUMENTS)
			return ARGUMENTS + 1;
		for (; *text >= '0' && *text <= '9'; text++)
			number = 10 * number + (uint64_t)(*text - '0');
		numbers[count++] = number;
	}
	return *text == '\0' ? count : ARGUMENTS + 1u;
}

static const char *name_of(int32_t status)
{
	static const char *const names[] = {"SUCCESS", "NOT_SUPPORTED", "INVALID_PARAMETERS", "DENIED", "NOT_FOUND",
		"OUT_OF_RANGE", "BUSY", "COMMS_ERROR", "GENERIC_ERROR", "HARDWARE_ERROR", "PROTOCOL_ERROR", "IN_USE"};
	static const char *const own[] = {"NO_SESSION", "NO_REPLY", "BAD_REPLY"};

	if (status > 0)
		return own[status - 1];
	return -status < (int32_t)(sizeof names / sizeof names[0]) ? names[-status] : "UNKNOWN";
}

/* Each answers with its word, the clock and, where there is one, a value. */
static int32_t do_rate(const uint64_t *n, uint64_t *value) { return get_rate((uint32_t)n[0], value); }

static int32_t do_set(const uint64_t *n, uint64_t *value)
{
	uint32_t clock = (uint32_t)n[0];
	int32_t status = call(CLOCK, RATE_SET, (uint32_t[]){ROUND_NEAREST, clock, (uint32_t)n[1], (uint32_t)(n[1] >> 32)}, 4);

	return status == 0 ? get_rate(clock, value) : status;
}

static int32_t do_parent(const uint64_t *n, uint64_t *value)
{
	uint32_t clock = (uint32_t)n[0];
	int32_t status = call(CLOCK, PARENT_SET, (uint32_t[]){clock, (uint32_t)n[1]}, 2);

	if (status == 0)
		status = ask(CLOCK, PARENT_GET, &clock, 1, 1);
	*value = reply.words[2];
	return status;
}

static int32_t do_enable(const uint64_t *n, uint64_t *value) { return (void)value, enable((uint32_t)n[0], true); }

static int32_t do_disable(const uint64_t *n, uint64_t *value) { return (void)value, enable((uint32_t)n[0], false); }

static int32_t do_subscribe(const uint64_t *n, uint64_t *value) { return (void)value, subscribe((uint32_t)n[0], true); }

static int32_t do_unsubscribe(const uint64_t *n, uint64_t *value)
{
	return (void)value, subscribe((uint32_t)n[0], false);
}

static int32_t do_clocks(const uint64_t *n, uint64_t *value)
{
	uint32_t count = 0;
	int32_t status = list_clocks(&count);

	(void)n;
	*value = count;
	return status;
}

static const struct {
	const char *word;
	unsigned numbers;
	bool has_value;
	int32_t (*run)(const uint64_t *numbers, uint64_t *value);
} commands[] = {
	{"clocks", 0, true, do_clocks}, {"rate", 1, true, do_rate}, {"set", 2, true, do_set},
	{"parent", 2, true, do_parent}, {"enable", 1, false, do_enable}, {"disable", 1, false, do_disable},
	{"subscribe", 1, false, do_subscribe}, {"unsubscribe", 1, false, do_unsubscribe},
};

static void run(const char *line)
{
	for (unsigned i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		uint64_t numbers[ARGUMENTS] = {0}, value = 0;
		if (!is_word(line, commands[i].word))
			continue;
		if (numbers_of(line, numbers) != commands[i].numbers)
			break;
		int32_t status = commands[i].run(numbers, &value);
		say(status == 0 ? "" : "error ");
		say(commands[i].word);
		if (status == 0 && commands[i].numbers > 0) {
			say(" ");
			say_number(numbers[0]);
		}
		if (status != 0 || commands[i].has_value)
			say(" ");
		if (status != 0)
			say(name_of(status));
		else if (commands[i].has_value)
			say_number(value);
		say("\n");
		return;
	}
	say("error: not a command, or not its numbers: ");
	say(line);
	say("\n");
}

static void read_console(void)
{
	static char line[LONGEST_LINE + 1];
	static size_t length;
	uint8_t byte;

	while (uart_receive(CONSOLE, &byte, 1) == 1) {
		if (byte != '\n' && byte != '\r') {
			line[length] = (char)byte;
			length += length < LONGEST_LINE;
		} else if (length > 0) {
			line[length] = '\0';
			length = 0;
			run(line);
		}
	}
}

static void say_events(void)
{
	for (uint32_t i = 0; i < event_count; i++) {
		say("event clock ");
		say_number(events[i].clock);
		say_line(" rate", events[i].words[0] | (uint64_t)events[i].words[1] << 32);
	}
	event_count = 0;
}

/* Start ------------------------------------------------------------------------------------------------------------ */

static bool start(void)
{
	struct scmi_serial_agent_config config = {.replied = replied, .told = told};

	time_start();
	config.nonce = nonce();
	if (clocks_start(NULL) == NULL)
		return false;
	RCC(RCC_CCIPR) |= USART2_FROM_HSI;
	RCC(RCC_AHB2ENR) |= GPIOA_ENABLE;
	RCC(RCC_APB1ENR1) |= USART2_ENABLE;
	(void)RCC(RCC_APB1ENR1); /* it takes two cycles until the registers behind a gate are there */
	uart_start(LINE, BAUD);
	uart_start(CONSOLE, BAUD);
	return scmi_serial_agent_init(&agent, &config, time_now());
}

int main(void)
{
	if (!start())
		return 1;
	say("scmi microcontroller\n");
	for (;;) {
		line_turn(take, next);
		watch_session();
		read_console();
		say_events();
	}
}
