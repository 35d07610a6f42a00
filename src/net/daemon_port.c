/* SPDX-License-Identifier: ISC */
#include "net/daemon_port.h"

#include "net/ip_proto.h"

#include <stdlib.h>
#include <strings.h>

enum { NAME_MOST = 24 }; /* longer names are none of the table's */

#define TCP IP_PROTO_TCP
#define UDP IP_PROTO_UDP

/* In order of names, for a search by halves. */
static const struct row {
	const char *name;
	uint8_t proto;
	uint16_t port;
} rows[] = {
	{"apcupsd", TCP, 3551},
	{"atftpd", UDP, 69},
	{"auth", TCP, 113},
	{"bacula-dir", TCP, 9101},
	{"bacula-fd", TCP, 9102},
	{"bacula-sd", TCP, 9103},
	{"biff", UDP, 512},
	{"bootpd", UDP, 67},
	{"cfingerd", TCP, 79},
	{"chargen", TCP, 19},
	{"comsat", UDP, 512},
	{"conserver", TCP, 782},
	{"daytime", TCP, 13},
	{"discard", TCP, 9},
	{"distccd", TCP, 3632},
	{"dovecot", TCP, 143},
	{"echo", TCP, 7},
	{"exec", TCP, 512},
	{"exim", TCP, 25},
	{"exim4", TCP, 25},
	{"finger", TCP, 79},
	{"fingerd", TCP, 79},
	{"ftp", TCP, 21},
	{"ftpd", TCP, 21},
	{"ftps", TCP, 990},
	{"git-daemon", TCP, 9418},
	{"gopher", TCP, 70},
	{"gopherd", TCP, 70},
	{"gophernicus", TCP, 70},
	{"http", TCP, 80},
	{"httpd", TCP, 80},
	{"https", TCP, 443},
	{"ident", TCP, 113},
	{"identd", TCP, 113},
	{"imap", TCP, 143},
	{"imap2", TCP, 143},
	{"imap4d", TCP, 143},
	{"imapd", TCP, 143},
	{"imaps", TCP, 993},
	{"ipop3d", TCP, 110},
	{"irc", TCP, 6667},
	{"ircd", TCP, 6667},
	{"klogin", TCP, 543},
	{"klogind", TCP, 543},
	{"kshd", TCP, 544},
	{"kshell", TCP, 544},
	{"ldap", TCP, 389},
	{"ldaps", TCP, 636},
	{"login", TCP, 513},
	{"lpd", TCP, 515},
	{"mosquitto", TCP, 1883},
	{"mountd", UDP, 635},
	{"munin-node", TCP, 4949},
	{"mysqld", TCP, 3306},
	{"netbios-ssn", TCP, 139},
	{"netstat", TCP, 15},
	{"nfsd", TCP, 2049},
	{"nmbd", UDP, 137},
	{"nnrpd", TCP, 119},
	{"nntp", TCP, 119},
	{"nntpd", TCP, 119},
	{"nrpe", TCP, 5666},
	{"nsca", TCP, 5667},
	{"ntalk", UDP, 518},
	{"ntalkd", UDP, 518},
	{"ntpd", UDP, 123},
	{"oidentd", TCP, 113},
	{"p910nd", TCP, 9100},
	{"pop2", TCP, 109},
	{"pop3", TCP, 110},
	{"pop3d", TCP, 110},
	{"pop3s", TCP, 995},
	{"popper", TCP, 110},
	{"portmap", TCP, 111},
	{"portmapper", TCP, 111},
	{"pptpd", TCP, 1723},
	{"printer", TCP, 515},
	{"proftpd", TCP, 21},
	{"pulseaudio", TCP, 4713},
	{"pure-ftpd", TCP, 21},
	{"qpopper", TCP, 110},
	{"rexecd", TCP, 512},
	{"rlogind", TCP, 513},
	{"rpcbind", TCP, 111},
	{"rshd", TCP, 514},
	{"rsync", TCP, 873},
	{"rsyncd", TCP, 873},
	{"sendmail", TCP, 25},
	{"shell", TCP, 514},
	{"slapd", TCP, 389},
	{"sm-mta", TCP, 25},
	{"smbd", TCP, 445},
	{"smtp", TCP, 25},
	{"smtpd", TCP, 25},
	{"smtps", TCP, 465},
	{"snmpd", UDP, 161},
	{"snmptrapd", UDP, 162},
	{"ssh", TCP, 22},
	{"sshd", TCP, 22},
	{"sshd2", TCP, 22},
	{"submission", TCP, 587},
	{"sunrpc", TCP, 111},
	{"swat", TCP, 901},
	{"systat", TCP, 11},
	{"systatd", TCP, 11},
	{"talk", UDP, 517},
	{"talkd", UDP, 517},
	{"telnet", TCP, 23},
	{"telnetd", TCP, 23},
	{"telnets", TCP, 992},
	{"tftp", UDP, 69},
	{"tftpd", UDP, 69},
	{"time", TCP, 37},
	{"upsd", TCP, 3493},
	{"usbipd", TCP, 3240},
	{"uucp", TCP, 540},
	{"uucpd", TCP, 540},
	{"uwsgi", TCP, 3031},
	{"vsftpd", TCP, 21},
	{"wu.ftpd", TCP, 21},
	{"www", TCP, 80},
};

static int by_name(const void *wanted, const void *row)
{
	return strcasecmp(wanted, ((const struct row *)row)->name);
}

static struct text_slice without(struct text_slice name, const char *start)
{
	size_t n = strlen(start);
	if (name.length > n && strncasecmp(name.start, start, n) == 0)
		return (struct text_slice){name.start + n, name.length - n};
	return name;
}

bool daemon_port_find(struct text_slice daemon, struct daemon_port *out)
{
	struct text_slice bare = without(without(daemon, "in."), "rpc.");
	char name[NAME_MOST];
	if (bare.length == 0 || bare.length >= sizeof name ||
		memchr(bare.start, '\0', bare.length) != NULL)
		return false;
	memcpy(name, bare.start, bare.length);
	name[bare.length] = '\0';
	const struct row *row =
		bsearch(name, rows, sizeof rows / sizeof rows[0], sizeof rows[0], by_name);
	if (row == NULL)
		return false;
	*out = (struct daemon_port){row->proto, row->port};
	return true;
}
