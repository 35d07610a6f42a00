/* SPDX-License-Identifier: ISC */
#include "event/secret_mask.h"

#include "table_check.h"

#include <stdio.h>

#define SEPARATOR '\x01' /* between arguments in the tables: \1 */

struct row {
	const char *args;
	const char *masked; /* null = stays as it is */
};

/* Every secret is, or holds, the letters "hunter". */
static const struct row secret_rows[] = {
	/* options by name */
	{"x\1--password=hunter2", "x\1--password=***"},
	{"x\1--password\1hunter2\1--host\1h", "x\1--password\1***\1--host\1h"},
	{"x\1--password=hunter 2 and more", "x\1--password=***"},
	{"x\1-password\1hunter2", "x\1-password\1***"},
	{"x\1--PASSWORD\1hunter2", "x\1--PASSWORD\1***"},
	{"x\1--db-pass\1hunter2", "x\1--db-pass\1***"},
	{"x\1--token\1hunter2", "x\1--token\1***"},
	{"x\1--token=hunter2", "x\1--token=***"},
	{"x\1--api-key=hunter2", "x\1--api-key=***"},
	{"x\1--apiKey=hunter2", "x\1--apiKey=***"},
	{"x\1--client_secret\1hunter2", "x\1--client_secret\1***"},
	{"x\1--password\1--hunter", "x\1--password\1***"},
	{"java\1-Dspring.datasource.password=hunter2\1-jar\1a.jar",
		"java\1-Dspring.datasource.password=***\1-jar\1a.jar"},
	{"helm\1--set\1auth.password=hunter2", "helm\1--set\1auth.password=***"},
	{"keytool\1-storepass\1hunter2", "keytool\1-storepass\1***"},
	{"openssl\1rsa\1-passin\1pass:hunter2,3", "openssl\1rsa\1-passin\1pass:***"},
	{"openssl\1enc\1-k\1hunter2", "openssl\1enc\1-k\1***"},
	/* variables */
	{"env\1PGPASSWORD=hunter2\1psql", "env\1PGPASSWORD=***\1psql"},
	{"env\1PGPASSWORD=hunter/mysql\1psql", "env\1PGPASSWORD=***\1psql"},
	{"env\1MYSQL_PWD=hunter2\1mysql", "env\1MYSQL_PWD=***\1mysql"},
	{"env\1AWS_SECRET_ACCESS_KEY=hunter2", "env\1AWS_SECRET_ACCESS_KEY=***"},
	{"env\1AWS_SESSION_TOKEN=hunter2", "env\1AWS_SESSION_TOKEN=***"},
	{"env\1SSHPASS=hunter2\1sshpass\1-e", "env\1SSHPASS=***\1sshpass\1-e"},
	{"docker\1run\1-e\1DB_PASSWORD=hunter2\1i", "docker\1run\1-e\1DB_PASSWORD=***\1i"},
	/* URLs and accounts */
	{"git\1clone\1https://user:hunter2@host/x", "git\1clone\1https://user:***@host/x"},
	{"x\1postgres://u:hunt@er@host:5432/db", "x\1postgres://u:***@host:5432/db"},
	{"x\1postgres://u:hunter/2@host/db", "x\1postgres://u:***@host/db"},
	{"x\1--url=redis://:hunter2@h", "x\1--url=redis://:***@h"},
	{"x\1https://h/p?a=1&api_key=hunter2&b=2", "x\1https://h/p?a=1&api_key=***&b=2"},
	{"x\1https://h/p?access_token=hunter2#f", "x\1https://h/p?access_token=***#f"},
	{"rsync\1user:hunter2@host", "rsync\1user:***@host"},
	/* headers and bodies */
	{"curl\1-H\1Authorization: Bearer hunter2", "curl\1-H\1Authorization: Bearer ***"},
	{"curl\1-H\1authorization:hunter2", "curl\1-H\1authorization:***"},
	{"curl\1-HAuthorization: Basic hunter2\1u", "curl\1-HAuthorization: Basic ***\1u"},
	{"curl\1--header=Authorization: Bearer hunter2",
		"curl\1--header=Authorization: Bearer ***"},
	{"curl\1-H\1X-Api-Key: hunter2", "curl\1-H\1X-Api-Key: ***"},
	{"curl\1-H\1PRIVATE-TOKEN: hunter2", "curl\1-H\1PRIVATE-TOKEN: ***"},
	{"curl\1-H\1Cookie: a=hunter; b=hunter2", "curl\1-H\1Cookie: ***"},
	{"curl\1-d\1{\"user\":\"a\",\"password\":\"hunter\\\"2\",\"n\":1}",
		"curl\1-d\1{\"user\":\"a\",\"password\":\"***\",\"n\":1}"},
	{"curl\1-d\1{\"user\": \"a\", \"password\": \"hunter 2\"}",
		"curl\1-d\1{\"user\": \"a\", \"password\": ***"},
	{"curl\1-d\1user=a&password=hunter2&n=1", "curl\1-d\1user=a&password=***&n=1"},
	{"git\1-c\1http.extraheader=AUTHORIZATION: basic hunter2\1fetch",
		"git\1-c\1http.extraheader=AUTHORIZATION: basic ***\1fetch"},
	/* programs */
	{"mysql\1-u\1root\1-phunter2", "mysql\1-u\1root\1-p***"},
	{"/usr/bin/mysqldump\1-phunter2\1db", "/usr/bin/mysqldump\1-p***\1db"},
	{"sudo\1mariadb\1-phunter2", "sudo\1mariadb\1-p***"},
	{"mysqladmin\1-u\1root\1password\1hunter2", "mysqladmin\1-u\1root\1password\1***"},
	{"curl\1-u\1user:hunter2\1https://h", "curl\1-u\1user:***\1https://h"},
	{"curl\1-uuser:hunter2", "curl\1-uuser:***"},
	{"curl\1-sSu\1user:hunter2", "curl\1-sSu\1user:***"},
	{"curl\1-suuser:hunter2", "curl\1-suuser:***"},
	{"curl\1--user\1user:hunter2", "curl\1--user\1user:***"},
	{"sshpass\1-p\1hunter2\1ssh\1h", "sshpass\1-p\1***\1ssh\1h"},
	{"sshpass\1-phunter2\1ssh\1h", "sshpass\1-p***\1ssh\1h"},
	{"redis-cli\1-a\1hunter2\1ping", "redis-cli\1-a\1***\1ping"},
	{"ldapsearch\1-xw\1hunter2", "ldapsearch\1-xw\1***"},
	{"smbclient\1-U\1user%hunter2", "smbclient\1-U\1user%***"},
	{"docker\1login\1-u\1a\1-p\1hunter2\1h", "docker\1login\1-u\1a\1-p\1***\1h"},
	{"htpasswd\1-b\1f\1user\1hunter2", "htpasswd\1-b\1f\1***\1***"},
	{"7z\1a\1-phunter2\1x.7z", "7z\1a\1-p***\1x.7z"},
	{"useradd\1-mp\1hunter2\1bob", "useradd\1-mp\1***\1bob"},
	{"sqlplus\1scott/hunter2", "sqlplus\1scott/***"},
	{"snmpget\1-v2c\1-c\1hunter\1h", "snmpget\1-v2c\1-c\1***\1h"},
	/* a command inside an argument */
	{"sh\1-c\1mysql -u root -phunter2 db", "sh\1-c\1mysql -u root -p*** db"},
	{"sh\1-c\1PGPASSWORD=hunter2 psql -h y", "sh\1-c\1PGPASSWORD=*** psql -h y"},
	{"sh\1-c\1PGPASSWORD='hunter 2' psql", "sh\1-c\1PGPASSWORD='***' psql"},
	{"sh\1-c\1curl -H \"Authorization: Bearer hunter2\" u",
		"sh\1-c\1curl -H \"Authorization: Bearer ***\" u"},
	{"sh\1-c\1x --password hunter2; ls", "sh\1-c\1x --password ***; ls"},
	{"sh\1-c\1a && sshpass -p hunter2 ssh h", "sh\1-c\1a && sshpass -p *** ssh h"},
	{"ssh\1h\1su -c 'mysql -phunter2 db'", "ssh\1h\1su -c 'mysql -p*** db'"},
	{"ssh\1h\1sudo -u a mysql -phunter2", "ssh\1h\1sudo -u a mysql -p***"},
	/* by form; letters that look like the real thing */
	{"x\1ghp_hunter2hunter2hunter2", "x\1ghp_***"},
	{"x\1https://glpat-hunter2hunter2xy@h/", "x\1https://glpat-***@h/"},
	{"x\1eyJhunter2.eyJhunter2hunter2.hunter2", "x\1eyJ***"},
	{"x\1-----BEGIN RSA PRIVATE KEY-----\nhunter2", "x\1-----BEGIN ***"},
};

