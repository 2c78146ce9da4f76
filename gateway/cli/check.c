#include "gateway/channel/smpp/carrier.h"
#include "gateway/channel/xmltcp/link.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/products.h"
#include "gateway/gateway.h"
#include "gateway/menus.h"
#include "lib/http_tls.h"
#include "payments/flow/means.h"
#include "payments/store/migrate.h"

#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: adit check [--config FILE] [--offline] [--print] [--manual] [--json]\n\n"
    "Reads settings, secrets, menus, translations and loan products, and compares\n"
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

struct found {
	bool json, menus_ok, products_ok;
	size_t warnings;
	const char *schema;
};

static int
report(const struct found *f)
{
	bool ok =
	    f->menus_ok && f->products_ok && (f->schema[0] == 'c' || f->schema[0] == '-');

	if (f->json)
		printf("{\"ok\":%s,\"settings\":true,\"menus\":%s,\"menu_warnings\":%zu,"
		       "\"products\":%s,\"schema\":\"%s\"}\n",
		       ok ? "true" : "false", f->menus_ok ? "true" : "false", f->warnings,
		       f->products_ok ? "true" : "false", f->schema);
	else
		printf("settings ok\nmenus %s, %zu warnings\nproducts %s\nschema %s\n",
		       f->menus_ok ? "ok" : "FAULTY", f->warnings,
		       f->products_ok ? "ok" : "FAULTY", f->schema);
	return ok ? CLI_OK : CLI_WRONG;
}

static bool
channels_ok(const struct settings *s)
{
	bool ok = true;

	for (unsigned i = 0; i < s->smpp_count; i++) {
		const char *fault = smpp_carrier_fault(&s->smpp[i]);

		if (fault == NULL)
			continue;
		fprintf(stderr, "smpp: %s: %s\n", s->smpp[i].name, fault);
		ok = false;
	}
	for (unsigned i = 0; i < s->xmltcp_count; i++) {
		const char *fault = xmltcp_link_fault(s, i);

		if (fault == NULL)
			continue;
		fprintf(stderr, "xmltcp: %s: %s\n", s->xmltcp[i].name, fault);
		ok = false;
	}
	return ok;
}

static bool
certificates_ok(const struct settings *s)
{
	struct http_tls *tls;
	struct clock now;
	struct err err;
	bool ok;

	if (s->https.listen[0] == '\0')
		return true;
	tls = gateway_tls(s, NULL, &err);
	if (tls == NULL) {
		fprintf(stderr, "https: %s\n", err.what);
		return false;
	}
	clock_init(&now);
	ok = http_tls_expires_ms(tls) > now.wall_ms;
	if (!ok)
		fprintf(stderr, "https: the certificate has ended\n");
	http_tls_free(tls);
	return ok;
}

/* What a provider would refuse later, payment by payment. */
static bool
providers_ok(const struct settings *s)
{
	bool ok = true;

	for (unsigned i = 0; i < s->provider_count; i++) {
		const struct settings_provider *p = &s->providers[i];
		const struct provider *codec = means_codec(p);
		const char *fault =
		    p->batch_max == 0                  ? NULL
		    : codec == NULL || !codec->batches ? "takes no batches"
		    : strcmp(p->collection.user, p->disbursement.user) == 0
		        ? "who makes a batch there cannot approve it: collection_user "
		          "must be another"
		        : NULL;

		if (fault == NULL)
			continue;
		fprintf(stderr, "providers: %s: batch_max: %s\n", p->name, fault);
		ok = false;
	}
	return ok;
}

static bool
products_ok(const struct settings *s)
{
	struct settings_faults faults = { 0 };
	struct product_set *set;

	if (s->loans.products[0] == '\0')
		return true;
	set = products_load(s->loans.products, &faults);
	settings_print_faults(stderr, &faults);
	products_free(set);
	return faults.count == 0;
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
	if (!channels_ok(s) || !certificates_ok(s) || !providers_ok(s))
		return CLI_WRONG;
	if (print) {
		settings_print(stdout, s);
		return CLI_OK;
	}
	struct found found = { .json = json,
		               .menus_ok = menus_load(s, &menus, &diags) == 0,
		               .warnings = diags.warnings };
	menus_print(stderr, &diags);
	menus_free(&menus);
	found.products_ok = products_ok(s);
	found.schema = offline ? "-" : schema_word(s);
	return report(&found);
}
