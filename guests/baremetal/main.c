/* The bare-metal guest: an SCMI agent without an operating system. */
#include <stdbool.h>

#include "agent.h"
#include "clocks.h"
#include "console.h"
#include "idle.h"
#include "link.h"
#include "machine.h"
#include "timer.h"
#include "uart.h"

#define LINK_PATIENCE (60 * SECOND)

static void start_agent(void)
{
    const struct link *link = link_find(LINK_PATIENCE, agent_interrupt);

    if (!link)
        machine_stop("no window of an SCMI service in an ivshmem device, and no virtio-mmio slot with an SCMI device");
    print("link %s %s\n", link_name(link), link->interrupts ? "interrupts" : "polled");
    if (!agent_start(link))
        machine_stop("the window is too small");
}

void main(uintptr_t device_tree)
{
    bool greeted = false, busy;

    machine_start(device_tree, "scmi bare-metal guest");
    start_agent();
    for (;;) {
        busy = agent_turn();
        clocks_turn();
        if (!greeted && agent_is_up())
            greeted = console_greet();
        if (!console_turn() && !busy)
            idle(idle_longest());
    }
}
