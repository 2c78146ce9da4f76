/*
 * dial - what was dialled behind the service code: of *384*77*1*2# the parts 1 and 2.
 *
 * A channel cuts its service code off (dial_behind) and hands on what is left; the
 * dialog reads it as parts and gives them, one by one, to the menus it meets.  Only menus
 * are answered so: the first screen that wants anything else (an amount, a PIN, a yes to
 * something that will be done) is shown, and what is left is thrown away.
 *
 * A choice has one digit or two.  Whatever is longer may be a PIN: it becomes "?" when it
 * is read, which no menu knows, and what stands behind it is not read at all.
 *
 * Pure.
 */
#ifndef USSD_CORE_DIAL_H
#define USSD_CORE_DIAL_H

#include "ussd/core/menu.h"

#include <stdbool.h>
#include <stddef.h>

#define DIAL_PARTS 8 /* further ones are not read */

struct dial_text { /* points into what was dialled */
	const char *at;
	size_t len;
};

/* True if the service code was dialled, or more behind it; *rest is then what stands
 * behind, "1*2", or empty.  The signs around are not looked at: "384*77" is the code
 * *384*77#, too.  False for any other code, and if service is "". */
bool dial_behind(const char *service, const char *dialled, size_t n,
                 struct dial_text *rest);

struct dial {
	unsigned count, next; /* of the parts; the next one to be given */
	char part[DIAL_PARTS][3];
};

/* "1*2" as parts.  There are carriers that give the code as if it were typed: text may
 * have it in front, and of another code nothing is read. */
void dial_read(const char *service, const char *text, size_t n, struct dial *out);

/* Where the conversation stands, as menu_step takes it. */
struct dial_menu {
	const struct menu_program *program;
	struct menu_state *state;
	const struct menu_facts *facts;
	unsigned language;
};

/* Gives parts to the menus until none is left, or *out wants something else than a
 * menu's answer.  On MENU_DO call it again after menu_resume.  The number of parts
 * given. */
unsigned dial_play(struct dial *d, const struct dial_menu *at, struct menu_out *out);

#endif
