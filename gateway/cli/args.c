#include "gateway/cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_DEFAULT "/etc/adit/adit.conf"

static void
drop(int *argc, char **argv, int at, int n)
{
	for (int i = at; i + n <= *argc; i++) /* with the NULL at the end */
		argv[i] = argv[i + n];
	*argc -= n;
}

bool
cli_flag(int *argc, char **argv, const char *name)
{
	for (int i = 1; i < *argc; i++) {
		if (strcmp(argv[i], name) == 0) {
			drop(argc, argv, i, 1);
			return true;
		}
	}
	return false;
}

const char *
cli_value(int *argc, char **argv, const char *name)
{
	size_t n = strlen(name);

	for (int i = 1; i < *argc; i++) {
		const char *value = NULL;
		if (strncmp(argv[i], name, n) != 0)
			continue;
		if (argv[i][n] == '=') {
			value = argv[i] + n + 1;
			drop(argc, argv, i, 1);
		} else if (argv[i][n] == '\0' && i + 1 < *argc) {
			value = argv[i + 1];
			drop(argc, argv, i, 2);
		}
		if (value != NULL)
			return value;
	}
	return NULL;
}

const char *
cli_word(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			const char *word = argv[i];
			drop(argc, argv, i, 1);
			return word;
		}
	}
	return NULL;
}

bool
cli_help(int *argc, char **argv, const char *help)
{
	if (!cli_flag(argc, argv, "--help") && !cli_flag(argc, argv, "-h"))
		return false;
	fputs(help, stdout);
	return true;
}

bool
cli_done(int argc, char **argv)
{
	if (argc == 1)
		return true;
	fprintf(stderr,
	        "adit %s: \"%s\" is not understood here; adit %s --help shows "
	        "what is\n",
	        argv[0], argv[1], argv[0]);
	return false;
}

const char *
cli_config_path(int *argc, char **argv)
{
	const char *path = cli_value(argc, argv, "--config");

	if (path == NULL)
		path = getenv("ADIT_CONFIG");
	return path == NULL || *path == '\0' ? CONFIG_DEFAULT : path;
}

struct settings *
cli_settings_or_environment(int *argc, char **argv)
{
	static struct settings settings;
	const char *named = cli_config_path(argc, argv);

	if (strcmp(named, CONFIG_DEFAULT) == 0 && access(named, F_OK) != 0) {
		settings_defaults(&settings);
		return &settings;
	}
	struct settings_faults faults;
	if (settings_load(named, &settings, &faults) == 0)
		return &settings;
	settings_print_faults(stderr, &faults);
	return NULL;
}

struct settings *
cli_settings(int *argc, char **argv)
{
	static struct settings settings;
	struct settings_faults faults;

	if (settings_load(cli_config_path(argc, argv), &settings, &faults) != 0) {
		settings_print_faults(stderr, &faults);
		return NULL;
	}
	return &settings;
}
