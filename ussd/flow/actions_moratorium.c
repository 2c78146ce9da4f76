#include "payments/flow/moratorium.h"

#include "ussd/flow/action.h"

#include <string.h>

static void
on_said(void *arg, const struct payments_answer *answer)
{
	struct action *a = arg;

	a->op = NULL;
	action_answer(a, answer);
}

static void
run_ask(struct action *a)
{
	bool stops = strcmp(action_text(a, "interest"), "stops") == 0;
	struct moratorium_ask ask = { .who = action_who(a),
		                      .days = { .from =
		                                    (int32_t)action_number(a, "from_day"),
		                                .to = (int32_t)action_number(a, "to_day"),
		                                .policy = stops ? HOLIDAY_INTEREST_STOPS
		                                                : HOLIDAY_INTEREST_RUNS },
		                      .pin = a->call->secret,
		                      .key = a->key };

	if (action_uuid(a, "site", &ask.site_id))
		a->op = payments_moratorium(a->env, &ask, on_said, a);
	else
		action_done(a, MENU_FAIL, "overlaps");
}

static void
on_list(void *arg, const struct payments_answer *answer,
        const struct moratorium_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	for (unsigned i = 0; i < list->count; i++) {
		const struct moratorium *m = &list->at[i];
		bool stops = m->days.policy == HOLIDAY_INTEREST_STOPS;

		action_row(a);
		action_row_uuid(a, "moratorium", &m->moratorium_id);
		action_row_text(a, "site_code", m->site);
		action_row_number(a, "from_day", m->days.from);
		action_row_number(a, "to_day", m->days.to);
		action_row_text(a, "interest", stops ? "stops" : "runs");
		action_row_number(a, "mine",
		                  uuid_equal(&m->asked_by, &a->session->member_id));
	}
	action_answer(a, answer);
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);

	a->op = payments_moratoria(a->env, &who, 0, on_list, a);
}

static void
say(struct action *a, bool agree)
{
	struct moratorium_word word = { .who = action_who(a),
		                        .agree = agree,
		                        .pin = a->call->secret,
		                        .key = a->key };

	if (action_uuid(a, "moratorium", &word.moratorium_id))
		a->op = payments_moratorium_say(a->env, &word, on_said, a);
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

#define SAY_REASONS "pin_wrong locked not_allowed own_work stale bad_to try_later"

const struct action_kind actions_moratorium[] = {
	{ { .name = "moratorium.ask",
	    .args = "site from_day to_day interest",
	    .gives = "tries_left",
	    .reasons = "pin_wrong locked not_allowed bad_from bad_to overlaps "
	               "second_needed try_later",
	    .changes = true,
	    .secret = true },
	  run_ask },
	{ { .name = "moratorium.list",
	    .args = "",
	    .gives = "moratorium site_code from_day to_day interest mine",
	    .reasons = "not_allowed try_later" },
	  run_list },
	{ { .name = "moratorium.agree",
	    .args = "moratorium",
	    .gives = "tries_left",
	    .reasons = SAY_REASONS,
	    .changes = true,
	    .secret = true },
	  run_agree },
	{ { .name = "moratorium.drop",
	    .args = "moratorium",
	    .gives = "tries_left",
	    .reasons = SAY_REASONS,
	    .changes = true,
	    .secret = true },
	  run_drop },
	{ { .name = NULL }, NULL },
};
