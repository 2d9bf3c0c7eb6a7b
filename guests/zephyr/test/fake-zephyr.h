/* As much of Zephyr's interfaces as the transport uses, for one process on the host: time is a number, the system work
 * queue runs when a test says so, and the devicetree is a window with two protocols. The names are Zephyr's. */
#ifndef FAKE_ZEPHYR_H
#define FAKE_ZEPHYR_H

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The configuration. */
#define CONFIG_ARM_SCMI_TRANSPORT_HAS_STATIC_CHANNELS 1
#define CONFIG_ARM_SCMI_TRANSPORT_INIT_PRIORITY 20
#define CONFIG_APPLICATION_INIT_PRIORITY 90
#define CONFIG_SCMI_RING_SPINS 10
#define CONFIG_SCMI_RING_BOOT_TIMEOUT_MS 50
#define CONFIG_SCMI_RING_BACKGROUND_MS 100
#define CONFIG_SCMI_RING_MESSAGE_MAX SCMI_RING_MESSAGE_MAX
#define CONFIG_SCMI_RING_LOG_LEVEL 0

/* Macros. */
#define ARG_UNUSED(x) (void)(x)
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BUILD_ASSERT(condition, text) _Static_assert(condition, text)
#define CLAMP(x, low, high) ((x) < (low) ? (low) : (x) > (high) ? (high) : (x))
#define CONTAINER_OF(pointer, type, field) ((type *)(void *)((char *)(pointer) - offsetof(type, field)))
#define GENMASK(high, low) ((~0u >> (31 - (high))) & (~0u << (low)))
#define IN_RANGE(x, low, high) ((x) >= (low) && (x) <= (high))
#define IS_ENABLED(option) 0
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define __maybe_unused __attribute__((unused))
#define FAKE_CAT(a, b) a##b
#define UTIL_CAT(a, b) FAKE_CAT(a, b)
#define FAKE_CAT4(a, b, c, d) a##b##c##d
#define FAKE_WITHOUT_BRACKETS(...) __VA_ARGS__
#define FAKE_CHOOSE_0(yes, no) FAKE_WITHOUT_BRACKETS no
#define FAKE_CHOOSE_1(yes, no) FAKE_WITHOUT_BRACKETS yes
#define FAKE_CHOOSE(flag, yes, no) FAKE_CHOOSE_##flag(yes, no)
#define COND_CODE_1(flag, yes, no) FAKE_CHOOSE(flag, yes, no)

/* The version. */
#define ZEPHYR_VERSION(major, minor, patch) ((major) << 16 | (minor) << 8 | (patch))
#define KERNEL_VERSION_NUMBER FAKE_KERNEL_VERSION

/* The log and the console. */
#define LOG_MODULE_REGISTER(...) struct fake_log
#define FAKE_LOG(...) do { if (false) printf(__VA_ARGS__); } while (false)
#define LOG_DBG FAKE_LOG
#define LOG_INF FAKE_LOG
#define LOG_WRN FAKE_LOG
#define LOG_ERR FAKE_LOG
#define printk FAKE_LOG

/* Time, in microseconds. */
typedef struct { int64_t us; } k_timeout_t;
#define K_FOREVER ((k_timeout_t){-1})
#define K_NO_WAIT ((k_timeout_t){0})
#define K_USEC(n) ((k_timeout_t){n})
#define K_MSEC(n) K_USEC((n) * INT64_C(1000))
#define K_SECONDS(n) K_MSEC((n) * INT64_C(1000))
#define NSEC_PER_SEC 1000000000u
#define NSEC_PER_MSEC 1000000u
uint32_t k_cycle_get_32(void);
static inline uint32_t sys_clock_hw_cycles_per_sec(void) { return 1000000; }
static inline uint32_t k_cyc_to_us_ceil32(uint32_t cycles) { return cycles; }
void k_msleep(int32_t ms);

