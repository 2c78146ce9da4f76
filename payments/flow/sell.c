/*
 * sell - the miner agrees to a quote, or not.
 *
 *   consent  PIN --> READ --loan live?--> LOAN --.
 *                     ^ `------no------------+---+--> ROOM --> COMMIT --> answer: paying
 *                     '--------stale---------'          `--no funds--> OFFICERS --> TELL
 *   refuse   READ --> COMMIT --> answer
 *
 * One operation: what the mineral is worth goes from stock cost to the miner, from her to
 * the payees of levies and to her loan, premiums on top to their fund, the weight from
 * the ground to our stock, and the rest is held on the float for her payout.  If the
 * float is short nothing happens and the treasurers hear of it: a sale that we cannot pay
 * is not a sale.
 */
#include "payments/core/receipt.h"
#include "payments/flow/books.h"
#include "payments/flow/call.h"
#include "payments/flow/loan_money.h"
#include "payments/flow/lots.h"
#include "payments/flow/parts.h"
#include "payments/flow/route.h"
#include "payments/store/sales.h"

#include <stdio.h>
#include <string.h>

struct sell {
	struct payments_op op;
	struct consent_ask ask; /* pin lives in op.pin */
	bool refuse;
	bool refused_before; /* the key is known, and nothing came of it */
	struct lot_record lot;
	struct loan_record loan; /* only if lot.loan_id is set */
	struct officers officers;
	struct wallet_facts room;
	struct lot_change change;
	char receipt[RECEIPT_CODE_SIZE];
	struct payment payment;
	lot_cb *cb;
	void *arg;
};

static void enter_read(struct payments_op *op);
static void enter_loan(struct payments_op *op);
static void enter_room(struct payments_op *op);
static void enter_commit(struct payments_op *op);
static void enter_officers(struct payments_op *op);
static void enter_tell(struct payments_op *op);

static const struct call_step to_read = { "read", enter_read };
static const struct call_step to_loan = { "loan", enter_loan };
static const struct call_step to_room = { "room", enter_room };
static const struct call_step to_commit = { "commit", enter_commit };
static const struct call_step to_officers = { "officers", enter_officers };
static const struct call_step to_tell = { "tell", enter_tell };

static void
tell(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;

	s->cb(s->arg, &op->answer, &s->lot.view);
}

static void
end_sold(struct sell *s)
{
	if (s->lot.view.quote.payout > 0)
		call_end(&s->op, OUTCOME_PENDING, "paying");
	else
		call_end(&s->op, OUTCOME_OK, "");
}

static void
on_lot(struct payments_op *op, const struct pg_reply *r)
{
	struct sell *s = (struct sell *)op;
	struct lot_view *v = &s->lot.view;

	if (!lot_read(r, &s->lot) || !uuid_equal(&v->seller_id, &op->who.member_id)) {
		s->lot = (struct lot_record){ 0 };
		call_fail(op, "not_found");
	} else if (v->state == LOT_SOLD && !s->refuse) {
		end_sold(s);
	} else if (v->state == LOT_REFUSED && s->refuse) {
		call_end(op, OUTCOME_OK, "");
	} else if (v->state != LOT_QUOTED || (v->needs_second && !v->seconded)) {
		call_fail(op, "stale");
	} else if (s->refused_before) {
		call_fail(op, "no_funds");
	} else if (v->expires_ms <= call_now(op) && !s->refuse) {
		v->state = LOT_EXPIRED;
		call_fail(op, "expired");
	} else {
		call_go(op, s->refuse                      ? &to_commit
		            : uuid_is_nil(&s->lot.loan_id) ? &to_room
		                                           : &to_loan);
	}
}

static void
enter_read(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->ask.lot_id);
	pg_uuid(a, &op->who.member_id);
	pg_i64(a, call_now(op));
	call_ask(op, &lot_by_id, a, on_lot);
}

static void
enter_pin(struct payments_op *op)
{
	call_check_pin(op, &to_read);
}

