/* SPDX-License-Identifier: ISC */
#include "event/secret_rules.h"

#include <string.h>
#include <strings.h>

/*
 * How a name must end. Long words are secret however they are put together (PGPASSWORD, xtoken); short ones
 * only as a word of their own ("db-pass", not "compass").
 */
static const struct {
	const char *end;
	enum { ANYWHERE, A_WORD, THE_NAME } where;
	enum secret_form form;
} names[] = {
	{"password", ANYWHERE, SECRET_FORM_ALL},
	{"passwd", ANYWHERE, SECRET_FORM_ALL},
	{"passphrase", ANYWHERE, SECRET_FORM_ALL},
	{"passcode", ANYWHERE, SECRET_FORM_ALL},
	{"secret", ANYWHERE, SECRET_FORM_ALL},
	{"token", ANYWHERE, SECRET_FORM_ALL},
	{"apikey", ANYWHERE, SECRET_FORM_ALL},
	{"credentials", ANYWHERE, SECRET_FORM_ALL},
	{"connectionstring", ANYWHERE, SECRET_FORM_ALL},
	{"pass", A_WORD, SECRET_FORM_ALL},
	{"pwd", A_WORD, SECRET_FORM_ALL},
	{"psk", A_WORD, SECRET_FORM_ALL},
	{"api-key", A_WORD, SECRET_FORM_ALL},
	{"access-key", A_WORD, SECRET_FORM_ALL},
	{"access-key-id", A_WORD, SECRET_FORM_ALL},
	{"secret-key", A_WORD, SECRET_FORM_ALL},
	{"secret-id", A_WORD, SECRET_FORM_ALL},
	{"auth-key", A_WORD, SECRET_FORM_ALL},
	{"account-key", A_WORD, SECRET_FORM_ALL},
	{"storage-key", A_WORD, SECRET_FORM_ALL},
	{"encryption-key", A_WORD, SECRET_FORM_ALL},
	{"signing-key", A_WORD, SECRET_FORM_ALL},
	{"connection-string", A_WORD, SECRET_FORM_ALL},
	{"amz-signature", A_WORD, SECRET_FORM_ALL},
	{"sshpass", THE_NAME, SECRET_FORM_ALL},
	{"storepass", THE_NAME, SECRET_FORM_ALL},
	{"keypass", THE_NAME, SECRET_FORM_ALL},
	{"userpass", THE_NAME, SECRET_FORM_ALL},
	{"rediscli-auth", THE_NAME, SECRET_FORM_ALL},
	{"auth", THE_NAME, SECRET_FORM_AFTER_COLON},
	{"userpwd", THE_NAME, SECRET_FORM_AFTER_COLON},
	{"authorization", ANYWHERE, SECRET_FORM_HEADER},
	{"cookie", A_WORD, SECRET_FORM_HEADER},
};

/* They ask for a secret, refuse one, or have none: "--no-password", "PWD=/root". */
static const char *const harmless[] = {"no-*", "ask-*", "prompt-*", "use-*", "pwd", "oldpwd"};

