/* Any weight as typed, and any case of `adit calc price`: no crash, and a result that is
 * printed is in order. */
#include "gateway/cli/calc.h"
#include "payments/core/unit.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
weigh(const char *text)
{
	struct weight_text w, again;
	const struct unit *u;
	char joined[sizeof w.amount + sizeof w.unit + 1];
	int64_t mg;

	if (weight_read(text, &w, NULL) < 0)
		return;
	snprintf(joined, sizeof joined, "%s %s", w.amount, w.unit);
	must(weight_read(joined, &again, NULL) == 0);
	must(strcmp(w.amount, again.amount) == 0 && strcmp(w.unit, again.unit) == 0);
	u = unit_find(w.unit);
	if (u != NULL && weight_mg(w.amount, u, &mg, NULL) == 0)
		must(mg > 0);
}

/* Read as text, so that nothing is computed with what is being tested. */
static void
in_order(const char *out)
{
	struct json *doc = json_parse(out, strlen(out), NULL);
	static const char *const never[] = { "net_local", "net_usd", "gross_usd",
		                             "gross_local", "tax_usd" };

	must(doc != NULL);
	for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
		const char *text = json_get_text(doc, never[i]);

		must(text == NULL || text[0] != '-');
	}
	json_free(doc);
}

static void
price(const char *text, size_t n)
{
	static char room[64 * 1024];
	struct diag fault = { 0 };
	struct json_writer w;
	struct buf out;
	char *quoted = json_quote_fractions(text, &n);
	struct json *in = json_parse(quoted, n, NULL);

	buf_init(&out, room, sizeof room);
	jw_init(&w, &out);
	jw_object(&w, NULL);
	if (in != NULL && json_is_object(in)) {
		if (calc_price(in, &w, &fault) < 0) {
			must(fault.text[0] != '\0');
		} else {
			jw_end_object(&w);
			if (buf_ok(&out))
				in_order(room);
		}
	}
	json_free(in);
	free(quoted);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	weigh(text);
	price(text, size);
	free(text);
	return 0;
}