static void
on_loan(struct payments_op *op, const struct pg_reply *r)
{
	struct sell *s = (struct sell *)op;

	if (!loan_read(r, op->arena, &s->loan) || s->loan.view.state != LOAN_LIVE)
		s->lot.loan_id = (struct uuid){ { 0 } };
	call_go(op, &to_room);
}

static void
enter_loan(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;
	struct pg_args *a = pg_args_new();

	pg_i32(a, op->who.cooperative_id);
	pg_uuid(a, &s->lot.loan_id);
	pg_null(a);
	pg_i64(a, call_now(op));
	call_ask(op, &loan_by_id, a, on_loan);
}

static void
on_room(struct payments_op *op, const struct pg_reply *r)
{
	if (wallet_facts_read(r, &((struct sell *)op)->room))
		call_go(op, &to_commit);
	else
		call_fail(op, "not_found");
}

static void
enter_room(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;
	struct payment *p = &s->payment;

	*p = (struct payment){ .direction = PAY_OUT,
		               .purpose = "sale_out",
		               .purpose_id = s->lot.view.lot_id,
		               .member_id = s->lot.view.seller_id };
	memcpy(p->provider, s->lot.provider, sizeof p->provider);
	memcpy(p->msisdn, s->lot.msisdn, sizeof p->msisdn);
	memcpy(p->currency, s->lot.view.currency, sizeof p->currency);
	p->amount = s->lot.view.quote.payout;
	route_payment(op->env, op->who.cooperative_id, p);
	parts_ask(op, p, on_room);
}

/* She agreed to a loan share; it may have become smaller since, never larger. */
static int
put_loan_share(struct books *b, struct sell *s, struct account_ref member,
               struct err *err)
{
	struct price_quote *q = &s->lot.view.quote;
	const struct uuid *loan = &s->loan.view.loan_id;
	int64_t quoted = q->loan_share;
	struct loan_money m;

	if (uuid_is_nil(&s->lot.loan_id))
		quoted = 0;
	else if (quoted > s->loan.view.owed)
		quoted = s->loan.view.owed;
	q->loan_share = quoted;
	q->payout = q->net - quoted;
	s->change.owed_after =
	    uuid_is_nil(&s->lot.loan_id) ? 0 : s->loan.view.owed - quoted;
	if (quoted == 0)
		return 0;
	if (loan_money_open(&m, b->arena, &s->loan, err) < 0 ||
	    loan_money_pay(&m, quoted, err) < 0)
		return -1;
	if (m.over != 0)
		return err_set(err, ERR_STALE, FATE_NOT, "less is owed than was read");
	loan_money_put(&m, b, &member);
	s->change.owed_after = m.account->total.outstanding_all;
	s->change.loan_id = *loan;
	return 0;
}

/* From the ground to our stock: "mg.Au.gross", "mg.Sn.fine". */
static void
put_weight(struct books *b, struct sell *s, const char *what, int64_t mg)
{
	const struct uuid *site = &s->lot.site_id;
	char unit[UNIT_SIZE];

	snprintf(unit, sizeof unit, "mg.%s.%s", s->lot.symbol, what);
	books_post(b, account(ACC_STOCK, site, unit), account(ACC_MINED, site, unit), mg);
}

static void
put_value(struct books *b, struct sell *s, struct account_ref member)
{
	const struct price_quote *q = &s->lot.view.quote;
	const char *unit = s->lot.view.currency;

	books_post(b, account(ACC_STOCK_COST, NULL, unit), member, q->gross_value);
	for (uint32_t i = 0; i < q->levy_count; i++) {
		const struct uuid *levy = &q->levies[i].levy.levy_id;

		if (levy_is_charge(q->levies[i].levy.base))
			continue; /* never was part of the value */
		if (q->levies[i].levy.base == LEVY_PREMIUM)
			books_post(b, account(ACC_STOCK_COST, NULL, unit),
			           account(ACC_FUND, levy, unit), q->levies[i].amount);
		else
			books_post(b, member, account(ACC_LEVY, levy, unit),
			           q->levies[i].amount);
	}
	put_weight(b, s, "gross", q->gross_mg);
	put_weight(b, s, "fine", q->fine_mg);
}

