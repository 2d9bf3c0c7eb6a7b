/* What the window's transport offers to a program beside the SCMI subsystem: events, and news of its sessions. */
#ifndef SCMID_SCMI_WINDOW_H
#define SCMID_SCMI_WINDOW_H

#include <stdbool.h>
#include <stdint.h>
#include <zephyr/device.h>

/*
 * What the service sends by itself. Zephyr's SCMI subsystem has a receive path since mid-2026, and a protocol's driver gets
 * there what it takes; a program gets everything here. The functions are called on the system work queue or in the thread
 * that happens to wait for a reply, never in an interrupt. SCMI calls within them end with -EBUSY: submit work for that.
 */
struct scmi_window_listener {
	/* A notification or a delayed response: its SCMI header, and the payload behind it, which begins with the
	 * int32_t status in a delayed response. A copy, valid until the function returns. NULL: dropped. */
	void (*event)(void *context, uint32_t header, const void *payload, uint32_t length);
	/* A session is up, and it is new: what this guest had set and subscribed through earlier ones is forgotten, set
	 * again what you need. Drivers that had no service when they started are ready by now. Or it is down: calls fail
	 * until there is a service. NULL: not told. */
	void (*session)(void *context, bool up);
	void *context;
};

/* Sets the listener of the transport `window`, or takes it away with NULL. It must stay until then. Call it from a
 * thread; it waits for a call in flight. */
void scmi_window_listen(const struct device *window, const struct scmi_window_listener *listener);

#endif
