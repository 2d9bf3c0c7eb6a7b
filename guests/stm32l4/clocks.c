/* The clock tree of the STM32L475 (RM0351, chapter 6) as SCMI clocks, and the changes of it. */
#include "registers.h"
#include "system.h"

/*
 * The firmware lives by HSI16: the core, the buses and USART1 run from it at 16 MHz, whatever agents do. So these clocks are
 * for reading only, and everything else is free: MSI, LSI, the three PLLs and all that can run from them.
 *
 * A clock is described once, in `nodes`: what it runs from, what divides it, what stops it. Registers are the only memory
 * of rates, parents and gates. Of switching there is `users`: an agent's wish is one user, and so is each clock below that
 * has some. So whatever a clock needs is on as long as it is.
 *
 * Not here: HSE, which is not fitted on the B-L475E-IOT01A; RTC and LCD, whose source cannot be chosen twice; the window
 * watchdog and the firewall, which cannot be switched off.
 */

enum clock_id {
	MSI, HSI, LSI, LSE, SYSCLK, HCLK, SYSTICK, PCLK1, PCLK2,
	PLL_INPUT, PLL, PLL_SAI3, PLL_48M1, PLL_CLK, PLLSAI1, PLLSAI1_SAI1, PLLSAI1_48M2, PLLSAI1_ADC1, PLLSAI2,
	PLLSAI2_SAI2, PLLSAI2_ADC2,
	MCO, LSCO, CLK48, USART1, USART2, USART3, UART4, UART5, LPUART1, I2C1, I2C2, I2C3, LPTIM1, LPTIM2, SAI1, SAI2, ADC,
	SWPMI1, DFSDM1,
	DMA1, DMA2, FLASH, CRC, TSC, GPIOA, GPIOB, GPIOC, GPIOD, GPIOE, GPIOF, GPIOG, GPIOH, OTGFS, RNG, FMC, QSPI,
	TIM2, TIM3, TIM4, TIM5, TIM6, TIM7, SPI2, SPI3, CAN1, PWR, DAC1, OPAMP,
	SYSCFG, SDMMC1, TIM1, SPI1, TIM8, TIM15, TIM16, TIM17,
	CLOCKS
};

struct field {
	uint8_t reg, shift, width; /* no bits: there is none */
};

struct node {
	const char *name;
	/* What it can be set to or have, see struct scmi_clock. */
	const uint64_t *rates;
	uint32_t rate_count;
	bool is_range;
	bool is_critical;
	bool is_bounded;           /* while it runs its rate is within the range */
	uint32_t fixed;            /* Hz of a source; 0 for others */
	uint32_t parent_count;
	const uint16_t *parents;
	const uint8_t *selects;    /* values of `mux` by parent; none: they count from 0 */
	struct field mux;
	/* By the value of `divider`, 0 for what is reserved; without a field the first one divides for ever. */
	const uint16_t *divisors;
	struct field divider;
	struct field multiplier;   /* of a PLL */
	struct field gate, ready;  /* one bit each; of some without `ready` nobody waits until they run */
};

static const uint16_t msi_divisors[16] = {960, 480, 240, 120, 96, 48, 24, 12, 6, 4, 3, 2};
static const uint16_t input_divisors[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint16_t p_divisors[] = {7, 17};
static const uint16_t qr_divisors[] = {2, 4, 6, 8};
static const uint16_t mco_divisors[8] = {1, 2, 4, 8, 16};
static const uint16_t systick_divisors[] = {8};

#define MHZ(number) ((number) * UINT64_C(1000000))
#define RATES(...) .rates = (const uint64_t[]){__VA_ARGS__}, \
	.rate_count = sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)
#define RANGE(from, to) RATES(from, to, 1), .is_range = true
#define FROM(...) .parents = (const uint16_t[]){__VA_ARGS__}, \
	.parent_count = sizeof((const uint16_t[]){__VA_ARGS__}) / sizeof(uint16_t)
