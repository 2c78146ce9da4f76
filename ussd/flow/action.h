/*
 * action - what a menu may ask to be done: a name, a function, and the road back.
 *
 * A function reads its arguments, calls the facade (payments/flow/payments.h), sets
 * result variables, and ends with action_done or action_answer as its last statement (at
 * once, or from the facade's callback).  Whoever runs it keeps everything it points to
 * alive until then.
 */
#ifndef USSD_FLOW_ACTION_H
#define USSD_FLOW_ACTION_H

#include "payments/flow/payments.h"
#include "ussd/core/menu.h"
#include "ussd/core/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct action;

struct action_kind {
	struct menu_action menu; /* its name, and what menus are checked against */
	void (*run)(struct action *a);
};

typedef void action_done_cb(void *arg);

struct action {
	const struct action_kind *kind;
	struct flow_env *env; /* borrowed, as all pointers below */
	struct session *session;
	const char *msisdn;
	struct menu_state *menu;     /* where results go                     */
	const struct menu_out *call; /* arguments, and the PIN if one was asked */
	struct uuid key; /* of what it changes; the same hop makes the same key */

	struct payments_op *op; /* in flight, or NULL */
	enum menu_outcome outcome;
	char reason[24];
	struct err err; /* for the log */
	action_done_cb *done;
	void *arg;
};

/* All of them, for compiling menus.  The array lives as long as the program. */
const struct menu_action *action_list(size_t *count);
const struct action_kind *action_by_name(const char *name); /* NULL if unknown */
/* Starts it; calls a->done(a->arg) exactly once, perhaps from inside this call. */
void action_run(struct action *a);

/* ---- for the functions ---- */

struct who action_who(const struct action *a);
const char *action_text(const struct action *a, const char *name); /* "" if missing */
int64_t action_number(const struct action *a, const char *name);   /* 0 if missing  */
bool action_uuid(const struct action *a, const char *name, struct uuid *out);

/* Results: variables, and rows of the list that the next screen shows. */
void action_set_text(struct action *a, const char *name, const char *value);
void action_set_number(struct action *a, const char *name, int64_t value);
void action_set_uuid(struct action *a, const char *name, const struct uuid *value);
void action_row(struct action *a); /* the two below fill the last one */
void action_row_text(struct action *a, const char *name, const char *value);
/* At most so many bytes, whole characters: all rows share the state's room. */
void action_row_cut(struct action *a, const char *name, const char *value, size_t most);
void action_row_number(struct action *a, const char *name, int64_t value);
void action_row_uuid(struct action *a, const char *name, const struct uuid *value);

/* For a list that says `more`: where its rows begin, and then how many there are. */
unsigned action_skip(const struct action *a);
void action_total(struct action *a, unsigned count, unsigned total);

/* The last statement of an action. */
void action_done(struct action *a, enum menu_outcome outcome, const char *reason);
/* The same, with what the facade answered; sets `tries_left` on a wrong PIN, and
 * `bound` with under_least and over_most. */
void action_answer(struct action *a, const struct payments_answer *answer);

/* Who dials and what waits for her: fills the session.  Done by the dialog itself before
 * the menu begins; fails with not_found for who is no member yet. */
extern const struct action_kind action_look;

/* The tables of the files actions_*.c, each ended by a row without a name. */
extern const struct action_kind actions_member[];
extern const struct action_kind actions_loan[];
extern const struct action_kind actions_plan[];
extern const struct action_kind actions_lease[];
extern const struct action_kind actions_arrive[];
extern const struct action_kind actions_write_off[];
extern const struct action_kind actions_savings[];
extern const struct action_kind actions_group[];
extern const struct action_kind actions_site[];
extern const struct action_kind actions_moratorium[];
extern const struct action_kind actions_reschedule[];
extern const struct action_kind actions_refund[];
extern const struct action_kind actions_approval[];
extern const struct action_kind actions_sale[];
extern const struct action_kind actions_lot[];
extern const struct action_kind actions_receipt[];
extern const struct action_kind actions_officer[];
extern const struct action_kind actions_price[];

#endif
