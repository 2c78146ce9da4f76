#include "payments/flow/seed.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/products.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: adit seed [--config FILE] [--treasurer-pin PIN] [--officer-pin PIN]\n"
    "                 [--float MINOR] [--country TZ|KE] [--json]\n\n"
    "Makes the cooperative MGODI (or, in Kenya, MIGORI) to try things with: its\n"
    "officers, loan products (in Tanzania those of the file loans.products), price,\n"
    "levies and an opening balance with each provider of its currency.  Doing it again\n"
    "changes nothing but the PINs.\n\n"
    "  adit seed --treasurer-pin 2580 --officer-pin 1470\n";

struct seeding {
	struct cli_world *w;
	int32_t cooperative_id;
	bool ok;
};

static void
on_seeded(void *arg, const struct payments_answer *a, int32_t cooperative_id)
{
	struct seeding *s = arg;

	s->w->answered = true;
	s->cooperative_id = cooperative_id;
	s->ok = a->outcome != OUTCOME_FAIL;
	if (!s->ok)
		cli_complain("seed", a);
}

/* Products as in the file, unless they were changed since; how many could not be made. */
static unsigned
import_products(struct cli_world *w, const char *path)
{
	struct settings_faults faults = { 0 };
	struct product_set *set;
	struct product_import in = {
		.w = w, .coop = "MGODI", .only_new = true, .silent = true
	};
	unsigned failed;

	if (path[0] == '\0')
		return 0;
	set = products_load(path, &faults);
	settings_print_faults(stderr, &faults);
	if (set == NULL)
		return 1;
	in.set = set;
	failed = products_import(&in);
	products_free(set);
	return failed;
}

/* The first whose money is that of the country. */
static const char *
own_provider(const struct settings *s, const char *country)
{
	const char *currency =
	    country != NULL && strcmp(country, "KE") == 0 ? "KES" : "TZS";

	for (unsigned i = 0; i < s->provider_count; i++)
		if (strcmp(s->providers[i].currency, currency) == 0)
			return s->providers[i].name;
	return s->provider_count > 0 ? s->providers[0].name : "mtn";
}

int
cli_seed(int argc, char **argv)
{
	if (cli_help(&argc, argv, help))
		return CLI_OK;
	struct settings *s = cli_settings(&argc, argv);
	const char *treasurer = cli_value(&argc, argv, "--treasurer-pin");
	const char *officer = cli_value(&argc, argv, "--officer-pin");
	const char *opening = cli_value(&argc, argv, "--float");
	const char *country = cli_value(&argc, argv, "--country");
	bool json = cli_flag(&argc, argv, "--json");
	cli_flag(&argc, argv, "--demo"); /* the only kind there is */
	if (s == NULL || !cli_done(argc, argv))
		return CLI_USAGE;
	struct seed_ask ask = {
		.country = country,
		.provider = own_provider(s, country),
		.opening_float = opening == NULL ? 500000000 : strtoll(opening, NULL, 10),
		.treasurer_pin = treasurer == NULL ? "2580" : treasurer,
		.officer_pin = officer == NULL ? "1470" : officer,
	};
	struct seeding seeding = { .w = cli_open(s, CLI_WRITES) };
	payments_seed(&seeding.w->env, &ask, on_seeded, &seeding);
	cli_await(seeding.w);
	bool home = country == NULL || strcmp(country, "TZ") == 0;
	if (seeding.ok && home && import_products(seeding.w, s->loans.products) > 0)
		seeding.ok = false;
	cli_close(seeding.w);
	if (!seeding.ok)
		return CLI_WRONG;
	if (json)
		printf("{\"cooperative_id\":%d,\"code\":\"%s\"}\n",
		       (int)seeding.cooperative_id, home ? "MGODI" : "MIGORI");
	else
		printf("cooperative %s is there\n", home ? "MGODI" : "MIGORI");
	return CLI_OK;
}