#define SELECTS(...) .selects = (const uint8_t[]){__VA_ARGS__}
#define BIT(at, number) {.reg = at, .shift = number, .width = 1}
#define BITS(at, from, count) {.reg = at, .shift = from, .width = count}

#define PLL_VCO(text, at, on) {.name = text, FROM(PLL_INPUT), RANGE(MHZ(64), MHZ(344)), .is_bounded = true, \
	.multiplier = BITS(at, 8, 7), .gate = BIT(RCC_CR, on), .ready = BIT(RCC_CR, (on) + 1)}
#define OUTPUT_P(text, of, at) {.name = text, FROM(of), RANGE(MHZ(64) / 17, MHZ(80)), .is_bounded = true, \
	.divisors = p_divisors, .divider = BIT(at, 17), .gate = BIT(at, 16)}
#define OUTPUT_Q(text, of, at) {.name = text, FROM(of), RANGE(MHZ(8), MHZ(80)), .is_bounded = true, \
	.divisors = qr_divisors, .divider = BITS(at, 21, 2), .gate = BIT(at, 20)}
#define OUTPUT_R(text, of, at) {.name = text, FROM(of), RANGE(MHZ(8), MHZ(80)), .is_bounded = true, \
	.divisors = qr_divisors, .divider = BITS(at, 25, 2), .gate = BIT(at, 24)}
#define SERIAL(text, select, at, number) {.name = text, FROM(PCLK1, SYSCLK, HSI, LSE), RATES(32768, CORE_HZ), \
	.mux = BITS(RCC_CCIPR, select, 2), .gate = BIT(at, number)}
#define I2C(text, select, number) {.name = text, FROM(PCLK1, SYSCLK, HSI), RATES(CORE_HZ), \
	.mux = BITS(RCC_CCIPR, select, 2), .gate = BIT(RCC_APB1ENR1, number)}
#define LPTIM(text, select, at, number) {.name = text, FROM(PCLK1, LSI, HSI, LSE), RATES(32000, 32768, CORE_HZ), \
	.mux = BITS(RCC_CCIPR, select, 2), .gate = BIT(at, number)}
#define SAI(text, select, number) {.name = text, FROM(PLLSAI1_SAI1, PLLSAI2_SAI2, PLL_SAI3), \
	RANGE(MHZ(64) / 17, MHZ(80)), .mux = BITS(RCC_CCIPR, select, 2), .gate = BIT(RCC_APB2ENR, number)}
#define ON_BUS(text, bus, at, number) {.name = text, FROM(bus), RATES(CORE_HZ), .gate = BIT(at, number)}
#define OURS(text, bus, at, number) {.name = text, FROM(bus), RATES(CORE_HZ), .is_critical = true, .gate = BIT(at, number)}
#define CORE(text, from) {.name = text, FROM(from), RATES(CORE_HZ), .is_critical = true}