/* The kernel. */
bool k_is_pre_kernel(void);
static inline bool k_can_yield(void) { return !k_is_pre_kernel(); }
struct k_mutex { pthread_mutex_t mutex; };
struct k_sem { unsigned int count, limit; };
struct k_work { void (*handler)(struct k_work *); };
struct k_work_delayable { struct k_work work; };
int k_mutex_init(struct k_mutex *mutex);
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex *mutex);
int k_sem_init(struct k_sem *sem, unsigned int count, unsigned int limit);
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_give(struct k_sem *sem);
void k_work_init(struct k_work *work, void (*handler)(struct k_work *));
void k_work_init_delayable(struct k_work_delayable *work, void (*handler)(struct k_work *));
int k_work_submit(struct k_work *work);
int k_work_schedule(struct k_work_delayable *work, k_timeout_t delay);
static inline struct k_work_delayable *k_work_delayable_from_work(struct k_work *work)
{
	return CONTAINER_OF(work, struct k_work_delayable, work);
}
#define K_WORK_DELAYABLE_DEFINE(name, function) struct k_work_delayable name = {{function}}

#define K_MUTEX_DEFINE(name) struct k_mutex name = {PTHREAD_MUTEX_INITIALIZER}
#define K_SEM_DEFINE(name, its_count, its_limit) struct k_sem name = {its_count, its_limit}
int64_t k_uptime_get(void);
uint32_t k_uptime_get_32(void);