/* What looks like a secret and is none. */
static const struct row plain_rows[] = {
	{"ls\1-l\1/root", NULL},
	{"x\1--password-file=/etc/x", NULL},
	{"x\1--passwordfile\1/etc/x", NULL},
	{"x\1--no-password\1-h\1h", NULL},
	{"x\1--token-file\1/run/t", NULL},
	{"x\1--password-stdin\1x", NULL},
	{"env\1PWD=/root\1OLDPWD=/tmp\1make", NULL},
	{"env\1AWS_REGION=eu-central-1", NULL},
	{"mkdir\1-p\1/a/b", NULL},
	{"ssh\1-p\1"
	 "22\1user@host",
		NULL},
	{"mysql\1-p\1-u\1root", NULL},
	{"mysql\1-P3306\1-h\1h", NULL},
	{"docker\1run\1-p\1"
	 "80:80\1nginx",
		NULL},
	{"docker\1pull\1nginx:1.25@sha256:0011", NULL},
	{"scp\1f\1user@host:/path", NULL},
	{"git\1clone\1git@github.com:a/b.git", NULL},
	{"git\1clone\1ssh://git@host/a/b", NULL},
	{"npm\1i\1https://host:8080/@scope/pkg", NULL},
	{"x\1http://host:8080/a:b@c", NULL},
	{"x\1compass=1\1passes=2\1tokens=3\1keys=4", NULL},
	{"passwd\1root", NULL},
	{"curl\1-A\1user:agent", NULL},
	{"curl\1-u\1user", NULL},
	{"curl\1--user-agent\1a:b", NULL},
	{"tar\1-cpf\1x.tar\1/etc", NULL},
	{"sh\1-c\1echo don't; ls -p /x", NULL},
	{"systemd\1--unit=a:b", NULL},
	{"x\1\1y\1", NULL}, /* empty arguments keep their place */
	{"x\1--password=\1y", NULL},
	{"find\1/\1-name\1*.token", NULL},
	{"useradd\1-m\1bob", NULL},
	{"", NULL},
};