static const struct node nodes[CLOCKS] = {
	/* Oscillators. MSI has twelve rates, which are whole parts of 96 MHz. */
	[MSI] = {.name = "msi", .fixed = 96000000, .divisors = msi_divisors, .divider = BITS(RCC_CR, 4, 4),
		.gate = BIT(RCC_CR, 0), .ready = BIT(RCC_CR, 1),
		RATES(100000, 200000, 400000, 800000, MHZ(1), MHZ(2), MHZ(4), MHZ(8), MHZ(16), MHZ(24), MHZ(32), MHZ(48))},
	[HSI] = {.name = "hsi", .fixed = CORE_HZ, RATES(CORE_HZ), .is_critical = true, .gate = BIT(RCC_CR, 8),
		.ready = BIT(RCC_CR, 10)},
	[LSI] = {.name = "lsi", .fixed = 32000, RATES(32000), .gate = BIT(RCC_CSR, 0), .ready = BIT(RCC_CSR, 1)},
	/* A crystal takes up to two seconds: it is started once, and nobody waits for it. */
	[LSE] = {.name = "lse", .fixed = 32768, RATES(32768), .is_critical = true, .gate = BIT(RCC_BDCR, 0),
		.ready = BIT(RCC_BDCR, 1)},

	/* What the firmware lives by, set up by clocks_start. */
	[SYSCLK] = CORE("sysclk", HSI),
	[HCLK] = CORE("hclk", SYSCLK),
	[SYSTICK] = {.name = "systick", FROM(HCLK), RATES(CORE_HZ / 8), .is_critical = true, .divisors = systick_divisors},
	[PCLK1] = CORE("pclk1", HCLK),
	[PCLK2] = CORE("pclk2", HCLK),

	/* PLLs: one source and one divider for the three. */
	[PLL_INPUT] = {.name = "pll-input", FROM(MSI, HSI), SELECTS(1, 2), .mux = BITS(RCC_PLLCFGR, 0, 2),
		.divisors = input_divisors, .divider = BITS(RCC_PLLCFGR, 4, 3), RANGE(MHZ(4), MHZ(16)), .is_bounded = true},
	[PLL] = PLL_VCO("pll", RCC_PLLCFGR, 24),
	[PLL_SAI3] = OUTPUT_P("pll-sai3", PLL, RCC_PLLCFGR),
	[PLL_48M1] = OUTPUT_Q("pll-48m1", PLL, RCC_PLLCFGR),
	[PLL_CLK] = OUTPUT_R("pll-clk", PLL, RCC_PLLCFGR),
	[PLLSAI1] = PLL_VCO("pllsai1", RCC_PLLSAI1CFGR, 26),
	[PLLSAI1_SAI1] = OUTPUT_P("pllsai1-sai1", PLLSAI1, RCC_PLLSAI1CFGR),
	[PLLSAI1_48M2] = OUTPUT_Q("pllsai1-48m2", PLLSAI1, RCC_PLLSAI1CFGR),
	[PLLSAI1_ADC1] = OUTPUT_R("pllsai1-adc1", PLLSAI1, RCC_PLLSAI1CFGR),
	[PLLSAI2] = PLL_VCO("pllsai2", RCC_PLLSAI2CFGR, 28),
	[PLLSAI2_SAI2] = OUTPUT_P("pllsai2-sai2", PLLSAI2, RCC_PLLSAI2CFGR),
	[PLLSAI2_ADC2] = OUTPUT_R("pllsai2-adc2", PLLSAI2, RCC_PLLSAI2CFGR),

	/* Outputs on pins. */
	[MCO] = {.name = "mco", FROM(SYSCLK, MSI, HSI, PLL_CLK, LSI, LSE), SELECTS(1, 2, 3, 5, 6, 7),
		.mux = BITS(RCC_CFGR, 24, 3), .divisors = mco_divisors, .divider = BITS(RCC_CFGR, 28, 3),
		RANGE(32000 / 16, MHZ(80))},
	[LSCO] = {.name = "lsco", FROM(LSI, LSE), RATES(32000, 32768), .mux = BIT(RCC_BDCR, 25), .gate = BIT(RCC_BDCR, 24)},

	/* 48 MHz for USB, SDMMC and the random number generator, which agents switch beside their bus clocks. */
	[CLK48] = {.name = "clk48", FROM(PLLSAI1_48M2, PLL_48M1, MSI), SELECTS(1, 2, 3), .mux = BITS(RCC_CCIPR, 26, 2),
		RANGE(100000, MHZ(80))},

	/* Peripherals with a source of their own. */
	[USART1] = {.name = "usart1", FROM(HSI), RATES(CORE_HZ), .is_critical = true, .gate = BIT(RCC_APB2ENR, 14)},
	[USART2] = SERIAL("usart2", 2, RCC_APB1ENR1, 17),
	[USART3] = SERIAL("usart3", 4, RCC_APB1ENR1, 18),
	[UART4] = SERIAL("uart4", 6, RCC_APB1ENR1, 19),
	[UART5] = SERIAL("uart5", 8, RCC_APB1ENR1, 20),
	[LPUART1] = SERIAL("lpuart1", 10, RCC_APB1ENR2, 0),
	[I2C1] = I2C("i2c1", 12, 21),
	[I2C2] = I2C("i2c2", 14, 22),
	[I2C3] = I2C("i2c3", 16, 23),
	[LPTIM1] = LPTIM("lptim1", 18, RCC_APB1ENR1, 31),
	[LPTIM2] = LPTIM("lptim2", 20, RCC_APB1ENR2, 5),
	[SAI1] = SAI("sai1", 22, 21),
	[SAI2] = SAI("sai2", 24, 22),
	[ADC] = {.name = "adc", FROM(PLLSAI1_ADC1, PLLSAI2_ADC2, SYSCLK), SELECTS(1, 2, 3), .mux = BITS(RCC_CCIPR, 28, 2),
		.gate = BIT(RCC_AHB2ENR, 13), RANGE(MHZ(8), MHZ(80))},
	[SWPMI1] = {.name = "swpmi1", FROM(PCLK1, HSI), RATES(CORE_HZ), .mux = BIT(RCC_CCIPR, 30),
		.gate = BIT(RCC_APB1ENR2, 2)},
	[DFSDM1] = {.name = "dfsdm1", FROM(PCLK2, SYSCLK), RATES(CORE_HZ), .mux = BIT(RCC_CCIPR, 31),
		.gate = BIT(RCC_APB2ENR, 24)},

	/* Peripherals on the buses. The firmware needs flash memory, the port of its pins, and what protects BDCR. */
	[DMA1] = ON_BUS("dma1", HCLK, RCC_AHB1ENR, 0),
	[DMA2] = ON_BUS("dma2", HCLK, RCC_AHB1ENR, 1),
	[FLASH] = OURS("flash", HCLK, RCC_AHB1ENR, 8),
	[CRC] = ON_BUS("crc", HCLK, RCC_AHB1ENR, 12),
	[TSC] = ON_BUS("tsc", HCLK, RCC_AHB1ENR, 16),
	[GPIOA] = ON_BUS("gpioa", HCLK, RCC_AHB2ENR, 0),
	[GPIOB] = OURS("gpiob", HCLK, RCC_AHB2ENR, 1),
	[GPIOC] = ON_BUS("gpioc", HCLK, RCC_AHB2ENR, 2),
	[GPIOD] = ON_BUS("gpiod", HCLK, RCC_AHB2ENR, 3),
	[GPIOE] = ON_BUS("gpioe", HCLK, RCC_AHB2ENR, 4),
	[GPIOF] = ON_BUS("gpiof", HCLK, RCC_AHB2ENR, 5),
	[GPIOG] = ON_BUS("gpiog", HCLK, RCC_AHB2ENR, 6),
	[GPIOH] = ON_BUS("gpioh", HCLK, RCC_AHB2ENR, 7),
	[OTGFS] = ON_BUS("otgfs", HCLK, RCC_AHB2ENR, 12),
	[RNG] = ON_BUS("rng", HCLK, RCC_AHB2ENR, 18),
	[FMC] = ON_BUS("fmc", HCLK, RCC_AHB3ENR, 0),
	[QSPI] = ON_BUS("qspi", HCLK, RCC_AHB3ENR, 8),
	[TIM2] = ON_BUS("tim2", PCLK1, RCC_APB1ENR1, 0),
	[TIM3] = ON_BUS("tim3", PCLK1, RCC_APB1ENR1, 1),
	[TIM4] = ON_BUS("tim4", PCLK1, RCC_APB1ENR1, 2),
	[TIM5] = ON_BUS("tim5", PCLK1, RCC_APB1ENR1, 3),
	[TIM6] = ON_BUS("tim6", PCLK1, RCC_APB1ENR1, 4),
	[TIM7] = ON_BUS("tim7", PCLK1, RCC_APB1ENR1, 5),
	[SPI2] = ON_BUS("spi2", PCLK1, RCC_APB1ENR1, 14),
	[SPI3] = ON_BUS("spi3", PCLK1, RCC_APB1ENR1, 15),
	[CAN1] = ON_BUS("can1", PCLK1, RCC_APB1ENR1, 25),
	[PWR] = OURS("pwr", PCLK1, RCC_APB1ENR1, 28),
	[DAC1] = ON_BUS("dac1", PCLK1, RCC_APB1ENR1, 29),
	[OPAMP] = ON_BUS("opamp", PCLK1, RCC_APB1ENR1, 30),
	[SYSCFG] = ON_BUS("syscfg", PCLK2, RCC_APB2ENR, 0),
	[SDMMC1] = ON_BUS("sdmmc1", PCLK2, RCC_APB2ENR, 10),
	[TIM1] = ON_BUS("tim1", PCLK2, RCC_APB2ENR, 11),
	[SPI1] = ON_BUS("spi1", PCLK2, RCC_APB2ENR, 12),
	[TIM8] = ON_BUS("tim8", PCLK2, RCC_APB2ENR, 13),
	[TIM15] = ON_BUS("tim15", PCLK2, RCC_APB2ENR, 16),
	[TIM16] = ON_BUS("tim16", PCLK2, RCC_APB2ENR, 17),
	[TIM17] = ON_BUS("tim17", PCLK2, RCC_APB2ENR, 18),
};

