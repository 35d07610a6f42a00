/* SPDX-License-Identifier: ISC */
#include "case_world.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct world_host world_hosts[] = {
	{"198.51.100.7", "ws7.example.net"},
	{"198.51.100.70", "ws70.example.net"},
	{"203.0.113.9", "gate.example.com"},
	{"10.1.2.3", "db.lan"},
	{"10.1.2.4", "printer"},
	{"198.51.100.20", "10.evil.example"}, /* a name that looks like the beginning of an address */
	{"192.0.2.1", "unknown"},
	{"198.51.100.32", "paranoid"},
	{"203.0.113.77", "a.b.c.deep.example.org"},
	{"127.0.0.1", "localhost"},
	{"2001:db8::1", "six.example.net"},
	{"2001:db8:0:1::25", "mail6.example.org"},
	{"2001:db8:ffff::", "unknown"},
	{"fe80::7%lo", "unknown"},
	{"::1", "localhost"},
	{"::ffff:198.51.100.7", "ws7.example.net"}, /* as a socket of both families names an IPv4 client */
	{"255.255.255.255", "unknown"},
	{"0.0.0.0", "unknown"},
	{"unknown", "unknown"},
};
const size_t world_host_count = COUNT(world_hosts);

const struct world_host world_servers[] = {
	{"192.0.2.10", "www.example.org"},
	{"192.0.2.11", "unknown"},
	{"2001:db8:5::10", "www6.example.org"},
	{"127.0.0.1", "localhost"},
	{"", ""},
};
const size_t world_server_count = COUNT(world_servers);

const char *const world_daemons[] = {"in.ftpd", "sshd", "in.telnetd", "imapd", "in.tftpd", "vsftpd"};
const size_t world_daemon_count = COUNT(world_daemons);

const char *const world_users[] = {"joe", "root", "unknown", "mallory", "Joe"};
const size_t world_user_count = COUNT(world_users);

/* .32 has a name like an address; .35 has a name that leads to .36 first, under another name. */
const char world_hosts_file[] =
	"127.0.0.1 localhost\n"
	"::1 localhost\n"
	"198.51.100.7 ws7.example.net ws7\n"
	"198.51.100.70 ws70.example.net\n"
	"203.0.113.9 gate.example.com\n"
	"10.1.2.3 db.lan\n"
	"10.1.2.4 printer\n"
	"198.51.100.20 10.evil.example\n"
	"203.0.113.77 a.b.c.deep.example.org\n"
	"198.51.100.37 two.example.net\n"
	"198.51.100.38 two.example.net\n"
	"2001:db8::1 six.example.net\n"
	"2001:db8:0:1::25 mail6.example.org\n"
	"192.0.2.10 www.example.org\n"
	"2001:db8:5::10 www6.example.org\n"
	"198.51.100.32 10.1.2.3\n"
	"198.51.100.36 canon.example.net alias.example.net\n"
	"198.51.100.35 alias.example.net\n";

const char world_netgroups[] =
	"friends (ws7.example.net,,) (gate.example.com,,example) (six.example.net,,)\n"
	"strangers (10.evil.example,,) (WS70.example.net,,) (unknown,,) (paranoid,,)\n"
	"elsewhere (ws7.example.net,,other)\n"
	"everyone (,,)\n"
	"circle (printer,,) friends\n";