/* Devices and their start. */
struct device_state { uint8_t init_res; bool initialized; };
struct device {
	const char *name;
	const void *config, *api;
	struct device_state *state;
	void *data;
};
struct init_entry {
	union { int (*sys)(void); int (*dev)(const struct device *); } init_fn;
	const struct device *dev;
};
static inline bool device_is_ready(const struct device *device)
{
	return device->state->initialized && device->state->init_res == 0;
}
int device_init(const struct device *device);
void fake_add_device(const struct device *device, int (*init)(const struct device *), int place);
void fake_add_init(int (*init)(void));
#define DEVICE_NAME_GET(node) UTIL_CAT(device_, node)
#define DEVICE_DT_GET(node) (&DEVICE_NAME_GET(node))
#define FAKE_DEVICE(node, init, its_data, its_api, place)                                                  \
	static struct device_state UTIL_CAT(state_, node);                                                     \
	const struct device DEVICE_NAME_GET(node) = {                                                          \
		.name = #node, .api = its_api, .state = &UTIL_CAT(state_, node), .data = its_data};                \
	__attribute__((constructor)) static void UTIL_CAT(add_, node)(void)                                    \
	{                                                                                                      \
		fake_add_device(DEVICE_DT_GET(node), init, place);                                                 \
	}                                                                                                      \
	extern int fake_semicolon
#define DEVICE_DT_INST_DEFINE(number, init, pm, data, config, level, priority, api) \
	FAKE_DEVICE(n_window, init, data, api, 0)
#define SYS_INIT(init, level, priority)                                                    \
	__attribute__((constructor)) static void UTIL_CAT(add_, init)(void) { fake_add_init(init); } \
	extern int fake_semicolon

/* What the linker collects. */
#define STRUCT_SECTION_FOREACH(type, it) \
	for (struct type *const *it##_place = fake_##type##_list, *it; (it = *it##_place) != NULL; it##_place++)
extern struct device *fake_device_list[];

/* The devicetree: a window and, in it, power domains and clocks. */
#define FAKE_INSTANCES_scmid_scmi_fat_virtqueue 1
#define FAKE_INSTANCES_scmid_scmi_ring 0
#define FAKE_INSTANCES_qemu_ivshmem 1
#define DT_NUM_INST_STATUS_OKAY(compatible) FAKE_CAT(FAKE_INSTANCES_, compatible)
#define DT_HAS_COMPAT_STATUS_OKAY(compatible) FAKE_CAT(FAKE_INSTANCES_, compatible)
#define DT_DRV_INST(number) n_window
#define DT_INST(number, compatible) UTIL_CAT(n_of_, compatible)
#define n_of_scmid_scmi_fat_virtqueue n_window
#define n_of_qemu_ivshmem n_ivshmem
#define DT_NODELABEL(label) UTIL_CAT(n_label_, label)
#define n_label_scmi_clk n_clocks
#define n_label_scmi_window n_window
#define DT_REG_SIZE(node) 0x10000
#define DT_PARENT(node) n_window
#define DT_INST_FOREACH_CHILD_STATUS_OKAY(number, what) what(n_power) what(n_clocks)
#define FAKE_ADDRESS_n_window 1207959552
#define FAKE_ADDRESS_n_power 17
#define FAKE_ADDRESS_n_clocks 20
#define DT_REG_ADDR(node) UTIL_CAT(FAKE_ADDRESS_, node)
#define FAKE_IS_WINDOW_n_window 1
#define FAKE_IS_WINDOW_n_power 0
#define FAKE_IS_WINDOW_n_clocks 0
#define DT_NODE_HAS_COMPAT(node, compatible) UTIL_CAT(FAKE_IS_WINDOW_, node)
#define FAKE_HAS_reg (!FAKE_IVSHMEM)
#define FAKE_HAS_interrupts 0
#define FAKE_HAS_guest_address 0
#define DT_INST_NODE_HAS_PROP(number, property) FAKE_HAS_##property
#define FAKE_PROPERTY_ivshmem FAKE_IVSHMEM
#define FAKE_PROPERTY_poll_period_us 1000
#define FAKE_PROPERTY_reply_timeout_ms 20
#define FAKE_PROPERTY_vendor_id 0x1af4
#define FAKE_PROPERTY_device_id 0x1110
#define DT_INST_PROP(number, property) FAKE_PROPERTY_##property
#define DT_PROP(node, property) FAKE_PROPERTY_##property
#define DT_INST_REG_ADDR(number) ((uintptr_t)fake_window)
#define DT_INST_REG_SIZE(number) fake_window_size
extern uint8_t *fake_window;
extern uint32_t fake_window_size;

/* Bytes. */
static inline uint32_t sys_cpu_to_le32(uint32_t value) { return value; }
static inline uint32_t sys_le32_to_cpu(uint32_t value) { return value; }
static inline void sys_put_le32(uint32_t value, void *to) { memcpy(to, &value, 4); }
static inline uint32_t sys_get_le32(const uint8_t *from)
{
	uint32_t value;
	memcpy(&value, from, 4);
	return value;
}

/* The PCI bus, with one device on it when a test says so. */
typedef uint32_t pcie_bdf_t, pcie_id_t;
#define PCIE_BDF_NONE 0xffffffffu
#define PCIE_ID(vendor, device) ((vendor) | (device) << 16)
#define PCIE_SCAN_RECURSIVE 1
#define PCIE_SCAN_CB_ALL 2
#define PCIE_CONF_CMDSTAT_MEM 2
struct pcie_bar { uintptr_t phys_addr; size_t size; };
struct pcie_scan_opt {
	bool (*cb)(pcie_bdf_t, pcie_id_t, void *);
	void *cb_data;
	uint32_t flags;
};
int pcie_scan(const struct pcie_scan_opt *options);
bool pcie_get_mbar(pcie_bdf_t bdf, unsigned int bar, struct pcie_bar *memory);
void pcie_set_cmd(pcie_bdf_t bdf, uint32_t bits, bool on);

/* Clocks, for the sample. */
typedef void *clock_control_subsys_t, *clock_control_subsys_rate_t;
int clock_control_get_rate(const struct device *device, clock_control_subsys_t clock, uint32_t *rate);
int clock_control_set_rate(const struct device *device, clock_control_subsys_t clock, clock_control_subsys_rate_t rate);
int clock_control_on(const struct device *device, clock_control_subsys_t clock);
int clock_control_off(const struct device *device, clock_control_subsys_t clock);
extern const struct device device_n_clocks, device_n_window;

#endif
