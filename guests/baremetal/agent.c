/* This machine as an SCMI agent: the portable driver, and what it needs of this machine. */
#include "agent.h"

#include <stddef.h>

#include "events.h"
#include "idle.h"
#include "timer.h"
#include "uart.h"

#define TIMEOUT (5 * SECOND)
#define LONGEST_IN_CALL_POLLED MILLISECOND

static const struct link *way;
static struct scmi_ring ring;
static struct agent_counters counters;
static int32_t trouble;

/* Interrupts that had come when the last session ended. */
static uint32_t interrupts_before;

/* Rings and buffers for the trapped flavour, where they lie in our own memory. */
static _Alignas(4096) char own_memory[SCMI_RING_TRAPPED_SIZE];

static uint64_t now(void *unused)
{
    (void)unused;
    return timer_now();
}

/*
 * Whether to sleep until an interrupt. Not while a session is set up. After that a service with doorbells has rung:
 * if nothing came, the doorbells' other end has died with an earlier service, and only looking helps.
 */
static bool interrupted(void)
{
    if (!way->interrupts || !scmi_ring_is_up(&ring))
        return false;
    return way->flavour == SCMI_RING_TRAPPED || counters.interrupts != interrupts_before;
}

static void relax(void *unused)
{
    (void)unused;
    idle_interrupted(interrupted());
    idle(interrupted() ? SECOND : LONGEST_IN_CALL_POLLED);
}

static void kick(void *unused, unsigned queue)
{
    (void)unused;
    counters.doorbells++;
    ivshmem_ring(&way->ivshmem, queue);
}

static void event(void *unused, uint32_t header, const void *payload, uint32_t length)
{
    (void)unused;
    events_take(header, payload, length);
}

static void session(void *unused, bool up)
{
    (void)unused;
    if (up)
        trouble = 0;
    else
        interrupts_before = counters.interrupts;
    print("session %s\n", up ? "new" : "lost");
}

void agent_interrupt(void *unused)
{
    (void)unused;
    counters.interrupts++;
    if (way && way->flavour == SCMI_RING_TRAPPED)
        scmi_ring_acknowledge(&ring);
}

bool agent_start(const struct link *link)
{
    static struct scmi_ring_hooks hooks = { .now = now, .relax = relax, .event = event, .session = session };
    struct scmi_ring_config config = { .flavour = link->flavour, .hooks = &hooks };

    if (link->flavour == SCMI_RING_TRAPPED) {
        config.memory = own_memory;
        config.size = sizeof(own_memory);
        config.guest_address = (uintptr_t)own_memory;
        config.registers = (volatile void *)link->registers;
    } else {
        /* An ivshmem BAR has no fixed place, so that addresses in the window count from its start. */
        config.memory = link->memory;
        config.size = link->bytes;
        if (link->interrupts)
            hooks.kick = kick;
    }
    if (scmi_ring_init(&ring, &config) != 0)
        return false;
    way = link;
    print("session awaited\n");
    scmi_ring_begin(&ring);
    return true;
}

bool agent_turn(void)
{
    int32_t result;

    if (!way)
        return false;
    result = scmi_ring_poll(&ring);
    idle_interrupted(interrupted());
    if (result < 0) {
        if (result != trouble && result != SCMI_RING_NO_SESSION)
            print("session none %s\n", agent_status_name(result));
        trouble = result;
        return false;
    }
    if (result > 0)
        idle_active();
    return result > 0;
}

uint32_t agent_sessions(void)
{
    return ring.sessions;
}

bool agent_is_up(void)
{
    return way && scmi_ring_is_up(&ring);
}

void agent_restart(void)
{
    if (way)
        scmi_ring_begin(&ring);
}

void agent_stop(void)
{
    if (way)
        scmi_ring_end(&ring);
}

int32_t agent_call(uint8_t protocol, uint8_t message, const void *payload, uint32_t length, void *values,
                   uint32_t capacity, uint32_t *got)
{
    uint32_t count = 0;
    int32_t status;

    if (!way)
        return SCMI_RING_NO_SESSION;
    idle_active();
    status = scmi_ring_call(&ring, protocol, message, payload, length, values, capacity, &count, TIMEOUT);
    idle_active();
    if (got)
        *got = count;
    return status;
}

int32_t agent_send(uint8_t protocol, uint8_t message, const void *payload, uint32_t length, scmi_ring_done *done,
                   void *tag)
{
    int32_t result;

    if (!way)
        return SCMI_RING_NO_SESSION;
    result = scmi_ring_send(&ring, protocol, message, payload, length, TIMEOUT, done, tag);
    if (result >= 0)
        idle_active();
    return result;
}

struct agent_counters agent_counters(void)
{
    counters.sessions = ring.sessions;
    counters.late = ring.late;
    counters.dropped = ring.dropped;
    return counters;
}

const char *agent_status_name(int32_t status)
{
    static const char *const names[] = {
        "SUCCESS", "NOT_SUPPORTED", "INVALID_PARAMETERS", "DENIED", "NOT_FOUND", "OUT_OF_RANGE", "BUSY", "COMMS_ERROR",
        "GENERIC_ERROR", "HARDWARE_ERROR", "PROTOCOL_ERROR", "IN_USE",
    };
    const char *name = scmi_ring_error_name(status);

    if (name)
        return name;
    if (status <= 0 && -status < (int32_t)(sizeof(names) / sizeof(names[0])))
        return names[-status];
    return "UNKNOWN";
}
