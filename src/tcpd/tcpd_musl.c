/* SPDX-License-Identifier: ISC */
/* What musl does not do for the small tcpd, and glibc does. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int close_range(unsigned first_fd, unsigned last_fd, int flags)
{
	return (int)syscall(SYS_close_range, first_fd, last_fd, flags);
}

static int shut_what_was_moved(struct dl_phdr_info *program, size_t size, void *unused)
{
	const uintptr_t page = (uintptr_t)getpagesize();
	(void)size;
	(void)unused;
	for (unsigned i = 0; i < program->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &program->dlpi_phdr[i];
		const uintptr_t begin = program->dlpi_addr + part->p_vaddr, end = begin + part->p_memsz;
		if (part->p_type == PT_GNU_RELRO)
			(void)mprotect((void *)(begin & -page), (end & -page) - (begin & -page), PROT_READ);
	}
	return 1;
}

/* It moves a static program to where it lies, but leaves writable what nobody changes afterwards (RELRO). */
static void __attribute__((constructor)) shut(void)
{
	dl_iterate_phdr(shut_what_was_moved, NULL);
}