/* Programs: "x*" = every name that begins so; two words = a subcommand. */
static const struct {
	const char *program;
	const char *option;
	enum { EITHER, ATTACHED, APART } where; /* its value: -pX or -p X, only -pX, only -p X */
	enum secret_form form;
} options[] = {
	{"mysql*", "-p", ATTACHED, SECRET_FORM_ALL},
	{"mariadb*", "-p", ATTACHED, SECRET_FORM_ALL},
	{"mycli", "-p", EITHER, SECRET_FORM_ALL},
	{"mongo*", "-p", EITHER, SECRET_FORM_ALL},
	{"redis-cli", "-a", APART, SECRET_FORM_ALL},
	{"valkey-cli", "-a", APART, SECRET_FORM_ALL},
	{"sqlcmd", "-P", EITHER, SECRET_FORM_ALL},
	{"bcp", "-P", EITHER, SECRET_FORM_ALL},
	{"curl", "-u", EITHER, SECRET_FORM_AFTER_COLON},
	{"curl", "--user", APART, SECRET_FORM_AFTER_COLON},
	{"curl", "-U", EITHER, SECRET_FORM_AFTER_COLON},
	{"curl", "--proxy-user", APART, SECRET_FORM_AFTER_COLON},
	{"curl", "-b", EITHER, SECRET_FORM_ALL},
	{"http", "-a", EITHER, SECRET_FORM_AFTER_COLON},
	{"https", "-a", EITHER, SECRET_FORM_AFTER_COLON},
	{"lftp", "-u", EITHER, SECRET_FORM_AFTER_COMMA},
	{"ncftp*", "-p", EITHER, SECRET_FORM_ALL},
	{"sshpass", "-p", EITHER, SECRET_FORM_ALL},
	{"ldappasswd", "-s", EITHER, SECRET_FORM_ALL},
	{"ldappasswd", "-a", EITHER, SECRET_FORM_ALL},
	{"ldap*", "-w", EITHER, SECRET_FORM_ALL},
	{"smbclient", "-U", EITHER, SECRET_FORM_AFTER_SIGN},
	{"smbget", "-U", EITHER, SECRET_FORM_AFTER_SIGN},
	{"smbcacls", "-U", EITHER, SECRET_FORM_AFTER_SIGN},
	{"rpcclient", "-U", EITHER, SECRET_FORM_AFTER_SIGN},
	{"net", "-U", EITHER, SECRET_FORM_AFTER_SIGN},
	{"wbinfo", "-a", APART, SECRET_FORM_AFTER_SIGN},
	{"openssl", "-k", APART, SECRET_FORM_ALL},
	{"openssl", "-K", APART, SECRET_FORM_ALL},
	{"zip", "-P", EITHER, SECRET_FORM_ALL},
	{"unzip", "-P", EITHER, SECRET_FORM_ALL},
	{"7z*", "-p", ATTACHED, SECRET_FORM_ALL},
	{"rar", "-p", ATTACHED, SECRET_FORM_ALL},
	{"rar", "-hp", ATTACHED, SECRET_FORM_ALL},
	{"unrar", "-p", ATTACHED, SECRET_FORM_ALL},
	{"qpdf", "--encrypt", APART, SECRET_FORM_ALL},
	{"docker login", "-p", EITHER, SECRET_FORM_ALL},
	{"podman login", "-p", EITHER, SECRET_FORM_ALL},
	{"buildah login", "-p", EITHER, SECRET_FORM_ALL},
	{"skopeo login", "-p", EITHER, SECRET_FORM_ALL},
	{"oc login", "-p", EITHER, SECRET_FORM_ALL},
	{"az login", "-p", EITHER, SECRET_FORM_ALL},
	{"useradd", "-p", EITHER, SECRET_FORM_ALL},
	{"usermod", "-p", EITHER, SECRET_FORM_ALL},
	{"groupadd", "-p", EITHER, SECRET_FORM_ALL},
	{"groupmod", "-p", EITHER, SECRET_FORM_ALL},
	{"ipmitool", "-P", EITHER, SECRET_FORM_ALL},
	{"ipmitool", "-k", EITHER, SECRET_FORM_ALL},
	{"snmp*", "-A", EITHER, SECRET_FORM_ALL},
	{"snmp*", "-X", EITHER, SECRET_FORM_ALL},
	{"snmp*", "-c", EITHER, SECRET_FORM_ALL},
	{"mosquitto_*", "-P", EITHER, SECRET_FORM_ALL},
	{"rdesktop", "-p", EITHER, SECRET_FORM_ALL},
	{"xfreerdp", "/p:", ATTACHED, SECRET_FORM_ALL},
	{"ngrok", "authtoken", APART, SECRET_FORM_ALL},
};

/* Secrets without an option: from which word without a dash on. */
static const struct {
	const char *program;
	unsigned from;
	enum secret_form form;
} bare[] = {
	{"htpasswd", 2, SECRET_FORM_ALL}, /* [FILE] USER SECRET: the user goes with it */
	{"wpa_passphrase", 2, SECRET_FORM_ALL},
	{"mkpasswd", 1, SECRET_FORM_ALL},
	{"openssl passwd", 1, SECRET_FORM_ALL},
	{"mysqladmin password", 1, SECRET_FORM_ALL},
	{"mariadb-admin password", 1, SECRET_FORM_ALL},
	{"vault login", 1, SECRET_FORM_ALL},
	{"sqlplus", 1, SECRET_FORM_AFTER_SLASH},
};