static struct member
seller(const struct sell *s)
{
	struct member to = { .member_id = s->lot.view.seller_id };

	memcpy(to.msisdn, s->lot.msisdn, sizeof to.msisdn);
	memcpy(to.language, s->lot.language, sizeof to.language);
	return to;
}

/* If the wallet takes nothing for weeks, the sale stands and the net stays owed. */
static void
put_payout(struct books *b, struct sell *s, struct account_ref member)
{
	struct payment *p = &s->payment;
	struct member to = seller(s);

	p->amount = s->lot.view.quote.payout;
	if (p->amount == 0)
		return;
	if (!parts_begin(b, &s->room, p, member, &to)) {
		books_message(b, &to, "payout.none",
		              (struct text_value[]){ { "later", books_i64(b, p->amount) },
		                                     { NULL, NULL } });
		return;
	}
	s->change.payment_id = p->payment_id;
	s->change.payment_code = p->code;
	memcpy(s->lot.view.payment_code, p->code, sizeof s->lot.view.payment_code);
}

static void
put_receipt(struct books *b, struct sell *s)
{
	const struct lot_record *l = &s->lot;
	char random[RECEIPT_CODE_SIZE];
	struct buf lines = books_body(b, RECEIPT_TEXT_MAX - 200);
	struct buf body = books_body(b, 2 * RECEIPT_TEXT_MAX);
	struct receipt_facts f = { .code = s->receipt,
		                   .cooperative = l->cooperative,
		                   .site = l->view.site,
		                   .made_local = l->made_local,
		                   .seller = l->view.seller_number,
		                   .mineral = l->view.mineral,
		                   .amount = l->view.typed_amount,
		                   .unit = l->view.typed_unit,
		                   .method = lot_method_name(l->view.method),
		                   .tag = l->view.tag,
		                   .price_source = l->price_source,
		                   .dollar = l->dollar_source,
		                   .loan = s->loan.view.code,
		                   .currency = l->view.currency,
		                   .exponent = l->exponent,
		                   .quote = &l->view.quote };

	ids_code(b->env->ids, random, RECEIPT_CODE_SIZE - 2);
	receipt_code(random, s->receipt);
	receipt_lines(&lines, &f);
	receipt_new_body(&body, l,
	                 &(struct receipt_new){ s->receipt, lines.at, call_now(&s->op) });
	books_effect(b, "receipt_new", &body);
	memcpy(s->lot.view.receipt_code, s->receipt, sizeof s->receipt);
	s->change.receipt_code = s->receipt;
}

static void
tell_seller(struct books *b, struct sell *s)
{
	const struct price_quote *q = &s->lot.view.quote;
	struct member to = seller(s);

	books_message(
	    b, &to, "sale.receipt",
	    (struct text_value[]){ { "receipt", s->receipt },
	                           { "weight", books_i64(b, q->gross_mg) },
	                           { "fineness", books_i64(b, q->fineness) },
	                           { "value", books_i64(b, q->gross_value) },
	                           { "levies", books_i64(b, q->levies_total) },
	                           { "share", books_i64(b, q->loan_share) },
	                           { "payout", books_i64(b, q->payout) },
	                           { "owed", books_i64(b, s->change.owed_after) },
	                           { NULL, NULL } });
}

static int
put_sale(struct books *b, struct sell *s, struct err *err)
{
	struct account_ref member =
	    account(ACC_MEMBER, &s->lot.view.seller_id, s->lot.view.currency);
	struct buf body;

	s->change = (struct lot_change){ .to = LOT_SOLD, .sold_ms = call_now(&s->op) };
	put_value(b, s, member);
	if (put_loan_share(b, s, member, err) < 0)
		return -1;
	put_payout(b, s, member);
	put_receipt(b, s);
	body = books_body(b, 1200);
	lot_set_body(&body, &s->lot, &s->change);
	books_effect(b, "lot_set", &body);
	books_audit(b, "lot.consent", &s->lot.view.lot_id, "%s %s", s->lot.view.code,
	            s->receipt);
	tell_seller(b, s);
	return 0;
}