static size_t to_block(const char *text, char *block)
{
	size_t n = strlen(text);
	for (size_t i = 0; i < n; i++)
		block[i] = (char)(text[i] == SEPARATOR ? '\0' : text[i]);
	if (n > 0)
		block[n++] = '\0';
	return n;
}

static const char *to_text(char *block, size_t size)
{
	for (size_t i = 0; i + 1 < size; i++) {
		if (block[i] == '\0')
			block[i] = SEPARATOR;
	}
	block[size] = '\0';
	return block;
}

static unsigned check(const struct row *r, const struct secret_mask_names *more)
{
	char in[1024], out[1024];
	size_t size = to_block(r->args, in);
	size_t used = secret_mask_args(in, size, false, more, out, sizeof out - 1);
	return table_check_text(
		r->args, "masked", to_text(out, used), r->masked != NULL ? r->masked : r->args);
}

static void secrets_are_masked_and_the_shape_stays(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(secret_rows); i++) {
		faults += check(&secret_rows[i], NULL);
		assert_non_null(strstr(secret_rows[i].args, "hunt"));
		assert_null(strstr(secret_rows[i].masked, "hunt"));
	}
	assert_int_equal(faults, 0);
}

static void what_only_looks_like_a_secret_stays(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(plain_rows); i++)
		faults += check(&plain_rows[i], NULL);
	assert_int_equal(faults, 0);
}

static void names_of_the_administrator_count_whole(void **state)
{
	(void)state;
	static const struct secret_mask_names more = {{"--corp-pin", "X-Corp"}, 2};
	static const struct row rows[] = {
		{"x\1--corp-pin\1hunter2", "x\1--corp-pin\1***"},
		{"x\1--corp-pin=hunter2", "x\1--corp-pin=***"},
		{"x\1-H\1x-corp: hunter2", "x\1-H\1x-corp: ***"},
		{"x\1--corp-pins=1\1--corp\1y", NULL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += check(&rows[i], &more);
	assert_int_equal(faults, 0);
}

static void a_secret_at_the_cut_is_masked_too(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"x\1https://user:hunt", "x\1https://user:***"},
		{"x\1ghp_hunt", "x\1ghp_***"},
		{"x\1--password=hunt", "x\1--password=***"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char in[256], out[256];
		size_t size = to_block(rows[i].args, in) - 1; /* no NUL: the block was full */
		size_t used = secret_mask_args(in, size, true, NULL, out, sizeof out - 1);
		out[used] = '\0';
		faults += table_check_text(
			rows[i].args, "masked", to_text(out, used + 1), rows[i].masked);
	}
	assert_int_equal(faults, 0);
}

static void an_event_keeps_its_bounds_and_tells_what_fell_off(void **state)
{
	(void)state;
	static struct exec_event e;
	/* One letter is masked by three stars, so a full block grows beyond its bounds. */
	static const char many[] = "token=a";
	for (e.args_size = 0; e.args_size + sizeof many <= EXEC_ARGS_MAX;
		e.args_size += sizeof many)
		memcpy(e.args + e.args_size, many, sizeof many);
	e.args_true = e.args_size;
	secret_mask_event(&e, NULL);
	assert_true(e.args_size <= EXEC_ARGS_MAX);
	assert_int_equal(e.args[e.args_size], '\0');
	assert_true(exec_event_is_cut(&e));
	assert_null(memmem(e.args, e.args_size, "=a", 2));
}

static void what_is_masked_stays_as_it_is_when_masked_again(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(secret_rows); i++) {
		struct row again = {secret_rows[i].masked, NULL};
		if (strstr(again.args, "htpasswd") == NULL)
			faults += check(&again, NULL);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(secrets_are_masked_and_the_shape_stays),
		cmocka_unit_test(what_only_looks_like_a_secret_stays),
		cmocka_unit_test(names_of_the_administrator_count_whole),
		cmocka_unit_test(a_secret_at_the_cut_is_masked_too),
		cmocka_unit_test(an_event_keeps_its_bounds_and_tells_what_fell_off),
		cmocka_unit_test(what_is_masked_stays_as_it_is_when_masked_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
