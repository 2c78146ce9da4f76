/*
 * menus - the menu files and translations of the settings' folders, compiled and checked.
 */
#ifndef GATEWAY_MENUS_H
#define GATEWAY_MENUS_H

#include "config/settings.h"
#include "lib/arena.h"
#include "ussd/core/menu.h"

#include <stdio.h>

struct menus {
	struct arena *arena; /* owns all of it */
	const struct menu_program *program;
};

/* Reads *.menu of ussd.menus and *.mo of ussd.locale, compiles and lints (also against
 * digits.lock beside the menus, if it is there).  0, or -1 with
 * at least one error in *diags; *out is then empty.  Warnings may be there either way. */
int menus_load(const struct settings *s, struct menus *out, struct menu_diags *diags);
/* The same without the lint: also a program with missing translations.  locale may be
 * left out ("").  For tools. */
int menus_compile(const struct settings *s, struct menus *out, struct menu_diags *diags);
void menus_free(struct menus *m);
void menus_print(FILE *to, const struct menu_diags *diags);

#endif
