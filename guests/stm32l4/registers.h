/* Registers of the Cortex-M4 and of the STM32L475, as ST's CMSIS header names them, as far as they are used here. */
#ifndef REGISTERS_H
#define REGISTERS_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

/* The core: SysTick, NVIC, SCB. */
#define SYST_CSR REGISTER(0xe000e010)
#define SYST_RVR REGISTER(0xe000e014)
#define SYST_CVR REGISTER(0xe000e018)
#define NVIC_ISER(word) REGISTER(0xe000e100 + 4 * (word))
#define SCB_VTOR REGISTER(0xe000ed08)
#define SCB_AIRCR REGISTER(0xe000ed0c)

/* Reset and clock control, by offsets: the table of clocks names its registers so. */
#define RCC(offset) REGISTER(0x40021000 + (offset))
enum {
	RCC_CR = 0x00, RCC_CFGR = 0x08, RCC_PLLCFGR = 0x0c, RCC_PLLSAI1CFGR = 0x10, RCC_PLLSAI2CFGR = 0x14,
	RCC_AHB1ENR = 0x48, RCC_AHB2ENR = 0x4c, RCC_AHB3ENR = 0x50, RCC_APB1ENR1 = 0x58, RCC_APB1ENR2 = 0x5c,
	RCC_APB2ENR = 0x60, RCC_CCIPR = 0x88, RCC_BDCR = 0x90, RCC_CSR = 0x94
};

/* Power control: what protects BDCR. */
#define PWR_CR1 REGISTER(0x40007000)

/* A port of pins: A, B, ... are 0, 1, ... */
#define GPIO_MODER(port) REGISTER(0x48000000 + 0x400 * (port))
#define GPIO_AFRL(port) REGISTER(0x48000020 + 0x400 * (port))

/* A USART, by its address. */
#define USART_CR1(usart) REGISTER(usart)
#define USART_BRR(usart) REGISTER((usart) + 0x0c)
#define USART_ISR(usart) REGISTER((usart) + 0x1c)
#define USART_ICR(usart) REGISTER((usart) + 0x20)
#define USART_RDR(usart) REGISTER((usart) + 0x24)
#define USART_TDR(usart) REGISTER((usart) + 0x28)

/* The random number generator. */
#define RNG_CR REGISTER(0x50060800)
#define RNG_SR REGISTER(0x50060804)
#define RNG_DR REGISTER(0x50060808)

#endif
