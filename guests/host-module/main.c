// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * An SCMI platform made of what this kernel owns: clocks, power domains, resets and regulators that a node of the device
 * tree names. A character device carries one message by each write and each read. README.md is for users.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>

#include "scmid_host.h"

#define FILE_NAME "scmid-host"
#define MESSAGE_MIN 4 /* a header */

static LIST_HEAD(hosts);
static DEFINE_MUTEX(hosts_lock);

/* Rings of messages: under host->lock ------------------------------------------------------------------------------- */

static bool has_room(const struct host_ring *ring) { return ring->count < ring->size; }

static void put_message(struct host_ring *ring, const struct host_message *message)
{
	struct host_message *to = &ring->messages[(ring->first + ring->count++) % ring->size];

	to->length = message->length;
	memcpy(to->bytes, message->bytes, message->length);
}

static void take_message(struct host_ring *ring, struct host_message *message)
{
	const struct host_message *from = &ring->messages[ring->first];

	message->length = from->length;
	memcpy(message->bytes, from->bytes, from->length);
	ring->first = (ring->first + 1) % ring->size;
	ring->count--;
}

static int make_ring(struct host_ring *ring, unsigned int size)
{
	ring->size = size;
	ring->messages = kcalloc(size, sizeof(*ring->messages), GFP_KERNEL);
	return ring->messages ? 0 : -ENOMEM;
}

static void empty_ring(struct host_ring *ring) { ring->first = ring->count = 0; }

/* What the kernel changes ------------------------------------------------------------------------------------------- */

void host_note_change(struct host *host, struct host_change *change, u64 value)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&host->changes, flags);
	change->waits = true;
	change->value = value;
	change->ticket = host->changer == current ? host->ticket : 0;
	host->has_changes = true;
	raw_spin_unlock_irqrestore(&host->changes, flags);
	queue_work(host->queue, &host->work);
}

static void set_changer(struct host *host, struct task_struct *changer, u32 ticket)
{
	raw_spin_lock_irq(&host->changes);
	host->changer = changer;
	host->ticket = ticket;
	raw_spin_unlock_irq(&host->changes);
}

static bool take_change(struct host *host, struct host_change *change, struct host_change *taken)
{
	raw_spin_lock_irq(&host->changes);
	*taken = *change;
	change->waits = false;
	raw_spin_unlock_irq(&host->changes);
	return taken->waits;
}

static void tell_changes(struct host *host)
{
	struct host_change its;
	bool has_changes;

	raw_spin_lock_irq(&host->changes);
	has_changes = host->has_changes;
	host->has_changes = false;
	raw_spin_unlock_irq(&host->changes);
	if (!has_changes)
		return;
	for (unsigned int i = 0; i < host->config.counts[SCMI_CLOCKS]; i++) {
		if (take_change(host, &host->clocks[i].change, &its) && host->has_session)
			scmi_clock_changed(&host->platform, i, its.value, its.ticket);
	}
	for (unsigned int i = 0; i < host->config.counts[SCMI_POWER_DOMAINS]; i++) {
		if (take_change(host, &host->domains[i].change, &its) && host->has_session)
			scmi_power_changed(&host->platform, i, its.value, its.ticket);
	}
}

void host_begin_change(struct host *host, u32 ticket)
{
	tell_changes(host); /* what others did before */
	set_changer(host, current, ticket);
}

void host_end_change(struct host *host)
{
	set_changer(host, NULL, 0);
	tell_changes(host);
}

s32 host_status(int error)
{
	switch (error) {
	case 0:
		return SCMI_SUCCESS;
	case -EINVAL:
	case -ERANGE:
		return SCMI_INVALID_PARAMETERS;
	case -EPERM:
	case -EACCES:
		return SCMI_DENIED;
	case -EBUSY:
	case -EAGAIN:
		return SCMI_BUSY;
	case -ENOSYS:
	case -EOPNOTSUPP:
	case -ENOTSUPP:
		return SCMI_NOT_SUPPORTED;
	case -EIO:
	case -ENODEV:
	case -ENXIO:
	case -EREMOTEIO:
	case -ETIMEDOUT:
		return SCMI_HARDWARE_ERROR;
	default:
		return SCMI_GENERIC_ERROR;
	}
}

/* The work: all that is done with the library ----------------------------------------------------------------------- */

static void begin_session(struct host *host)
{
	host_describe_clocks(host);
	scmi_platform_init(&host->platform, &host->config, &host->state, host->flags, host->flags_size);
	scmi_platform_reset(&host->platform, 0, true, false);
	host->has_session = true;
}

