/*
 * calc_replay_step - one step of a replayed loan: from its words to an event.
 */
#include "gateway/cli/calc_replay.h"
#include "payments/core/day.h"
#include "payments/core/money.h"

#include <stdio.h>
#include <string.h>

static int
wrong(struct replay *r, const char *field, const char *why)
{
	return calc_fault(r->fault, "steps: number %zu: %s: %s", r->step + 1, field, why);
}

static int
read_day(struct replay *r, const struct json *in, const char *field, int32_t *out)
{
	const struct json *v = json_get(in, field);
	const char *text = json_text(v);

	if (json_absent(v) && *out != 0)
		return 0;
	if (text == NULL || !day_parse(text, strlen(text), out))
		return wrong(r, field, "give a day as YYYY-MM-DD");
	return 0;
}

/* NSF and late fees are penalties; so says the published set. */
static bool
is_penalty(const char *type)
{
	return strstr(type, "NSF") != NULL || strstr(type, "LATE") != NULL ||
	       strstr(type, "PENALT") != NULL || strstr(type, "OVERDUE") != NULL;
}

static int
read_pct(struct replay *r, const struct json *in, struct loan_event *e)
{
	const struct json *pct = json_get(in, "pct");
	int64_t n;

	if (json_absent(pct))
		pct = json_get(in, "charge_pct");
	if (json_absent(pct))
		return e->amount > 0 ? 0 : wrong(r, "amount", "is missing, and no pct");
	e->charge.base = e->charge.time == CHARGE_AT_DISBURSEMENT
	                     ? CHARGE_PCT_PRINCIPAL
	                     : CHARGE_PCT_PRINCIPAL_INTEREST;
	if (json_i64(pct, &n) && n >= 0 && n <= 1000)
		e->charge.pct = n * PCT_ONE;
	else if (json_text(pct) == NULL || !percent_parse(json_text(pct), &e->charge.pct))
		return wrong(r, "pct", "give a percentage as text");
	return e->charge.pct > 0 ? 0 : wrong(r, "pct", "give more than 0");
}

static int
read_charge(struct replay *r, const struct json *in, struct loan_event *e)
{
	const char *type = json_get_text(in, "type");

	if (type == NULL)
		return wrong(r, "type", "is missing");
	snprintf(e->charge.code, sizeof e->charge.code, "%s", type);
	e->charge.penalty = is_penalty(type);
	e->charge.time =
	    strstr(type, "DISBURSEMENT") != NULL ? CHARGE_AT_DISBURSEMENT : CHARGE_ON_DAY;
	e->charge.amount = e->amount;
	e->charge.day = r->today;
	if (read_day(r, in, "due", &e->charge.day) < 0 || read_pct(r, in, e) < 0)
		return -1;
	if (e->charge.time == CHARGE_AT_DISBURSEMENT)
		return r->account.total.disbursed == 0
		           ? 0
		           : wrong(r, "type", "a charge at disbursement comes before it");
	if (r->account.total.disbursed == 0)
		return wrong(r, "op", "a charge before any disbursement");
	return e->charge.day >= r->account.working.start
	           ? 0
	           : wrong(r, "due", "is before the disbursement");
}

/* ---- earlier events a step speaks of -------------------------------------------------
 */

static bool
undone(const struct loan_account *a, uint32_t id)
{
	for (uint32_t i = 0; i < a->event_count; i++)
		if (a->events[i].kind == EVENT_REVERSE && a->events[i].of == id)
			return true;
	return false;
}

/* The newest event that stands: of that kind (EVENT_KINDS: any), of that day (0: any). */
static uint32_t
newest(const struct loan_account *a, enum loan_event_kind kind, int32_t day)
{
	for (uint32_t i = a->event_count; i > 0; i--) {
		const struct loan_event *e = &a->events[i - 1];

		if (e->kind == EVENT_REVERSE || undone(a, e->id) ||
		    (kind != EVENT_KINDS && e->kind != kind))
			continue;
		if (day == 0 || e->day == day ||
		    (e->kind == EVENT_CHARGE && e->charge.day == day))
			return e->id;
	}
	return 0;
}

