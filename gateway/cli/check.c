#include "gateway/cli/cli.h"
#include "gateway/menus.h"
#include "payments/store/migrate.h"

#include <stdio.h>

static const char help[] =
    "usage: adit check [--config FILE] [--offline] [--print] [--manual] [--json]\n\n"
    "Reads settings, secrets, menus and translations as `adit serve` would, and "
    "compares\n"
    "the database's schema with this program's.  Faults are file:line:column: what.\n"
    "  --offline   leaves the database alone\n"
    "  --print     the settings in force, in the file's own syntax; no secrets\n"
    "  --manual    every setting with its help and default: config/adit.conf\n\n"
    "  adit check --config /etc/adit/adit.conf && kill -HUP $(pidof adit)\n";

static const char *
schema_word(const struct settings *s)
{
	switch (migrate_is_current(s->pg.conninfo)) {
	case 1:
		return "current";
	case 0:
		return "not current: run adit migrate";
	default:
		return "not known: the database cannot be asked";
	}
}

static int
report(bool json, bool menus_ok, const char *schema, const struct menu_diags *diags)
{
	bool ok = menus_ok && (schema[0] == 'c' || schema[0] == '-');

	if (json)
		printf("{\"ok\":%s,\"settings\":true,\"menus\":%s,\"menu_warnings\":%zu,"
		       "\"schema\":\"%s\"}\n",
		       ok ? "true" : "false", menus_ok ? "true" : "false",
		       diags->warnings, schema);
	else
		printf("settings ok\nmenus %s, %zu warnings\nschema %s\n",
		       menus_ok ? "ok" : "FAULTY", diags->warnings, schema);
	return ok ? CLI_OK : CLI_WRONG;
}

int
cli_check(int argc, char **argv)
{
	static struct menu_diags diags;
	struct menus menus;

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	if (cli_flag(&argc, argv, "--manual")) {
		settings_print_manual(stdout);
		return CLI_OK;
	}
	const struct settings *s = cli_settings(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	bool print = cli_flag(&argc, argv, "--print");
	bool offline = cli_flag(&argc, argv, "--offline");
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	if (print) {
		settings_print(stdout, s);
		return CLI_OK;
	}
	bool menus_ok = menus_load(s, &menus, &diags) == 0;
	menus_print(stderr, &diags);
	menus_free(&menus);
	return report(json, menus_ok, offline ? "-" : schema_word(s), &diags);
}
