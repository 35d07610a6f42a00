/* SPDX-License-Identifier: ISC */
#include "access_case.h"

#include "private_place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const table_path[2] = {CASE_PLACE "/hosts.allow", CASE_PLACE "/hosts.deny"};
static const char *const below_file[2] = {CASE_PLACE "/plain/hosts.allow", CASE_PLACE "/plain/hosts.deny"};
static const char *const list_path[CASE_ALL_LISTS] = {
	CASE_PLACE "/f0", CASE_PLACE "/f1", CASE_PLACE "/f2", CASE_PLACE "/g0", CASE_PLACE "/g1", CASE_PLACE "/g2"};

void case_file_add(struct case_file *f, const char *bytes, size_t length)
{
	if (length > sizeof f->bytes - f->length)
		length = sizeof f->bytes - f->length;
	memcpy(f->bytes + f->length, bytes, length);
	f->length += length;
}

void case_file_set(struct case_file *f, const char *text)
{
	f->kind = FILE_TEXT;
	f->length = 0;
	case_file_add(f, text, strlen(text));
}

bool case_file_write_over(struct case_file *f, size_t at, size_t end, const char *word)
{
	if (at >= end)
		return false;
	while (at < end) {
		if (f->bytes[at] == '\\' && at + 1 < f->length && f->bytes[at + 1] == '\n') {
			at += 2;
			continue;
		}
		f->bytes[at++] = *word ? *word : ' ';
		word += *word ? 1 : 0;
	}
	return *word == '\0';
}

const char *access_case_path(const struct access_case *c, enum case_table table)
{
	return c->table[table].kind == FILE_NOT_DIR ? below_file[table] : table_path[table];
}

static void give_up(const char *path)
{
	fprintf(stderr, "differential: %s: %s\n", path, strerror(errno));
	exit(7);
}

static void write_text(const char *path, const struct case_file *f)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, f->bytes, f->length) != (ssize_t)f->length)
		give_up(path);
	close(fd);
}

static void remove_what_is_there(const char *path)
{
	struct stat s;
	if (lstat(path, &s) != 0 || S_ISREG(s.st_mode))
		return; /* a plain file is written over */
	if ((S_ISDIR(s.st_mode) ? rmdir(path) : unlink(path)) != 0)
		give_up(path);
}

static void write_file(const char *path, const struct case_file *f)
{
	remove_what_is_there(path);
	switch (f->kind) {
	case FILE_TEXT:
		write_text(path, f);
		break;
	case FILE_MISSING:
	case FILE_NOT_DIR:
		unlink(path);
		break;
	case FILE_DIRECTORY:
		unlink(path);
		if (mkdir(path, 0755) != 0)
			give_up(path);
		break;
	case FILE_LOOP:
		unlink(path);
		if (symlink(path, path) != 0)
			give_up(path);
		break;
	}
}

void access_case_prepare_place(void)
{
	private_place_write(CASE_PLACE_EVERYBODY, "ALL\n");
	private_place_write(CASE_PLACE "/inetd.conf", "");
	private_place_write(CASE_PLACE "/plain", "not a directory\n");
	if (mkdir(CASE_PLACE "/banners", 0755) != 0 || mkdir(CASE_PLACE "/out", 0777) != 0 || chmod(CASE_PLACE "/out", 01777) != 0 ||
		chdir(CASE_PLACE) != 0)
		give_up(CASE_PLACE);
	private_place_write(CASE_PLACE "/banners/sshd", "Hello %u@%h (%a),\nthis is %d on %H.\n");
	private_place_write(CASE_PLACE "/banners/in.ftpd", "220-100%% \"quoted\" %z\r\n220 no newline");
	private_place_write(CASE_PLACE "/banners/imapd", "");
}

void access_case_write(const struct access_case *c)
{
	for (unsigned i = 0; i < 2; i++)
		write_file(table_path[i], &c->table[i]);
	for (unsigned i = 0; i < CASE_ALL_LISTS; i++)
		write_file(list_path[i], &c->list[i]);
}

static void print_bytes(const char *bytes, size_t length, FILE *out)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char b = (unsigned char)bytes[i];
		if (b == '\n')
			fputs(i + 1 < length ? "\\n\n\t| " : "\\n", out);
		else if (b == '\t')
			fputs("\\t", out);
		else if (b == '\r')
			fputs("\\r", out);
		else if (b < ' ' || b > '~')
			fprintf(out, "\\x%02x", b);
		else
			fputc(b, out);
	}
}

static void print_file(const char *name, const struct case_file *f, FILE *out)
{
	static const char *const kind[] = {
		[FILE_TEXT] = "", [FILE_MISSING] = "does not exist", [FILE_DIRECTORY] = "a directory",
		[FILE_LOOP] = "a link to itself", [FILE_NOT_DIR] = "below a plain file"};
	fprintf(out, "    %s: ", name);
	if (f->kind != FILE_TEXT) {
		fprintf(out, "%s\n", kind[f->kind]);
		return;
	}
	fprintf(out, "%zu bytes\n\t| ", f->length);
	print_bytes(f->bytes, f->length, out);
	fputs("\n", out);
}

static bool names_list(const struct access_case *c, const char *path)
{
	const size_t n = strlen(path);
	for (unsigned i = 0; i < 2; i++) {
		const struct case_file *f = &c->table[i];
		if (f->kind == FILE_TEXT && memmem(f->bytes, f->length, path, n))
			return true;
	}
	for (unsigned i = 0; i < CASE_ALL_LISTS; i++) {
		const struct case_file *f = &c->list[i];
		if (f->kind == FILE_TEXT && memmem(f->bytes, f->length, path, n))
			return true;
	}
	return false;
}

static void print_word(const char *title, const char *word, FILE *out)
{
	fprintf(out, " %s=\"", title);
	print_bytes(word, strlen(word), out);
	fputs("\"", out);
}

static void print_caller(const struct case_caller *a, FILE *out)
{
	static const char *const form[] = {[CALLER_STRINGS] = "strings", [CALLER_SOCKETS] = "sockets",
		[CALLER_LOOKUP] = "names looked up", [CALLER_CTL] = "hosts_ctl"};
	fprintf(out, "    caller (%s):", form[a->form]);
	print_word("daemon", a->daemon, out);
	print_word("address", a->address, out);
	print_word("name", a->name, out);
	print_word("user", a->user, out);
	print_word("server", a->server_address, out);
	print_word("server name", a->server_name, out);
	if (a->form == CALLER_SOCKETS || a->form == CALLER_LOOKUP)
		fprintf(out, " ports=%d,%d", a->port, a->server_port);
	fputs("\n", out);
}

void access_case_print(const struct access_case *c, FILE *out)
{
	print_file("hosts.allow", &c->table[TABLE_ALLOW], out);
	print_file("hosts.deny", &c->table[TABLE_DENY], out);
	for (unsigned i = 0; i < CASE_ALL_LISTS; i++) {
		if (names_list(c, list_path[i]))
			print_file(list_path[i], &c->list[i], out);
	}
	for (unsigned i = 0; i < c->rounds; i++)
		print_caller(&c->caller[i], out);
}
