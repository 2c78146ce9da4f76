/*
 * payout_row - one payment's row in a scripted database, and the books that write down
 * its end: what the scripted worlds of payments share.
 *
 * The row follows the guards of payments/schema: 020_payments, 110_late_results,
 * 113_hint_handle and 125_payout_checks.
 */
#ifndef TESTS_SCENARIO_PAYOUT_ROW_H
#define TESTS_SCENARIO_PAYOUT_ROW_H

#include "lib/json.h"
#include "payments/flow/purpose.h"
#include "payments/store/payment.h"
#include "tests/fake/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct payout_row {
	struct payment p;
	char claim[UUID_TEXT_SIZE];
	int64_t until_ms, next_ms; /* next 0: null */
	bool hinted;
	char answer[2000];
	char posted[2000]; /* the answer of a question about the float */
	const char *payee; /* the member's name; NULL: of nobody */
	bool released;     /* by a person who saw both names */
	bool contradicted;

	struct { /* our books */
		int times;
		enum pay_state state;
	} books;
};

static struct answer
rows(const char *fmt, ...)
{
	static char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return answer_rows(text);
}

/* One cell of a row that may hold any sign. */
static struct answer
one_text(const char *text)
{
	char cell[4096];
	size_t n = 0;

	for (; *text != '\0' && n + 3 < sizeof cell; text++) {
		if (strchr("|\\\n", *text) != NULL)
			cell[n++] = '\\';
		cell[n++] = *text;
	}
	cell[n] = '\0';
	return rows("%s\n", cell);
}

