#include "gateway/cli/tariff.h"

#include "lib/json.h"
#include "payments/core/day.h"
#include "payments/store/tariffs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASK_MS   10000
#define DAY_MS   INT64_C(86400000)
#define TEXT_MAX 200
#define BODY_MAX (CLI_BANDS_MAX * 160)

static const struct cli_column columns[] = {
	{ "provider", false, 12 }, { "direction", false, 4 }, { "currency", false, 4 },
	{ "from_ms", true, 14 },   { "upto", true, 20 },      { "fixed", true, 10 },
	{ "rate_bp", true, 8 },    { "least", true, 10 },     { "most", true, 20 },
	{ "set_by", false, 12 },   { "note", false, 20 },     { "set_ms", true, 0 },
	{ NULL, false, 0 },
};

int
cli_tariffs(struct settings *s, bool json)
{
	struct cli_rows rows = { .columns = columns, .json = json };

	rows.w = cli_open(s, CLI_READS);
	cli_rows(&rows, &tariffs_all, pg_args_new());
	cli_close(rows.w);
	return rows.failed ? CLI_WRONG : CLI_OK;
}

/* The number up to ':' or the end; false if it is none. */
static bool
take_number(const char **at, int64_t most, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(*at, &end, 10);
	if (end == *at || errno != 0 || **at < '0' || **at > '9' || *out > most ||
	    (*end != ':' && *end != '\0'))
		return false;
	*at = *end == ':' ? end + 1 : end;
	return true;
}

static bool
read_band(const char *text, struct tariff_band *out)
{
	int64_t rate;

	*out = (struct tariff_band){ .upto = INT64_MAX, .most = INT64_MAX };
	if (strncmp(text, "any:", 4) == 0)
		text += 4;
	else if (!take_number(&text, INT64_MAX, &out->upto) || out->upto == 0)
		return false;
	if (!take_number(&text, INT64_MAX, &out->fixed) ||
	    !take_number(&text, TARIFF_RATE_MAX, &rate))
		return false;
	out->rate_bp = (int32_t)rate;
	if (*text != '\0' && !take_number(&text, INT64_MAX, &out->least))
		return false;
	if (*text != '\0' && !take_number(&text, INT64_MAX, &out->most))
		return false;
	return *text == '\0' && out->most >= out->least;
}

static int
complain(const char *what, const char *which)
{
	fprintf(stderr, "adit providers tariff: %s%s\n", what, which);
	return -1;
}

static int
put_bands(struct buf *b, const struct cli_tariff *t)
{
	struct json_writer w;
	struct tariff_band band, before = { .upto = 0 };

	jw_init(&w, b);
	jw_array(&w, NULL);
	for (unsigned i = 0; i < t->count; i++) {
		if (!read_band(t->bands[i], &band) || band.upto <= before.upto)
			return complain(
			    "a band is UPTO:FIXED:RATE_BP[:LEAST[:MOST]] in minor "
			    "units, UPTO rising, any for no bound; not ",
			    t->bands[i]);
		jw_object(&w, NULL);
		jw_i64(&w, "upto", band.upto);
		jw_i64(&w, "fixed", band.fixed);
		jw_i64(&w, "rate_bp", band.rate_bp);
		jw_i64(&w, "least", band.least);
		jw_i64(&w, "most", band.most);
		jw_end_object(&w);
		before = band;
	}
	jw_end_array(&w);
	return buf_ok(b) ? 0 : complain("too many bands", "");
}

static bool
is_text(const char *s)
{
	return s != NULL && s[0] != '\0' && strlen(s) <= TEXT_MAX;
}

static int
check(const struct settings *s, const struct cli_tariff *t, int32_t *day)
{
	if (t->name == NULL || settings_provider(s, t->name) == NULL)
		return complain("no entry of the settings: ",
		                t->name == NULL ? "" : t->name);
	if (t->direction == NULL ||
	    (strcmp(t->direction, "out") != 0 && strcmp(t->direction, "in") != 0))
		return complain("behind NAME stands out or in", "");
	if (t->currency == NULL || strlen(t->currency) != 3)
		return complain("behind the direction stands the currency: TZS", "");
	if (t->from == NULL || !day_parse(t->from, strlen(t->from), day))
		return complain("--from is a day: 2027-01-31", "");
	if (!is_text(t->by) || !is_text(t->note))
		return complain("--by WHO and --note WHY are needed", "");
	return t->count > 0 ? 0 : complain("at least one band is needed", "");
}

struct setting {
	struct cli_world *w;
	bool failed;
};

static void
on_set(void *arg, const struct pg_reply *r)
{
	struct setting *k = arg;
	const char *no = r->err.code != ERR_NONE ? r->message : reply_text(r, 0, 0);

	k->w->answered = true;
	k->failed = r->err.code != ERR_NONE || no[0] != '\0';
	if (!k->failed)
		return;
	if (strcmp(no, "past") == 0)
		no = "a tariff begins in the future: what was charged before stays as it "
		     "was";
	else if (strcmp(no, "no_currency") == 0)
		no = "no such currency";
	complain(no, "");
}

int
cli_tariff(struct settings *s, const struct cli_tariff *t)
{
	struct setting k = { .failed = false };
	char text[BODY_MAX];
	struct buf bands;
	struct pg_args *a;
	int32_t day;

	buf_init(&bands, text, sizeof text);
	if (check(s, t, &day) < 0 || put_bands(&bands, t) < 0)
		return CLI_USAGE;
	k.w = cli_open(s, CLI_READS);
	a = pg_args_new();
	pg_text(a, t->name);
	pg_text(a, t->direction);
	pg_text(a, t->currency);
	pg_i64(a, day * DAY_MS);
	pg_text(a, text);
	pg_text(a, t->by);
	pg_text(a, t->note);
	pg_i64(a, loop_clock(k.w->loop)->wall_ms);
	pg_call(k.w->env.pg, &tariff_set, a, ASK_MS, on_set, &k);
	cli_await(k.w);
	cli_close(k.w);
	return k.failed ? CLI_WRONG : CLI_OK;
}
