/*
 * menu_script - a dialogue from a file, played against the menus.
 *
 * Line by line; '#' begins a comment:
 *   language sw            from here on; en before
 *   fact role.treasurer=1  what the caller knows; day, currency and exponent are fixed
 *   start [SCREEN]         begins anew
 *   dial *384*77*1*2#      the same, and menus get 1 and 2 as if typed (ussd/core/dial.h)
 *   > 50000                the person types
 *   < Loan 50,000 TZS      the text now holds this; \n is a new line
 *   <! Treasurer           and does not hold this
 *   ! loan.offer ok limit=5000000 name="Neema Juma"   the action asked for, its outcome;
 *                          or: fail limit, pending paying
 *   + name=Neema net=100   one row, before the outcome it belongs to
 *   args amount=5000000    the arguments of the action now asked for
 *   secret                 it came with a PIN
 *   end                    the conversation is over
 *   sms LOAN 50k           somebody sends an SMS
 *   command loan amount=50000   what it was read as; or argument=K7M2Q9XA
 *   text sms.loan amount=5000000   the SMS that goes out; < shows its text
 */
#ifndef GATEWAY_CLI_MENU_SCRIPT_H
#define GATEWAY_CLI_MENU_SCRIPT_H

#include "ussd/core/menu.h"

#include <stdio.h>

/* True if all came as written.  The first difference is printed to `to`. */
bool menu_script_play(const struct menu_program *p, const char *path, FILE *to);

#endif