static void end_session(struct host *host)
{
	if (!host->has_session)
		return;
	scmi_platform_reset(&host->platform, 0, false, false);
	host_forget_levels(host);
	host->has_session = false;
}

/* Carries out the next command, if there is one, and room for its reply. */
static bool carry_out_command(struct host *host)
{
	bool has_command;
	s32 length;

	spin_lock(&host->lock);
	has_command = !host->ends && host->commands.count > 0 && has_room(&host->answers);
	if (has_command)
		take_message(&host->commands, &host->command);
	spin_unlock(&host->lock);
	if (!has_command)
		return false;
	if (!host->has_session)
		begin_session(host);
	length = scmi_platform_handle(&host->platform, 0, host->command.bytes, host->command.length, host->answer.bytes,
				      HOST_MESSAGE_MAX, 0);
	spin_lock(&host->lock);
	if (length > 0) { /* what is no command has no reply */
		host->answer.length = length;
		put_message(&host->answers, &host->answer);
	}
	spin_unlock(&host->lock);
	wake_up_interruptible_poll(&host->waiters, EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLWRNORM);
	return true;
}

/* Hands the next delayed response or notification over, if there is one, and room for it. */
static bool hand_over_event(struct host *host)
{
	bool can_take;
	s32 length;

	spin_lock(&host->lock);
	can_take = !host->ends && has_room(&host->answers);
	spin_unlock(&host->lock);
	if (!can_take || !host->has_session)
		return false;
	length = scmi_platform_next_event(&host->platform, 0, host->answer.bytes, HOST_MESSAGE_MAX);
	if (length <= 0)
		return false;
	host->answer.length = length;
	spin_lock(&host->lock);
	put_message(&host->answers, &host->answer);
	spin_unlock(&host->lock);
	wake_up_interruptible_poll(&host->waiters, EPOLLIN | EPOLLRDNORM);
	return true;
}

static void work(struct work_struct *its)
{
	struct host *host = container_of(its, struct host, work);
	bool goes_on = true, ends;

	spin_lock(&host->lock);
	if (host->is_gone)
		goes_on = false;
	spin_unlock(&host->lock);
	if (!goes_on)
		return;
	while (goes_on) {
		tell_changes(host);
		goes_on = carry_out_command(host);
		goes_on |= hand_over_event(host);
	}
	spin_lock(&host->lock);
	ends = host->ends;
	spin_unlock(&host->lock);
	if (ends)
		end_session(host);
}

/* Has the work give everything back. The caller has set host->ends. */
static void await_end(struct host *host)
{
	queue_work(host->queue, &host->work);
	flush_work(&host->work);
}

/* The file ---------------------------------------------------------------------------------------------------------- */

static void free_host(struct kref *references)
{
	struct host *host = container_of(references, struct host, references);

	if (host->queue)
		destroy_workqueue(host->queue);
	kfree(host->commands.messages);
	kfree(host->answers.messages);
	kfree(host);
}

static struct host *host_of(struct file *file)
{
	return container_of((struct miscdevice *)file->private_data, struct host, file);
}

static int host_open(struct inode *inode, struct file *file)
{
	struct host *host = host_of(file);
	int error = 0;

	spin_lock(&host->lock);
	if (host->is_gone)
		error = -ENODEV;
	else if (host->is_open)
		error = -EBUSY;
	if (!error) {
		host->is_open = true;
		host->ends = false;
		empty_ring(&host->commands);
		empty_ring(&host->answers);
		kref_get(&host->references);
	}
	spin_unlock(&host->lock);
	return error ? error : stream_open(inode, file);
}

static int host_release(struct inode *inode, struct file *file)
{
	struct host *host = host_of(file);
	bool is_gone;

	spin_lock(&host->lock);
	host->ends = true;
	is_gone = host->is_gone;
	spin_unlock(&host->lock);
	if (!is_gone)
		await_end(host);
	spin_lock(&host->lock);
	host->is_open = false;
	spin_unlock(&host->lock);
	kref_put(&host->references, free_host);
	return 0;
}

