/* The co-processor: an SCMI platform without an operating system, behind a window of shared memory. */
#include <stddef.h>
#include <string.h>

#include "fdt.h"
#include "idle.h"
#include "ivshmem.h"
#include "machine.h"
#include "registers.h"
#include "scmi_window_device.h"
#include "timer.h"
#include "uart.h"
#include "unit.h"

static struct scmi_platform platform;
static struct scmi_window window;

/* The layout of the window, as QEMU's -append names it. */
static enum scmi_window_layout layout(void)
{
    struct fdt_node node;
    uint32_t bytes;
    const char *name = fdt_find("bootargs", NULL, 0, &node) ? fdt_property(&node, "bootargs", &bytes) : "";

    if (strcmp(name, "virtio-mmio") == 0)
        return SCMI_WINDOW_MMIO;
    if (strcmp(name, "fat-virtqueue") != 0)
        machine_stop("the window's layout is not known; give QEMU -append fat-virtqueue, or -append virtio-mmio");
    return SCMI_WINDOW_FAT;
}

static void serve_window(void)
{
    static struct ivshmem device;
    struct scmi_window_config config = {.layout = layout(), .platform = &platform};

    if (!ivshmem_start(0, &device, NULL, NULL) || !device.memory || device.bytes > UINT32_MAX)
        machine_stop("there is no window: the first ivshmem device is it");
    config.memory = device.memory;
    config.size = (uint32_t)device.bytes;
    config.epoch = registers_read(UNIT_STARTS);
    if (scmi_window_start(&window, &config) != 0)
        machine_stop("the window is too small");
    print("window %s %u bytes\n", config.layout == SCMI_WINDOW_FAT ? "fat-virtqueue" : "virtio-mmio", config.size);
}

void main(uintptr_t device_tree)
{
    uint32_t sessions = 0;
    bool busy;

    machine_start(device_tree, "scmi co-processor");
    if (!unit_start(&platform))
        machine_stop("there are no registers: the second ivshmem device is them, with 4 KiB or more");
    print("start %u\n", registers_read(UNIT_STARTS));
    serve_window();
    print("ready\n");
    for (;;) {
        busy = unit_turn(timer_now());
        busy |= scmi_window_poll(&window, (uint32_t)(timer_now() / MILLISECOND));
        if (window.sessions != sessions) {
            sessions = window.sessions;
            print("session %u\n", sessions);
        }
        if (busy)
            idle_active();
        else
            idle(unit_longest_wait(timer_now(), idle_longest()));
    }
}
