/* SPDX-License-Identifier: ISC */
/*
 * message_id - the numbers of the messages that packaging/systemd/knockwatch.catalog explains.
 *
 * A number never changes its meaning: scripts look for it. tests/unit/cli/test_journal_notice.c holds the two against each
 * other.
 */
#ifndef KW_DAEMON_MESSAGE_ID_H
#define KW_DAEMON_MESSAGE_ID_H

#define MESSAGE_ID_WATCH_BEGAN "8b4bec72c0cd42c780a578028d5b91e5"
#define MESSAGE_ID_WATCH_ENDED "a982926c79e64d6cac6de1b5837b4432"
#define MESSAGE_ID_SENSOR_LOST "f4123515dfba4a07a9a504e82817114c"
#define MESSAGE_ID_INCIDENT "95387dfd64634a03b86ff9ebfdf305d7"
#define MESSAGE_ID_NOT_KEPT "449dc402500b4e749bf01577919d5ae0"
#define MESSAGE_ID_PACKETS_LOST "f78be6113e294a87b3e28cc4ea655530"

#endif
