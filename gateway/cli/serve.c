#include "gateway/cli/cli.h"
#include "gateway/gateway.h"

static const char help[] =
    "usage: adit serve [--config FILE]\n\n"
    "Runs the gateway in the foreground until SIGTERM.  SIGHUP reads settings, menus "
    "and\n"
    "translations again; what is faulty is not taken and the log says where.\n\n"
    "  adit serve --config /etc/adit/adit.conf\n"
    "  kill -HUP $(pidof adit)      # reload\n";

int
cli_serve(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	const char *path = cli_config_path(&argc, argv);
	if (!cli_done(argc, argv))
		return CLI_USAGE;
	return gateway_serve(path);
}
