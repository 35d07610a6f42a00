/* SPDX-License-Identifier: ISC */
/* What musl does not do for the small tcpd, and glibc does. */
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

int close_range(unsigned first_fd, unsigned last_fd, int flags)
{
	return (int)syscall(SYS_close_range, first_fd, last_fd, flags);
}

/* It moves a static program to where it lies, but leaves writable what nobody changes afterwards (RELRO). */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));
static void __attribute__((constructor)) shut_what_was_moved(void)
{
	const uintptr_t begin = (uintptr_t)&__ehdr_start, page = (uintptr_t)getpagesize();
	const ElfW(Phdr) *part = (const void *)(begin + __ehdr_start.e_phoff);
	for (unsigned i = 0; i < __ehdr_start.e_phnum; i++) {
		const uintptr_t from = (begin + part[i].p_vaddr) & -page, to = (begin + part[i].p_vaddr + part[i].p_memsz) & -page;
		if (part[i].p_type == PT_GNU_RELRO)
			(void)mprotect((void *)from, to - from, PROT_READ);
	}
}
