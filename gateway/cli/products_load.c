#include "gateway/cli/products.h"
#include "lib/arena.h"
#include "payments/flow/loans.h"

#include <stdlib.h>
#include <string.h>

/* Is the code on the entry's list of cooperatives, or the list empty? */
static bool
is_lent_by(const struct product_set *s, unsigned i, const char *coop)
{
	const struct json *list = json_get(products_file_at(s->file, i), "cooperatives");

	for (size_t k = 0; k < json_count(list); k++)
		if (strcmp(json_text(json_at(list, k)), coop) == 0)
			return true;
	return json_count(list) == 0;
}

static bool
is_named(const struct product_set *s, unsigned i)
{
	return json_count(json_get(products_file_at(s->file, i), "cooperatives")) > 0;
}

/* May one cooperative get both? */
static bool
meet(const struct product_set *s, unsigned a, unsigned b)
{
	const struct json *list = json_get(products_file_at(s->file, a), "cooperatives");

	if (strcmp(s->at[a].code, s->at[b].code) != 0)
		return false;
	for (size_t k = 0; k < json_count(list); k++)
		if (is_lent_by(s, b, json_text(json_at(list, k))))
			return true;
	return json_count(list) == 0;
}

static void
judge(struct product_set *s, unsigned i, struct schedule *work,
      struct settings_faults *faults)
{
	struct diag why;

	if (product_read(products_file_at(s->file, i), &s->at[i], &why) < 0 ||
	    product_check(&s->at[i], work, &why) < 0)
		products_file_fault(s->file, i, why.text, faults);
	for (unsigned k = 0; k < i; k++)
		if (meet(s, i, k) || meet(s, k, i))
			products_file_fault(
			    s->file, i, "code: another product has it already", faults);
}

struct product_set *
products_load(const char *path, struct settings_faults *faults)
{
	struct product_set *s = xzalloc(sizeof *s);
	struct schedule *work = xzalloc(sizeof *work);

	s->file = products_file_read(path, faults);
	s->count = s->file == NULL ? 0 : products_file_count(s->file);
	for (unsigned i = 0; i < s->count; i++)
		judge(s, i, work, faults);
	free(work);
	if (faults->count == 0)
		return s;
	products_free(s);
	return NULL;
}

void
products_free(struct product_set *s)
{
	if (s != NULL)
		products_file_free(s->file);
	free(s);
}

/* ---- import -----------------------------------------------------------------------
 */

#define COOPERATIVES_MAX 256

struct cooperative_row {
	int32_t id;
	char code[16], currency[4];
};

struct import {
	const struct product_import *in;
	unsigned count, failed;
	struct cooperative_row coop[COOPERATIVES_MAX];
	struct payments_answer answer;
	struct product_put put;
};

static void
on_cooperatives(void *arg, const struct pg_reply *r)
{
	struct import *im = arg;

	im->in->w->answered = true;
	if (r->err.code != ERR_NONE) {
		im->failed++;
		fprintf(stderr, "adit products: the database says: %s\n",
		        r->message[0] != '\0' ? r->message : r->err.what);
	}
	for (int i = 0; r->err.code == ERR_NONE && i < r->rows && i < COOPERATIVES_MAX;
	     i++) {
		struct cooperative_row *c = &im->coop[im->count++];

		c->id = (int32_t)reply_i64(r, i, 0);
		snprintf(c->code, sizeof c->code, "%s", reply_text(r, i, 1));
		snprintf(c->currency, sizeof c->currency, "%s", reply_text(r, i, 2));
	}
}

static void
on_put(void *arg, const struct payments_answer *a, const struct product_put *p)
{
	struct import *im = arg;

	im->in->w->answered = true;
	im->answer = *a;
	im->put = *p;
}

static void
say(const struct import *im, const struct cooperative_row *c, const char *code)
{
	static const char *const words[] = { [PRODUCT_SAME] = "unchanged",
		                             [PRODUCT_NEW] = "new",
		                             [PRODUCT_CHANGED] = "changed" };
	const struct product_put *p = &im->put;

	if (im->in->silent)
		return;
	if (im->in->json)
		printf("{\"cooperative\":\"%s\",\"code\":\"%s\",\"change\":\"%s\","
		       "\"version\":%u}\n",
		       c->code, code, words[p->change], (unsigned)p->version);
	else
		printf("%s %s: %s, %sversion %u\n", c->code, code, words[p->change],
		       im->in->dry_run && p->change != PRODUCT_SAME ? "would be " : "",
		       (unsigned)p->version);
}

static void
put(struct import *im, const struct cooperative_row *c, unsigned i)
{
	const struct product *product = &im->in->set->at[i];
	struct product_ask ask = { .cooperative_id = c->id,
		                   .product = product,
		                   .dry_run = im->in->dry_run,
		                   .only_new = im->in->only_new };

	if (strcmp(product->currency, c->currency) != 0) {
		if (!is_named(im->in->set, i))
			return; /* for the cooperatives of its currency */
		fprintf(stderr, "adit products: %s lends in %s, product %s is in %s\n",
		        c->code, c->currency, product->code, product->currency);
		im->failed++;
		return;
	}
	payments_product_put(&im->in->w->env, &ask, on_put, im);
	cli_await(im->in->w);
	if (im->answer.outcome == OUTCOME_OK) {
		say(im, c, product->code);
	} else {
		im->failed++;
		fprintf(stderr, "adit products: %s %s is as it was: %s%s\n", c->code,
		        product->code, im->answer.reason,
		        strcmp(im->answer.reason, "try_later") == 0
		            ? ": does a gateway serve this database?  It writes alone: "
		              "import while it is stopped"
		            : "");
	}
}

unsigned
products_import(const struct product_import *in)
{
	struct import *im = xzalloc(sizeof *im);
	struct pg_args *a = pg_args_new();
	unsigned failed;

	im->in = in;
	pg_text(a, in->coop);
	pg_call(in->w->env.pg, &product_cooperatives, a, 10000, on_cooperatives, im);
	cli_await(in->w);
	if (im->count == 0 && im->failed == 0) {
		fprintf(stderr, "adit products: there is no cooperative %s\n",
		        in->coop == NULL ? "yet" : in->coop);
		im->failed++;
	}
	for (unsigned c = 0; c < im->count; c++)
		for (unsigned i = 0; i < in->set->count; i++)
			if (is_lent_by(in->set, i, im->coop[c].code))
				put(im, &im->coop[c], i);
	failed = im->failed;
	free(im);
	return failed;
}