/* What the library is given of `nodes`. */
static struct scmi_clock table[CLOCKS];
static struct scmi_grant grants[CLOCKS];
static const struct scmi_view view = {.grants = grants, .count = CLOCKS};

static uint8_t users[CLOCKS];
static bool is_wanted[CLOCKS]; /* by agents, who are one of the users */

/* Fields ------------------------------------------------------------------------------------------------------------- */

/* A field and what it would hold, to see what comes of that before it is written. */
static struct {
	struct field field;
	uint32_t value;
} trial;

static bool exists(struct field field) { return field.width != 0; }

static bool is_same(struct field a, struct field b)
{
	return a.reg == b.reg && a.shift == b.shift && a.width == b.width;
}

static uint32_t mask_of(struct field field) { return ((1u << field.width) - 1) << field.shift; }

static uint32_t get(struct field field)
{
	if (exists(trial.field) && is_same(field, trial.field))
		return trial.value;
	return (RCC(field.reg) & mask_of(field)) >> field.shift;
}

static void put(struct field field, uint32_t value)
{
	RCC(field.reg) = (RCC(field.reg) & ~mask_of(field)) | value << field.shift;
}

static void try_value(struct field field, uint32_t value)
{
	trial.field = field;
	trial.value = value;
}

static void end_trial(void) { trial.field.width = 0; }

