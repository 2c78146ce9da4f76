/*
 * at_read - Africa's Talking's form bodies, read.
 *
 * Pure.  Each reader returns NULL, or what is wrong with the body in words for its
 * sender.  `text` may hold a PIN: whoever reads it wipes it.
 */
#ifndef GATEWAY_CHANNEL_AT_READ_H
#define GATEWAY_CHANNEL_AT_READ_H

#include "ussd/core/hop.h"
#include "ussd/core/sms_command.h"
#include "ussd/flow/sms_dialog.h"

#include <stddef.h>

#define AT_BODY_MAX 8192

/* A hop with the storage its input points into. */
struct at_hop {
	struct hop hop;
	char text[HOP_INPUT_MAX + 1];
};

const char *at_ussd_parse(const char *body, size_t n, struct at_hop *out);
const char *at_ussd_parse_event(const char *body, size_t n, struct hop *out);
/* Forgets what was typed. */
void at_hop_wipe(struct at_hop *h);

/* What became of an SMS, from its delivery report. */
enum at_fate { AT_ON_ITS_WAY, AT_DELIVERED, AT_LOST };

struct sms_report {
	char carrier_id[96]; /* the id the carrier gave when it took the SMS */
	enum at_fate fate;
	char status[24]; /* the carrier's words, for the record */
	char reason[48];
};

struct at_sms_in {
	struct sms_in in; /* its text points into `text` */
	char text[SMS_TEXT_MAX + 1];
};

const char *at_sms_parse(const char *body, size_t n, struct at_sms_in *out);
const char *at_sms_parse_report(const char *body, size_t n, struct sms_report *out);

#endif
