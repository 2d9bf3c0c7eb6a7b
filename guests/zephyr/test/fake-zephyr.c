/* The fake kernel: one thread unless a test starts another, whose waits for a lock are counted. */
#include "fake.h"

uint64_t fake_time;
bool fake_pre_kernel;
void (*fake_world)(void);
_Atomic int fake_waiting;
uint8_t *fake_window;
uint32_t fake_window_size;
bool fake_on_the_bus;

struct device *fake_device_list[4];
/* Between __init_start and __init_end, which the link defines. */
struct init_entry fake_init_entries[FAKE_INIT_ENTRIES];
static int (*sys_init)(void);
static struct k_work *queue[8];

uint32_t k_cycle_get_32(void)
{
	fake_time++;
	if (fake_world != NULL)
		fake_world();
	return (uint32_t)fake_time;
}

void k_msleep(int32_t ms) { fake_time += (uint64_t)ms * 1000; }

bool k_is_pre_kernel(void) { return fake_pre_kernel; }

int k_mutex_init(struct k_mutex *mutex)
{
	pthread_mutexattr_t recursive;
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	return pthread_mutex_init(&mutex->mutex, &recursive);
}

/* Who does not wait for good has waited in vain: time is a number. */
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout)
{
	if (pthread_mutex_trylock(&mutex->mutex) == 0)
		return 0;
	if (timeout.us >= 0)
		return timeout.us == 0 ? -EBUSY : -EAGAIN;
	fake_waiting++;
	pthread_mutex_lock(&mutex->mutex);
	fake_waiting--;
	return 0;
}

int k_mutex_unlock(struct k_mutex *mutex) { return pthread_mutex_unlock(&mutex->mutex); }

int k_sem_init(struct k_sem *sem, unsigned int count, unsigned int limit)
{
	*sem = (struct k_sem){count, limit};
	return 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
	if (sem->count > 0) {
		sem->count--;
		return 0;
	}
	fake_time += (uint64_t)timeout.us;
	return -EAGAIN;
}

void k_sem_give(struct k_sem *sem) { sem->count = MIN(sem->count + 1, sem->limit); }

void k_work_init(struct k_work *work, void (*handler)(struct k_work *)) { work->handler = handler; }

void k_work_init_delayable(struct k_work_delayable *work, void (*handler)(struct k_work *))
{
	k_work_init(&work->work, handler);
}

int k_work_submit(struct k_work *work)
{
	size_t place = 0;
	while (queue[place] != NULL && queue[place] != work)
		place++;
	queue[place] = work;
	return 1;
}

int k_work_schedule(struct k_work_delayable *work, k_timeout_t delay)
{
	(void)delay;
	return k_work_submit(&work->work);
}

void fake_run_work(void)
{
	struct k_work *now[ARRAY_SIZE(queue)];
	memcpy(now, queue, sizeof now);
	memset(queue, 0, sizeof queue);
	for (size_t place = 0; now[place] != NULL; place++)
		now[place]->handler(now[place]);
}

void fake_add_device(const struct device *device, int (*init)(const struct device *), int place)
{
	fake_device_list[place] = (struct device *)device;
	fake_init_entries[place] = (struct init_entry){.init_fn.dev = init, .dev = device};
}

void fake_add_init(int (*init)(void)) { sys_init = init; }

static void start(const struct init_entry *entry)
{
	int result = entry->init_fn.dev(entry->dev);
	entry->dev->state->init_res = (uint8_t)-result;
	entry->dev->state->initialized = true;
}

int device_init(const struct device *device)
{
	for (int place = 0; place < FAKE_INIT_ENTRIES && !device->state->initialized; place++)
		if (fake_init_entries[place].dev == device)
			start(&fake_init_entries[place]);
	return device->state->initialized ? 0 : -ENOENT;
}

void fake_boot(void)
{
	fake_pre_kernel = true;
	for (int place = 0; place < FAKE_INIT_ENTRIES; place++)
		if (fake_init_entries[place].dev != NULL)
			start(&fake_init_entries[place]);
	fake_pre_kernel = false;
	sys_init();
}

int pcie_scan(const struct pcie_scan_opt *options)
{
	return options->cb(0, 1, options->cb_data) && fake_on_the_bus &&
		   options->cb(8, PCIE_ID(0x1af4, 0x1110), options->cb_data);
}

bool pcie_get_mbar(pcie_bdf_t bdf, unsigned int bar, struct pcie_bar *memory)
{
	*memory = (struct pcie_bar){(uintptr_t)fake_window, fake_window_size};
	return bdf == 8 && bar == 2;
}

void pcie_set_cmd(pcie_bdf_t bdf, uint32_t bits, bool on) { (void)bdf, (void)bits, (void)on; }
