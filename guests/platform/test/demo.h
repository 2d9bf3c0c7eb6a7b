/* A platform whose hardware is a few variables: for tests and for the program in hosted/. */
#ifndef DEMO_H
#define DEMO_H

#include "../scmi_platform.h"

enum { DEMO_OSC, DEMO_UART, DEMO_PIXEL, DEMO_AUDIO, DEMO_PLL, DEMO_CLOCKS };
enum { DEMO_CPU, DEMO_GPU, DEMO_VIDEO, DEMO_DOMAINS };
enum { DEMO_BOARD, DEMO_CORE, DEMO_ADC, DEMO_FAN, DEMO_SENSORS };
enum { DEMO_RESET_UART, DEMO_RESET_VIDEO, DEMO_RESET_USB, DEMO_RESETS };
enum { DEMO_VDD, DEMO_RADIO, DEMO_STANDBY, DEMO_SUPPLIES };
enum { DEMO_BRIDGE, DEMO_GUEST, DEMO_AGENTS };
enum { DEMO_PIXEL_RATES = 40, DEMO_WAITING = 64 };

struct demo {
	struct scmi_platform platform;
	struct scmi_agent_state states[DEMO_AGENTS];
	uint8_t flags[SCMI_PLATFORM_FLAGS(DEMO_AGENTS, DEMO_DOMAINS, DEMO_CLOCKS, DEMO_SENSORS, DEMO_RESETS, DEMO_SUPPLIES)];
	/* The hardware. */
	uint64_t rates[DEMO_CLOCKS];
	bool clocks_on[DEMO_CLOCKS], domains_on[DEMO_DOMAINS], asserted[DEMO_RESETS], supplies_on[DEMO_SUPPLIES];
	int32_t levels[DEMO_SUPPLIES];
	uint16_t audio_parent;
	uint32_t sensor_configs[DEMO_SENSORS];
	uint32_t calls, switches, pulses; /* of callbacks; of those that switch; of resets */
	int32_t refuse;                   /* if not 0, what those that change something return */
	bool slow;                        /* all of them take time; else only those of pll, video, adc, radio and the video reset */
	/* What takes time, in order, until demo_finish. */
	uint32_t waiting;
	struct demo_wait {
		void (*end)(struct demo *demo, const struct demo_wait *wait);
		uint32_t ticket, index;
		uint64_t value;
	} waits[DEMO_WAITING];
};

extern const struct scmi_platform_config demo_config;

/* Sets hardware and platform up as after power-on. There is one demo, since callbacks have one context. */
extern struct demo demo;
void demo_start(void);

/* Ends what waits longest, with a status. False: nothing waits. */
bool demo_finish(int32_t status);

#endif
