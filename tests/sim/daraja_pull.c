/* Daraja: what came to the pay bill, told to who asks: the last 48 hours, a few rows at a
 * time, so that whoever asks must go on. */
#include "lib/arena.h"
#include "tests/sim/daraja.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAGE      2
#define NAIROBI_S (3 * 3600)
#define WINDOW_S  (48 * 3600)

void
daraja_keep_bill(struct sim *s, const struct paid_bill *bill)
{
	struct paid_bill *kept = xzalloc(sizeof *kept);

	*kept = *bill;
	kept->id = ids_uuid4(&s->ids);
	kept->next = s->bills;
	s->bills = kept;
}

const struct paid_bill *
daraja_find_bill(const struct sim *s, const char *txn)
{
	const struct paid_bill *b = s->bills;

	while (b != NULL && strcmp(b->txn, txn) != 0)
		b = b->next;
	return b;
}

void
daraja_forget_bills(struct sim *s)
{
	struct paid_bill *next;

	for (struct paid_bill *b = s->bills; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	s->bills = NULL;
}

/* POST /pulltransactions/v1/register */
void
answer_daraja_pull_register(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	const char *shop = json_get_text(doc, "ShortCode");
	const char *type = json_get_text(doc, "RequestType");
	const char *number = json_get_text(doc, "NominatedNumber");
	char text[200];

	if (doc == NULL)
		return;
	if (shop == NULL || strcmp(shop, s->o.daraja_party) != 0 || type == NULL ||
	    strcmp(type, "Pull") != 0 || number == NULL || strlen(number) < 9 ||
	    !daraja_url_is_fine(json_get_text(doc, "CallBackURL"))) {
		daraja_refuse(s, x, 400, "400.002.02", "Bad Request");
	} else {
		snprintf(text, sizeof text,
		         "{\"ResponseRefID\":\"1-1-3\",\"ResponseStatus\":\"%s\","
		         "\"ShortCode\":\"%s\",\"ResponseDescription\":\"registered\"}",
		         s->bill_pulls ? "1001" : "1000", s->o.daraja_party);
		s->bill_pulls = true;
		answer_json(x, 200, text);
	}
	json_free(doc);
}

/* "2020-08-04 08:36:00" on the clocks of Nairobi, in seconds; -1 if it is none. */
static int64_t
read_time(const char *text)
{
	struct tm tm = { .tm_isdst = 0 };
	const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%d %H:%M:%S", &tm);

	return end == NULL || *end != '\0' ? -1 : (int64_t)timegm(&tm) - NAIROBI_S;
}

static void
put_row(struct buf *b, const struct paid_bill *bill, bool first)
{
	char at[32];
	time_t when = (time_t)(bill->at_ms / 1000);
	struct tm tm;

	gmtime_r(&when, &tm);
	strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_printf(b,
	           "%s{\"transactionId\":\"%s\",\"trxDate\":\"%s\",\"msisdn\":%s,"
	           "\"sender\":\"UAT2\",\"transactiontype\":\"c2b-pay-bill-debit\","
	           "\"billreference\":\"%s\",\"amount\":\"%s.00\",\"organizationname\":"
	           "\"Coop\"}",
	           first ? "" : ",", bill->txn, at, bill->number + 3, bill->account,
	           bill->amount);
}

static unsigned
put_rows(const struct sim *s, int64_t from, int64_t to, int64_t skip, struct buf *b)
{
	unsigned n = 0;

	for (const struct paid_bill *bill = s->bills; bill != NULL && n < PAGE;
	     bill = bill->next) {
		if (bill->at_ms / 1000 < from || bill->at_ms / 1000 > to || skip-- > 0)
			continue;
		put_row(b, bill, n++ == 0);
	}
	return n;
}

/* POST /pulltransactions/v1/query */
void
answer_daraja_pull(void *arg, struct http_exchange *x)
{
	struct sim *s = arg;
	struct json *doc = daraja_admit(s, x);
	const char *shop = json_get_text(doc, "ShortCode");
	const char *offset = json_get_text(doc, "OffSetValue");
	int64_t from = read_time(json_get_text(doc, "StartDate"));
	int64_t to = read_time(json_get_text(doc, "EndDate"));
	char text[1400];
	struct buf b;

	if (doc == NULL)
		return;
	buf_init(&b, text, sizeof text);
	buf_puts(&b, "{\"ResponseRefID\":\"1-1-4\",\"ResponseCode\":\"1000\","
	             "\"ResponseMessage\":\"Success\",\"Response\":[[");
	if (!s->bill_pulls || shop == NULL || strcmp(shop, s->o.daraja_party) != 0 ||
	    offset == NULL || offset[0] == '\0' ||
	    strspn(offset, "0123456789") != strlen(offset) || from < 0 || to < from ||
	    to - from > WINDOW_S)
		daraja_refuse(s, x, 400, "400.002.02", "Bad Request");
	else if (put_rows(s, from, to, strtoll(offset, NULL, 10), &b) == 0)
		answer_json(x, 200,
		            "{\"ResponseRefID\":\"1-1-4\",\"ResponseCode\":\"1001\","
		            "\"ResponseMessage\":\"Success\",\"Response\":\"[[]]\"}");
	else {
		buf_puts(&b, "]]}");
		answer_json(x, 200, text);
	}
	json_free(doc);
}
