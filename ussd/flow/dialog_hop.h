/*
 * dialog_hop - one hop under way, as the files of the dialog see it.
 *
 * Only ussd/flow/dialog*.c include this.
 */
#ifndef USSD_FLOW_DIALOG_HOP_H
#define USSD_FLOW_DIALOG_HOP_H

#include "config/settings.h"
#include "lib/redis.h"
#include "ussd/core/dial.h"
#include "ussd/core/turn.h"
#include "ussd/flow/action.h"
#include "ussd/flow/dialog.h"
#include "ussd/flow/person.h"

#define DIALOG_COPIES 4 /* of one hop, answered together */

enum dialog_state {
	ST_WAIT, /* another hop of this number is under way    */
	ST_LOAD,
	ST_WHO,
	ST_STEP,
	ST_DO,
	ST_SAVE,
	ST_ANSWER,
	ST_STATES
};

struct dialog_caller {
	dialog_cb *cb;
	void *arg;
};

/* The last action of the hop that changes something, once it has ended. */
struct dialog_change {
	bool done; /* it may have changed something */
	enum menu_outcome outcome;
	char reason[24];
	struct uuid key;
};

struct dialog_flow {
	struct dialog *dialog;
	struct dialog_flow *prev, *next; /* of its row, oldest first */
	enum dialog_state state;
	struct hop hop; /* input points to `input` */
	char input[HOP_INPUT_MAX + 1];
	char push_screen[48]; /* of HOP_PUSH: where it begins, and what about */
	struct menu_value push_subject;
	struct turn turn;
	int64_t began_ms;
	struct dialog_caller caller[DIALOG_COPIES];
	unsigned callers; /* 0: answered; what is left goes on alone */

	bool had_session;
	struct action action;
	unsigned actions; /* done in this hop */
	unsigned since;   /* ... since the last answer, typed or dialled */
	struct dial dial; /* behind the service code, and not yet given to a menu */
	struct dialog_change change;
	bool reply_end;
	char reply[MENU_TEXT_BYTES + 1];
	struct session session;
	struct menu_out out;  /* the last thing the menu wanted             */
	struct menu_out call; /* the action under way; holds the PIN: wiped */

	struct redis_op *redis; /* in flight, or NULL */
	struct timer *turn_timer, *late_timer;

	struct menu_state menu; /* large; not wiped, see menu_state_clear */
};

/* The flows whose numbers fall together. */
struct dialog_row {
	struct dialog_flow *first, *last;
};

#define DIALOG_ROWS 256
#ifdef __SANITIZE_ADDRESS__
#define DIALOG_SPARES 0 /* so that a use after its end is seen */
#else
#define DIALOG_SPARES 64
#endif

struct dialog {
	struct dialog_deps deps;
	uint8_t key[CUMULATIVE_KEY];
	struct dialog_row row[DIALOG_ROWS];
	struct dialog_flow *spare; /* wiped, through next: they are large */
	unsigned spares;
	struct dialog_counts counts;
};

/* dialog_begin.c: a session begins anew, or keeps the place of one before; then the menu
 * stands at its first screen.  False: she is no member to open a session for. */
void dialog_begin_session(struct dialog_flow *f);
bool dialog_begin_menu(struct dialog_flow *f, struct person *p);
/* Menus get what was dialled behind the code; f->out is then the last one's. */
void dialog_play(struct dialog_flow *f, const struct person *p);
unsigned dialog_language(const struct dialog_flow *f);

struct dialog_row *dialog_row(struct dialog *d, const char *digits);

/* waits: another hop of this number goes first and will start it. */
void dialog_flow_start(struct dialog_flow *f, bool waits);
void dialog_flow_tell(struct dialog_flow *f); /* whoever waits; the flow lives on */
void dialog_flow_free(struct dialog_flow *f);
void dialog_flow_give_back(struct dialog *d, struct dialog_flow *f); /* wiped */

/* Sets the reply to `text NAME` of the menus in the session's language, and END. */
void dialog_say(struct dialog_flow *f, const char *name);
/* The screen at hand is not shown; says `nothing_done`, or that an SMS follows: what was
 * done stays done, and is told. */
void dialog_give_up(struct dialog_flow *f, const char *nothing_done);
/* The screen that told of f->change cannot be shown: its outcome goes out by SMS. */
void dialog_tell_by_sms(struct dialog_flow *f);

#endif