static int
read_of(struct replay *r, const struct json *in, enum loan_event_kind kind, uint32_t *out)
{
	const char *field = json_absent(json_get(in, "due")) ? "date" : "due";
	const struct json *of = json_get(in, "of");
	int32_t day = 0;
	int64_t n;

	if (!json_absent(of)) {
		if (!json_i64(of, &n) || n < 1 || n > r->account.event_count)
			return wrong(r, "of", "give the number of an earlier event");
		*out = (uint32_t)n;
		if (kind != EVENT_KINDS && r->account.events[n - 1].kind != kind)
			return wrong(r, "of", "that event is of another kind");
		return 0;
	}
	if (!json_absent(json_get(in, field)) && read_day(r, in, field, &day) < 0)
		return -1;
	*out = newest(&r->account, kind, day);
	return *out != 0 ? 0
	                 : wrong(r, day != 0 ? field : "op",
	                         "nothing of that kind and day stands");
}

static int
tell(struct replay *r, const char *field, struct loan_event e)
{
	struct err err = err_none();

	e.id = r->account.event_count + 1;
	if (loan_account_tell(&r->account, &e, &err) < 0)
		return wrong(r, field, err.what);
	return 0;
}

/* ---- steps ---------------------------------------------------------------------------
 */

static const struct op {
	const char *op;
	enum loan_event_kind kind;
} ops[] = {
	{ "disburse", EVENT_DISBURSE },
	{ "disbursement", EVENT_DISBURSE },
	{ "repayment", EVENT_REPAY },
	{ "repay", EVENT_REPAY },
	{ "charge", EVENT_CHARGE },
	{ "charge_pct", EVENT_CHARGE },
	{ "waive_charge", EVENT_WAIVE_CHARGE },
	{ "waive_interest", EVENT_WAIVE_INTEREST },
	{ "write_off", EVENT_WRITE_OFF },
	{ "charge_off", EVENT_CHARGE_OFF },
	{ "undo_charge_off", EVENT_UNDO_CHARGE_OFF },
	{ "recovery", EVENT_RECOVER },
	{ "credit_balance_refund", EVENT_REFUND },
	{ "refund", EVENT_REFUND },
	{ "chargeback", EVENT_CHARGEBACK },
	{ "goodwill_credit", EVENT_GOODWILL },
	{ "goodwill", EVENT_GOODWILL },
	{ "payout_refund", EVENT_PAYOUT_REFUND },
	{ "merchant_issued_refund", EVENT_MERCHANT_REFUND },
	{ "down_payment", EVENT_DOWN_PAYMENT },
	{ "adjust_charge", EVENT_ADJUST_CHARGE },
	{ "charge_adjustment", EVENT_ADJUST_CHARGE },
	{ "pause_interest", EVENT_INTEREST_PAUSE },
	{ "interest_pause", EVENT_INTEREST_PAUSE },
	{ "reamortise", EVENT_REAMORTISE },
	{ "reamortize", EVENT_REAMORTISE },
	{ "re_amortize", EVENT_REAMORTISE },
	{ "reage", EVENT_REAGE },
	{ "re_age", EVENT_REAGE },
	{ "shift_dates", EVENT_SHIFT_DATES },
	{ "reschedule", EVENT_SHIFT_DATES },
	{ "extra_terms", EVENT_EXTRA_TERMS },
	{ "holiday", EVENT_HOLIDAY },
	{ "payment_holiday", EVENT_HOLIDAY },
};

static bool
needs_amount(enum loan_event_kind kind)
{
	return kind != EVENT_CHARGE && kind != EVENT_WRITE_OFF &&
	       kind != EVENT_CHARGE_OFF && kind != EVENT_UNDO_CHARGE_OFF &&
	       kind != EVENT_WAIVE_CHARGE && kind != EVENT_SHIFT_DATES &&
	       kind != EVENT_INTEREST_PAUSE && kind != EVENT_REAMORTISE &&
	       kind != EVENT_REAGE;
}

static int
read_amount(struct replay *r, const struct json *in, bool needed, int64_t *out)
{
	const struct json *v = json_get(in, "amount");

	if (json_absent(v))
		return needed ? wrong(r, "amount", "is missing: give minor units") : 0;
	if (!json_i64(v, out) || *out < 1 || *out > LOAN_AMOUNT_MAX)
		return wrong(r, "amount", "give 1 to 1000000000000000 minor units");
	return 0;
}

static int
read_policy(struct replay *r, const struct json *in, struct loan_event *e)
{
	static const char *const words[] = { "RUNS", "STOPS", "CAPITALISED" };
	const char *text = json_get_text(in, "policy");

	if (json_absent(json_get(in, "policy")))
		return 0;
	for (unsigned i = 0; text != NULL && i < 3; i++)
		if (strcmp(text, words[i]) == 0) {
			e->policy = (enum holiday_policy)i;
			return 0;
		}
	return wrong(r, "policy", "give RUNS, STOPS or CAPITALISED");
}

