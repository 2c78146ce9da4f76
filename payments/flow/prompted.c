/* prompted - see prompted.h.   FIND --of a till, and no account says--> TILL --> answer
 */
#include "payments/flow/prompted.h"

#include "payments/flow/call.h"
#include "payments/store/payment.h"

#include <stdio.h>
#include <string.h>

#define ACCOUNT_DIGITS 12

struct prompted {
	struct payments_op op;
	char provider[16];
	char from[UUID_TEXT_SIZE], to[UUID_TEXT_SIZE]; /* references that begin so */
	struct uuid reference;
	const char *receipt, *msisdn; /* in the arena */
	int64_t amount;
	prompted_cb *cb;
	void *arg;
};

static void
tell(struct payments_op *op)
{
	struct prompted *p = (struct prompted *)op;

	p->cb(p->arg, &op->answer, &p->reference);
}

static void enter_till(struct payments_op *op);

static const struct call_step to_till = { "till", enter_till };

static void
on_till(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows > 0 && !reply_null(r, 0, 0))
		((struct prompted *)op)->reference = reply_uuid(r, 0, 0);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_till(struct payments_op *op)
{
	struct prompted *p = (struct prompted *)op;
	struct pg_args *a;

	if (p->receipt[0] == '\0') {
		call_end(op, OUTCOME_OK, "");
		return;
	}
	a = pg_args_new();
	pg_text(a, p->provider);
	pg_text(a, p->receipt);
	pg_text(a, p->msisdn);
	pg_i64(a, p->amount);
	pg_i64(a, call_now(op));
	call_ask(op, &payment_by_till, a, on_till);
}

static void
on_find(struct payments_op *op, const struct pg_reply *r)
{
	if (r->rows == 0) {
		call_go(op, &to_till);
		return;
	}
	((struct prompted *)op)->reference = reply_uuid(r, 0, 0);
	call_end(op, OUTCOME_OK, "");
}

static void
enter_find(struct payments_op *op)
{
	struct prompted *p = (struct prompted *)op;
	struct pg_args *a;

	if (p->from[0] == '\0') {
		call_go(op, &to_till);
		return;
	}
	a = pg_args_new();
	pg_text(a, p->provider);
	pg_text(a, p->from);
	pg_text(a, p->to);
	call_ask(op, &payment_by_prefix, a, on_find);
}

struct payments_op *
payments_prompted(struct flow_env *env, const struct prompted_ask *ask, prompted_cb *cb,
                  void *arg)
{
	const char *account = ask->account;
	static const struct call_step first = { "find", enter_find };
	struct prompted *p = call_new(env, "prompted", sizeof *p, tell);

	snprintf(p->provider, sizeof p->provider, "%s", ask->provider);
	p->receipt = arena_strdup(p->op.arena, ask->receipt);
	p->msisdn = arena_strdup(p->op.arena, ask->msisdn);
	p->amount = ask->amount;
	if (strlen(account) == ACCOUNT_DIGITS &&
	    strspn(account, "0123456789abcdefABCDEF") == ACCOUNT_DIGITS) {
		snprintf(p->from, sizeof p->from, "%.8s-%.4s-0000-0000-000000000000",
		         account, account + 8);
		snprintf(p->to, sizeof p->to, "%.8s-%.4s-ffff-ffff-ffffffffffff", account,
		         account + 8);
	}
	p->cb = cb;
	p->arg = arg;
	return call_begin(&p->op, &first);
}