static ssize_t host_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	struct host *host = host_of(file);
	struct host_message *message;
	ssize_t result;

	if (count < MESSAGE_MIN)
		return -EINVAL;
	if (count > HOST_MESSAGE_MAX)
		return -EMSGSIZE;
	message = kmalloc(sizeof(*message), GFP_KERNEL);
	if (!message)
		return -ENOMEM;
	message->length = count;
	result = copy_from_user(message->bytes, from, count) ? -EFAULT : -EAGAIN;
	while (result == -EAGAIN) {
		spin_lock(&host->lock);
		if (host->is_gone) {
			result = -ENODEV;
		} else if (has_room(&host->commands)) {
			put_message(&host->commands, message);
			result = count;
		}
		spin_unlock(&host->lock);
		if (result != -EAGAIN || (file->f_flags & O_NONBLOCK))
			break;
		if (wait_event_interruptible(host->waiters, host->is_gone || has_room(&host->commands)))
			result = -ERESTARTSYS;
	}
	if (result > 0)
		queue_work(host->queue, &host->work);
	kfree(message);
	return result;
}

static ssize_t host_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	struct host *host = host_of(file);
	struct host_message *message = kmalloc(sizeof(*message), GFP_KERNEL);
	ssize_t result = -EAGAIN;

	if (!message)
		return -ENOMEM;
	while (result == -EAGAIN) {
		spin_lock(&host->lock);
		if (host->is_gone) {
			result = -ENODEV;
		} else if (host->answers.count > 0) {
			if (host->answers.messages[host->answers.first].length > count) {
				result = -EMSGSIZE;
			} else {
				take_message(&host->answers, message);
				result = message->length;
			}
		}
		spin_unlock(&host->lock);
		if (result != -EAGAIN || (file->f_flags & O_NONBLOCK))
			break;
		if (wait_event_interruptible(host->waiters, host->is_gone || host->answers.count > 0))
			result = -ERESTARTSYS;
	}
	if (result > 0) {
		queue_work(host->queue, &host->work); /* there is room again */
		if (copy_to_user(to, message->bytes, message->length))
			result = -EFAULT;
	}
	kfree(message);
	return result;
}

static __poll_t host_poll(struct file *file, poll_table *table)
{
	struct host *host = host_of(file);
	__poll_t events = 0;

	poll_wait(file, &host->waiters, table);
	spin_lock(&host->lock);
	if (host->is_gone)
		events = EPOLLHUP | EPOLLERR;
	if (host->answers.count > 0)
		events |= EPOLLIN | EPOLLRDNORM;
	if (has_room(&host->commands))
		events |= EPOLLOUT | EPOLLWRNORM;
	spin_unlock(&host->lock);
	return events;
}

static const struct file_operations operations = {
	.owner = THIS_MODULE,
	.open = host_open,
	.release = host_release,
	.write = host_write,
	.read = host_read,
	.poll = host_poll,
};

/* The node of the device tree --------------------------------------------------------------------------------------- */

/* SCMI's names are ASCII, of 1 to 63 characters. */
int host_check_name(struct host *host, const char *property, const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > 63)
		return dev_err_probe(host->dev, -EINVAL, "%s: the name \"%s\" has not 1 to 63 characters\n", property, name);
	for (size_t i = 0; i < length; i++) {
		if (name[i] <= ' ' || name[i] > '~')
			return dev_err_probe(host->dev, -EINVAL, "%s: the name \"%s\" has not only letters of ASCII\n",
					     property, name);
	}
	return 0;
}

/*
 * Counts what `property` names and looks whether `names` has as many names, which differ. `size` is of an entry of the
 * table, which begins with the name. 0 or an error that has been told.
 */
static int take_names(struct host *host, const char *property, const char *cells, const char *names, size_t size,
		      void **table, u32 *found)
{
	struct device_node *node = host->dev->of_node;
	int count = of_count_phandle_with_args(node, property, cells), named;
	const char **to;

	*found = 0;
	if (count == -ENOENT)
		count = 0;
	if (count < 0)
		return dev_err_probe(host->dev, count, "%s is no list of phandles\n", property);
	named = of_property_count_strings(node, names);
	if (named == -EINVAL)
		named = 0;
	if (named != count)
		return dev_err_probe(host->dev, -EINVAL, "%s has %d entries, and %s has %d\n", property, count, names,
				     max(named, 0));
	*table = devm_kcalloc(host->dev, count, size, GFP_KERNEL);
	if (!*table)
		return -ENOMEM;
	for (int i = 0; i < count; i++) {
		int error;

		to = *table + i * size;
		error = of_property_read_string_index(node, names, i, to);
		if (error)
			return dev_err_probe(host->dev, error, "%s has no name %d\n", names, i);
		error = host_check_name(host, names, *to);
		if (error)
			return error;
		for (int j = 0; j < i; j++) {
			if (!strcmp(*(const char **)(*table + j * size), *to))
				return dev_err_probe(host->dev, -EINVAL, "%s has the name \"%s\" twice\n", names, *to);
		}
	}
	*found = count;
	return 0;
}