static int64_t
arg_i64(const struct script_call *call, size_t i)
{
	const char *text = script_arg(call, i);

	return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static bool
row_is_over(const struct payout_row *r)
{
	return r->p.state == PAY_PAID || r->p.state == PAY_FAILED;
}

static bool
row_is_due(const struct payout_row *r, int64_t now, int64_t pull_delay)
{
	const struct payment *p = &r->p;

	return r->next_ms != 0 && r->next_ms <= now && r->until_ms <= now &&
	       (p->state != PAY_CREATED || p->direction == PAY_OUT ||
	        p->created_ms + pull_delay <= now);
}

static struct answer
play_due(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	return row_is_due(r, arg_i64(call, 0), arg_i64(call, 1))
	           ? rows("1|%s|1\n", r->p.provider)
	           : answer_rows(NULL);
}

static struct answer
play_claim(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;
	const struct payment *p = &r->p;
	char id[UUID_TEXT_SIZE], reference[UUID_TEXT_SIZE], back[UUID_TEXT_SIZE];

	if (!row_is_due(r, arg_i64(call, 3), arg_i64(call, 7)) ||
	    (p->state == PAY_CREATED && script_arg(call, 6)[0] != 't'))
		return answer_rows(NULL);
	memcpy(r->claim, script_arg(call, 2), sizeof r->claim);
	r->until_ms = arg_i64(call, 4);
	r->hinted = false;
	uuid_text(&p->payment_id, id);
	return rows(
	    "1|%s|%s|%s|%s|test|%s|%s|%s|%s|%lld|%s|ABC123|%s|%d|%d|%s|%s|%lld|2|"
	    "%lld|%s|%d|%lld|%s|%s|1|0|\\N|0|%s|%s|%s|%s|0|%lld|f\n",
	    id, uuid_text(&p->reference, reference),
	    p->direction == PAY_OUT ? "out" : "in", p->provider, id,
	    r->payee == NULL ? "\\N" : id, id, p->msisdn, (long long)p->amount,
	    p->currency, pay_state_name(p->state), (int)p->attempts, (int)p->ladder_step,
	    p->provider_txn, p->reason, (long long)p->created_ms, (long long)p->sent_ms,
	    p->maybe_taken ? "t" : "f", (int)p->misses, (long long)p->missing_ms,
	    p->attention, r->claim, p->handle, r->answer[0] == '\0' ? "f" : "t",
	    uuid_is_nil(&p->back_reference) ? "\\N" : uuid_text(&p->back_reference, back),
	    p->back_txn, (long long)p->back_amount);
}

static bool
claim_is_ours(const struct payout_row *r, const struct script_call *call)
{
	return r->claim[0] != '\0' && strcmp(script_arg(call, 2), r->claim) == 0;
}

static void
row_let_go(struct payout_row *r)
{
	r->claim[0] = '\0';
	r->until_ms = 0;
}

static struct answer
play_sent(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	if (!claim_is_ours(r, call) || r->p.state != PAY_CREATED)
		return answer_rows("f\n");
	r->p.state = PAY_SENT;
	r->p.attempts++;
	r->p.sent_ms = arg_i64(call, 3);
	r->p.misses = 0;
	r->p.missing_ms = 0;
	r->until_ms = arg_i64(call, 4);
	return answer_rows("t\n");
}

static enum pay_state
state_by_name(const char *name)
{
	for (unsigned s = 0; s < PAY_STATES; s++)
		if (strcmp(pay_state_name((enum pay_state)s), name) == 0)
			return (enum pay_state)s;
	abort();
}

static void
row_change(struct payout_row *r, const struct json *set)
{
	struct payment *p = &r->p;
	bool answered = false;
	int64_t n = 0;

	if (!row_is_over(r)) {
		p->state = state_by_name(json_get_text(set, "state"));
		snprintf(p->reason, sizeof p->reason, "%s", json_get_text(set, "reason"));
	}
	json_bool(json_get(set, "maybe_taken"), &p->maybe_taken);
	json_get_i64(set, "ladder_step", &n);
	p->ladder_step = (int32_t)n;
	json_get_i64(set, "misses", &n);
	p->misses = (int32_t)n;
	json_get_i64(set, "missing_ms", &p->missing_ms);
	snprintf(p->attention, sizeof p->attention, "%s",
	         json_get_text(set, "attention"));
	if (json_get_text(set, "handle")[0] != '\0')
		snprintf(p->handle, sizeof p->handle, "%s", json_get_text(set, "handle"));
	json_bool(json_get(set, "answered"), &answered);
	if (answered && !r->hinted)
		r->answer[0] = '\0';
	r->next_ms = 0;
	json_get_i64(set, "next_try_ms", &r->next_ms);
}

static struct answer
play_heard(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;
	const char *set = script_arg(call, 7);
	struct json *doc;

	if (!claim_is_ours(r, call))
		return answer_rows("f\n");
	doc = json_parse(set, strlen(set), NULL);
	row_change(r, doc);
	json_free(doc);
	if (r->hinted && r->next_ms > arg_i64(call, 3))
		r->next_ms = arg_i64(call, 3);
	r->hinted = false;
	row_let_go(r);
	r->contradicted |= strcmp(script_arg(call, 4), "contradiction") == 0;
	return answer_rows("t\n");
}

static struct answer
play_hint(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;
	const char *claims = script_arg(call, 3), *handle = script_arg(call, 6);
	int64_t now = arg_i64(call, 2);

	if (r->p.state == PAY_CREATED ||
	    (row_is_over(r) &&
	     (claims[0] == '\0' || strcmp(claims, pay_state_name(r->p.state)) == 0)))
		return answer_rows("\n");
	r->hinted = r->until_ms > now;
	if (row_is_over(r) || r->next_ms > now)
		r->next_ms = now;
	if (handle != NULL && r->p.handle[0] == '\0' && !row_is_over(r))
		snprintf(r->p.handle, sizeof r->p.handle, "%s", handle);
	return answer_rows("\n");
}

static struct answer
play_answer(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	if (r->p.state == PAY_CREATED || arg_i64(call, 3) != r->p.attempts)
		return answer_rows("f\n");
	snprintf(r->answer, sizeof r->answer, "%s", script_arg(call, 5));
	r->hinted = r->until_ms > arg_i64(call, 2);
	r->next_ms = arg_i64(call, 2);
	return answer_rows("t\n");
}

static struct answer
play_posted(void *arg, const struct script_call *call)
{
	(void)call;
	return one_text(((struct payout_row *)arg)->answer);
}

static struct answer
play_payee(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	(void)call;
	return rows("%s|%s\n", r->payee, r->released ? "t" : "f");
}

static struct answer
play_held(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	if (!claim_is_ours(r, call) || r->p.state != PAY_CREATED)
		return answer_rows("f\n");
	snprintf(r->p.attention, sizeof r->p.attention, "%s", script_arg(call, 4));
	r->next_ms = arg_i64(call, 6);
	r->hinted = false;
	row_let_go(r);
	return answer_rows("t\n");
}

static struct answer
play_found(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;
	char text[UUID_TEXT_SIZE];

	if (strcmp(script_arg(call, 0), uuid_text(&r->p.reference, text)) != 0)
		return answer_rows(NULL);
	return rows("1|%s|%s|2|%s\n", uuid_text(&r->p.payment_id, text),
	            r->p.direction == PAY_OUT ? "t" : "f", r->p.currency);
}

/* A question that is answered by posting: one at a time. */
static struct answer
play_question(void *arg, const struct script_call *call)
{
	(void)call;
	((struct payout_row *)arg)->posted[0] = '\0';
	return answer_rows("\n");
}

static struct answer
play_question_posted(void *arg, const struct script_call *call)
{
	const struct payout_row *r = arg;

	(void)call;
	return r->posted[0] == '\0' ? answer_rows(NULL) : one_text(r->posted);
}

/* ---- our books: a purpose that writes the end
 * ------------------------------------------- */

static const struct pg_statement books_write = { "books_write", "" };

struct recording {
	purpose_cb *cb;
	void *arg;
};

static void
on_books(void *arg, const struct pg_reply *reply)
{
	struct recording r = *(struct recording *)arg;
	struct err err = reply->err;

	free(arg);
	r.cb(r.arg, &err);
}

bool
purpose_record(struct flow_env *env, const struct payment *p, enum pay_state to,
               const struct verdict *why, purpose_cb *cb, void *arg)
{
	struct recording *r;
	struct pg_args *a;

	if (strcmp(p->purpose, "test") != 0)
		return false;
	r = calloc(1, sizeof *r);
	a = pg_args_new();
	r->cb = cb;
	r->arg = arg;
	pg_text(a, pay_state_name(to));
	pg_text(a, why->provider_txn);
	pg_call(env->pg, &books_write, a, 5000, on_books, r);
	return true;
}

static struct answer
play_books(void *arg, const struct script_call *call)
{
	struct payout_row *r = arg;

	if (row_is_over(r)) /* the operation's key was seen: the first answer */
		return answer_rows("t\n");
	r->books.times++;
	r->books.state = state_by_name(script_arg(call, 0));
	r->p.state = r->books.state;
	snprintf(r->p.provider_txn, sizeof r->p.provider_txn, "%s", script_arg(call, 1));
	r->p.attention[0] = '\0';
	r->answer[0] = '\0';
	r->next_ms = 0;
	row_let_go(r);
	return answer_rows("t\n");
}

/* The script answers for this row. */
static void
row_script(struct payout_row *r)
{
	script_handle("payments_due", play_due, r);
	script_handle("payments_claim", play_claim, r);
	script_handle("payment_sent", play_sent, r);
	script_handle("payment_heard", play_heard, r);
	script_handle("payment_by_reference", play_found, r);
	script_handle("payment_hint", play_hint, r);
	script_handle("payment_answer", play_answer, r);
	script_handle("payment_posted", play_posted, r);
	script_handle("payment_payee", play_payee, r);
	script_handle("payment_held", play_held, r);
	script_handle("question_new", play_question, r);
	script_handle("question_posted", play_question_posted, r);
	script_handle("books_write", play_books, r);
}

#endif