/* Letters that may stand between the dash and the option: "-su" of curl is "-s -u". */
static const struct {
	const char *program;
	const char *letters;
} flags[] = {
	{"curl", "sSfLkvigGOjNq#"},
	{"ldap*", "xZLvn"},
	{"zip", "rqjv9"},
	{"unzip", "qon"},
	{"useradd", "mMrNU"},
};

/* The programs whose subcommands stand above. */
static const char *const with_subcommands[] = {"docker", "podman", "buildah", "skopeo", "oc", "az",
	"openssl", "vault", "mysqladmin", "mariadb-admin"};

/* Secrets that are known by how they begin, as their makers document it; `least` = bytes behind that. */
static const struct {
	const char *prefix;
	size_t least;
} tokens[] = {
	{"ghp_", 16}, {"gho_", 16}, {"ghu_", 16}, {"ghs_", 16}, {"ghr_", 16}, /* GitHub */
	{"github_pat_", 16}, {"glpat-", 16}, {"gldt-", 16}, {"glrt-", 16},    /* GitLab */
	{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xapp-", 10},           /* Slack */
	{"sk_live_", 10}, {"rk_live_", 10}, {"sk-", 32},                      /* Stripe, OpenAI */
	{"AKIA", 16}, {"ASIA", 16}, {"AIza", 30}, {"ya29.", 16},              /* AWS, Google */
	{"npm_", 30}, {"pypi-", 30}, {"dop_v1_", 30}, {"SG.", 30}, /* npm, PyPI, others */
	{"hvs.", 16}, {"hvb.", 16}, {"SWMTKN-", 16}, {"eyJ", 24},  /* Vault, Docker, JWT */
	{"AGE-SECRET-KEY-", 16},                                   /* age */
};

enum { NAME_MAX = 128 };

/* Lower case, "-" for "_" and ".", and between "dbPassword"'s words. Long names keep their end. */
static struct text_slice fold_name(struct text_slice name, char out[2 * NAME_MAX])
{
	size_t used = 0;
	if (name.length > NAME_MAX) {
		name.start += name.length - NAME_MAX;
		name.length = NAME_MAX;
	}
	while (name.length > 0 && *name.start == '-') {
		name.start++;
		name.length--;
	}
	for (size_t i = 0; i < name.length; i++) {
		char c = name.start[i], before = i > 0 ? name.start[i - 1] : '-';
		bool upper = c >= 'A' && c <= 'Z';
		if (upper && before >= 'a' && before <= 'z')
			out[used++] = '-';
		out[used++] = upper ? (char)(c | 0x20) : c == '_' || c == '.' ? '-' : c;
	}
	return (struct text_slice){out, used};
}

static bool begins(struct text_slice text, const char *with)
{
	size_t n = strlen(with);
	return text.length >= n && memcmp(text.start, with, n) == 0;
}

/* A pattern that may end in a star. */
static bool fits(struct text_slice text, const char *pattern)
{
	size_t n = strlen(pattern);
	if (n > 0 && pattern[n - 1] == '*')
		return text.length >= n - 1 && memcmp(text.start, pattern, n - 1) == 0;
	return text_slice_equals(text, pattern);
}

static bool is_harmless(struct text_slice name)
{
	for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++) {
		if (fits(name, harmless[i]))
			return true;
	}
	return false;
}

enum secret_form secret_rules_name(struct text_slice name)
{
	char folded[2 * NAME_MAX];
	struct text_slice n = fold_name(name, folded);
	if (is_harmless(n))
		return SECRET_FORM_NONE;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t end = strlen(names[i].end);
		if (n.length < end || memcmp(n.start + n.length - end, names[i].end, end) != 0)
			continue;
		bool whole = n.length == end, word = whole || n.start[n.length - end - 1] == '-';
		if (whole || names[i].where == ANYWHERE || (word && names[i].where == A_WORD))
			return names[i].form;
	}
	return SECRET_FORM_NONE;
}

static struct text_slice last_component(struct text_slice path)
{
	const char *slash = path.length > 0 ? memrchr(path.start, '/', path.length) : NULL;
	if (slash == NULL)
		return path;
	return (struct text_slice){slash + 1, path.length - (size_t)(slash + 1 - path.start)};
}

/* "docker login" at the word "login", while "docker" is the program. */
static bool is_subcommand(const char *row, secret_program program, struct text_slice word)
{
	const char *space = strchr(row, ' ');
	return space != NULL && program != NULL && strlen(program) == (size_t)(space - row) &&
	       memcmp(row, program, (size_t)(space - row)) == 0 &&
	       text_slice_equals(word, space + 1);
}

