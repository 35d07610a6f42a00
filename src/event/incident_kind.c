/* SPDX-License-Identifier: ISC */
#include "event/incident_kind.h"

#include <assert.h>

static const struct {
	const char *name;
	enum incident_class class;
} kinds[INCIDENT_KINDS] = {
	[INCIDENT_KIND_VERTICAL] = {"vertical", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_HORIZONTAL] = {"horizontal", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_BLOCK] = {"block", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_PROTOCOL] = {"protocol", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_DISTRIBUTED] = {"distributed", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_FINGERPRINT] = {"fingerprint", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_SERVICE_PROBE] = {"service-probe", INCIDENT_CLASS_SCAN},
	[INCIDENT_KIND_BRUTEFORCE] = {"bruteforce", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_TRAP] = {"trap", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_SPOOF] = {"spoof", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_REDIRECT] = {"redirect", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_SOURCE_ROUTE] = {"source-route", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_IDLE_ZOMBIE] = {"idle-zombie", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_EXPLOIT] = {"exploit", INCIDENT_CLASS_ATTACK},
	[INCIDENT_KIND_SYN_FLOOD] = {"syn-flood", INCIDENT_CLASS_FLOOD},
	[INCIDENT_KIND_UDP_FLOOD] = {"udp-flood", INCIDENT_CLASS_FLOOD},
	[INCIDENT_KIND_ICMP_FLOOD] = {"icmp-flood", INCIDENT_CLASS_FLOOD},
	[INCIDENT_KIND_REFLECTION] = {"reflection", INCIDENT_CLASS_FLOOD},
	[INCIDENT_KIND_BACKSCATTER] = {"backscatter", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_LATE_REPLY] = {"late-reply", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_LEFTOVER] = {"leftover", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_RETRY] = {"retry", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_HEALTH_CHECK] = {"health-check", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_LAN_NOISE] = {"lan-noise", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_TRACEROUTE] = {"traceroute", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_PORT_KNOCK] = {"port-knock", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_MISDIRECTED] = {"misdirected", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_RESEARCH] = {"research", INCIDENT_CLASS_NOISE},
	[INCIDENT_KIND_REFUSED] = {"refused", INCIDENT_CLASS_NOISE},
};

const char *incident_class_name(enum incident_class class)
{
	static const char *const names[INCIDENT_CLASSES] = {"scan", "attack", "flood", "noise"};
	assert(class < INCIDENT_CLASSES);
	return names[class];
}

const char *incident_kind_name(enum incident_kind kind)
{
	assert(kind < INCIDENT_KINDS);
	return kinds[kind].name;
}

enum incident_class incident_kind_class(enum incident_kind kind)
{
	assert(kind < INCIDENT_KINDS);
	return kinds[kind].class;
}
