/* SPDX-License-Identifier: ISC */
/*
 * pcap_count - the least a program does that reads captures through libpcap: it counts packets.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	if (argc != 2) {
		fprintf(stderr, "usage: pcap_count FILE\n");
		return 2;
	}
	pcap_t *pcap = pcap_open_offline(argv[1], error);
	if (pcap == NULL) {
		fprintf(stderr, "pcap_count: %s\n", error);
		return 1;
	}
	struct pcap_pkthdr *header;
	const u_char *bytes;
	uint64_t packets = 0, octets = 0;
	while (pcap_next_ex(pcap, &header, &bytes) == 1) {
		packets++;
		octets += header->len;
	}
	pcap_close(pcap);
	printf("%" PRIu64 " packets, %" PRIu64 " bytes\n", packets, octets);
	return 0;
}
