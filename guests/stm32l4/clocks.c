/* The clock tree of the STM32L475 (RM0351, chapter 6) as SCMI clocks, and the changes of it. */
#include "registers.h"
#include "scmi_clock_tree.h"
#include "system.h"

/*
 * The firmware lives by HSI16: the core, the buses and USART1 run from it at 16 MHz, whatever agents do. So these clocks are
 * for reading only, and everything else is free: MSI, LSI, the three PLLs and all that can run from them.
 *
 * A clock is described once, in `clocks`: what it runs from, what divides it, what stops it. The library's tree
 * (scmi_clock_tree.h) does what agents ask for by that; here is what only this chip has.
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
	.multiplier = BITS(at, 8, 7), .least = 8, .greatest = 86, .gate = BIT(RCC_CR, on), .ready = BIT(RCC_CR, (on) + 1)}
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

static const struct scmi_tree_clock clocks[CLOCKS] = {
	/* Oscillators. MSI has twelve rates, which are whole parts of 96 MHz. */
	[MSI] = {.name = "msi", .fixed = 96000000, .divisors = msi_divisors, .divider = BITS(RCC_CR, 4, 4),
		.gate = BIT(RCC_CR, 0), .ready = BIT(RCC_CR, 1),
		RATES(100000, 200000, 400000, 800000, MHZ(1), MHZ(2), MHZ(4), MHZ(8), MHZ(16), MHZ(24), MHZ(32), MHZ(48))},
	[HSI] = {.name = "hsi", .fixed = CORE_HZ, RATES(CORE_HZ), .is_critical = true, .gate = BIT(RCC_CR, 8),
		.ready = BIT(RCC_CR, 10)},
	[LSI] = {.name = "lsi", .fixed = 32000, RATES(32000), .gate = BIT(RCC_CSR, 0), .ready = BIT(RCC_CSR, 1)},
	/* A crystal takes up to two seconds: it is started once, and nobody waits for it. */
	[LSE] = {.name = "lse", .fixed = 32768, RATES(32768), .is_critical = true, .gate = BIT(RCC_BDCR, 0),
		.ready = BIT(RCC_BDCR, 1), .is_slow = true},

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

static struct scmi_tree_state states[CLOCKS];
static struct scmi_clock table[CLOCKS];
static struct scmi_grant grants[CLOCKS];
static const struct scmi_view view = {.grants = grants, .count = CLOCKS};

static uint32_t read(unsigned reg) { return RCC(reg); }

static void write(unsigned reg, uint32_t value) { RCC(reg) = value; }

/* QEMU has MSI on while the PLLs' source is MSI, which counts from the next write of CR on, and does not switch it off
 * before. So it is written after each change, and says again whether MSI is wanted. */
static void settle(struct scmi_tree *tree) { scmi_tree_put(tree, clocks[MSI].gate, states[MSI].users > 0); }

/* The settings of a PLL are changed while it stands, and what the three share while all three do. */
static bool set(struct scmi_tree *tree, struct scmi_tree_field field, uint32_t value)
{
	static const uint8_t plls[] = {PLL, PLLSAI1, PLLSAI2};
	bool was_on[3], is_shared = field.reg == RCC_PLLCFGR && field.shift < clocks[PLL].multiplier.shift, done = true;

	for (unsigned i = 0; i < 3; i++) {
		const struct scmi_tree_clock *pll = &clocks[plls[i]];
		was_on[i] = (is_shared || pll->multiplier.reg == field.reg) && scmi_tree_get(tree, pll->gate) != 0;
		if (was_on[i]) {
			scmi_tree_put(tree, pll->gate, 0);
			done = scmi_tree_await(tree, pll->ready, 0) && done;
		}
	}
	if (done)
		scmi_tree_put(tree, field, value);
	settle(tree);
	for (unsigned i = 0; i < 3; i++) {
		if (was_on[i]) {
			scmi_tree_put(tree, clocks[plls[i]].gate, 1);
			done = scmi_tree_await(tree, clocks[plls[i]].ready, 1) && done;
		}
	}
	return done;
}

/* Oscillators and PLLs take some 10 microseconds. */
static struct scmi_tree tree = {.clocks = clocks, .count = CLOCKS, .states = states, .table = table, .grants = grants,
	.read = read, .write = write, .patience = CORE_HZ / 1000, .set = set, .settle = settle};

const struct scmi_platform_driver clocks_driver = {
	.clock_rate = scmi_tree_rate, .clock_set_rate = scmi_tree_set_rate, .clock_is_on = scmi_tree_is_on,
	.clock_switch = scmi_tree_switch, .clock_parent = scmi_tree_parent, .clock_set_parent = scmi_tree_set_parent
};

const struct scmi_clock *clocks_table(uint32_t *count)
{
	*count = CLOCKS;
	return table;
}

const struct scmi_view *clocks_view(void) { return &view; }

/* Start ----------------------------------------------------------------------------------------------------------- */

static const struct scmi_tree_field system_source = BITS(RCC_CFGR, 0, 2), system_source_now = BITS(RCC_CFGR, 2, 2),
	msi_range_select = BIT(RCC_CR, 3);
enum { FROM_HSI = 1, BACKUP_DOMAIN_WRITABLE = 1 << 8 };
enum { FIRST_SETTINGS = 16 << 8 | 1 << 21 | 1 << 25 }; /* times 16; Q and R divide by 4, P by 7 */

/* Each field that counts is written, so that a QEMU which believes something else until then does not any more. */
void *clocks_start(struct scmi_platform *platform)
{
	tree.platform = platform;
	/* The core onto HSI16. */
	scmi_tree_put(&tree, clocks[HSI].gate, 1);
	if (!scmi_tree_await(&tree, clocks[HSI].ready, 1))
		return NULL;
	scmi_tree_put(&tree, system_source, FROM_HSI);
	if (!scmi_tree_await(&tree, system_source_now, FROM_HSI))
		return NULL;

	/* 16 MHz for the PLLs, which make 256 MHz of it; their outputs are parts of that which they may have. */
	RCC(RCC_PLLCFGR) = FIRST_SETTINGS;
	RCC(RCC_PLLSAI1CFGR) = FIRST_SETTINGS;
	RCC(RCC_PLLSAI2CFGR) = FIRST_SETTINGS;
	scmi_tree_put(&tree, clocks[PLL_INPUT].mux, 2);
	scmi_tree_put(&tree, msi_range_select, 1);
	scmi_tree_put(&tree, clocks[MCO].mux, 1);
	/* USART1 from HSI16; ADC from the system, CLK48 from MSI. */
	RCC(RCC_CCIPR) = 2u << 0 | 3u << 26 | 3u << 28;

	RCC(RCC_AHB1ENR) = 1u << clocks[FLASH].gate.shift;
	scmi_tree_put(&tree, clocks[PWR].gate, 1);
	(void)scmi_tree_get(&tree, clocks[PWR].gate); /* it takes two cycles until the registers behind a gate are there */
	PWR_CR1 |= BACKUP_DOMAIN_WRITABLE;
	return scmi_tree_start(&tree) ? &tree : NULL;
}