/* Waits for what takes some 10 microseconds: oscillators, PLLs. False: it does not come. */
static bool await(struct field field, uint32_t value)
{
	for (uint32_t i = 0; i < CORE_HZ / 1000; i++) {
		if (get(field) == value)
			return true;
	}
	return false;
}

/* What is --------------------------------------------------------------------------------------------------------- */

/* The position of the parent among the possible ones. */
static unsigned position(const struct node *node)
{
	if (exists(node->mux)) {
		uint32_t value = get(node->mux);
		for (unsigned i = 0; i < node->parent_count; i++) {
			if ((node->selects != NULL ? node->selects[i] : i) == value)
				return i;
		}
	}
	return 0;
}

static unsigned parent_of(const struct node *node) { return node->parents[position(node)]; }

/* Exact up to the end: no remainder of one division is lost in the next one. */
static uint64_t rate_of(unsigned clock)
{
	uint64_t multiplied = 1, divided = 1;

	for (const struct node *node = &nodes[clock];; node = &nodes[parent_of(node)]) {
		if (exists(node->multiplier))
			multiplied *= get(node->multiplier);
		if (node->divisors != NULL)
			divided *= node->divisors[exists(node->divider) ? get(node->divider) : 0];
		if (node->parent_count == 0)
			return node->fixed * multiplied / divided;
	}
}

