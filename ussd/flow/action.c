#include "ussd/flow/action.h"

#include "lib/log.h"

#include <stdio.h>
#include <string.h>

#define ACTIONS_MAX 160

static const struct action_kind *const TABLES[] = {
	actions_member,
	actions_loan,
	actions_lease,
	actions_approval,
	actions_sale,
	actions_lot,
	actions_receipt,
	actions_price,
	actions_officer,
	actions_plan,
	actions_arrive,
	actions_write_off,
	actions_savings,
	actions_group,
	actions_site,
	actions_moratorium,
	actions_reschedule,
	actions_refund,
	NULL,
};

const struct menu_action *
action_list(size_t *count)
{
	static struct menu_action list[ACTIONS_MAX];
	size_t n = 0;

	for (size_t t = 0; TABLES[t] != NULL; t++) {
		const struct action_kind *k = TABLES[t];

		for (; k->menu.name != NULL && n < ACTIONS_MAX; k++)
			list[n++] = k->menu;
	}
	*count = n;
	return list;
}

const struct action_kind *
action_by_name(const char *name)
{
	for (size_t t = 0; TABLES[t] != NULL; t++) {
		const struct action_kind *k = TABLES[t];

		for (; k->menu.name != NULL; k++)
			if (strcmp(k->menu.name, name) == 0)
				return k;
	}
	return NULL;
}

void
action_run(struct action *a)
{
	a->err = err_none();
	a->kind->run(a);
}

struct who
action_who(const struct action *a)
{
	return (struct who){ a->session->cooperative_id, a->session->member_id };
}

const char *
action_text(const struct action *a, const char *name)
{
	return menu_arg_text(a->call, name);
}

int64_t
action_number(const struct action *a, const char *name)
{
	return menu_arg_number(a->call, name);
}

bool
action_uuid(const struct action *a, const char *name, struct uuid *out)
{
	const char *text = action_text(a, name);

	return uuid_parse(text, strlen(text), out);
}

/* The menu linter knows how many values an action gives; one too many is our bug. */
static void
kept(const struct action *a, const char *name, bool ok)
{
	if (!ok)
		log_error(a->kind->menu.name, "value_dropped", "name=%s", name);
}

void
action_set_text(struct action *a, const char *name, const char *value)
{
	kept(a, name, menu_set_text(a->menu, name, value));
}

void
action_set_number(struct action *a, const char *name, int64_t value)
{
	kept(a, name, menu_set_number(a->menu, name, value));
}

void
action_set_uuid(struct action *a, const char *name, const struct uuid *value)
{
	char text[UUID_TEXT_SIZE];

	action_set_text(a, name, uuid_text(value, text));
}

void
action_row(struct action *a)
{
	kept(a, "row", menu_row_add(a->menu));
}

void
action_row_text(struct action *a, const char *name, const char *value)
{
	kept(a, name, menu_row_text(a->menu, name, value));
}

void
action_row_cut(struct action *a, const char *name, const char *value, size_t most)
{
	char text[MENU_VALUE_BYTES + 1];
	size_t n = strlen(value);

	if (most > MENU_VALUE_BYTES)
		most = MENU_VALUE_BYTES;
	if (n > most)
		for (n = most; n > 0 && ((unsigned char)value[n] & 0xC0) == 0x80;)
			n--;
	memcpy(text, value, n);
	text[n] = '\0';
	action_row_text(a, name, text);
}

unsigned
action_skip(const struct action *a)
{
	int64_t skip = action_number(a, "skip");

	return skip > 0 && skip < INT32_MAX ? (unsigned)skip : 0;
}

void
action_total(struct action *a, unsigned count, unsigned total)
{
	action_set_number(a, "rows_more", action_skip(a) + count < total);
}

void
action_row_number(struct action *a, const char *name, int64_t value)
{
	kept(a, name, menu_row_number(a->menu, name, value));
}

void
action_row_uuid(struct action *a, const char *name, const struct uuid *value)
{
	char text[UUID_TEXT_SIZE];

	action_row_text(a, name, uuid_text(value, text));
}

void
action_done(struct action *a, enum menu_outcome outcome, const char *reason)
{
	a->outcome = outcome;
	snprintf(a->reason, sizeof a->reason, "%s", reason);
	a->done(a->arg);
}

void
action_answer(struct action *a, const struct payments_answer *answer)
{
	static const enum menu_outcome outcomes[] = {
		[OUTCOME_OK] = MENU_OK,
		[OUTCOME_PENDING] = MENU_PENDING,
		[OUTCOME_FAIL] = MENU_FAIL,
	};

	a->err = answer->err;
	if (strcmp(answer->reason, "pin_wrong") == 0)
		action_set_number(a, "tries_left", answer->tries_left);
	if (strcmp(answer->reason, "under_least") == 0 ||
	    strcmp(answer->reason, "over_most") == 0)
		action_set_number(a, "bound", answer->bound);
	action_done(a, outcomes[answer->outcome], answer->reason);
}
