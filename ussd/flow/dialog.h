/*
 * dialog - a conversation by USSD: every hop gets one screen, in time.
 *
 * Loads the session (one GET), lets the menu step, performs what the menu wants, saves
 * (one SET) and answers.  Past ussd.hop_ms the answer is END "received, SMS follows"
 * while the operation goes on.  A repeated hop gets the first reply again; a repeated
 * begin does not restart; redialling resumes, without the PIN and never past a confirm.
 * One session per member over all channels.
 */
#ifndef USSD_FLOW_DIALOG_H
#define USSD_FLOW_DIALOG_H

#include "ussd/core/hop.h"
#include "ussd/core/menu.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dialog;
struct flow_env;
struct redis;

struct dialog_deps {
	struct flow_env *env; /* payments; borrowed, with all below */
	struct redis *redis;
	/* The menus now in force.  Held by the caller; a reload is dialog_set_menu. */
	const struct menu_program *menu;
};

struct dialog_reply {
	const char *text; /* the screen, UTF-8 that folds to at most 160 septets */
	bool end;         /* the session is over with this screen                */
};

typedef void dialog_cb(void *arg, const struct dialog_reply *reply);

/* What menus are checked against when they are compiled: the actions they may ask for,
 * and the facts that are always known. */
const struct menu_action *dialog_actions(size_t *count);
const char *const *dialog_facts(size_t *count);

struct dialog *dialog_new(const struct dialog_deps *deps);
/* Hops under way are answered first; actions under way are detached. */
void dialog_free(struct dialog *d);
/* Open sessions go on where their screen still exists, others begin anew. */
void dialog_set_menu(struct dialog *d, const struct menu_program *menu);

/* Copies *hop and wipes its copy of the input.  Calls cb exactly once, never from inside
 * this call.  HOP_END, HOP_ABORT and HOP_TIMEOUT are answered with an empty END. */
void dialog_hop(struct dialog *d, const struct hop *hop, dialog_cb *cb, void *arg);

/* A conversation that we begin, on a session that is about to be opened on her phone. */
struct dialog_push {
	const char *channel;       /* static text                                 */
	const char *session;       /* the carrier's; her answers will carry it    */
	struct msisdn msisdn;      /* of an active member                         */
	const char *screen;        /* where it begins                             */
	struct menu_value subject; /* known to that screen; name 0: nothing is    */
};

/* Copies *push.  Calls cb exactly once, never from inside this call.  reply->end: there
 * is nothing to ask her now (she is in a session of her own, what it is about is over, or
 * Redis is away), so nothing must be opened. */
void dialog_push(struct dialog *d, const struct dialog_push *push, dialog_cb *cb,
                 void *arg);

struct dialog_counts {
	uint64_t hops, pushes, repeats, resumes, late, errors;
	uint64_t dialled; /* answers to menus that were dialled behind the code */
	unsigned in_flight;
};

void dialog_read_counts(const struct dialog *d, struct dialog_counts *out);

#endif
