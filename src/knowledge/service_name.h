/* SPDX-License-Identifier: ISC */
/*
 * service_name - the name of a port: IANA's, or the one people use ("mikrotik", "docker").
 *
 * A name says what the port is known for, not what runs there. Lower case letters, digits, '-' and
 * '.', at most SERVICE_NAME_LENGTH characters; the names live as long as the program.
 *
 * Source: knowledge/services.yaml   Tests: tests/unit/knowledge/test_service_name.c
 */
#ifndef KW_KNOWLEDGE_SERVICE_NAME_H
#define KW_KNOWLEDGE_SERVICE_NAME_H

#include <stdint.h>

#define SERVICE_NAME_LENGTH 20

/* Null where the port has no name. `ip_proto` is TCP, UDP, SCTP or DCCP as a number. */
const char *service_name_of(uint8_t ip_proto, uint16_t port);

#endif
