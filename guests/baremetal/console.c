/* The command console. */
#include "console.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "agent.h"
#include "clocks.h"
#include "events.h"
#include "idle.h"
#include "load.h"
#include "psci.h"
#include "timer.h"
#include "uart.h"

#define LINE 1024
#define MAX_WORDS 4
#define MAX_PAYLOAD 448 /* as much as a line holds in hexadecimal */
#define MAX_VALUES 4096
#define RESTART_PATIENCE (60 * SECOND)

struct command {
    const char *name;
    const char *arguments; /* their names, for the error message */
    unsigned count;        /* all but those of `call`'s payload are required */
    void (*run)(char **words, const uint64_t *numbers);
};

static char line[LINE];
static unsigned length;
static bool echo;

static void fail(const char *command, int32_t status)
{
    print("error %s %s\n", command, agent_status_name(status));
}

/* Prints `command ID`, or the error. */
static void answer(const char *command, uint64_t clock, int32_t status)
{
    if (status == 0)
        print("%s %lu\n", command, clock);
    else
        fail(command, status);
}

static void answer_rate(const char *command, uint32_t clock, int32_t status)
{
    uint64_t hertz;

    if (status == 0)
        status = clocks_rate(clock, &hertz);
    if (status == 0)
        print("%s %u %lu\n", command, clock, hertz);
    else
        fail(command, status);
}

static int32_t print_clocks(void)
{
    struct clock_info info;
    uint32_t version, count, clock;
    int32_t status = clocks_discover(&version, &count);

    for (clock = 0; status == 0 && clock < count; clock++) {
        status = clocks_info(clock, &info);
        if (status == 0)
            print("clock %3u %-20s %12lu %s\n", clock, info.name, info.rate, info.enabled ? "on" : "off");
    }
    if (status == 0)
        print("clocks %u\n", count);
    return status;
}

static void run_clocks(char **words, const uint64_t *numbers)
{
    int32_t status = print_clocks();

    (void)words;
    (void)numbers;
    if (status != 0)
        fail("clocks", status);
}

static void run_rate(char **words, const uint64_t *numbers)
{
    answer_rate(words[0], (uint32_t)numbers[1], 0);
}

static void run_set(char **words, const uint64_t *numbers)
{
    answer_rate(words[0], (uint32_t)numbers[1], clocks_set_rate((uint32_t)numbers[1], numbers[2]));
}

static void run_enable(char **words, const uint64_t *numbers)
{
    answer(words[0], numbers[1], clocks_enable((uint32_t)numbers[1], true));
}

static void run_disable(char **words, const uint64_t *numbers)
{
    answer(words[0], numbers[1], clocks_enable((uint32_t)numbers[1], false));
}

static void run_subscribe(char **words, const uint64_t *numbers)
{
    answer(words[0], numbers[1], clocks_notify_rate((uint32_t)numbers[1], true));
}

static void run_unsubscribe(char **words, const uint64_t *numbers)
{
    answer(words[0], numbers[1], clocks_notify_rate((uint32_t)numbers[1], false));
}

static void run_events(char **words, const uint64_t *numbers)
{
    (void)words;
    (void)numbers;
    events_print();
}

static int digit_of(char character)
{
    if (character >= '0' && character <= '9')
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    if (character >= 'A' && character <= 'F')
        return character - 'A' + 10;
    return 16;
}

/* Bytes from pairs of hexadecimal digits; their number, or -1. */
static int read_hex(const char *text, uint8_t *bytes)
{
    int count = 0;

    for (; text[0]; text += 2) {
        if (count == MAX_PAYLOAD || digit_of(text[0]) > 15 || digit_of(text[1]) > 15)
            return -1;
        bytes[count++] = (uint8_t)(digit_of(text[0]) << 4 | digit_of(text[1]));
    }
    return count;
}

static void run_call(char **words, const uint64_t *numbers)
{
    static uint8_t payload[MAX_PAYLOAD], values[MAX_VALUES];
    int bytes = words[3] ? read_hex(words[3], payload) : 0;
    uint32_t got, i;
    int32_t status;

    if (bytes < 0 || numbers[1] > 0xff || numbers[2] > 0xff) {
        print("error call is not of two numbers up to 255 and pairs of hexadecimal digits\n");
        return;
    }
    status = agent_call((uint8_t)numbers[1], (uint8_t)numbers[2], payload, (uint32_t)bytes, values, sizeof(values),
                        &got);
    if (scmi_ring_error_name(status)) {
        fail("call", status);
        return;
    }
    print("reply %d", status);
    for (i = 0; i < got && i < sizeof(values); i++)
        print(i == 0 ? " %02x" : "%02x", values[i]);
    print("\n");
}

static void run_load(char **words, const uint64_t *numbers)
{
    (void)words;
    load_run((uint32_t)numbers[1], numbers[2] > 0 ? (uint32_t)numbers[2] : 1);
}

static void run_stats(char **words, const uint64_t *numbers)
{
    struct agent_counters counters = agent_counters();

    (void)words;
    (void)numbers;
    print("stats interrupts %u doorbells %u sessions %u late %u dropped %u\n", counters.interrupts, counters.doorbells,
          counters.sessions, counters.late, counters.dropped);
}

/* Whether the session after number `before` has come and has all that the old one had. */
static bool is_restarted(uint32_t before)
{
    return clocks_turn() && agent_sessions() != before;
}

