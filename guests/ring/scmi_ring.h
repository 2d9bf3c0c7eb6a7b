/* The SCMI agent's driver for a window of shared memory or a virtio-mmio device: its whole API. */
#ifndef SCMI_RING_H
#define SCMI_RING_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Three flavours, one ring:
 *
 *   SCMI_RING_MMIO     a window with the virtio-mmio ring: passive registers, control block, write transactions
 *   SCMI_RING_FAT      a window with the fat virtqueue: fixed geometry, nothing to negotiate
 *   SCMI_RING_TRAPPED  a virtio-mmio device (version 2, device ID 32) whose registers the hypervisor traps
 *
 * Use: scmi_ring_init once, scmi_ring_begin, then scmi_ring_poll again and again; in between scmi_ring_send, or
 * scmi_ring_call, which does both and waits. No function but scmi_ring_call waits, none allocates, each is bounded.
 * A ring belongs to one thread at a time: with several, the caller holds a lock around each function.
 * Callbacks run inside scmi_ring_poll, scmi_ring_call, scmi_ring_begin and scmi_ring_end. They may call scmi_ring_send;
 * scmi_ring_poll and scmi_ring_call do nothing there (0 and SCMI_RING_BUSY), scmi_ring_begin and scmi_ring_end are
 * not allowed.
 *
 * Integers in messages are little-endian, and so must the processor be.
 */

/* The longest message, header included, that is taken in: 4096 is the most there is in any layout. A small system
 * sets less, for all its files; a longer reply then ends with SCMI_RING_TOO_LONG, a longer event is dropped. */
#ifndef SCMI_RING_MESSAGE_MAX
#define SCMI_RING_MESSAGE_MAX 4096
#endif

/* The most commands in flight, 1 to 128. The ring may have room for fewer: half its entries. */
#ifndef SCMI_RING_REQUESTS
#define SCMI_RING_REQUESTS 32
#endif

/* Results of the driver. SCMI's statuses are 0 (success) and -1 to -11, or below -127 by vendor; a status that looks
 * like one of these ends as SCMI_RING_BAD_REPLY. */
enum {
	SCMI_RING_TIMEOUT = -10001,     /* no reply in time; whether the command was executed is not known */
	SCMI_RING_RESTARTED = -10002,   /* the session ended under the command; whether it was executed is not known */
	SCMI_RING_BAD_REPLY = -10003,   /* an answer that is none: too short, or to another message */
	SCMI_RING_TOO_LONG = -10004,    /* the command does not fit its buffer (not sent), or the reply does not (executed) */
	SCMI_RING_BUSY = -10005,        /* not sent: all slots are taken, or called from a callback */
	SCMI_RING_NO_SESSION = -10006,  /* not sent: no server, or the session is being set up */
	SCMI_RING_NO_DEVICE = -10007,   /* no session: a window of the other layout, another version or device ID */
	SCMI_RING_NO_FEATURES = -10008, /* no session: the device lacks VERSION_1, a queue, or refused the features */
	SCMI_RING_BAD_GEOMETRY = -10009,/* no session: the fat virtqueue's geometry is not legal, or not inside the window */
	SCMI_RING_BAD_RING = -10010,    /* no session: the server's used ring was impossible, or it says state 2 (broken) */
	SCMI_RING_BAD_CONFIG = -10011   /* from scmi_ring_init: not aligned, too small, or a function is missing */
};

/* "TIMEOUT" and so on for a result of the driver, NULL for any other number. */
const char *scmi_ring_error_name(int32_t result);

enum scmi_ring_flavour { SCMI_RING_MMIO, SCMI_RING_FAT, SCMI_RING_TRAPPED };

/* SCMI's message header: what an event is, and which command a delayed response belongs to. */
#define SCMI_RING_MESSAGE_ID(header) ((header) & 0xffu)
#define SCMI_RING_TYPE(header) ((header) >> 8 & 3u)
#define SCMI_RING_PROTOCOL(header) ((header) >> 10 & 0xffu)
#define SCMI_RING_TOKEN(header) ((header) >> 18 & 0x3ffu)
enum { SCMI_RING_TYPE_COMMAND = 0, SCMI_RING_TYPE_DELAYED = 2, SCMI_RING_TYPE_NOTIFICATION = 3 };

