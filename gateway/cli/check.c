#include "gateway/channel/smpp/carrier.h"
#include "gateway/channel/xmltcp/link.h"
#include "gateway/cli/cli.h"
#include "gateway/cli/products.h"
#include "gateway/gateway.h"
#include "gateway/menus.h"
#include "lib/http_tls.h"
#include "payments/core/currency.h"
#include "payments/flow/means.h"
#include "payments/provider/daraja_bill.h"
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

static const char *
batch_fault(const struct settings_provider *p, const struct provider *codec)
{
	if (p->batch_max == 0)
		return NULL;
	if (!codec->batches)
		return "batch_max: takes no batches";
	if (strcmp(p->collection.user, p->disbursement.user) == 0)
		return "batch_max: who makes a batch there cannot approve it: "
		       "collection_user must be another";
	return NULL;
}

/* What a provider would refuse later, payment by payment. */
static const char *
provider_fault(const struct settings_provider *p)
{
	const struct provider *codec = means_codec(p);
	const char *url = p->callback_url;
	const char *host = strstr(url, "://");

	if (codec == NULL)
		return "codec: docs/providers.md lists those there are";
	if (currency_decimals(p->currency) < 0)
		return "currency: not one that is known here";
	if (codec == &provider_daraja && url[0] == '\0')
		return "callback_url: without it nobody hears of a payout's end";
	if (codec == &provider_daraja)
		return daraja_url_fault(p->base_url, url);
	if (codec == &provider_mtn && host != NULL &&
	    strcmp(p->target_environment, "sandbox") != 0 &&
	    (strncmp(url, "https://", 8) != 0 || host[3] == '[' ||
	     strspn(host + 3, "0123456789.") == strcspn(host + 3, ":/")))
		return "callback_url: MTN takes https:// and the name of a host only";
	return batch_fault(p, codec);
}

static bool
providers_ok(const struct settings *s)
{
	bool ok = true;

	for (unsigned i = 0; i < s->provider_count; i++) {
		const char *fault = provider_fault(&s->providers[i]);

		if (fault == NULL)
			continue;
		fprintf(stderr, "providers: %s: %s\n", s->providers[i].name, fault);
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
	bool sound = channels_ok(s) && certificates_ok(s);
	if (!providers_ok(s) || !sound)
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
