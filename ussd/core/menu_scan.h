/*
 * menu_scan - a menu file as words, numbers, texts and signs.
 *
 * Pure.  Texts lie in the arena, their escapes read.
 */
#ifndef USSD_CORE_MENU_SCAN_H
#define USSD_CORE_MENU_SCAN_H

#include "lib/arena.h"
#include "ussd/core/menu_program.h"

enum token {
	TOKEN_END,     /* of the file                        */
	TOKEN_LINE,    /* end of a line                      */
	TOKEN_WORD,    /* loan.amount                        */
	TOKEN_NUMBER,  /* 12, 0.5: milli                     */
	TOKEN_TEXT,    /* "..."                              */
	TOKEN_VALUE,   /* {limit}                            */
	TOKEN_ARROW,   /* ->                                 */
	TOKEN_RANGE,   /* ..                                 */
	TOKEN_COMPARE, /* > >= < <= = !=                     */
	TOKEN_SIGN,    /* ( ) , *: sign                      */
	TOKEN_WRONG,   /* fault was told                     */
};

struct scan {
	struct arena *arena;
	struct menu_diags *diags;
	const char *at, *end, *line_start;
	const char *file;
	unsigned line;

	/* the token just taken */
	enum token token;
	struct menu_place place;
	const char *text; /* WORD, TEXT, VALUE; NUL-terminated, in the arena */
	int64_t milli;    /* NUMBER */
	bool whole;       /* NUMBER without a fraction */
	enum menu_compare compare;
	char sign;
};

void scan_begin(struct scan *s, struct arena *arena, const struct menu_file *file,
                struct menu_diags *diags);
enum token scan_next(struct scan *s);
/* Goes to the end of the line; the token is then LINE or END. */
void scan_skip_line(struct scan *s);
/* Is the next line a text only?  Nothing is taken. */
bool scan_text_below(const struct scan *s);

#endif