static bool is_running(unsigned clock)
{
	for (const struct node *node = &nodes[clock];; node = &nodes[parent_of(node)]) {
		if ((exists(node->gate) && get(node->gate) == 0) || (exists(node->ready) && get(node->ready) == 0))
			return false;
		if (node->parent_count == 0)
			return true;
	}
}

static bool is_legal(unsigned clock)
{
	const struct node *node = &nodes[clock];

	if (!node->is_bounded || users[clock] == 0)
		return true;
	uint64_t rate = rate_of(clock);
	return rate >= node->rates[0] && rate <= node->rates[1];
}

static bool are_all_legal(void)
{
	for (unsigned clock = 0; clock < CLOCKS; clock++) {
		if (!is_legal(clock))
			return false;
	}
	return true;
}

/* Changes --------------------------------------------------------------------------------------------------------- */

/* QEMU has MSI on while the PLLs' source is MSI, which counts from the next write of CR on, and does not switch it off
 * before. So it is written after each change, and says again whether MSI is wanted. */
static void settle(void) { put(nodes[MSI].gate, users[MSI] > 0); }

/* The settings of a PLL are changed while it stands, and what the three share while all three do. */
static bool put_setting(struct field field, uint32_t value)
{
	static const uint8_t plls[] = {PLL, PLLSAI1, PLLSAI2};
	bool was_on[3], is_shared = field.reg == RCC_PLLCFGR && field.shift < nodes[PLL].multiplier.shift, done = true;

	for (unsigned i = 0; i < 3; i++) {
		const struct node *pll = &nodes[plls[i]];
		was_on[i] = (is_shared || pll->multiplier.reg == field.reg) && get(pll->gate) != 0;
		if (was_on[i]) {
			put(pll->gate, 0);
			done = await(pll->ready, 0) && done;
		}
	}
	if (done)
		put(field, value);
	settle();
	for (unsigned i = 0; i < 3; i++) {
		if (was_on[i]) {
			put(nodes[plls[i]].gate, 1);
			done = await(nodes[plls[i]].ready, 1) && done;
		}
	}
	return done;
}

static void release(unsigned clock);

/* One more user: the first one has it on, and all that it runs from. */
static int32_t acquire(unsigned clock)
{
	const struct node *node = &nodes[clock];
	int32_t status;

	if (users[clock]++ > 0)
		return SCMI_SUCCESS;
	if (!is_legal(clock)) {
		users[clock]--;
		return SCMI_INVALID_PARAMETERS;
	}
	status = node->parent_count > 0 ? acquire(parent_of(node)) : SCMI_SUCCESS;
	if (status != SCMI_SUCCESS) {
		users[clock]--;
		return status;
	}
	if (exists(node->gate)) {
		put(node->gate, 1);
		if (exists(node->ready) && clock != LSE && !await(node->ready, 1)) {
			release(clock);
			return SCMI_HARDWARE_ERROR;
		}
	}
	return SCMI_SUCCESS;
}

static void release(unsigned clock)
{
	const struct node *node = &nodes[clock];

	if (--users[clock] > 0)
		return;
	if (exists(node->gate))
		put(node->gate, 0);
	if (node->parent_count > 0)
		release(parent_of(node));
}

