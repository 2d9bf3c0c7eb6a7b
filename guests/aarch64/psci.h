/* The firmware's calls that turn the machine off or start it again. */
#ifndef PSCI_H
#define PSCI_H

/* Reads from the device tree how the firmware is called. */
void psci_start(void);

/* These do not return, unless there is no such firmware. */
void psci_off(void);
void psci_reset(void);

#endif