static void
put_refusal(struct books *b, struct sell *s)
{
	struct buf body = books_body(b, 400);

	s->change = (struct lot_change){ .to = LOT_REFUSED };
	lot_set_body(&body, &s->lot, &s->change);
	books_effect(b, "lot_set", &body);
	books_audit(b, "lot.refuse", &s->lot.view.lot_id, "%s", s->lot.view.code);
}

static void
on_done(struct sell *s)
{
	s->lot.view.state = s->change.to;
	s->lot.view.owed_after = s->change.owed_after;
	if (s->refuse)
		call_end(&s->op, OUTCOME_OK, "");
	else
		end_sold(s);
}

static void
on_commit(struct payments_op *op, enum op_result result)
{
	struct sell *s = (struct sell *)op;

	if (result == OP_DONE) {
		on_done(s);
	} else if (result == OP_NO_FUNDS) {
		call_go(op, &to_officers);
	} else if (result == OP_CONFLICT) { /* the same key again */
		s->refused_before = true;   /* unless the row tells otherwise */
		call_go(op, &to_read);
	} else {
		call_not_done(op, result, &to_read);
	}
}

static void
begin(struct books *b, struct sell *s, const char *kind)
{
	char lot[UUID_TEXT_SIZE], key[UUID_TEXT_SIZE];

	books_begin(b, s->op.env, s->op.arena, s->op.who.cooperative_id, kind,
	            &s->op.who.member_id);
	books_key(b, "%s/%s/%s", kind, uuid_text(&s->ask.lot_id, lot),
	          uuid_text(&s->ask.key, key));
}

static void
enter_commit(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;
	struct books b;
	struct err err = err_none();

	begin(&b, s, s->refuse ? "lot.refuse" : "lot.consent");
	if (s->refuse) {
		put_refusal(&b, s);
	} else if (put_sale(&b, s, &err) < 0) {
		call_broken(op, &err);
		return;
	}
	call_submit(op, &b.op, on_commit);
}

static void
enter_officers(struct payments_op *op)
{
	call_ask_officers(op, ROLE_TREASURER, false, &((struct sell *)op)->officers,
	                  &to_tell);
}

static void
on_told(struct payments_op *op, enum op_result result)
{
	(void)result; /* the refusal stands whether or not the SMS was queued */
	call_fail(op, "no_funds");
}

static void
enter_tell(struct payments_op *op)
{
	struct sell *s = (struct sell *)op;
	struct lot_view *v = &s->lot.view;
	struct books b;

	v->receipt_code[0] = '\0';
	v->payment_code[0] = '\0';
	begin(&b, s, "lot.nofunds");
	books_audit(&b, "lot.nofunds", &v->lot_id, "%s", v->code);
	books_tell_officers(
	    &b, &s->officers, "sale.nofunds",
	    (struct text_value[]){ { "code", v->code },
	                           { "name", v->seller_name },
	                           { "amount", books_i64(&b, v->quote.payout) },
	                           { NULL, NULL } });
	call_submit(op, &b.op, on_told);
}

static struct payments_op *
start(struct flow_env *env, const struct consent_ask *ask, bool refuse, lot_cb *cb,
      void *arg)
{
	static const struct call_step pin = { "pin", enter_pin };
	struct sell *s =
	    call_new(env, refuse ? "lot.refuse" : "lot.consent", sizeof *s, tell);

	s->op.who = ask->who;
	s->ask = *ask;
	s->ask.pin = NULL;
	s->refuse = refuse;
	if (!refuse)
		call_keep_pin(&s->op, ask->pin);
	s->cb = cb;
	s->arg = arg;
	return call_begin(&s->op, refuse ? &to_read : &pin);
}

struct payments_op *
payments_lot_consent(struct flow_env *env, const struct consent_ask *ask, lot_cb *cb,
                     void *arg)
{
	return start(env, ask, false, cb, arg);
}

struct payments_op *
payments_lot_refuse(struct flow_env *env, const struct consent_ask *ask, lot_cb *cb,
                    void *arg)
{
	return start(env, ask, true, cb, arg);
}