/* Writes a field, and tells of all rates that are others by it. */
static int32_t change(struct scmi_platform *platform, struct field field, uint32_t value, uint32_t ticket)
{
	static uint64_t before[CLOCKS];

	for (unsigned clock = 0; clock < CLOCKS; clock++)
		before[clock] = rate_of(clock);
	bool done = put_setting(field, value);
	for (unsigned clock = 0; clock < CLOCKS; clock++) {
		uint64_t after = rate_of(clock);
		if (after != before[clock])
			scmi_clock_changed(platform, clock, after, ticket);
	}
	return done ? SCMI_SUCCESS : SCMI_HARDWARE_ERROR;
}

/* Callbacks ------------------------------------------------------------------------------------------------------- */

static int32_t clock_rate(void *context, unsigned index, uint32_t ticket, uint64_t *rate)
{
	(void)context, (void)ticket;
	*rate = rate_of(index);
	return SCMI_SUCCESS;
}

static uint64_t distance(uint64_t a, uint64_t b) { return a > b ? a - b : b - a; }

static bool is_better(uint64_t rate, uint64_t than, bool has_one, uint64_t wanted, enum scmi_rounding rounding)
{
	if ((rounding == SCMI_ROUND_DOWN && rate > wanted) || (rounding == SCMI_ROUND_UP && rate < wanted))
		return false;
	return !has_one || distance(rate, wanted) < distance(than, wanted);
}

static struct field setting_of(const struct node *node)
{
	return exists(node->multiplier) ? node->multiplier : node->divider;
}

enum { LEAST_MULTIPLIER = 8, GREATEST_MULTIPLIER = 86 };

static bool is_setting(const struct node *node, uint32_t value)
{
	return exists(node->multiplier) ? value >= LEAST_MULTIPLIER && value <= GREATEST_MULTIPLIER
		: node->divisors[value] != 0;
}

static int32_t clock_set_rate(void *context, unsigned index, uint32_t ticket, uint64_t rate, enum scmi_rounding rounding,
		uint64_t *reached)
{
	const struct node *node = &nodes[index];
	struct field field = setting_of(node);
	uint32_t best = 0;
	bool has_one = false;

	for (uint32_t value = 0; value < 1u << field.width; value++) {
		if (!is_setting(node, value))
			continue;
		try_value(field, value);
		uint64_t found = rate_of(index);
		bool is_one = (!node->is_bounded || (found >= node->rates[0] && found <= node->rates[1]))
			&& is_better(found, *reached, has_one, rate, rounding) && are_all_legal();
		end_trial();
		if (is_one) {
			has_one = true;
			best = value;
			*reached = found;
		}
	}
	if (!has_one)
		return SCMI_INVALID_PARAMETERS;
	return best == get(field) ? SCMI_SUCCESS : change(context, field, best, ticket);
}

static int32_t clock_is_on(void *context, unsigned index, uint32_t ticket, bool *is_on)
{
	(void)context, (void)ticket;
	*is_on = is_running(index);
	return SCMI_SUCCESS;
}

static int32_t clock_switch(void *context, unsigned index, uint32_t ticket, bool on)
{
	int32_t status = SCMI_SUCCESS;

	(void)context, (void)ticket;
	if (on != is_wanted[index]) { /* an agent may ask for off that never asked for on */
		if (on)
			status = acquire(index);
		else
			release(index);
		if (status == SCMI_SUCCESS)
			is_wanted[index] = on;
	}
	settle();
	return status;
}

static int32_t clock_parent(void *context, unsigned index, uint32_t ticket, uint16_t *parent)
{
	(void)context, (void)ticket;
	*parent = (uint16_t)parent_of(&nodes[index]);
	return SCMI_SUCCESS;
}

/* The new parent runs before the clock runs from it, and the old one until it does. */
static int32_t clock_set_parent(void *context, unsigned index, uint32_t ticket, unsigned parent)
{
	const struct node *node = &nodes[index];
	unsigned before = parent_of(node), at = 0;
	bool is_used = users[index] > 0, is_legal;

	while (node->parents[at] != parent)
		at++;
	uint32_t value = node->selects != NULL ? node->selects[at] : at;
	if (parent == before)
		return SCMI_SUCCESS;
	try_value(node->mux, value);
	is_legal = are_all_legal();
	end_trial();
	if (!is_legal)
		return SCMI_INVALID_PARAMETERS;
	int32_t status = is_used ? acquire(parent) : SCMI_SUCCESS;
	if (status == SCMI_SUCCESS) {
		status = change(context, node->mux, value, ticket);
		if (is_used)
			release(status == SCMI_SUCCESS ? before : parent);
	}
	settle();
	return status;
}

