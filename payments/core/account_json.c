#include "payments/core/account.h"
#include "payments/core/day.h"

#include <stdio.h>
#include <string.h>

static const char *const event_names[EVENT_KINDS] = {
	[EVENT_DISBURSE] = "disburse",
	[EVENT_REPAY] = "repay",
	[EVENT_CHARGE] = "charge",
	[EVENT_WAIVE_CHARGE] = "waive_charge",
	[EVENT_WAIVE_INTEREST] = "waive_interest",
	[EVENT_WRITE_OFF] = "write_off",
	[EVENT_CHARGE_OFF] = "charge_off",
	[EVENT_UNDO_CHARGE_OFF] = "undo_charge_off",
	[EVENT_RECOVER] = "recover",
	[EVENT_REFUND] = "refund",
	[EVENT_CHARGEBACK] = "chargeback",
	[EVENT_GOODWILL] = "goodwill",
	[EVENT_PAYOUT_REFUND] = "payout_refund",
	[EVENT_SHIFT_DATES] = "shift_dates",
	[EVENT_EXTRA_TERMS] = "extra_terms",
	[EVENT_HOLIDAY] = "holiday",
	[EVENT_REVERSE] = "reverse",
	[EVENT_MERCHANT_REFUND] = "merchant_refund",
	[EVENT_DOWN_PAYMENT] = "down_payment",
	[EVENT_ADJUST_CHARGE] = "adjust_charge",
	[EVENT_PAUSE] = "pause",
	[EVENT_INTEREST_PAUSE] = "interest_pause",
	[EVENT_REAMORTISE] = "reamortise",
	[EVENT_REAGE] = "reage",
};

static const char *const status_names[STATUSES] = {
	[STATUS_SUBMITTED] = "SUBMITTED_AND_PENDING_APPROVAL",
	[STATUS_ACTIVE] = "ACTIVE",
	[STATUS_CLOSED] = "CLOSED_OBLIGATIONS_MET",
	[STATUS_OVERPAID] = "OVERPAID",
	[STATUS_WRITTEN_OFF] = "CLOSED_WRITTEN_OFF",
};

static const char *const unit_names[] = {
	[EVERY_DAYS] = "DAYS", [EVERY_WEEKS] = "WEEKS", [EVERY_MONTHS] = "MONTHS"
};

static const char *const policy_names[] = {
	[HOLIDAY_INTEREST_RUNS] = "RUNS",
	[HOLIDAY_INTEREST_STOPS] = "STOPS",
	[HOLIDAY_INTEREST_CAPITALISED] = "CAPITALISED",
};

const char *
loan_event_name(enum loan_event_kind k)
{
	return event_names[k];
}

const char *
loan_status_name(enum loan_status s)
{
	return status_names[s];
}

static int
fault_at(struct diag *fault, const char *text)
{
	*fault = (struct diag){ 0 };
	snprintf(fault->text, sizeof fault->text, "%s", text);
	return -1;
}

static bool
read_day(const struct json *in, const char *field, int32_t *out)
{
	const char *text = json_get_text(in, field);

	return text != NULL && day_parse(text, strlen(text), out);
}

static bool
read_kind(const struct json *in, struct loan_event *out)
{
	const char *name = json_get_text(in, "kind");

	for (unsigned k = 0; name != NULL && k < EVENT_KINDS; k++)
		if (strcmp(name, event_names[k]) == 0) {
			out->kind = (enum loan_event_kind)k;
			return true;
		}
	return false;
}

