#include "payments/flow/reschedule.h"

#include "ussd/flow/action.h"

#include <string.h>

static void
set_dates(struct action *a, const struct reschedule_view *v)
{
	action_set_number(a, "owed", v->now.owed);
	action_set_number(a, "next_day", v->now.next_day);
	action_set_number(a, "last_day", v->now.last_day);
	action_set_number(a, "then_owed", v->then.owed);
	action_set_number(a, "then_amount", v->then.next_amount);
	action_set_number(a, "then_day", v->then.next_day);
	action_set_number(a, "then_last", v->then.last_day);
}

static void
on_view(void *arg, const struct payments_answer *answer, const struct reschedule_view *v)
{
	struct action *a = arg;
	const struct reschedule_asked *q = &v->asked;

	a->op = NULL;
	if (answer->outcome != OUTCOME_FAIL) {
		action_set_uuid(a, "loan", &v->loan.loan_id);
		action_set_text(a, "borrower", v->loan.member_name);
		set_dates(a, v);
	}
	if (answer->outcome == OUTCOME_PENDING) {
		action_set_uuid(a, "reschedule", &q->reschedule_id);
		action_set_number(a, "mine",
		                  uuid_equal(&q->asked_by, &a->session->member_id));
	}
	action_answer(a, answer);
}

static void
run_look(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_reschedule_look(a->env, &who, action_text(a, "loan_code"),
	                                 on_view, a);
}

/* skip: a number of payments; date: a day; more: a number of payments. */
static struct reschedule
terms_of(struct action *a)
{
	const char *kind = action_text(a, "kind");
	struct reschedule t = { .kind = RESCHEDULE_SKIP };

	if (strcmp(kind, "date") == 0) {
		t.kind = RESCHEDULE_DATE;
		t.to = (int32_t)action_number(a, "to_day");
		return t;
	}
	if (strcmp(kind, "more") == 0)
		t.kind = RESCHEDULE_MORE;
	t.count = (uint32_t)action_number(a, "payments");
	if (strcmp(action_text(a, "interest"), "stops") == 0)
		t.policy = HOLIDAY_INTEREST_STOPS;
	return t;
}

static void
ask(struct action *a, bool now)
{
	struct reschedule_ask q = { .who = action_who(a),
		                    .terms = terms_of(a),
		                    .pin = a->call->secret,
		                    .key = a->key };

	if (!action_uuid(a, "loan", &q.loan_id))
		action_done(a, MENU_FAIL, "stale");
	else if (now)
		a->op = payments_reschedule(a->env, &q, on_view, a);
	else
		a->op = payments_reschedule_try(a->env, &q, on_view, a);
}

static void
run_try(struct action *a)
{
	ask(a, false);
}

static void
run_ask(struct action *a)
{
	ask(a, true);
}

static void
say(struct action *a, bool agree)
{
	struct reschedule_word word = { .who = action_who(a),
		                        .agree = agree,
		                        .pin = a->call->secret,
		                        .key = a->key };

	if (action_uuid(a, "loan", &word.loan_id) &&
	    action_uuid(a, "reschedule", &word.reschedule_id))
		a->op = payments_reschedule_say(a->env, &word, on_view, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

static void
run_agree(struct action *a)
{
	say(a, true);
}

static void
run_drop(struct action *a)
{
	say(a, false);
}

#define DATES                                                                            \
	"loan borrower owed next_day last_day then_owed then_amount then_day then_last"
#define TERMS     "by_days nothing_due bad_count bad_date"
#define SAY_WORDS "pin_wrong locked not_allowed own_work stale try_later " TERMS

const struct action_kind actions_reschedule[] = {
	{ { .name = "dates.look",
	    .args = "loan_code",
	    .gives = DATES " reschedule mine",
	    .reasons = "not_allowed not_found second_needed try_later" },
	  run_look },
	{ { .name = "dates.try",
	    .args = "loan kind payments to_day interest",
	    .gives = DATES,
	    .reasons = "not_allowed stale try_later " TERMS },
	  run_try },
	{ { .name = "dates.ask",
	    .args = "loan kind payments to_day interest",
	    .gives = DATES " reschedule mine tries_left",
	    .reasons = "second_needed taken " SAY_WORDS,
	    .changes = true,
	    .secret = true },
	  run_ask },
	{ { .name = "dates.agree",
	    .args = "loan reschedule",
	    .gives = DATES " tries_left",
	    .reasons = SAY_WORDS,
	    .changes = true,
	    .secret = true },
	  run_agree },
	{ { .name = "dates.drop",
	    .args = "loan reschedule",
	    .gives = DATES " tries_left",
	    .reasons = SAY_WORDS,
	    .changes = true,
	    .secret = true },
	  run_drop },
	{ { .name = NULL }, NULL },
};