static bool is_supply(const struct property *property, size_t *length)
{
	*length = strlen(property->name);
	if (*length <= strlen("-supply") || strcmp(property->name + *length - strlen("-supply"), "-supply"))
		return false;
	*length -= strlen("-supply");
	return true;
}

/* Supplies have no list: each has a property of its own. */
static int take_supply_names(struct host *host)
{
	struct property *property;
	size_t length;
	u32 count = 0;

	for_each_property_of_node(host->dev->of_node, property)
		count += is_supply(property, &length);
	host->supply_table = devm_kcalloc(host->dev, count, sizeof(*host->supply_table), GFP_KERNEL);
	if (!host->supply_table)
		return -ENOMEM;
	for_each_property_of_node(host->dev->of_node, property) {
		if (!is_supply(property, &length))
			continue;
		const char *name = devm_kasprintf(host->dev, GFP_KERNEL, "%.*s", (int)length, property->name);
		int error;

		if (!name)
			return -ENOMEM;
		error = host_check_name(host, property->name, name);
		if (error)
			return error;
		host->supply_table[host->config.counts[SCMI_SUPPLIES]++].name = name;
	}
	return 0;
}

static int take_tables(struct host *host)
{
	u32 *counts = host->config.counts;
	int error;

	error = take_names(host, "clocks", "#clock-cells", "clock-names", sizeof(*host->clock_table),
			   (void **)&host->clock_table, &counts[SCMI_CLOCKS]);
	if (!error)
		error = take_names(host, "power-domains", "#power-domain-cells", "power-domain-names",
				   sizeof(*host->domain_table), (void **)&host->domain_table, &counts[SCMI_POWER_DOMAINS]);
	if (!error)
		error = take_names(host, "resets", "#reset-cells", "reset-names", sizeof(*host->reset_table),
				   (void **)&host->reset_table, &counts[SCMI_RESETS]);
	if (!error)
		error = take_supply_names(host);
	if (error)
		return error;
	if (counts[SCMI_CLOCKS] + counts[SCMI_POWER_DOMAINS] + counts[SCMI_RESETS] + counts[SCMI_SUPPLIES] == 0)
		return dev_err_probe(host->dev, -EINVAL,
				     "the node names no clocks, power-domains, resets or supplies to share\n");
	return 0;
}

static int take_resources(struct host *host)
{
	int error = host_take_clocks(host);

	if (!error)
		error = host_take_domains(host);
	if (!error)
		error = host_take_resets(host);
	if (!error)
		error = host_take_supplies(host);
	return error;
}

static const struct scmi_platform_driver driver = {
	.clock_rate = host_clock_rate,
	.clock_set_rate = host_clock_set_rate,
	.clock_is_on = host_clock_is_on,
	.clock_switch = host_clock_switch,
	.clock_parent = host_clock_parent,
	.clock_set_parent = host_clock_set_parent,
	.power_is_on = host_power_is_on,
	.power_switch = host_power_switch,
	.reset = host_reset,
	.supply_level = host_supply_level,
	.supply_set_level = host_supply_set_level,
	.supply_is_on = host_supply_is_on,
	.supply_switch = host_supply_switch,
};

static int make_platform(struct host *host)
{
	struct scmi_platform_config *config = &host->config;

	host->agent.name = "scmid";
	config->vendor = "scmid";
	config->sub_vendor = "linux";
	config->implementation_version = LINUX_VERSION_CODE;
	config->power_domains = host->domain_table;
	config->clocks = host->clock_table;
	config->resets = host->reset_table;
	config->supplies = host->supply_table;
	config->agents = &host->agent;
	config->agent_count = 1;
	config->driver = &driver;
	config->context = host;
	for (unsigned int kind = 0; kind < SCMI_KINDS; kind++)
		host->flags_size += config->counts[kind];
	host->flags = devm_kzalloc(host->dev, host->flags_size, GFP_KERNEL);
	if (!host->flags)
		return -ENOMEM;
	if (scmi_platform_init(&host->platform, config, &host->state, host->flags, host->flags_size))
		return dev_err_probe(host->dev, -EINVAL, "the node names more than SCMI can count\n");
	return 0;
}