static void run_restart(char **words, const uint64_t *numbers)
{
    uint32_t before = agent_sessions();
    uint64_t begun = timer_now();

    (void)numbers;
    agent_restart();
    idle_active();
    while (!is_restarted(before)) {
        if (timer_now() - begun >= RESTART_PATIENCE) {
            fail(words[0], SCMI_RING_NO_SESSION);
            return;
        }
        if (!agent_turn())
            idle(idle_longest());
    }
    print("restart %u\n", agent_sessions());
}

static void run_off(char **words, const uint64_t *numbers)
{
    (void)numbers;
    agent_stop();
    print("%s\n", words[0]);
    psci_off();
}

static void run_reset(char **words, const uint64_t *numbers)
{
    (void)numbers;
    print("%s\n", words[0]);
    psci_reset();
}

static void run_echo(char **words, const uint64_t *numbers)
{
    echo = numbers[1] != 0;
    print("%s %u\n", words[0], echo);
}

static void run_help(char **words, const uint64_t *numbers);

static const struct command commands[] = {
    { "clocks", "", 0, run_clocks },
    { "rate", "ID", 1, run_rate },
    { "set", "ID HZ", 2, run_set },
    { "enable", "ID", 1, run_enable },
    { "disable", "ID", 1, run_disable },
    { "subscribe", "ID", 1, run_subscribe },
    { "unsubscribe", "ID", 1, run_unsubscribe },
    { "events", "", 0, run_events },
    { "call", "PROTOCOL MESSAGE [HEX]", 2, run_call },
    { "load", "COUNT DEPTH", 2, run_load },
    { "stats", "", 0, run_stats },
    { "restart", "", 0, run_restart },
    { "reset", "", 0, run_reset },
    { "off", "", 0, run_off },
    { "echo", "0|1", 1, run_echo },
    { "help", "", 0, run_help },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void run_help(char **words, const uint64_t *numbers)
{
    size_t i;

    (void)numbers;
    for (i = 0; i < COMMANDS; i++)
        print("usage %s %s\n", commands[i].name, commands[i].arguments);
    print("%s %u\n", words[0], (unsigned)COMMANDS);
}

/* Cuts the line at blanks: the first words, NULL for those that are missing, and how many there are in all. */
static unsigned split(char *text, char *words[MAX_WORDS])
{
    unsigned count = 0;

    memset(words, 0, MAX_WORDS * sizeof(words[0]));
    for (;;) {
        while (*text == ' ')
            *text++ = '\0';
        if (!*text)
            return count;
        if (count < MAX_WORDS)
            words[count] = text;
        count++;
        while (*text && *text != ' ')
            text++;
    }
}

/* Decimal, or hexadecimal after 0x. */
static bool read_number(const char *text, uint64_t *value)
{
    unsigned base = 10, digit;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    *value = 0;
    do {
        digit = (unsigned)digit_of(*text);
        if (digit >= base || *value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    } while (*++text);
    return true;
}

/* All commands but `call` take numbers only, and as many as they have names. */
static bool fits(const struct command *command, char *words[MAX_WORDS], unsigned count, uint64_t numbers[MAX_WORDS])
{
    unsigned i, most = command->run == run_call ? command->count + 1 : command->count;

    if (count - 1 < command->count || count - 1 > most)
        return false;
    for (i = 1; i <= command->count; i++) {
        if (!read_number(words[i], &numbers[i]))
            return false;
    }
    return true;
}

static void run_line(char *text)
{
    uint64_t numbers[MAX_WORDS] = { 0 };
    char *words[MAX_WORDS];
    unsigned count = split(text, words);
    size_t i;

    if (count == 0)
        return;
    for (i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, words[0]) != 0)
            continue;
        if (fits(&commands[i], words, count, numbers))
            commands[i].run(words, numbers);
        else
            print("error usage: %s %s\n", commands[i].name, commands[i].arguments);
        return;
    }
    print("error unknown command %s; see help\n", words[0]);
}

/* A line that is too long is refused as a whole: its end is thrown away, and what is left is no command. */
static void take_character(char character)
{
    if ((character == '\b' || character == 0x7f) && length > 0) {
        length--;
        if (echo)
            print("\b \b");
    } else if (character >= ' ' && character <= '~') {
        if (echo)
            uart_put(character);
        if (length < LINE)
            line[length++] = character;
    }
}

bool console_turn(void)
{
    int character;

    while ((character = uart_take()) >= 0) {
        if (character != '\n' && character != '\r') {
            take_character((char)character);
            continue;
        }
        if (echo)
            print("\n");
        if (length == LINE) {
            print("error line too long\n");
        } else {
            line[length] = '\0';
            run_line(line);
        }
        length = 0;
        return true;
    }
    return false;
}

bool console_greet(void)
{
    char vendor[CLOCKS_SHORT_NAME], agent[CLOCKS_SHORT_NAME];
    uint32_t id;
    int32_t status = base_vendor(vendor);

    if (status == 0)
        status = base_agent(&id, agent);
    if (status == 0) {
        print("vendor %s\n", vendor);
        print("agent %u %s\n", id, agent);
        status = print_clocks();
    }
    if (status != 0) {
        fail("discovery", status);
        return false;
    }
    print("ready\n");
    return true;
}
