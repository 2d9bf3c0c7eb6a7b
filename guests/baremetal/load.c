/* Many messages at once: CLOCK_ATTRIBUTES of one clock after the other, whose name is known. */
#include "load.h"

#include <stddef.h>
#include <string.h>

#include "agent.h"
#include "clocks.h"
#include "idle.h"
#include "timer.h"
#include "uart.h"

#define CLOCK_ATTRIBUTES 0x3
#define NAME_OFFSET 4
#define NOT_FOUND (-4) /* SCMI's */
#define CLOCKS_USED 64
#define PATIENCE (60 * SECOND)

static struct {
    uint32_t sent, in_flight, ok, wrong, timeout, restarted;
} load;

static char names[CLOCKS_USED][CLOCKS_SHORT_NAME];
static uint32_t clock_count;

/* Learns the names as CLOCK_ATTRIBUTES tells them, which may be the first 15 characters only. */
static int32_t learn_names(void)
{
    struct { uint32_t attributes; char name[CLOCKS_SHORT_NAME]; uint32_t enable_delay; } reply;
    uint32_t version, count, clock;
    int32_t status = clocks_discover(&version, &count);

    if (status != 0)
        return status;
    clock_count = count < CLOCKS_USED ? count : CLOCKS_USED;
    for (clock = 0; clock < clock_count; clock++) {
        status = agent_call(PROTOCOL_CLOCK, CLOCK_ATTRIBUTES, &clock, sizeof(clock), &reply, sizeof(reply), NULL);
        if (status != 0)
            return status;
        memcpy(names[clock], reply.name, CLOCKS_SHORT_NAME);
    }
    return clock_count == 0 ? NOT_FOUND : 0;
}

static void done(void *tag, const struct scmi_ring_reply *reply)
{
    const char *name = (const char *)reply->values + NAME_OFFSET;

    load.in_flight--;
    if (reply->status == SCMI_RING_TIMEOUT)
        load.timeout++;
    else if (reply->status == SCMI_RING_RESTARTED)
        load.restarted++;
    else if (reply->status == 0 && reply->length >= NAME_OFFSET + CLOCKS_SHORT_NAME
             && memcmp(name, tag, CLOCKS_SHORT_NAME) == 0)
        load.ok++;
    else
        load.wrong++;
}

static bool send_one(void)
{
    uint32_t clock = load.sent % clock_count;

    if (agent_send(PROTOCOL_CLOCK, CLOCK_ATTRIBUTES, &clock, sizeof(clock), done, names[clock]) < 0)
        return false;
    load.sent++;
    load.in_flight++;
    return true;
}

/* One turn; true if something was done. */
static bool turn(uint32_t count, uint32_t depth)
{
    uint32_t before = load.sent;

    while (load.sent < count && load.in_flight < depth && send_one())
        ;
    clocks_turn();
    return agent_turn() || load.sent != before;
}

void load_run(uint32_t count, uint32_t depth)
{
    uint64_t begun, active;
    int32_t status = learn_names();

    if (status != 0) {
        print("error load %s\n", agent_status_name(status));
        return;
    }
    memset(&load, 0, sizeof(load));
    begun = active = timer_now();
    while (load.in_flight > 0 || (load.sent < count && timer_now() - active < PATIENCE)) {
        if (turn(count, depth))
            active = timer_now();
        else
            idle(idle_longest());
    }
    print("load sent %u ok %u wrong %u timeout %u restarted %u us %lu\n", load.sent, load.ok, load.wrong, load.timeout,
          load.restarted, (timer_now() - begun) / MICROSECOND);
}