/* What the caller supplies. All get the context of the configuration. */
struct scmi_ring_hooks {
	/* A monotonic clock in nanoseconds. Required. */
	uint64_t (*now)(void *context);
	/* A short pause while scmi_ring_call waits: nothing, a yield, or a sleep until the next doorbell or tick, but not
	 * longer than about a millisecond without doorbells and a second with. NULL: spin. */
	void (*relax)(void *context);
	/* Rings the server's doorbell for a queue (0 or 1); stores to normal memory are ordered before this call. NULL:
	 * the server polls. Not used by SCMI_RING_TRAPPED, which has QueueNotify. */
	void (*kick)(void *context, unsigned queue);
	/* A notification, or a delayed response (SCMI_RING_TYPE): the payload behind the header, which begins with the
	 * i32 status in a delayed response. A private copy, valid until the callback returns. NULL: dropped. */
	void (*event)(void *context, uint32_t header, const void *payload, uint32_t length);
	/* The session is up, and new: votes, subscriptions and negotiated versions of earlier ones are gone, set again
	 * what you need. Or it is down: what was in flight has ended with SCMI_RING_RESTARTED. NULL: not told. */
	void (*session)(void *context, bool up);
};

struct scmi_ring_config {
	enum scmi_ring_flavour flavour;
	/* The window as this program sees it; trapped: RAM of the guest for rings and buffers. Aligned to 64 bytes; it
	 * must be normal memory, of the same shareability and cacheability on both sides. */
	void *memory;
	/* Its size in bytes. Windows: what both sides' configuration says. The least is 0x1000 plus 1 KiB or so for the
	 * mmio ring, and as much as its geometry says for the fat virtqueue; SCMI_RING_TRAPPED_SIZE suits the defaults. */
	uint32_t size;
	/* What the guest-physical address of `memory` is to the server: its configuration's guest-address (0 with
	 * ivshmem). Trapped: the guest-physical address of the RAM. A multiple of 64. */
	uint64_t guest_address;
	/* SCMI_RING_TRAPPED: the device's registers, mapped as device memory. Else NULL. */
	volatile void *registers;
	/* The ring of SCMI_RING_MMIO and SCMI_RING_TRAPPED; the fat virtqueue's comes from the server. Entries: a power of
	 * two from 2 to 64, 0 means 64; fewer are taken if there is no room. Bytes of one buffer, header included: a
	 * multiple of 64 from 128 to SCMI_RING_MESSAGE_MAX, 0 means 192. */
	uint32_t entries;
	uint32_t buffer_size;
	const struct scmi_ring_hooks *hooks;
	void *context;
};

/* RAM for SCMI_RING_TRAPPED with 64 entries and buffers of 192 bytes. */
#define SCMI_RING_TRAPPED_SIZE 0x7000u

/* The answer to a command. */
struct scmi_ring_reply {
	int32_t status;     /* SCMI's status, or a result of the driver (TIMEOUT, RESTARTED, BAD_REPLY, TOO_LONG) */
	uint32_t header;    /* of the command, with its token */
	const void *values; /* the return values behind the status; a private copy, valid until the callback returns */
	uint32_t length;    /* their bytes */
};

/* Called once for each command that scmi_ring_send took, in any order. */
typedef void scmi_ring_done(void *tag, const struct scmi_ring_reply *reply);

/* All of the driver's state. Only what is marked public is for reading by others; nothing is for writing. */
struct scmi_ring_queue {
	uint32_t entries, buffer_size; /* a power of two; bytes */
	uint32_t descriptors, available, used, buffers; /* offsets in memory */
	uint16_t next_available, next_used; /* our positions */
};

struct scmi_ring_request {
	enum { SCMI_RING_FREE, SCMI_RING_IN_FLIGHT, SCMI_RING_ABANDONED } state; /* abandoned: timed out, still the server's */
	uint32_t header;
	uint64_t deadline;
	scmi_ring_done *done;
	void *tag;
};

struct scmi_ring {
	struct scmi_ring_config config;
	/* Public: how often a session came up, replies that came after their time-out, events that were dropped because
	 * they were impossible or too long, and how many commands wait for a reply. */
	uint32_t sessions, late, dropped, in_flight;

