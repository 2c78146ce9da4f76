/*
 * sms_text - the words of an outgoing SMS: its template, rendered in the receiver's
 * language, folded to what one SMS can carry.
 */
#ifndef GATEWAY_SMS_TEXT_H
#define GATEWAY_SMS_TEXT_H

#include "payments/store/message.h"
#include "ussd/core/menu.h"

struct sms_text_facts {
	const char *service; /* the code that people dial                */
	int32_t today;
	const uint8_t *code_key; /* makes a one-time code of the value "seed" */
};

/* *out->text is the SMS.  False if the program has no such text. */
bool sms_text(const struct menu_program *program, const struct message *m,
              const struct sms_text_facts *about, struct menu_out *out);

#endif
