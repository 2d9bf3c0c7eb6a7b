/* SCMI's Base and Clock protocols. */
#include "clocks.h"

#include <stddef.h>
#include <string.h>

#include "agent.h"
#include "uart.h"

#define PROTOCOL_VERSION 0x0
#define PROTOCOL_ATTRIBUTES 0x1

#define BASE_DISCOVER_VENDOR 0x3
#define BASE_DISCOVER_AGENT 0x7
#define THIS_AGENT 0xffffffffu

#define CLOCK_ATTRIBUTES 0x3
#define CLOCK_RATE_SET 0x5
#define CLOCK_RATE_GET 0x6
#define CLOCK_CONFIG_SET 0x7
#define CLOCK_NAME_GET 0x8
#define CLOCK_RATE_NOTIFY 0x9

#define CLOCK_3_0 0x30000u /* CLOCK_CONFIG_SET has three words */
#define ENABLED (1u << 0)
#define EXTENDED_NAME (1u << 29)

#define READ_ATTEMPTS 3

static uint32_t clock_version;

/* What was set by command and is to outlive a session. */
static bool enabled[CLOCKS_MAX], notified[CLOCKS_MAX];

/* Doing it again: how far it is in the session with this number. */
static struct {
    uint32_t session, next, in_flight, done, failed;
    bool finished;
} renewal;

/* A command that changes nothing is repeated where a session ended under it. Fewer than `least` bytes are an error. */
static int32_t read_values(uint8_t protocol, uint8_t message, const void *payload, uint32_t length, void *values,
                           uint32_t capacity, uint32_t least)
{
    int32_t status = 0;
    uint32_t got = 0;
    unsigned i;

    for (i = 0; i < READ_ATTEMPTS; i++) {
        status = agent_call(protocol, message, payload, length, values, capacity, &got);
        if (status != SCMI_RING_RESTARTED)
            break;
    }
    return status == 0 && got < least ? SCMI_RING_BAD_REPLY : status;
}

static int32_t write_values(uint8_t message, const void *payload, uint32_t length)
{
    return agent_call(PROTOCOL_CLOCK, message, payload, length, NULL, 0, NULL);
}

/* A name as it comes is cut at its NUL, or at its end; what would disturb a console is replaced. */
static void copy_name(char *to, const char *from, size_t bytes)
{
    size_t i;

    for (i = 0; i + 1 < bytes && from[i]; i++)
        to[i] = from[i] > ' ' && from[i] <= '~' ? from[i] : '_';
    to[i] = '\0';
}

int32_t base_vendor(char vendor[CLOCKS_SHORT_NAME])
{
    char name[CLOCKS_SHORT_NAME];
    int32_t status = read_values(PROTOCOL_BASE, BASE_DISCOVER_VENDOR, NULL, 0, name, sizeof(name), sizeof(name));

    if (status == 0)
        copy_name(vendor, name, sizeof(name));
    return status;
}

int32_t base_agent(uint32_t *id, char name[CLOCKS_SHORT_NAME])
{
    struct { uint32_t id; char name[CLOCKS_SHORT_NAME]; } reply;
    uint32_t agent = THIS_AGENT;
    int32_t status = read_values(PROTOCOL_BASE, BASE_DISCOVER_AGENT, &agent, sizeof(agent), &reply, sizeof(reply),
                                 sizeof(reply));

    if (status == 0) {
        *id = reply.id;
        copy_name(name, reply.name, sizeof(reply.name));
    }
    return status;
}

int32_t clocks_discover(uint32_t *version, uint32_t *count)
{
    uint32_t attributes = 0;
    int32_t status = read_values(PROTOCOL_CLOCK, PROTOCOL_VERSION, NULL, 0, version, sizeof(*version),
                                 sizeof(*version));

    if (status != 0)
        return status;
    clock_version = *version;
    status = read_values(PROTOCOL_CLOCK, PROTOCOL_ATTRIBUTES, NULL, 0, &attributes, sizeof(attributes),
                         sizeof(attributes));
    *count = attributes & 0xffff;
    return status;
}

