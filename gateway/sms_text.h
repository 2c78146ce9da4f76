/*
 * sms_text - the words of an outgoing SMS: its template, rendered in the receiver's
 * language, folded to what one SMS can carry.
 */
#ifndef GATEWAY_SMS_TEXT_H
#define GATEWAY_SMS_TEXT_H

#include "payments/store/message.h"
#include "ussd/core/menu.h"

/* service is the code that people dial; *out->text is the SMS.  False if the program has
 * no such text. */
bool sms_text(const struct menu_program *program, const struct message *m,
              const char *service, int32_t today, struct menu_out *out);

#endif
