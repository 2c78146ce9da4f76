/*
 * sms_flow - one inbound SMS on its way, for the files of sms_dialog alone.
 */
#ifndef USSD_FLOW_SMS_FLOW_H
#define USSD_FLOW_SMS_FLOW_H

#include "lib/json.h"
#include "payments/flow/members.h"
#include "payments/flow/sms_code.h"
#include "ussd/core/sms_command.h"
#include "ussd/flow/sms_dialog.h"

#define SMS_UNREAD_MAX 479 /* bytes kept of a text that a person reads */

enum sms_state { ST_COUNT, ST_WHO, ST_LOOK, ST_LEAVE, ST_REPLY, ST_END, ST_STATES };

struct sms_flow {
	struct sms_dialog *dialog;
	struct sms_flow *prev, *next;
	enum sms_state state;
	const char *channel;
	char sms_id[HOP_SESSION_SIZE];
	struct msisdn from;
	struct sms_command command;
	/* Of what is no command, and holds no PIN; else "". */
	char text[SMS_UNREAD_MAX + 1];
	bool counted; /* Redis told how many */
	bool is_member;
	struct member member;
	const char *template;
	const char *leave_at; /* the screen where whoever dials goes on; NULL */
	int64_t leave_amount; /* minor units */
	bool has_code;        /* the answer tells a one-time code, made of the seed */
	uint8_t code_seed[ONETIME_SEED];
	struct code_answer confirmed; /* what her code is good for */
	char product[16]; /* the loan whose cost is told; its name is a value */
	char currency[4]; /* of the amounts in values */
	unsigned exponent;
	char json[700];
	struct buf values;
	struct json_writer writer;
	struct err err;
	struct redis_op *redis; /* in flight, or NULL */
	struct payments_op *op;
	struct timer *turn;
	sms_dialog_cb *cb;
	void *arg;
};

struct sms_dialog {
	struct sms_dialog_deps deps;
	struct sms_flow *first;
};

/* The answer's template: the look-up is over. */
void sms_reply_with(struct sms_flow *f, const char *template);
/* Leaves an open conversation at f->leave_at; goes on to sms_reply whatever comes. */
void sms_leave(struct sms_flow *f);
void sms_reply(struct sms_flow *f);
/* The carrier delivers again what was not read. */
void sms_fail(struct sms_flow *f, const struct err *err);
/* Looks up what the command asks for, of a member or of anybody. */
void sms_look(struct sms_flow *f);
/* sms_money.c: of a member. */
void sms_loan(struct sms_flow *f);
void sms_pay(struct sms_flow *f);
void sms_confirm(struct sms_flow *f);

struct who sms_who(const struct sms_flow *f);
struct uuid sms_key(const struct sms_flow *f); /* of this SMS, however often it comes */
void sms_value(struct sms_flow *f, const char *name, int64_t v);

#endif
