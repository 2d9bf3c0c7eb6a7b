/* Notifications and delayed responses, as lines on the console. */
#include "events.h"

#include <stdbool.h>
#include <string.h>

#include "agent.h"
#include "uart.h"

#define KEPT 32
#define LONGEST 64 /* bytes of a payload that are kept */

#define CLOCK_RATE_CHANGED 0x0

struct event {
    uint32_t header, length;
    uint8_t payload[LONGEST];
};

/* Payload of CLOCK_RATE_CHANGED. */
struct rate_changed {
    uint32_t agent, clock, rate_low, rate_high;
};

static struct event kept[KEPT];
static uint32_t taken;

static bool is_rate_changed(const struct event *event)
{
    return SCMI_RING_TYPE(event->header) == SCMI_RING_TYPE_NOTIFICATION
        && SCMI_RING_PROTOCOL(event->header) == PROTOCOL_CLOCK
        && SCMI_RING_MESSAGE_ID(event->header) == CLOCK_RATE_CHANGED
        && event->length == sizeof(struct rate_changed);
}

/* "event clock ID rate HZ", or in general "event|delayed PROTOCOL MESSAGE TOKEN HEX". */
static void print_event(const char *first, const struct event *event)
{
    bool delayed = SCMI_RING_TYPE(event->header) == SCMI_RING_TYPE_DELAYED;
    struct rate_changed change;
    uint32_t i;

    if (is_rate_changed(event)) {
        memcpy(&change, event->payload, sizeof(change));
        print("%sevent clock %u rate %lu\n", first, change.clock, (uint64_t)change.rate_high << 32 | change.rate_low);
        return;
    }
    print("%s%s 0x%x 0x%x %u ", first, delayed ? "delayed" : "event", SCMI_RING_PROTOCOL(event->header),
          SCMI_RING_MESSAGE_ID(event->header), SCMI_RING_TOKEN(event->header));
    for (i = 0; i < event->length; i++)
        print("%02x", event->payload[i]);
    print("\n");
}

void events_take(uint32_t header, const void *payload, uint32_t length)
{
    struct event *event = &kept[taken++ % KEPT];

    event->header = header;
    event->length = length < LONGEST ? length : LONGEST;
    memcpy(event->payload, payload, event->length);
    print_event("", event);
}

void events_print(void)
{
    uint32_t i = taken > KEPT ? taken - KEPT : 0;

    for (; i < taken; i++)
        print_event("past ", &kept[i % KEPT]);
    print("events %u\n", taken);
}