static int
read_reage(struct replay *r, const struct json *in, struct loan_event *e)
{
	static const char *const units[] = { "DAYS", "WEEKS", "MONTHS" };
	const char *text = json_get_text(in, "every_unit");
	int64_t every = 1;
	unsigned unit = EVERY_MONTHS;

	if (read_day(r, in, "start", &e->from) < 0)
		return -1;
	if (e->from <= e->day)
		return wrong(r, "start", "must be after the day");
	if (!json_get_i64(in, "instalments", &e->amount) || e->amount < 1 ||
	    e->amount > INSTALMENTS_MAX)
		return wrong(r, "instalments", "give a number of instalments");
	if (!json_absent(json_get(in, "every")) &&
	    (!json_get_i64(in, "every", &every) || every < 1 || every > 366))
		return wrong(r, "every", "give 1 to 366");
	if (!json_absent(json_get(in, "every_unit")))
		for (unit = 0; unit < 3; unit++)
			if (text != NULL && strcmp(text, units[unit]) == 0)
				break;
	if (unit == 3)
		return wrong(r, "every_unit", "give DAYS, WEEKS or MONTHS");
	e->every = (uint32_t)every;
	e->every_unit = (enum every_unit)unit;
	return 0;
}

static int
read_reschedule(struct replay *r, const struct json *in, struct loan_event *e)
{
	if (e->kind == EVENT_REAGE)
		return read_reage(r, in, e);
	if (e->kind != EVENT_SHIFT_DATES && e->kind != EVENT_HOLIDAY &&
	    e->kind != EVENT_EXTRA_TERMS && e->kind != EVENT_INTEREST_PAUSE)
		return 0;
	if (needs_amount(e->kind) && e->amount > INSTALMENTS_MAX)
		return wrong(r, "amount", "give a number of instalments");
	if (e->kind == EVENT_EXTRA_TERMS)
		return 0;
	if (read_day(r, in, "from", &e->from) < 0)
		return -1;
	if (e->kind == EVENT_HOLIDAY)
		return read_policy(r, in, e);
	if (read_day(r, in, "to", &e->to) < 0)
		return -1;
	if (e->kind == EVENT_INTEREST_PAUSE)
		return e->to >= e->from ? 0 : wrong(r, "to", "is before from");
	return e->to > e->from ? 0 : wrong(r, "to", "must be after from");
}

/* The share of a tranche that is due at once, paid as it is lent. */
static int
pay_down(struct replay *r, struct loan_event e)
{
	struct err err = err_none();

	e.kind = EVENT_DOWN_PAYMENT;
	if (money_part(e.amount, r->account.contract.down_payment_pct, 100 * PCT_ONE,
	               &e.amount, &err) < 0)
		return wrong(r, "amount", err.what);
	return tell(r, "amount", e);
}

static int
plain(struct replay *r, const struct json *in, const struct op *op)
{
	struct loan_event e = { .kind = op->kind, .day = r->today };

	if (read_amount(r, in, needs_amount(e.kind), &e.amount) < 0)
		return -1;
	if (e.kind == EVENT_CHARGE && read_charge(r, in, &e) < 0)
		return -1;
	if (e.kind == EVENT_WAIVE_CHARGE || e.kind == EVENT_ADJUST_CHARGE) {
		if (read_of(r, in, EVENT_CHARGE, &e.of) < 0)
			return -1;
	} else if (e.kind != EVENT_CHARGE && read_day(r, in, "date", &e.day) < 0) {
		return -1;
	}
	if (e.kind == EVENT_ADJUST_CHARGE &&
	    r->account.events[e.of - 1].charge.base == CHARGE_FLAT &&
	    e.amount > r->account.events[e.of - 1].amount)
		return wrong(r, "amount", "is more than the charge");
	if (read_reschedule(r, in, &e) < 0 || tell(r, op->op, e) < 0)
		return -1;
	return e.kind == EVENT_DISBURSE && r->pays_down ? pay_down(r, e) : 0;
}

static int
undo(struct replay *r, const struct json *in, const char *op, enum loan_event_kind kind)
{
	struct loan_event e = { .kind = EVENT_REVERSE, .day = r->today };

	if (read_of(r, in, kind, &e.of) < 0)
		return -1;
	return tell(r, op, e);
}

