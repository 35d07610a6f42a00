/* SPDX-License-Identifier: ISC */
/* The shortest service that inetd can start: two bytes, and the end. What stands before it is what is measured. */
#include <unistd.h>

int main(void)
{
	return write(1, "ok", 2) != 2;
}