static void
read_rest(const struct json *in, struct loan_event *out)
{
	const char *policy = json_get_text(in, "policy");
	const struct json *was = json_get(in, "was");
	const struct json *earned = json_get(in, "was_earned");
	const char *unit = json_get_text(in, "every_unit");
	int64_t n;

	if (json_get_i64(in, "of", &n) && n > 0 && n <= UINT32_MAX)
		out->of = (uint32_t)n;
	if (json_get_i64(in, "row", &n) && n > 0 && n <= INSTALMENTS_MAX)
		out->from = (int32_t)n;
	read_day(in, "from", &out->from);
	read_day(in, "to", &out->to);
	for (unsigned k = 0; policy != NULL && k < 3; k++)
		if (strcmp(policy, policy_names[k]) == 0)
			out->policy = (enum holiday_policy)k;
	if (json_get_i64(in, "every", &n) && n > 0 && n <= 366)
		out->every = (uint32_t)n;
	for (unsigned k = 0; unit != NULL && k < 3; k++)
		if (strcmp(unit, unit_names[k]) == 0)
			out->every_unit = (enum every_unit)k;
	for (unsigned p = 0; p < PARTS; p++) {
		if (!json_i64(json_at(was, p), &out->was[p]))
			out->was[p] = 0;
		if (!json_i64(json_at(earned, p), &out->was_earned[p]))
			out->was_earned[p] = 0;
	}
	if (!json_get_i64(in, "was_balance", &out->was_balance))
		out->was_balance = 0;
}

int
loan_event_read(const struct json *in, struct loan_event *out, struct diag *fault)
{
	int64_t id = 0;

	*out = (struct loan_event){ 0 };
	if (!json_get_i64(in, "id", &id) || id < 1 || id > UINT32_MAX)
		return fault_at(fault, "id: give the event's number");
	out->id = (uint32_t)id;
	if (!read_kind(in, out))
		return fault_at(fault, "kind: this is no event of a loan");
	if (!read_day(in, "day", &out->day))
		return fault_at(fault, "day: give a day as YYYY-MM-DD");
	if (json_get(in, "amount") != NULL &&
	    (!json_get_i64(in, "amount", &out->amount) || out->amount < 0))
		return fault_at(fault, "amount: give minor units");
	read_rest(in, out);
	if (out->kind == EVENT_CHARGE)
		return charge_read(json_get(in, "charge"), &out->charge, fault);
	return 0;
}

static void
put_day(struct json_writer *w, const char *field, int32_t day)
{
	char text[DAY_TEXT_SIZE];

	if (day != 0)
		jw_text(w, field, day_text(day, text));
}

static void
put_parts(struct json_writer *w, const char *field, const int64_t part[PARTS])
{
	jw_array(w, field);
	for (unsigned p = 0; p < PARTS; p++)
		jw_i64(w, NULL, part[p]);
	jw_end_array(w);
}

void
loan_event_write(struct json_writer *w, const struct loan_event *e)
{
	bool days = e->kind == EVENT_SHIFT_DATES || e->kind == EVENT_HOLIDAY ||
	            e->kind == EVENT_REAGE || e->kind == EVENT_PAUSE ||
	            e->kind == EVENT_INTEREST_PAUSE;

	jw_i64(w, "id", e->id);
	jw_text(w, "kind", event_names[e->kind]);
	put_day(w, "day", e->day);
	if (e->amount != 0)
		jw_i64(w, "amount", e->amount);
	if (e->of != 0)
		jw_i64(w, "of", e->of);
	if (days) {
		put_day(w, "from", e->from);
		put_day(w, "to", e->to);
		jw_text(w, "policy", policy_names[e->policy]);
	} else if (e->from != 0) {
		jw_i64(w, "row", e->from);
	}
	if (e->kind == EVENT_CHARGE) {
		jw_object(w, "charge");
		charge_write(w, &e->charge);
		jw_end_object(w);
	}
	if (e->kind == EVENT_REAGE) {
		jw_i64(w, "every", e->every);
		jw_text(w, "every_unit", unit_names[e->every_unit]);
	}
	if (e->kind == EVENT_REVERSE) {
		put_parts(w, "was", e->was);
		put_parts(w, "was_earned", e->was_earned);
		jw_i64(w, "was_balance", e->was_balance);
	}
}