/* A file's name is that of the first node without a label, or has the label behind it. */
static int take_file_name(struct host *host)
{
	const char *label = NULL;
	struct host *other;

	if (!of_property_read_string(host->dev->of_node, "label", &label)) {
		if (strlen(label) == 0 || strlen(label) > 32 || strchr(label, '/') || strchr(label, ' '))
			return dev_err_probe(host->dev, -EINVAL, "the label \"%s\" is no part of a file's name\n", label);
		snprintf(host->name, sizeof(host->name), FILE_NAME "-%s", label);
	} else {
		strscpy(host->name, FILE_NAME, sizeof(host->name));
	}
	mutex_lock(&hosts_lock);
	list_for_each_entry(other, &hosts, others) {
		if (!strcmp(other->name, host->name)) {
			mutex_unlock(&hosts_lock);
			return dev_err_probe(host->dev, -EEXIST, "another node has the file /dev/%s; give this one a label\n",
					     host->name);
		}
	}
	list_add(&host->others, &hosts);
	mutex_unlock(&hosts_lock);
	return 0;
}

/* The last of what is undone, when the kernel has back what it gave. */
static void forget(void *data)
{
	struct host *host = data;

	mutex_lock(&hosts_lock);
	list_del_init(&host->others);
	mutex_unlock(&hosts_lock);
	kref_put(&host->references, free_host);
}

static void set_gone(struct host *host, bool is_gone)
{
	spin_lock(&host->lock);
	host->is_gone = is_gone;
	spin_unlock(&host->lock);
}

/* The first of what is undone: from here on the work does nothing. A file that is open stays so, and has nothing any more. */
static void leave(void *data)
{
	struct host *host = data;

	misc_deregister(&host->file);
	spin_lock(&host->lock);
	host->ends = true;
	spin_unlock(&host->lock);
	await_end(host);
	set_gone(host, true);
	cancel_work_sync(&host->work);
	wake_up_interruptible_poll(&host->waiters, EPOLLHUP | EPOLLERR);
}

static struct host *make_host(struct device *dev)
{
	struct host *host = kzalloc(sizeof(*host), GFP_KERNEL);

	if (!host)
		return NULL;
	host->dev = dev;
	host->is_gone = true; /* until it is complete */
	kref_init(&host->references);
	INIT_LIST_HEAD(&host->others);
	spin_lock_init(&host->lock);
	raw_spin_lock_init(&host->changes);
	init_waitqueue_head(&host->waiters);
	INIT_WORK(&host->work, work);
	host->queue = alloc_ordered_workqueue("scmid-host", WQ_FREEZABLE);
	if (host->queue && !make_ring(&host->commands, HOST_COMMANDS) && !make_ring(&host->answers, HOST_ANSWERS))
		return host;
	free_host(&host->references);
	return NULL;
}

static int probe(struct platform_device *device)
{
	struct device *dev = &device->dev;
	struct host *host = make_host(dev);
	int error;

	if (!host)
		return -ENOMEM;
	error = devm_add_action_or_reset(dev, forget, host);
	if (!error)
		error = take_file_name(host);
	if (!error)
		error = take_tables(host);
	if (!error)
		error = take_resources(host);
	if (!error)
		error = make_platform(host);
	if (error)
		return error;
	host->file.minor = MISC_DYNAMIC_MINOR;
	host->file.name = host->name;
	host->file.fops = &operations;
	host->file.parent = dev;
	host->file.mode = 0600;
	set_gone(host, false);
	error = misc_register(&host->file);
	if (error) {
		set_gone(host, true);
		cancel_work_sync(&host->work);
		return dev_err_probe(dev, error, "/dev/%s cannot be made\n", host->name);
	}
	error = devm_add_action_or_reset(dev, leave, host);
	if (error)
		return error;
	dev_info(dev, "/dev/%s shares %u clocks, %u power domains, %u resets and %u supplies\n", host->name,
		 host->config.counts[SCMI_CLOCKS], host->config.counts[SCMI_POWER_DOMAINS],
		 host->config.counts[SCMI_RESETS], host->config.counts[SCMI_SUPPLIES]);
	return 0;
}

static const struct of_device_id matches[] = {
	{ .compatible = "scmid,host-platform" },
	{ }
};
MODULE_DEVICE_TABLE(of, matches);

static struct platform_driver host_driver = {
	.probe = probe,
	.driver = {
		.name = "scmid-host",
		.of_match_table = matches,
	},
};
module_platform_driver(host_driver);

MODULE_DESCRIPTION("SCMI platform made of the kernel's clocks, power domains, resets and regulators, for scmid");
MODULE_LICENSE("GPL");
