/*
 * dialog_bed - phones that talk to the dialog, on a fresh database, the real Redis, the
 * seeded cooperative MGODI and the menus of config/.
 *
 * Reaches the servers through PG* and ADIT_REDIS.  Calls block by turning the loop, so
 * that a test reads as a story; 10 s without an answer fails the test.  The rails are
 * played by the test: bed_pay says how an open payment ended.
 */
#ifndef TESTS_INTEGRATION_DIALOG_BED_H
#define TESTS_INTEGRATION_DIALOG_BED_H

#include "config/settings.h"
#include "gateway/menus.h"
#include "lib/redis.h"
#include "payments/flow/payments.h"
#include "payments/store/payment.h"
#include "ussd/flow/dialog.h"
#include "ussd/flow/sms_dialog.h"

struct dialog_bed {
	char database[40];
	char conninfo[120];
	struct clock clock;
	struct ids ids;
	struct loop *loop;
	struct settings settings;
	struct menus menus;
	struct redis *redis;
	struct flow_env env;
	struct pg *writer; /* the connections of env.settle */
	struct dialog *dialog;
	struct sms_dialog *sms;
	char sent[700]; /* the last SMS that went straight to a stranger */
	unsigned sessions;
};

#define BED_TREASURER_PIN "4826"
#define BED_OFFICER_PIN   "9153"

int dialog_bed_open(struct dialog_bed *b); /* 0, or -1 with the reason on stderr */
void dialog_bed_close(struct dialog_bed *b);
/* The same process again: nothing remembered but what is in PostgreSQL and Redis. */
void dialog_bed_redis(struct dialog_bed *b, const char *address); /* another server */

struct phone {
	struct dialog_bed *bed;
	const char *number;
	char session[HOP_SESSION_SIZE];
	char typed[HOP_INPUT_MAX + 1]; /* all of the session, as the carrier sends it */
	char screen[700];
	bool end;
};

void phone_init(struct phone *p, struct dialog_bed *b, const char *number);
void phone_dial(struct phone *p); /* a new session */
/* The same with more behind the code, "1*2": *384*77*1*2#. */
void phone_dial_deep(struct phone *p, const char *behind);
void phone_fresh(struct phone *p); /* the same, and starts again if asked */
void phone_type(struct phone *p, const char *what);           /* answers the screen */
void phone_walk(struct phone *p, const char *const *answers); /* NULL ends */
void phone_again(struct phone *p); /* the carrier repeats the last hop */
/* Starts a hop and returns at once; the answer lands in *p. */
void phone_start(struct phone *p, enum hop_kind kind, unsigned *waiting);
void dialog_bed_wait(struct dialog_bed *b, const unsigned *waiting); /* until it is 0 */

/* Fails the test, showing the screen. */
void phone_shows(const struct phone *p, const char *part);
void phone_shows_not(const struct phone *p, const char *part);
void phone_ended(const struct phone *p, bool end);

/* Registers: language is the digit of the first screen. */
void bed_join(struct dialog_bed *b, const char *number, const char *language,
              const char *name, const char *pin);
/* Redis forgets the number: its session and what was counted. */
void bed_forget(struct dialog_bed *b, const char *number);
void bed_sms(struct dialog_bed *b, const char *from, const char *id, const char *text);
/* On a connection of its own, as the owner: the first field. */
int64_t bed_number(struct dialog_bed *b, const char *sql);
void bed_text(struct dialog_bed *b, const char *sql, char *out, size_t cap);
/* The oldest open payment of the purpose ends; its amount. */
int64_t bed_pay(struct dialog_bed *b, const char *purpose, enum pay_state to);

#endif
