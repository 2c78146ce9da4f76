/* Safaricom Daraja: what our own account holds.
 *
 * Asked for in the initiator's name, and told by a result that is posted: all accounts of
 * the short code in one text.  Payouts leave the utility account; what came to a pay bill
 * stands there, too.  A payout's own result tells what is left in it. */
#include "payments/provider/daraja.h"
#include "payments/provider/request.h"

#include <string.h>

#define ACCOUNT   "Utility Account"
#define PARTS_MAX 6 /* name, currency, current, available, reserved, uncleared */
#define NAIROBI_S (3 * 3600)

int
daraja_ask(const struct provider_account *a, const struct provider_token *t,
           const struct provider_inquiry *q, struct provider_request *out,
           struct err *err)
{
	struct json_writer w;
	struct buf b;
	bool failed;

	*out = (struct provider_request){ .method = "" };
	if (q->topic != TOPIC_BALANCE)
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "daraja answers no such question");
	if (q->result_url[0] == '\0')
		return err_set(err, ERR_RANGE, FATE_NOT,
		               "daraja posts its answer, and there is no callback_url "
		               "and secret to post it to");
	daraja_begin(out, a, t, "/mpesa/accountbalance/v1/query", &failed);
	buf_init(&b, out->body, sizeof out->body);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	daraja_put_initiator(&w, a, q->chance, "Initiator", &failed);
	jw_text(&w, "CommandID", "AccountBalance");
	jw_text(&w, "PartyA", a->party);
	jw_text(&w, "IdentifierType", "4");
	daraja_put_result_urls(&w, a, q->result_url, &failed);
	daraja_put_note(&w, "Remarks", "Balance", DARAJA_REMARKS_MAX);
	jw_end_object(&w);
	return daraja_end(out, &b, failed, err);
}

int
daraja_ask_answer(const struct provider_inquiry *q, const struct provider_answer *ans,
                  struct provider_fact *out, struct err *err)
{
	struct json *doc = answer_object(ans);
	const struct daraja_code *k;
	char error[24], taken[8];
	int result = -1;

	answer_word(error, sizeof error, json_get(doc, "errorCode"));
	answer_word(taken, sizeof taken, json_get(doc, "ResponseCode"));
	k = daraja_code(error, DARAJA_ERROR);
	if (k != NULL && k->on_query == VERDICT_AUTH) {
		err_set(err, ERR_AUTH, FATE_NOT, "provider: the token was refused");
	} else if (q->topic != TOPIC_BALANCE || ans->status != 200 ||
	           strcmp(taken, "0") != 0) {
		err_set(err, ERR_PEER, FATE_NOT, "provider: the question was not taken");
	} else {
		*out = (struct provider_fact){ .later = true };
		result = 0;
	}
	json_free(doc);
	return result;
}

/* ---- "Working Account|KES|700000.00|...&Utility Account|KES|46713.00|46713.00|..." ---
 */

struct part {
	const char *at;
	size_t n;
};

/* The fields of one account; how many. */
static unsigned
split(const char *account, size_t n, struct part out[PARTS_MAX])
{
	unsigned count = 0;
	const char *end = account + n;

	while (count < PARTS_MAX) {
		const char *bar = memchr(account, '|', (size_t)(end - account));

		out[count++] =
		    (struct part){ account,
			           (size_t)((bar == NULL ? end : bar) - account) };
		if (bar == NULL)
			break;
		account = bar + 1;
	}
	return count;
}

/* Below zero is nothing to pay from; unreadable is -1. */
static int64_t
amount_of(const struct part *p, unsigned exponent)
{
	char text[32];
	bool minus = p->n > 0 && p->at[0] == '-';
	int64_t v;

	if (p->n - minus >= sizeof text)
		return -1;
	memcpy(text, p->at + minus, p->n - minus);
	text[p->n - minus] = '\0';
	v = provider_amount_minor(text, exponent);
	return v > 0 && minus ? 0 : v;
}

