/* adit-sim: what its command line says. */
#include "tests/sim/sim.h"

#include "lib/log.h"
#include "tests/sim/script.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum flag {
	F_LISTEN = 1000,
	F_GATEWAY,
	F_SMS_URL,
	F_REPORT_URL,
	F_BOOK,
	F_AT_SECRET,
	F_SPEED,
	F_CHAOS,
	F_SEED,
	F_CURRENCIES,
	F_ENVIRONMENT,
	F_HOSTS,
	F_SUBSCRIPTION,
	F_ACCOUNT,
	F_TOKEN_SECONDS,
	F_FLOAT,
	F_SHORT_CODE,
	F_AIRTEL_CALLBACK,
	F_AIRTEL_HASH_KEY,
	F_AIRTEL_PIN,
	F_PAWAPAY_CALLBACK,
	F_PAWAPAY_KEY,
	F_PAWAPAY_CUSTOMER,
	F_VODACOM_CALLBACK,
	F_DARAJA_PARTY,
	F_DARAJA_TILL,
	F_DARAJA_PASSKEY,
	F_LOG_LEVEL,
	F_NUMBERS,
	F_HELP
};

static const struct option flags[] = {
	{ "listen", required_argument, NULL, F_LISTEN },
	{ "gateway", required_argument, NULL, F_GATEWAY },
	{ "sms-url", required_argument, NULL, F_SMS_URL },
	{ "report-url", required_argument, NULL, F_REPORT_URL },
	{ "at-secret-file", required_argument, NULL, F_AT_SECRET },
	{ "book", required_argument, NULL, F_BOOK },
	{ "speed", required_argument, NULL, F_SPEED },
	{ "chaos", required_argument, NULL, F_CHAOS },
	{ "seed", required_argument, NULL, F_SEED },
	{ "currencies", required_argument, NULL, F_CURRENCIES },
	{ "environment", required_argument, NULL, F_ENVIRONMENT },
	{ "callback-hosts", required_argument, NULL, F_HOSTS },
	{ "subscription-key", required_argument, NULL, F_SUBSCRIPTION },
	{ "account", required_argument, NULL, F_ACCOUNT },
	{ "token-seconds", required_argument, NULL, F_TOKEN_SECONDS },
	{ "float", required_argument, NULL, F_FLOAT },
	{ "short-code", required_argument, NULL, F_SHORT_CODE },
	{ "airtel-callback", required_argument, NULL, F_AIRTEL_CALLBACK },
	{ "airtel-hash-key", required_argument, NULL, F_AIRTEL_HASH_KEY },
	{ "airtel-pin", required_argument, NULL, F_AIRTEL_PIN },
	{ "pawapay-callback", required_argument, NULL, F_PAWAPAY_CALLBACK },
	{ "pawapay-key", required_argument, NULL, F_PAWAPAY_KEY },
	{ "pawapay-customer", required_argument, NULL, F_PAWAPAY_CUSTOMER },
	{ "vodacom-callback", required_argument, NULL, F_VODACOM_CALLBACK },
	{ "daraja-party", required_argument, NULL, F_DARAJA_PARTY },
	{ "daraja-till", required_argument, NULL, F_DARAJA_TILL },
	{ "daraja-passkey", required_argument, NULL, F_DARAJA_PASSKEY },
	{ "log-level", required_argument, NULL, F_LOG_LEVEL },
	{ "numbers", no_argument, NULL, F_NUMBERS },
	{ "help", no_argument, NULL, F_HELP },
	{ NULL, 0, NULL, 0 },
};

static bool
whole(const char *text, int64_t least, int64_t most, int64_t *out)
{
	char *end;
	long long v = strtoll(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || v < least || v > most)
		return false;
	*out = v;
	return true;
}

static bool
set_log_level(const char *name)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };

	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], name) == 0) {
			log_set_level((enum log_level)i);
			return true;
		}
	}
	return false;
}

/* The flags that hold a text; NULL for the others. */
static const char **
text_flag(struct sim_options *o, int flag)
{
	switch (flag) {
	case F_LISTEN:
		return &o->listen;
	case F_GATEWAY:
		return &o->gateway;
	case F_SMS_URL:
		return &o->sms_url;
	case F_REPORT_URL:
		return &o->report_url;
	case F_AT_SECRET:
		return &o->at_secret_file;
	case F_BOOK:
		return &o->book;
	case F_CURRENCIES:
		return &o->currencies;
	case F_ENVIRONMENT:
		return &o->environment;
	case F_HOSTS:
		return &o->callback_hosts;
	case F_SUBSCRIPTION:
		return &o->subscription_key;
	case F_ACCOUNT:
		return &o->account;
	case F_SHORT_CODE:
		return &o->short_code;
	case F_AIRTEL_CALLBACK:
		return &o->airtel_callback;
	case F_AIRTEL_HASH_KEY:
		return &o->airtel_hash_key;
	case F_AIRTEL_PIN:
		return &o->airtel_pin;
	case F_PAWAPAY_CALLBACK:
		return &o->pawapay_callback;
	case F_PAWAPAY_KEY:
		return &o->pawapay_key_file;
	case F_PAWAPAY_CUSTOMER:
		return &o->pawapay_customer_file;
	case F_VODACOM_CALLBACK:
		return &o->vodacom_callback;
	case F_DARAJA_TILL:
		return &o->daraja_till;
	case F_DARAJA_PARTY:
		return &o->daraja_party;
	case F_DARAJA_PASSKEY:
		return &o->daraja_passkey;
	default:
		return NULL;
	}
}

static bool
set_flag(struct sim *s, int flag, const char *value)
{
	const char **text = text_flag(&s->o, flag), *wrong;
	int64_t v;

	if (text != NULL) {
		*text = value;
		return true;
	}
	switch (flag) {
	case F_SPEED:
		return whole(value, 1, 100000, &s->o.speed);
	case F_TOKEN_SECONDS:
		return whole(value, 1, 604800, &s->o.token_seconds);
	case F_CHAOS:
		return chaos_set(&s->chaos, value, &wrong);
	case F_LOG_LEVEL:
		return set_log_level(value);
	case F_SEED:
		if (!whole(value, 0, INT64_MAX, &v))
			return false;
		s->chaos.seed = (uint64_t)v;
		ids_init_seeded(&s->ids, (uint64_t)v);
		return true;
	case F_FLOAT:
		if (!whole(value, 0, INT64_MAX / 1000, &v))
			return false;
		s->o.float_minor = v * 100;
		return true;
	default:
		return false;
	}
}

int
sim_read_flags(struct sim *s, int argc, char **argv)
{
	int flag;

	while ((flag = getopt_long(argc, argv, "", flags, NULL)) != -1) {
		if (flag == F_HELP) {
			print_help(stdout);
			return 0;
		}
		if (flag == F_NUMBERS) {
			scripts_print(stdout);
			return 0;
		}
		if (flag == '?' || !set_flag(s, flag, optarg)) {
			fprintf(stderr, "adit-sim: see --help: %s\n",
			        argv[optind < argc ? optind : argc - 1]);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "adit-sim: see --help: %s\n", argv[optind]);
		return 2;
	}
	return -1;
}