int32_t clocks_info(uint32_t clock, struct clock_info *info)
{
    struct { uint32_t attributes; char name[CLOCKS_SHORT_NAME]; uint32_t enable_delay; } reply;
    struct { uint32_t flags; char name[CLOCKS_NAME]; } extended;
    /* Version 1.0 has no delay. */
    int32_t status = read_values(PROTOCOL_CLOCK, CLOCK_ATTRIBUTES, &clock, sizeof(clock), &reply, sizeof(reply),
                                 offsetof(__typeof__(reply), enable_delay));

    if (status != 0)
        return status;
    info->enabled = reply.attributes & ENABLED;
    copy_name(info->name, reply.name, sizeof(reply.name));
    if (reply.attributes & EXTENDED_NAME) {
        status = read_values(PROTOCOL_CLOCK, CLOCK_NAME_GET, &clock, sizeof(clock), &extended, sizeof(extended),
                             sizeof(extended));
        if (status != 0)
            return status;
        copy_name(info->name, extended.name, sizeof(extended.name));
    }
    return clocks_rate(clock, &info->rate);
}

int32_t clocks_rate(uint32_t clock, uint64_t *hertz)
{
    uint32_t words[2];
    int32_t status = read_values(PROTOCOL_CLOCK, CLOCK_RATE_GET, &clock, sizeof(clock), words, sizeof(words),
                                 sizeof(words));

    if (status == 0)
        *hertz = (uint64_t)words[1] << 32 | words[0];
    return status;
}

int32_t clocks_set_rate(uint32_t clock, uint64_t hertz)
{
    uint32_t words[] = { 0, clock, (uint32_t)hertz, (uint32_t)(hertz >> 32) };

    return write_values(CLOCK_RATE_SET, words, sizeof(words));
}

/* The words of CLOCK_CONFIG_SET in the version that the service speaks, and their bytes. */
static uint32_t config_words(uint32_t words[3], uint32_t clock, bool enable)
{
    words[0] = clock;
    words[1] = enable;
    words[2] = 0;
    return clock_version >= CLOCK_3_0 ? 12 : 8;
}

int32_t clocks_enable(uint32_t clock, bool enable)
{
    uint32_t words[3], length = config_words(words, clock, enable);
    int32_t status = write_values(CLOCK_CONFIG_SET, words, length);

    if (status == 0 && clock < CLOCKS_MAX)
        enabled[clock] = enable;
    return status;
}

int32_t clocks_notify_rate(uint32_t clock, bool notify)
{
    uint32_t words[] = { clock, notify };
    int32_t status = write_values(CLOCK_RATE_NOTIFY, words, sizeof(words));

    if (status == 0 && clock < CLOCKS_MAX)
        notified[clock] = notify;
    return status;
}

static void renewed(void *unused, const struct scmi_ring_reply *reply)
{
    (void)unused;
    renewal.in_flight--;
    if (reply->status == 0)
        renewal.done++;
    else
        renewal.failed++;
}

/* Sends the setting at `position`: a subscription at an even one, a vote at an odd one. False: no room now. */
static bool renew(uint32_t position)
{
    uint32_t clock = position / 2, words[3] = { clock, 1 }, length = 8;
    bool vote = position % 2;

    if (!(vote ? enabled : notified)[clock])
        return true;
    if (vote)
        length = config_words(words, clock, true);
    if (agent_send(PROTOCOL_CLOCK, vote ? CLOCK_CONFIG_SET : CLOCK_RATE_NOTIFY, words, length, renewed, NULL) < 0)
        return false;
    renewal.in_flight++;
    return true;
}

bool clocks_turn(void)
{
    if (renewal.session != agent_sessions()) {
        /* What was still in flight has ended with the session before. */
        memset(&renewal, 0, sizeof(renewal));
        renewal.session = agent_sessions();
    }
    if (!agent_is_up())
        return false;
    if (renewal.finished)
        return true;
    while (renewal.next < 2 * CLOCKS_MAX && renew(renewal.next))
        renewal.next++;
    renewal.finished = renewal.next == 2 * CLOCKS_MAX && renewal.in_flight == 0;
    if (renewal.finished && renewal.done + renewal.failed > 0)
        print("session restored %u failed %u\n", renewal.done, renewal.failed);
    return renewal.finished;
}
