#include "payments/flow/members.h"
#include "payments/flow/site.h"

#include "ussd/flow/action.h"

/* ---- site.pick: whose site ---- */

static void
on_picked(void *arg, const struct payments_answer *answer, const struct member_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
	} else if (list->count != 1) {
		action_done(a, MENU_FAIL, "not_found");
	} else {
		action_set_uuid(a, "member_id", &list->at[0].member_id);
		action_set_text(a, "person_name", list->at[0].name);
		action_done(a, MENU_OK, "");
	}
}

static void
run_pick(struct action *a)
{
	struct who who = action_who(a);

	if ((a->session->roles & (ROLE_TREASURER | ROLE_OFFICER)) == 0)
		action_done(a, MENU_FAIL, "not_allowed");
	else
		a->op = payments_members(a->env, &who, action_text(a, "person"), 0,
		                         on_picked, a);
}

/* ---- site.list: all of them, and which is this member's ---- */

static void
on_sites(void *arg, const struct payments_answer *answer, const struct site_list *list)
{
	struct action *a = arg;

	a->op = NULL;
	if (answer->outcome == OUTCOME_FAIL) {
		action_answer(a, answer);
		return;
	}
	action_set_number(a, "placed", 0);
	for (unsigned i = 0; i < list->count; i++) {
		const struct site *s = &list->at[i];

		action_row(a);
		action_row_uuid(a, "site", &s->site_id);
		action_row_text(a, "site_code", s->code);
		action_row_cut(a, "site_name", s->name, 24);
		if (!s->here)
			continue;
		action_set_number(a, "placed", 1);
		action_set_text(a, "site_now", s->code);
	}
	action_total(a, list->count, list->total);
	action_done(a, MENU_OK, "");
}

static void
run_list(struct action *a)
{
	struct who who = action_who(a);
	struct uuid member = { { 0 } };

	if (!action_uuid(a, "member_id", &member))
		member = (struct uuid){ { 0 } };
	a->op = payments_sites(a->env, &who, &member, action_skip(a), on_sites, a);
}

/* ---- site.set ---- */

static void
on_set(void *arg, const struct payments_answer *answer)
{
	struct action *a = arg;

	a->op = NULL;
	action_answer(a, answer);
}

static void
run_set(struct action *a)
{
	struct site_ask ask = { .who = action_who(a),
		                .pin = a->call->secret,
		                .key = a->key };

	if (action_uuid(a, "member_id", &ask.member_id) &&
	    action_uuid(a, "site", &ask.site_id))
		a->op = payments_site_set(a->env, &ask, on_set, a);
	else
		action_done(a, MENU_FAIL, "stale");
}

const struct action_kind actions_site[] = {
	{ { .name = "site.pick",
	    .args = "person",
	    .gives = "member_id person_name",
	    .reasons = "not_found not_allowed try_later" },
	  run_pick },
	{ { .name = "site.list",
	    .args = "member_id skip",
	    .gives = "site site_code site_name site_now placed",
	    .reasons = "not_allowed try_later" },
	  run_list },
	{ { .name = "site.set",
	    .args = "member_id site",
	    .gives = "tries_left",
	    .reasons = "pin_wrong locked not_allowed stale try_later",
	    .changes = true,
	    .secret = true },
	  run_set },
	{ { .name = NULL }, NULL },
};