	enum { SCMI_RING_IDLE, SCMI_RING_FINDING, SCMI_RING_MEETING, SCMI_RING_CONFIGURING, SCMI_RING_READY } phase;
	int32_t trouble;         /* why there is no session */
	uint64_t not_before;     /* no new attempt before this time */
	uint64_t next_deadline;  /* no command in flight ends earlier */
	uint64_t next_look;      /* when to give up an attempt; later, trapped: when to look at Status again */
	uint32_t driver_epoch, server_epoch, transaction, kicks[2];
	uint32_t step;           /* of the device's initialisation */
	uint32_t taken;          /* requests that are not free */
	uint32_t next_request, token;
	bool events, polling;
	struct scmi_ring_queue queues[2];
	struct scmi_ring_request requests[SCMI_RING_REQUESTS];
	uint32_t message[SCMI_RING_MESSAGE_MAX / 4]; /* the private copy of what came */
};

/* Takes the configuration (a copy; the hooks must stay) and checks it: 0 or SCMI_RING_BAD_CONFIG. Touches no memory
 * of the window. */
int32_t scmi_ring_init(struct scmi_ring *ring, const struct scmi_ring_config *config);

/* Begins a session, or ends the present one and begins a new one: a reset on both sides. What is in flight ends with
 * SCMI_RING_RESTARTED. The session is up when scmi_ring_poll says so. */
void scmi_ring_begin(struct scmi_ring *ring);

/* Ends the session for good, as a guest does that shuts down: the server drops this agent's votes. Nothing is done
 * before scmi_ring_begin. The server may still write to the window until it has seen it. */
void scmi_ring_end(struct scmi_ring *ring);

/* One turn: brings a session up, notices a server that began anew (and begins anew with it, again and again until it
 * succeeds), takes at most one ring full of replies and one of events, and ends what has timed out.
 * Returns the number of callbacks for messages, 0 for none; or, without a session, why: SCMI_RING_NO_SESSION (no server
 * yet, or set-up goes on), SCMI_RING_NO_DEVICE, SCMI_RING_NO_FEATURES, SCMI_RING_BAD_GEOMETRY, SCMI_RING_BAD_RING. It
 * keeps trying in all these cases.
 * Call it at every doorbell or interrupt and at least once a second; without doorbells as often as latency matters. */
int32_t scmi_ring_poll(struct scmi_ring *ring);

/* Sends a command. `done` (not NULL) is called once with its reply, or with SCMI_RING_TIMEOUT after `timeout`
 * nanoseconds; a slot that timed out is not used again before the server gave it back or the session is new. Returns
 * the token (0 to 1023), which delayed responses bear too, or SCMI_RING_NO_SESSION, SCMI_RING_BUSY, SCMI_RING_TOO_LONG:
 * then `done` is not called. */
int32_t scmi_ring_send(struct scmi_ring *ring, uint8_t protocol, uint8_t message, const void *payload,
		uint32_t length, uint64_t timeout, scmi_ring_done *done, void *tag);

/* Sends a command and waits for its reply, all within `timeout` nanoseconds, in which it also waits for a session and
 * for a slot. Up to `capacity` bytes of return values go to `values`; `*got` (may be NULL) is set to how many there were,
 * and if they were more the result is SCMI_RING_TOO_LONG. Returns SCMI's status or a result of the driver. */
int32_t scmi_ring_call(struct scmi_ring *ring, uint8_t protocol, uint8_t message, const void *payload, uint32_t length,
		void *values, uint32_t capacity, uint32_t *got, uint64_t timeout);

/* Whether a session is up. */
bool scmi_ring_is_up(const struct scmi_ring *ring);

/* Whether notifications and delayed responses can come: P2A_CHANNELS. Valid while a session is up. */
bool scmi_ring_has_events(const struct scmi_ring *ring);

/* The longest payload of a command in this session, in bytes: a slot or buffer less the header, 4 bytes. Return values
 * have room for 4 bytes less, which the status takes. */
uint32_t scmi_ring_max_payload(const struct scmi_ring *ring);

/* SCMI_RING_TRAPPED, in an interrupt handler: acknowledges the device's interrupt, so that its line falls. Needs no
 * lock. Then let scmi_ring_poll run. */
void scmi_ring_acknowledge(const struct scmi_ring *ring);

#endif