static bool names_program(const char *row, secret_program program, struct text_slice word)
{
	if (strchr(row, ' ') != NULL)
		return is_subcommand(row, program, word);
	return fits(last_component(word), row);
}

/* A password may hold a slash and the name of a program behind it: "PGPASSWORD=x/mysql" is none. */
static bool looks_like_program(struct text_slice word)
{
	for (size_t i = 0; i < word.length; i++) {
		char c = word.start[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    strchr("/._-+~", c) != NULL))
			return false;
	}
	return word.length > 0;
}

secret_program secret_rules_program(secret_program program, struct text_slice word)
{
	if (!looks_like_program(word))
		return NULL;
	for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++) {
		if (names_program(bare[i].program, program, word))
			return bare[i].program;
	}
	/* Before the patterns, so that "mysqladmin" is itself and not "mysql*". */
	for (size_t i = 0; i < sizeof with_subcommands / sizeof with_subcommands[0]; i++) {
		if (text_slice_equals(last_component(word), with_subcommands[i]))
			return with_subcommands[i];
	}
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (names_program(options[i].program, program, word))
			return options[i].program;
	}
	return NULL;
}

static bool begins_with_option(struct text_slice word, size_t skip, const char *option)
{
	if (skip == 0)
		return begins(word, option);
	struct text_slice rest = {word.start + skip, word.length - skip};
	return option[0] == '-' && option[1] != '-' && begins(rest, option + 1);
}

/* How many bytes at the beginning of a word are its dash and flags without a value; 0 = none are. */
static size_t skip_flags(struct text_slice program, struct text_slice word)
{
	if (word.length < 3 || word.start[0] != '-' || word.start[1] == '-')
		return 0;
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		size_t n = 1;
		if (!fits(program, flags[i].program))
			continue;
		while (n < word.length && strchr(flags[i].letters, word.start[n]) != NULL)
			n++;
		return n > 1 ? n : 0;
	}
	return 0;
}

enum secret_form secret_rules_option(secret_program program, struct text_slice word, size_t *used)
{
	struct text_slice name = {program, program != NULL ? strlen(program) : 0};
	size_t skip = program != NULL ? skip_flags(name, word) : 0;
	for (size_t i = 0; program != NULL && i < sizeof options / sizeof options[0]; i++) {
		if (!fits(name, options[i].program) ||
			!begins_with_option(word, skip, options[i].option))
			continue;
		size_t n = strlen(options[i].option) + (skip > 0 ? skip - 1 : 0);
		bool attached = word.length > n;
		/* "--user" is not "--user-agent", and its value comes apart or behind "=". */
		if (attached && options[i].option[1] == '-') {
			if (word.start[n] != '=')
				continue;
			n++;
		} else if (attached ? options[i].where == APART : options[i].where == ATTACHED) {
			continue;
		}
		*used = n;
		return options[i].form;
	}
	return SECRET_FORM_NONE;
}

enum secret_form secret_rules_bare(secret_program program, unsigned place)
{
	for (size_t i = 0; program != NULL && i < sizeof bare / sizeof bare[0]; i++) {
		if (strcmp(bare[i].program, program) == 0 && place >= bare[i].from)
			return bare[i].form;
	}
	return SECRET_FORM_NONE;
}

static size_t token_length(struct text_slice text, size_t from)
{
	while (from < text.length && text.start[from] > ' ' &&
		strchr("\"'`\\&;|<>(){}[],@?#", text.start[from]) == NULL)
		from++;
	return from;
}

size_t secret_rules_token(struct text_slice text, bool cut, size_t *length)
{
	if (begins(text, "-----BEGIN ") && memmem(text.start, text.length, "PRIVATE KEY", 11)) {
		*length = text.length;
		return strlen("-----BEGIN ");
	}
	if (begins(text, "pass:") && text.length > 5) { /* openssl */
		*length = text.length;
		return 5;
	}
	for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
		if (!begins(text, tokens[i].prefix))
			continue;
		size_t n = strlen(tokens[i].prefix);
		*length = token_length(text, n);
		if (*length - n >= tokens[i].least || (cut && *length == text.length))
			return n;
	}
	return 0;
}
