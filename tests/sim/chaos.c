#include "tests/sim/chaos.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *what;
} knobs[CHAOS_KNOBS] = {
	[CHAOS_LOSE] = { "lose", "taken, but the connection closes without an answer" },
	[CHAOS_DELAY] = { "delay", "taken, but the answer comes after delay_ms" },
	[CHAOS_HTTP500] = { "http500", "taken, but the answer is a bare 500" },
	[CHAOS_REFUSE500] = { "refuse500", "a bare 500, and nothing was taken" },
	[CHAOS_BUSY] = { "busy", "429, and nothing was taken" },
	[CHAOS_GARBAGE] = { "garbage",
	                    "taken, but the answer is a redirect, a page, half a "
	                    "JSON, 300 KB or a 408" },
	[CHAOS_FLIP] = { "flip", "numbers where strings were, decimals added" },
	[CHAOS_EARLY] = { "early", "the callback comes before the answer" },
	[CHAOS_DUP] = { "dup", "the callback comes twice" },
	[CHAOS_SILENT] = { "silent", "the callback never comes" },
	[CHAOS_POST] = { "post", "the callback comes by POST instead of PUT" },
	[CHAOS_NOID] = { "noid", "the callback does not say whose it is" },
	[CHAOS_CONTRADICT] = { "contradict", "a callback with the opposite comes first" },
	[CHAOS_NOTFOUND] = { "notfound", "the status is 404 for notfound_ms" },
	[CHAOS_AUTH] = { "auth", "401 once for a payment" },
	[CHAOS_HTML] = { "html", "the token is a page of HTML with 200" },
	[CHAOS_SMSLOSE] = { "smslose", "the SMS is taken, the answer is lost" },
	[CHAOS_SMSFAIL] = { "smsfail", "the SMS is taken, then reported as failed" },
	[CHAOS_SMSDUP] = { "smsdup", "the delivery report comes twice" },
};

void
chaos_init(struct chaos *c)
{
	*c = (struct chaos){ .seed = 1, .delay_ms = 25000, .notfound_ms = 60000 };
}

static bool
is_name(const char *at, size_t n, const char *name)
{
	return strlen(name) == n && memcmp(at, name, n) == 0;
}

static bool
set_one(struct chaos *c, const char *name, size_t n, uint64_t value)
{
	if (is_name(name, n, "seed")) {
		c->seed = value;
		return true;
	}
	if (is_name(name, n, "delay_ms") && value <= 600000) {
		c->delay_ms = (int64_t)value;
		return true;
	}
	if (is_name(name, n, "notfound_ms") && value <= 86400000) {
		c->notfound_ms = (int64_t)value;
		return true;
	}
	for (int k = 0; k < CHAOS_KNOBS; k++) {
		if (is_name(name, n, knobs[k].name) && value <= 100) {
			c->percent[k] = (unsigned)value;
			return true;
		}
	}
	return false;
}

bool
chaos_set(struct chaos *c, const char *text, const char **wrong)
{
	struct chaos to = *c;
	const char *at = text;

	if (strcmp(text, "off") == 0) {
		memset(c->percent, 0, sizeof c->percent);
		return true;
	}
	while (*at != '\0') {
		size_t n = strcspn(at, "=");
		char *end;
		unsigned long long value = 0;

		*wrong = at;
		if (at[n] != '=' || at[n + 1] < '0' || at[n + 1] > '9')
			return false;
		value = strtoull(at + n + 1, &end, 10);
		if ((*end != '\0' && *end != ',') || !set_one(&to, at, n, value))
			return false;
		at = *end == ',' ? end + 1 : end;
	}
	*c = to;
	return true;
}

void
chaos_print(const struct chaos *c, FILE *to)
{
	fprintf(to, "seed=%" PRIu64 ",delay_ms=%" PRId64 ",notfound_ms=%" PRId64, c->seed,
	        c->delay_ms, c->notfound_ms);
	for (int k = 0; k < CHAOS_KNOBS; k++)
		if (c->percent[k] > 0)
			fprintf(to, ",%s=%u", knobs[k].name, c->percent[k]);
	fputc('\n', to);
}

void
chaos_explain(FILE *to)
{
	for (int k = 0; k < CHAOS_KNOBS; k++)
		fprintf(to, "  %-12s %s\n", knobs[k].name, knobs[k].what);
	fprintf(to, "  %-12s %s\n", "delay_ms", "real milliseconds, default 25000");
	fprintf(to, "  %-12s %s\n", "notfound_ms", "divided by --speed, default 60000");
	fprintf(to, "  %-12s %s\n", "seed", "the same seed misbehaves the same way");
}

bool
chaos_rolls(const struct chaos *c, enum knob k, const struct uuid *about,
            unsigned attempt)
{
	uint64_t z = c->seed * 0x9e3779b97f4a7c15u + (uint64_t)k * 0xd1342543de82ef95u +
	             attempt * 0x2545f4914f6cdd1du;

	if (c->percent[k] == 0)
		return false;
	for (int i = 0; i < 16; i++)
		z = (z ^ about->b[i]) * 0x100000001b3u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (z ^ (z >> 31)) % 100 < c->percent[k];
}
