/* SPDX-License-Identifier: ISC */
/*
 * packet_layers - a packet of any shape to an event, layer by layer.
 *
 * Takes the link header off (link_decode), then reads the network header (ip_decode) and what
 * stands behind it (transport_decode), each as far as the bytes reach. packet_decode promises the
 * result and keeps a short way for the usual shape; this is the long one.
 *
 * Tests: tests/unit/packet/test_packet_layers.c holds both ways to each other.
 */
#ifndef KW_PACKET_PACKET_LAYERS_H
#define KW_PACKET_PACKET_LAYERS_H

#include "packet/packet_decode.h"

/* As packet_decode, in every field. */
enum packet_result packet_layers_decode(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out);

#endif
