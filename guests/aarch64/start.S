/* From the loader to main(): exception level 1, an empty bss, a stack, the exception vectors. */

	.section .head, "ax"
	.global _start
_start:
	/* The head of an arm64 Linux image: QEMU and boot loaders place the raw image by it and pass the device tree in x0. */
	b	enter
	.long	0
	.quad	0			/* offset from the base that the loader chose */
	.quad	_image_bytes		/* bss and stack included */
	.quad	2			/* little-endian, 4 KiB pages */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.text
enter:
	mov	x19, x0			/* the device tree, or 0 */
	msr	daifset, #0xf		/* interrupts wake the CPU from wfi, but are never taken as exceptions */
	mrs	x1, CurrentEL
	cmp	x1, #(2 << 2)
	b.ne	at_el1

	/* A hypervisor's level: hand the timer, the floating-point unit and everything else down to level 1, and go there. */
	mov	x1, #(1 << 31)
	msr	hcr_el2, x1
	mov	x1, #3
	msr	cnthctl_el2, x1
	msr	cntvoff_el2, xzr
	mov	x1, #0x33ff
	msr	cptr_el2, x1
	msr	hstr_el2, xzr
	mov	x1, #0x3c5
	msr	spsr_el2, x1
	adr	x1, at_el1
	msr	elr_el2, x1
	eret

at_el1:
	ldr	x1, =vectors
	msr	vbar_el1, x1

	/*
	 * The caches are off. Lines that a loader left behind over bss and stack would hide what is written there now,
	 * once the caches are on.
	 */
	mrs	x1, ctr_el0
	ubfx	x1, x1, #16, #4
	mov	x2, #4
	lsl	x2, x2, x1
	ldr	x3, =_bss
	ldr	x4, =_end
1:	dc	ivac, x3
	add	x3, x3, x2
	cmp	x3, x4
	b.lo	1b
	dsb	sy

	ldr	x3, =_bss
	ldr	x4, =_bss_end
2:	stp	xzr, xzr, [x3], #16
	cmp	x3, x4
	b.lo	2b

	ldr	x1, =_stack_top
	mov	sp, x1
	mov	x0, x19
	bl	main
3:	wfi
	b	3b

/* Nothing is ever expected here: each vector tells fault() which one it is. */
	.macro vector number
	.balign 0x80
	mov	x0, #\number
	b	unexpected
	.endm

	.balign 0x800
vectors:
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vector	\number
	.endr

unexpected:
	mrs	x1, esr_el1
	mrs	x2, elr_el1
	mrs	x3, far_el1
	ldr	x4, =_stack_top
	mov	sp, x4
	bl	fault
4:	wfi
	b	4b