/* The smaller of what is there and what is available. */
static bool
read_account(const char *account, size_t n, unsigned exponent, struct provider_fact *out)
{
	struct part part[PARTS_MAX];
	unsigned count = split(account, n, part);
	int64_t there, available;

	if (count < 3 || part[0].n != sizeof ACCOUNT - 1 || part[1].n != 3 ||
	    memcmp(part[0].at, ACCOUNT, part[0].n) != 0)
		return false;
	there = amount_of(&part[2], exponent);
	available = count > 3 ? amount_of(&part[3], exponent) : there;
	memcpy(out->currency, part[1].at, 3);
	out->balance_minor = there < available ? there : available;
	return out->balance_minor >= 0;
}

static bool
read_accounts(const char *text, unsigned exponent, struct provider_fact *out)
{
	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, "&");

		if (read_account(text, n, exponent, out))
			return true;
		text += text[n] == '&' ? n + 1 : n;
	}
	return false;
}

/* A queue that gave up gets the question itself back: no Result. */
int
daraja_ask_result(const struct provider_inquiry *q, const char *body, size_t n,
                  struct provider_fact *out, struct err *err)
{
	struct json *doc = daraja_posted(body, n);
	const struct json *result = json_get(doc, "Result");
	struct provider_fact fact = { .name = "" };
	char code[24];
	int ret = -1;

	answer_word(code, sizeof code, json_get(result, "ResultCode"));
	if (strcmp(code, "0") != 0)
		err_set(err, ERR_PEER, FATE_NOT,
		        json_is_object(result) ? "provider: the question was refused"
		                               : "provider: its queue gave up");
	else if (q->topic != TOPIC_BALANCE ||
	         !read_accounts(json_text(daraja_parameter(result, "AccountBalance")),
	                        q->exponent, &fact))
		err_set(err, ERR_PEER, FATE_NOT,
		        "provider: no " ACCOUNT " in the answer");
	else
		ret = 0;
	if (ret == 0)
		*out = fact;
	json_free(doc);
	return ret;
}

/* ---- what is left after a payout ---- */

static int
number(const char *digits, size_t n)
{
	int v = 0;

	while (n-- > 0)
		v = v * 10 + (*digits++ - '0');
	return v;
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t
day_number(int y, int m, int d)
{
	int64_t years = m <= 2 ? y - 1 : y;
	int64_t months = (m + 9) % 12;

	return years * 365 + years / 4 - years / 100 + years / 400 +
	       (months * 153 + 2) / 5 + d - 1 - 719468;
}

int64_t
daraja_wall_ms(const char *text)
{
	static const struct {
		const char *form; /* 0 is a digit */
		unsigned y, mo, d, h, mi, s;
	} forms[] = { { "00.00.0000 00:00:00", 6, 3, 0, 11, 14, 17 },
		      { "00000000000000", 0, 4, 6, 8, 10, 12 } };

	for (unsigned f = 0; f < 2; f++) {
		const char *form = forms[f].form;
		size_t n = strlen(form), i = 0;
		int y, mo, d, h, mi, s;

		while (i < n && (form[i] == '0' ? text[i] >= '0' && text[i] <= '9'
		                                : text[i] == form[i]))
			i++;
		if (i < n || text[n] != '\0')
			continue;
		y = number(text + forms[f].y, 4);
		mo = number(text + forms[f].mo, 2);
		d = number(text + forms[f].d, 2);
		h = number(text + forms[f].h, 2);
		mi = number(text + forms[f].mi, 2);
		s = number(text + forms[f].s, 2);
		if (y < 2000 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 ||
		    mi > 59 || s > 60)
			return 0;
		return (day_number(y, mo, d) * 86400 + h * 3600 + mi * 60 + s -
		        NAIROBI_S) *
		       1000;
	}
	return 0;
}

void
daraja_hear_funds(const struct json *result, struct provider_hint *out)
{
	const char *at =
	    json_text(daraja_parameter(result, "TransactionCompletedDateTime"));

	out->holds_ms = at == NULL ? 0 : daraja_wall_ms(at);
	if (out->holds_ms > 0) {
		out->holds_ms += 999; /* in that second, so at its end at the latest */
		answer_word(out->holds, sizeof out->holds,
		            daraja_parameter(result, "B2CUtilityAccountAvailableFunds"));
	}
	if (out->holds[0] == '\0')
		out->holds_ms = 0;
}
