/* Settings: every fault has a place and a hint, and adit.conf says what the table says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include "config/settings.h"
#include "config/settings_table.h"

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/adit-settings-XXXXXX";
static char conf[64], secret[64], pepper[64];

static void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(conf, sizeof(conf), "%s/adit.conf", folder);
	snprintf(secret, sizeof(secret), "%s/secret", folder);
	snprintf(pepper, sizeof(pepper), "%s/pepper", folder);
	write_file(secret, "s3cret\n", 0600);
	write_file(pepper,
	           "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F\n",
	           0600);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(conf);
	unlink(secret);
	unlink(pepper);
	return rmdir(folder);
}

static int
load(const char *text, struct settings *s, struct settings_faults *f)
{
	char whole[4096];

	snprintf(whole, sizeof(whole), "pin: { pepper_file = \"pepper\"; };\n%s", text);
	write_file(conf, whole, 0644);
	return settings_load(conf, s, f);
}

static void
reads_what_is_written(void **state)
{
	static struct settings s;
	struct settings_faults f;

	(void)state;
	assert_int_equal(
	    load("http: { listen = \"[::1]:99\"; idle = \"5min\"; };\n"
	         "log: { level = \"debug\"; json = true; };\n"
	         "at: { secret_file = \"secret\"; networks = [ \"10.1.0.0/16\" ]; };\n"
	         "providers = ( { name = \"mtn\"; scale = 2; deadline = \"8s\";\n"
	         "  collection_key_file = \"secret\"; } );\n",
	         &s, &f),
	    0);
	assert_string_equal(s.http.listen, "[::1]:99");
	assert_int_equal(s.http.idle_ms, 300000);
	assert_int_equal(s.log.level, LOG_LEVEL_DEBUG);
	assert_true(s.log.json);
	assert_string_equal(s.at.secret, "s3cret");
	assert_true(settings_allow(&s.at.networks, "10.1.200.3"));
	assert_false(settings_allow(&s.at.networks, "10.2.0.1"));
	assert_int_equal(s.pin.pepper[31], 0x1f);
	assert_int_equal(s.provider_count, 1);
	const struct settings_provider *p = settings_provider(&s, "mtn");
	assert_non_null(p);
	assert_int_equal(p->scale, 2);
	assert_int_equal(p->collection_scale, -1);
	assert_int_equal(p->deadline_ms, 8000);
	assert_string_equal(p->collection.key, "s3cret");
	assert_null(settings_provider(&s, "airtel"));
}

static void
faults_have_a_place_and_a_hint(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		const char *words;
	} rows[] = {
		{ "http: { listne = \"x\"; };", 2, "did you mean http.listen?" },
		{ "\nthing = 5;", 3, "no such setting" },
		{ "htp: { };", 2, "no such setting" },
		{ "http: { idle = 5; };", 2, "expects text in quotes" },
		{ "http: { idle = \"5 parsecs\"; };", 2, "write a time such as" },
		{ "http: { idle = \"1ms\"; };", 2,
		  "out of bounds: write between 1s and 10min" },
		{ "http: { idle = \"99999999999999999999h\"; };", 2, "write a time" },
		{ "http: { connections = \"many\"; };", 2, "expects a number" },
		{ "http: { connections = 0; };", 2, "between 1 and 60000" },
		{ "http: { listen = \"\"; };", 2, "must not be empty" },
		{ "http: { public_url = \"example.org\"; };", 2, "is not a URL" },
		{ "log: { level = \"loud\"; };", 2, "write debug, info, warn or error" },
		{ "log: { json = 1; };", 2, "expects true or false" },
		{ "at: { networks = \"10.0.0.0/8\"; };", 2, "expects a list" },
		{ "at: { networks = [ \"10.0.0.0/33\" ]; };", 2, "is not a network" },
		{ "at: { secret_file = \"absent\"; };", 2, "cannot read" },
		{ "providers = { };", 2, "expects a list of groups" },
		{ "providers = ( { nmae = \"mtn\"; } );", 2, "did you mean name?" },
		{ "providers = ( { name = \"mtn\"; }, { name = \"mtn\"; } );", 2,
		  "the same name" },
		{ "http: { listen = };", 2, "syntax error" },
		{ "https: { certificate = \"absent\"; };", 2, "cannot read" },
		{ "at: { certificate = \"DNS\"; };", 2, "is no rule for a certificate" },
		{ "at: { certificate = \"CN:x\"; };", 0,
		  "no client can show a certificate" },
		{ "https: { listen = \"127.0.0.1:0\"; };", 0, "needs https.certificate" },
		{ "https: { clients = \"required\"; };", 0, "needs https.client_ca" },
	};
	static struct settings s;
	struct settings_faults f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(load(rows[i].text, &s, &f), -1);
		assert_string_equal(f.at[0].file, conf);
		if (strstr(f.at[0].text, rows[i].words) == NULL)
			fail_msg("%s: said \"%s\"", rows[i].text, f.at[0].text);
		assert_int_equal(f.at[0].line, rows[i].line);
	}
	assert_int_equal(settings_load("/nonexistent/adit.conf", &s, &f), -1);
	assert_non_null(strstr(f.at[0].text, "cannot be read"));
}

static void
secrets_must_be_private(void **state)
{
	static struct settings s;
	struct settings_faults f;

	(void)state;
	chmod(secret, 0640);
	assert_int_equal(load("at: { api_key_file = \"secret\"; };", &s, &f), -1);
	assert_non_null(strstr(f.at[0].text, "chmod 600"));
	chmod(secret, 0600);
	chmod(secret, 0644);
	assert_int_equal(load("https: { key = \"secret\"; };", &s, &f), -1);
	assert_non_null(strstr(f.at[0].text, "chmod 600"));
	assert_int_equal(load("https: { certificate = \"secret\"; };", &s, &f), 0);
	chmod(secret, 0600);
	assert_int_equal(load("https: { key = \"secret\"; };", &s, &f), 0);
	assert_string_equal(s.https.key, secret); /* from the folder of the settings on */
	write_file(conf, "", 0644);               /* the pepper's default is not there */
	assert_int_equal(settings_load(conf, &s, &f), -1);
	assert_non_null(strstr(f.at[0].text, "pin.pepper_file"));
}

