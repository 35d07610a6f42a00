/* SPDX-License-Identifier: ISC */
/*
 * wrap_name - the name of an address, believed only where it leads back to the address.
 *
 * Asked are the sources that nsswitch.conf names for hosts, in its order: "files" is /etc/hosts, "dns" and "resolve" the
 * DNS. What only helps a desktop (mdns, myhostname, mymachines) is passed over. Where it names anything
 * else (nis, ldap, sss, ...), the C library is asked instead, which knows it, and takes its time.
 *
 * A name is believed where asking for it (in the same order) gives the address under this very name; it is "paranoid"
 * where it does not, where it is longer than 127 bytes or not made of letters, digits, '-', '_' and '.', where it looks
 * like an address, and where the second answer did not come. "unknown": there is no name, or the first answer did not
 * come. An answer that did not come (no server answered in time, or one that failed, or sent what makes no sense) leaves
 * open who the client is: `unanswered`. A name
 * that is known, by a file where the DNS failed, leaves nothing open.
 *
 * Time: WRAP_NAME_SECONDS for both questions, after which the answer is as if nobody had answered. The
 * original waited 10 s for each, while the server served nobody.
 *
 * Tests: tests/unit/libwrap/test_wrap_name.c; tests/abi/60_names.sh with a server that lies and stalls
 */
#ifndef KW_LIBWRAP_WRAP_NAME_H
#define KW_LIBWRAP_WRAP_NAME_H

#include "libwrap/wrap_dns.h"
#include "net/addr.h"

#include <stdbool.h>

enum {
	WRAP_NAME_SIZE = 128,
	WRAP_NAME_FIRST_SECONDS = 3, /* for the name, so that some are left for its address */
	WRAP_NAME_SECONDS = 5,
};

enum wrap_name_result {
	WRAP_NAME_KNOWN,
	WRAP_NAME_UNKNOWN,
	WRAP_NAME_PARANOID,
};

struct wrap_name {
	enum wrap_name_result result;
	bool unanswered;           /* of one that is not known: nobody said so, for nobody answered */
	char text[WRAP_NAME_SIZE]; /* the name; "unknown"; "paranoid" */
	char why[320];             /* what is to be logged of one that is not believed or unanswered; else empty */
};

/* Where names are looked up; tests give their own. */
struct wrap_name_sources {
	const char *nsswitch; /* path */
	const char *hosts;
	enum wrap_dns_result (*name_of)(const struct addr *a, unsigned seconds, char name[WRAP_DNS_NAME_SIZE]);
	enum wrap_dns_result (*has)(const char *name, const struct addr *a, unsigned seconds);
};
extern const struct wrap_name_sources wrap_name_system;

void wrap_name_find(const struct wrap_name_sources *sources, const struct addr *a, struct wrap_name *out);

/* The order of sources in the text of an nsswitch.conf. */
enum wrap_name_source {
	WRAP_NAME_FILES,
	WRAP_NAME_DNS,
	WRAP_NAME_LIBC, /* something that only the C library can ask: then it is the only one */
};
enum { WRAP_NAME_ORDER_MAX = 2 };
struct wrap_name_order {
	enum wrap_name_source sources[WRAP_NAME_ORDER_MAX];
	unsigned count;
};
struct wrap_name_order wrap_name_read_order(const char *nsswitch_path);

#endif