const struct scmi_platform_driver clocks_driver = {
	.clock_rate = clock_rate, .clock_set_rate = clock_set_rate, .clock_is_on = clock_is_on, .clock_switch = clock_switch,
	.clock_parent = clock_parent, .clock_set_parent = clock_set_parent
};

const struct scmi_clock *clocks_table(uint32_t *count)
{
	*count = CLOCKS;
	return table;
}

const struct scmi_view *clocks_view(void) { return &view; }

/* Start ----------------------------------------------------------------------------------------------------------- */

static uint16_t rights_of(const struct node *node)
{
	unsigned rights = SCMI_MAY_READ;

	if (!node->is_critical)
		rights |= SCMI_MAY_SWITCH;
	if (exists(setting_of(node)))
		rights |= SCMI_MAY_SET_RATE;
	if (exists(node->mux))
		rights |= SCMI_MAY_SET_PARENT;
	return (uint16_t)rights;
}

static void describe(unsigned clock)
{
	const struct node *node = &nodes[clock];

	table[clock] = (struct scmi_clock){.name = node->name, .rates = node->rates, .rate_count = node->rate_count,
		.is_range = node->is_range, .is_critical = node->is_critical, .parents = node->parents,
		.parent_count = node->parent_count};
	grants[clock] = (struct scmi_grant){.index = (uint16_t)clock, .rights = rights_of(node)};
}

static const struct field system_source = BITS(RCC_CFGR, 0, 2), system_source_now = BITS(RCC_CFGR, 2, 2),
	msi_range_select = BIT(RCC_CR, 3);
enum { FROM_HSI = 1, BACKUP_DOMAIN_WRITABLE = 1 << 8 };
enum { FIRST_SETTINGS = 16 << 8 | 1 << 21 | 1 << 25 }; /* times 16; Q and R divide by 4, P by 7 */

/* Each field that counts is written, so that a QEMU which believes something else until then does not any more. */
bool clocks_start(void)
{
	/* The core onto HSI16. */
	put(nodes[HSI].gate, 1);
	if (!await(nodes[HSI].ready, 1))
		return false;
	put(system_source, FROM_HSI);
	if (!await(system_source_now, FROM_HSI))
		return false;

	/* 16 MHz for the PLLs, which make 256 MHz of it; their outputs are parts of that which they may have. */
	RCC(RCC_PLLCFGR) = FIRST_SETTINGS;
	RCC(RCC_PLLSAI1CFGR) = FIRST_SETTINGS;
	RCC(RCC_PLLSAI2CFGR) = FIRST_SETTINGS;
	put(nodes[PLL_INPUT].mux, 2);
	put(msi_range_select, 1);
	put(nodes[MCO].mux, 1);
	/* USART1 from HSI16; ADC from the system, CLK48 from MSI. */
	RCC(RCC_CCIPR) = 2u << 0 | 3u << 26 | 3u << 28;

	RCC(RCC_AHB1ENR) = mask_of(nodes[FLASH].gate);
	put(nodes[PWR].gate, 1);
	(void)get(nodes[PWR].gate); /* it takes two cycles until the registers behind a gate are there */
	PWR_CR1 |= BACKUP_DOMAIN_WRITABLE;
	for (unsigned clock = 0; clock < CLOCKS; clock++) {
		describe(clock);
		if (nodes[clock].is_critical && acquire(clock) != SCMI_SUCCESS)
			return false;
	}
	settle();
	return true;
}
