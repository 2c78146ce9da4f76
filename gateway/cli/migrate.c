#include "payments/store/migrate.h"

#include "gateway/cli/cli.h"

#include <stdio.h>

static const char help[] =
    "usage: adit migrate [--config FILE] [--json]\n\n"
    "Brings the database forward to this program's schema.  Forward only; doing it "
    "again\n"
    "does nothing.  Without a settings file it uses the PG* environment.\n\n"
    "  adit migrate --config /etc/adit/adit.conf\n"
    "  PGDATABASE=adit adit migrate\n";

int
cli_migrate(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const struct settings *s = cli_settings_or_environment(&argc, argv);
	bool json = cli_flag(&argc, argv, "--json");
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	bool ok = migrate(s->pg.conninfo, json ? stderr : stdout) == 0;
	if (json)
		printf("{\"current\":%s}\n", ok ? "true" : "false");
	return ok ? CLI_OK : CLI_WRONG;
}