/* A payment of that day becomes one of another amount. */
static int
adjust_repayment(struct replay *r, const struct json *in)
{
	struct loan_event back = { .kind = EVENT_REVERSE, .day = r->today };
	struct loan_event again = { .kind = EVENT_REPAY };

	if (read_amount(r, in, true, &again.amount) < 0 ||
	    read_of(r, in, EVENT_REPAY, &back.of) < 0)
		return -1;
	again.day = r->account.events[back.of - 1].day;
	if (tell(r, "adjust_repayment", back) < 0)
		return -1;
	return tell(r, "adjust_repayment", again);
}

/* Everything owed on that day; `top_up`: out of a new loan of so much. */
static int
pay_off(struct replay *r, const struct json *in, bool top_up)
{
	struct loan_event e = { .kind = EVENT_REPAY, .day = r->today };
	int64_t part[PARTS], given = 0;
	struct err err = err_none();

	if (read_day(r, in, "date", &e.day) < 0 || read_amount(r, in, top_up, &given) < 0)
		return -1;
	if (loan_account_pay_off(&r->account, e.day, part, &err) < 0)
		return wrong(r, "date", err.what);
	for (int p = 0; p < PARTS; p++)
		e.amount += part[p];
	if (e.amount == 0)
		return wrong(r, "op", "nothing is owed to pay off");
	if (given != 0 && given < e.amount)
		return wrong(r, "amount", "is less than what is owed");
	if (given > e.amount && !top_up)
		return wrong(r, "amount", "is more than what is owed");
	if (top_up) {
		r->topped_up = given;
		r->paid_off = e.amount;
	}
	return tell(r, "pay_off", e);
}

static const struct op *
op_of(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
		if (strlen(ops[i].op) == len && strncmp(ops[i].op, name, len) == 0)
			return &ops[i];
	return NULL;
}

static int
business_date(struct replay *r, const struct json *in)
{
	struct err err = err_none();

	r->today = 0;
	if (read_day(r, in, "date", &r->today) < 0)
		return -1;
	if (loan_account_day(&r->account, r->today, &err) < 0)
		return wrong(r, "date", err.what);
	return 0;
}

/* "undo_write_off", "write_off_undo"; "undo" and "reverse": whatever was last. */
static int
try_undo(struct replay *r, const struct json *in, const char *name, bool *known)
{
	size_t len = strlen(name);
	const struct op *op = NULL;

	*known = true;
	if (strcmp(name, "undo") == 0 || strcmp(name, "reverse") == 0)
		return undo(r, in, name, EVENT_KINDS);
	if (strcmp(name, "undo_waive") == 0)
		return undo(r, in, name,
		            newest(&r->account, EVENT_WAIVE_CHARGE, 0) != 0
		                ? EVENT_WAIVE_CHARGE
		                : EVENT_WAIVE_INTEREST);
	if (strncmp(name, "undo_", 5) == 0)
		op = op_of(name + 5, len - 5);
	else if (len > 5 && strcmp(name + len - 5, "_undo") == 0)
		op = op_of(name, len - 5);
	*known = op != NULL;
	return op == NULL ? 0 : undo(r, in, name, op->kind);
}

int
replay_step(struct replay *r, const struct json *in)
{
	const char *name = json_get_text(in, "op");
	const struct op *op;
	bool known;
	int rc;

	if (name == NULL)
		return wrong(r, "op", "is missing");
	if (strncmp(name, "expect", 6) == 0)
		return 0;
	if (strcmp(name, "business_date") == 0)
		return business_date(r, in);
	if (strcmp(name, "pay_off") == 0 || strcmp(name, "payoff") == 0)
		return pay_off(r, in, false);
	if (strcmp(name, "top_up") == 0)
		return pay_off(r, in, true);
	if (strcmp(name, "adjust_repayment") == 0)
		return adjust_repayment(r, in);
	if ((op = op_of(name, strlen(name))) != NULL)
		return plain(r, in, op);
	rc = try_undo(r, in, name, &known);
	if (known)
		return rc;
	return wrong(r, "op",
	             "is none of disburse, repayment, charge, waive_charge, "
	             "waive_interest, write_off, charge_off, recovery, chargeback, "
	             "pay_off, top_up, adjust_repayment, reschedule, extra_terms, "
	             "holiday, pause_interest, reamortise, reage, undo and undo_ before "
	             "one of these");
}
