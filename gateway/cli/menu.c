#include "gateway/cli/cli.h"
#include "gateway/cli/menu_script.h"
#include "gateway/menus.h"
#include "lib/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTPUT_MAX (1 << 20)

static const char help[] =
    "usage: adit menu check|test|graph|pot|lock [options]\n\n"
    "  check            every fault of menus and translations as file:line:column\n"
    "  test FILE...     plays dialogues against the menus: > input, < expected text,\n"
    "                   ! ok|pending|fail [REASON] name=value ... for an action\n"
    "                   dial *384*77*1*2# for menus answered behind the code\n"
    "                   sms TEXT and command KIND for an SMS, text NAME for its answer\n"
    "  graph [--mermaid]  the screens as a picture, in dot\n"
    "  pot              the template for translators, with the septets left\n"
    "  lock             the digits as they are, for config/menus/digits.lock\n\n"
    "  --menus DIR      *.menu files (else those of the settings, else config/menus)\n"
    "  --locale DIR     *.mo files (else those of the settings, else build/locale)\n"
    "  --config FILE    settings to take the folders from\n"
    "  --json           check and test: one JSON object\n\n"
    "  adit menu check --menus config/menus && adit menu test tests/menus/*.dialog\n";

static void
copy_path(char *out, size_t cap, const char *path)
{
	snprintf(out, cap, "%s", path);
}

/* The settings' folders when --config is given, else the folders of a checkout. */
static bool
folders(int *argc, char **argv, struct settings *out)
{
	const char *menus = cli_value(argc, argv, "--menus");
	const char *locale = cli_value(argc, argv, "--locale");
	bool has_config = false;

	for (int i = 1; i < *argc; i++)
		has_config |= strncmp(argv[i], "--config", 8) == 0;
	memset(out, 0, sizeof *out);
	copy_path(out->ussd.menus_dir, sizeof out->ussd.menus_dir, "config/menus");
	copy_path(out->ussd.locale_dir, sizeof out->ussd.locale_dir, "build/locale");
	if (has_config) {
		const struct settings *s = cli_settings(argc, argv);

		if (s == NULL)
			return false;
		*out = *s;
	}
	if (menus != NULL)
		copy_path(out->ussd.menus_dir, sizeof out->ussd.menus_dir, menus);
	if (locale != NULL)
		copy_path(out->ussd.locale_dir, sizeof out->ussd.locale_dir, locale);
	return true;
}

static void
print_json(const struct menu_diags *diags)
{
	static char room[OUTPUT_MAX];
	struct buf out;
	struct json_writer w;

	buf_init(&out, room, sizeof room);
	jw_init(&w, &out);
	jw_object(&w, NULL);
	jw_bool(&w, "ok", diags->errors == 0);
	jw_i64(&w, "errors", (int64_t)diags->errors);
	jw_i64(&w, "warnings", (int64_t)diags->warnings);
	jw_array(&w, "faults");
	for (size_t i = 0; i < diags->count; i++) {
		const struct menu_diag *d = &diags->at[i];

		jw_object(&w, NULL);
		jw_text(&w, "code", d->code);
		jw_bool(&w, "warning", d->is_warning);
		jw_text(&w, "file", d->at.file);
		jw_i64(&w, "line", d->at.line);
		jw_i64(&w, "column", d->at.column);
		jw_text(&w, "text", d->at.text);
		jw_end_object(&w);
	}
	jw_end_array(&w);
	jw_end_object(&w);
	puts(room);
}

static int
check(const struct settings *s, bool json)
{
	static struct menu_diags diags;
	struct menus menus;
	int bad = menus_load(s, &menus, &diags);

	if (json) {
		print_json(&diags);
	} else {
		menus_print(stdout, &diags);
		printf("%zu errors, %zu warnings\n", diags.errors, diags.warnings);
	}
	menus_free(&menus);
	return bad ? CLI_WRONG : CLI_OK;
}

enum export { EXPORT_DOT, EXPORT_MERMAID, EXPORT_POT, EXPORT_LOCK };

static int export(const struct settings *s, enum export what)
{
	static struct menu_diags diags;
	struct menus menus;
	struct buf out;
	char *room;
	bool ok;

	if (menus_compile(s, &menus, &diags) != 0) {
		menus_print(stderr, &diags);
		return CLI_WRONG;
	}
	room = xzalloc(OUTPUT_MAX);
	buf_init(&out, room, OUTPUT_MAX);
	if (what == EXPORT_POT)
		menu_pot(menus.program, &out);
	else if (what == EXPORT_LOCK)
		menu_digits(menus.program, &out);
	else
		menu_graph(menus.program, what == EXPORT_DOT ? MENU_DOT : MENU_MERMAID,
		           &out);
	ok = buf_ok(&out);
	fputs(ok ? room : "", stdout);
	if (!ok)
		fprintf(stderr, "adit menu: more than %d bytes to print\n", OUTPUT_MAX);
	free(room);
	menus_free(&menus);
	return ok ? CLI_OK : CLI_WRONG;
}

static int
play_all(const struct settings *s, int *argc, char **argv, bool json)
{
	static struct menu_diags diags;
	struct menus menus;
	unsigned passed = 0, failed = 0;
	const char *path;

	if (menus_compile(s, &menus, &diags) != 0) {
		menus_print(stderr, &diags);
		return CLI_WRONG;
	}
	while ((path = cli_word(argc, argv)) != NULL) {
		if (menu_script_play(menus.program, path, stderr))
			passed++;
		else
			failed++;
	}
	menus_free(&menus);
	if (json)
		printf("{\"ok\":%s,\"passed\":%u,\"failed\":%u}\n",
		       failed == 0 ? "true" : "false", passed, failed);
	else
		printf("%u passed, %u failed\n", passed, failed);
	return failed == 0 && passed > 0 ? CLI_OK : CLI_WRONG;
}

int
cli_menu(int argc, char **argv)
{
	static struct settings s;
	bool json, mermaid;
	const char *verb;

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	if (!folders(&argc, argv, &s))
		return CLI_USAGE;
	json = cli_flag(&argc, argv, "--json");
	mermaid = cli_flag(&argc, argv, "--mermaid");
	verb = cli_word(&argc, argv);
	if (verb != NULL && strcmp(verb, "test") == 0)
		return play_all(&s, &argc, argv, json);
	if (verb == NULL || !cli_done(argc, argv)) {
		fputs(verb == NULL ? help : "", stderr);
		return CLI_USAGE;
	}
	if (strcmp(verb, "check") == 0)
		return check(&s, json);
	if (strcmp(verb, "graph") == 0)
		return export(&s, mermaid ? EXPORT_MERMAID : EXPORT_DOT);
	if (strcmp(verb, "pot") == 0) {
		s.ussd.locale_dir[0] = '\0';
		return export(&s, EXPORT_POT);
	}
	if (strcmp(verb, "lock") == 0)
		return export(&s, EXPORT_LOCK);
	fputs(help, stderr);
	return CLI_USAGE;
}
