/* What the tests move: the fake kernel's time, its work queue, and the fake subsystem's drivers. */
#ifndef FAKE_H
#define FAKE_H

#include "fake-zephyr.h"
#include <zephyr/drivers/firmware/scmi/protocol.h>

enum { FAKE_INIT_ENTRIES = 3 };

/* In microseconds; each look at it is one more, and a turn of the world. */
extern uint64_t fake_time;
extern void (*fake_world)(void);
extern bool fake_pre_kernel;
/* How many threads wait for a lock for good. */
extern _Atomic int fake_waiting;
/* Whether the ivshmem device is there. */
extern bool fake_on_the_bus;

/* The devices before the kernel, in their order, then what needs a kernel. */
void fake_boot(void);
/* What the system work queue has now, whatever its delay. */
void fake_run_work(void);

extern struct scmi_protocol fake_power, fake_clock;
/* The subsystem's complaints of events that nobody takes, and what the clock driver has read in its callback. */
extern uint32_t fake_complaints, fake_events, fake_event_length, fake_event_words[8];

/* By the subsystem's own function, whichever it has. */
int fake_send(struct scmi_protocol *protocol, struct scmi_message *message, struct scmi_message *reply);

#endif