static void
printing_shows_no_secret_and_reads_back(void **state)
{
	static struct settings s;
	struct settings_faults f;
	char text[16384];

	(void)state;
	assert_int_equal(
	    load("at: { api_key_file = \"secret\"; };\n"
	         "providers = ( { name = \"mtn\"; collection_key_file = \"secret\"; } );",
	         &s, &f),
	    0);
	FILE *out = fmemopen(text, sizeof(text), "w");
	settings_print(out, &s);
	fclose(out);
	assert_null(strstr(text, "s3cret"));
	assert_null(strstr(text, "0001020304"));
	assert_non_null(strstr(text, "api_key_file = \"(set)\""));
	assert_non_null(strstr(text, "idle = \"1min\""));
}

static void
the_manual_is_the_shipped_file(void **state)
{
	static char made[32768], shipped[32768];
	static struct settings s, defaults;
	struct settings_faults f;

	(void)state;
	FILE *out = fmemopen(made, sizeof(made), "w");
	settings_print_manual(out);
	fclose(out);
	FILE *in = fopen("config/adit.conf", "r");
	assert_non_null(in);
	shipped[fread(shipped, 1, sizeof(shipped) - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(made, shipped);

	/* and it parses to the defaults, but for the pepper that lives elsewhere */
	assert_int_equal(settings_load("config/adit.conf", &s, &f), -1);
	for (unsigned i = 0; i < f.count; i++)
		assert_non_null(strstr(f.at[i].text, "pin.pepper_file"));
	settings_defaults(&defaults);
	memcpy(s.pin.pepper, defaults.pin.pepper, sizeof(s.pin.pepper));
	assert_memory_equal(&s, &defaults, sizeof(s));
}

static void
note_key(void *arg, const char *key, bool now)
{
	char *seen = arg;

	snprintf(seen + strlen(seen), 200 - strlen(seen), "%s%s ", key, now ? "" : "!");
}

static void
reload_takes_what_may_change(void **state)
{
	static struct settings live, fresh;
	char seen[200] = "";

	(void)state;
	settings_defaults(&live);
	settings_defaults(&fresh);
	fresh.ussd.hop_ms = 900;
	fresh.pg.connections = 9;
	fresh.provider_count = 1;
	settings_reload(&live, &fresh, note_key, seen);
	assert_string_equal(seen, "pg.connections! ussd.hop providers! ");
	assert_int_equal(live.ussd.hop_ms, 900);
	assert_int_equal(live.pg.connections, 4);
}

/* A key is changed while people are paid; where the provider is, is not. */
static void
reload_takes_credentials(void **state)
{
	static struct settings live, fresh;
	char seen[200] = "";

	(void)state;
	settings_defaults(&live);
	live.provider_count = 2;
	snprintf(live.providers[0].name, sizeof live.providers[0].name, "mtn");
	snprintf(live.providers[1].name, sizeof live.providers[1].name, "airtel");
	fresh = live;
	snprintf(fresh.providers[1].wallet_pin, sizeof fresh.providers[1].wallet_pin,
	         "8642");
	settings_reload(&live, &fresh, note_key, seen);
	assert_string_equal(seen, "providers.airtel.wallet_pin_file ");
	assert_string_equal(live.providers[1].wallet_pin, "8642");

	seen[0] = '\0';
	fresh.providers[0].concurrency = 3;
	settings_reload(&live, &fresh, note_key, seen);
	assert_string_equal(seen, "providers! ");
	assert_int_equal(live.providers[0].concurrency, 0);

	seen[0] = '\0'; /* another order: whose key is whose is not guessed */
	fresh = live;
	fresh.providers[0] = live.providers[1];
	fresh.providers[1] = live.providers[0];
	settings_reload(&live, &fresh, note_key, seen);
	assert_string_equal(seen, "providers! ");
	assert_string_equal(live.providers[0].wallet_pin, "");
}

static void
secrets_by_systemd(void **state)
{
	static const char *const wrong[] = { "credential:", "credential:absent",
		                             "credential:../secret", "credential:a/b" };
	static struct settings s;
	struct settings_faults f;
	char text[120];

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(load("at: { api_key_file = \"credential:secret\"; };", &s, &f),
	                 -1);
	assert_non_null(strstr(f.at[0].text, "LoadCredential"));
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	chmod(secret, 0440); /* as with an access list */
	assert_int_equal(load("at: { api_key_file = \"credential:secret\"; };", &s, &f),
	                 0);
	assert_string_equal(s.at.api_key, "s3cret");
	chmod(secret, 0600);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		snprintf(text, sizeof text, "at: { api_key_file = \"%s\"; };", wrong[i]);
		assert_int_equal(load(text, &s, &f), -1);
	}
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
networks(void **state)
{
	static const struct {
		const char *net, *peer;
		bool inside;
	} rows[] = {
		{ "127.0.0.0/8", "127.9.9.9", true },
		{ "127.0.0.0/8", "128.0.0.1", false },
		{ "0.0.0.0/0", "8.8.8.8", true },
		{ "0.0.0.0/0", "2001:db8::1", false },
		{ "::/0", "2001:db8::1", true },
		{ "2001:db8::/33", "2001:db8:8000::1", false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true },
		{ "10.0.0.1", "10.0.0.1", true },
		{ "10.0.0.1", "10.0.0.2", false },
		{ "10.0.0.0/8", "::ffff:10.2.3.4", true },
		{ "10.0.0.0/8", "nonsense", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct settings_networks n = { .count = 1 };
		assert_true(
		    settings_parse_network(rows[i].net, strlen(rows[i].net), n.at));
		if (settings_allow(&n, rows[i].peer) != rows[i].inside)
			fail_msg("%s in %s", rows[i].peer, rows[i].net);
	}
}

/* ---- defaults ---- */

/* In the settings, or in an entry of a list: in its bounds, and in a place of its size.
 */
static void
defaults_fit(const struct setting *rows, void *base)
{
	char words[320];
	struct buf why;

	buf_init(&why, words, sizeof words);
	for (; rows->key != NULL; rows++) {
		bool is_number = rows->kind == SET_INT || rows->kind == SET_MS ||
		                 rows->kind == SET_BYTES || rows->kind == SET_LEVEL;
		const struct setting one[] = { *rows, { .key = NULL } };

		if (setting_put_initials(one, base, &why) != NULL)
			fail_msg("%s: %s", rows->key, words);
		if (is_number && rows->size != sizeof(int64_t))
			fail_msg("%s: a number of %zu bytes", rows->key, rows->size);
		if (rows->kind == SET_BOOL && rows->size != sizeof(bool))
			fail_msg("%s: a bool of %zu bytes", rows->key, rows->size);
	}
}

static void
every_default_fits(void **state)
{
	static struct settings s;

	(void)state;
	defaults_fit(settings_table, &s);
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++)
		defaults_fit(l->rows, setting_entry(l, &s, 0));
}

/* What settings_defaults stops at. */
static void
a_default_that_does_not_fit_is_named(void **state)
{
	static const struct {
		struct setting row;
		const char *why;
	} cases[] = {
		{ { "x", SET_INT, 0, 8, 1, 9, "ten", false, false, "" }, "whole number" },
		{ { "x", SET_INT, 0, 8, 1, 9, "10", false, false, "" },
		  "between 1 and 9" },
		{ { "x", SET_INT, 0, 8, 1, 9, "", false, false, "" }, "whole number" },
		{ { "x", SET_MS, 0, 8, 1, 9000, "8", false, false, "" }, "a time" },
		{ { "x", SET_MS, 0, 8, 1, 9000, "0s", false, false, "" },
		  "between 1ms and 9s" },
		{ { "x", SET_BYTES, 0, 8, 1, 9, "1M", false, false, "" }, "a size" },
		{ { "x", SET_BOOL, 0, 1, 0, 0, "no", false, false, "" },
		  "true or false" },
		{ { "x", SET_LEVEL, 0, 8, 0, 0, "loud", false, false, "" }, "no level" },
		{ { "x", SET_URL, 0, 40, 0, 0, "ftp://a", false, false, "" },
		  "not a URL" },
		{ { "x", SET_TEXT, 0, 4, 0, 0, "long", false, false, "" }, "too long" },
		{ { "x", SET_TEXT, 0, 4, 0, 0, "", false, true, "" }, "not be empty" },
		{ { "x", SET_WORD, 0, 4, 0, 0, "long|word", false, false, "" },
		  "is none of" },
		{ { "x", SET_PEER, 0, 40, 0, 0, "anybody", false, false, "" },
		  "no rule" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct setting rows[] = { cases[i].row, { .key = NULL } };
		int64_t place[8];
		char words[320];
		struct buf why;

		buf_init(&why, words, sizeof words);
		assert_ptr_equal(setting_put_initials(rows, place, &why), rows);
		if (strstr(words, cases[i].why) == NULL)
			fail_msg("case %zu: \"%s\" does not say \"%s\"", i, words,
			         cases[i].why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_written),
		cmocka_unit_test(faults_have_a_place_and_a_hint),
		cmocka_unit_test(secrets_must_be_private),
		cmocka_unit_test(printing_shows_no_secret_and_reads_back),
		cmocka_unit_test(the_manual_is_the_shipped_file),
		cmocka_unit_test(reload_takes_what_may_change),
		cmocka_unit_test(reload_takes_credentials),
		cmocka_unit_test(secrets_by_systemd),
		cmocka_unit_test(networks),
		cmocka_unit_test(every_default_fits),
		cmocka_unit_test(a_default_that_does_not_fit_is_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
