/*
 * menu - the menus a phone sees: compiled once, stepped through hop by hop.
 *
 * Menu files (config/menus/README.md is their language) and translations become one
 * immutable program.  A conversation is a small state; each answer moves it and says what
 * is wanted next: show a text and go on, finish with a text, or do an action and come
 * back with its outcome.  Redialling, timers and storage are the caller's.
 *
 * Pure: no I/O, no clock.  Only compiling allocates, from the caller's arena; stepping
 * and rendering never do.
 * Units:  money in minor units, weight in milligrams, days since 1970-01-01.
 * Names:  screens and variables are known by a hash of their name, so a state survives a
 *         reload of the menus; a screen that is gone brings one home.
 */
#ifndef USSD_CORE_MENU_H
#define USSD_CORE_MENU_H

#include "lib/arena.h"
#include "lib/err.h"
#include "lib/msisdn.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MENU_VARS        40   /* values a conversation holds                    */
#define MENU_VALUE_BYTES 47   /* of a text value, without the NUL               */
#define MENU_ROWS        10   /* of a list                                      */
#define MENU_COLUMNS     6    /* values of a row                                */
#define MENU_BACK        8    /* screens one can go back                        */
#define MENU_ARGS        8    /* of an action                                   */
#define MENU_LANGUAGES   8    /* the first is that of the menu files            */
#define MENU_SEPTETS     160  /* of a screen or an SMS                          */
#define MENU_TEXT_BYTES  640  /* of a rendered text, without the NUL            */
#define MENU_SECRET_MAX  8    /* digits of a PIN                                */
#define MENU_STATE_MAX   1536 /* bytes of an encoded state                     */
#define MENU_ERRORS      3    /* wrong answers to one screen, then it ends      */

/* ---- compiling -------------------------------------------------------------------- */

struct menu_file {
	const char *name; /* as faults shall call it                */
	const char *text; /* UTF-8; borrowed while compiling        */
	size_t len;
};

struct menu_catalog {
	const char *language; /* "sw"                                      */
	const void *mo;       /* bytes of a .mo; borrowed while compiling  */
	size_t len;
};

/* What the program may ask the caller to do.  Lists are names split by blanks. */
struct menu_action {
	const char *name;    /* "loan.request"                                       */
	const char *args;    /* "amount weeks"; a menu must give exactly these       */
	const char *gives;   /* variables and list columns it may set                */
	const char *reasons; /* with which it may fail                               */
	bool changes;        /* changes something: menus must say `once`             */
	bool money;          /* moves money: a confirm screen must come before       */
	bool secret;         /* wants a PIN: only from a screen with `pin`           */
	bool keeps; /* keeps something, though twice does no harm: needs no `once` */
};

struct menu_sources {
	const char *language; /* of the menu files: "en"                   */
	const struct menu_file *file;
	size_t files;
	const struct menu_catalog *catalog;
	size_t catalogs;
	const struct menu_action *action; /* NULL: actions are not checked */
	size_t actions;
	const char *const *fact; /* names the caller always knows; NULL: not checked */
	size_t facts;
};

#define MENU_DIAGS 20

struct menu_diag {
	struct diag at;
	char code[4];    /* "E3", "W1"; "E0" for a fault of grammar */
	bool is_warning; /* a program with warnings only is good    */
};

struct menu_diags {
	struct menu_diag at[MENU_DIAGS];
	size_t count;    /* kept, at most MENU_DIAGS */
	size_t errors;   /* found                    */
	size_t warnings; /* found                    */
};

struct menu_program;

/* The program lives in the arena.  NULL if there is any error; faults are added to
 * *diags. A text without translation shows in the files' own language. */
struct menu_program *menu_compile(struct arena *arena, const struct menu_sources *in,
                                  struct menu_diags *diags);
/* What would be wrong with it on a phone: lengths, dead ends, translations, PINs.  Does
 * not need the files any more.  locked: digits as an earlier release had them
 * (menu_digits), NULL if there is none. */
void menu_lint(const struct menu_program *p, const char *locked, size_t locked_len,
               struct menu_diags *diags);

/* Index of a language; 0, that of the files, if the program does not know it. */
unsigned menu_language(const struct menu_program *p, const char *code);
unsigned menu_languages(const struct menu_program *p);
const char *menu_language_code(const struct menu_program *p, unsigned language);
/* Of everything compiled in: two programs with one version behave alike. */
uint64_t menu_version(const struct menu_program *p);
/* A `const`; NULL if there is none of that name. */
const char *menu_const(const struct menu_program *p, const char *name);

/* SMS keywords of all languages, with the name behind their arrow. */
size_t menu_keywords(const struct menu_program *p);
const char *menu_keyword(const struct menu_program *p, size_t i, const char **command);

/* ---- values ------------------------------------------------------------------------ */

enum menu_kind { MENU_NONE, MENU_NUMBER, MENU_TEXT };

struct menu_value {
	uint32_t name; /* menu_hash                                           */
	uint8_t kind;
	int64_t number; /* also of a text that is one                         */
	char text[MENU_VALUE_BYTES + 1];
};

/* What the caller knows of the person and the day; looked at when the conversation has no
 * value of that name.  `role treasurer` asks for the fact "role.treasurer" != 0. */
struct menu_facts {
	const struct menu_value *value;
	size_t count;
	const char *currency; /* "TZS"                                      */
	unsigned exponent;    /* of the currency                            */
	const struct msisdn_country *country; /* to read local numbers; may be NULL */
	int32_t today;                        /* for dates without a year   */
};

uint32_t menu_hash(const char *name);
void menu_value_number(struct menu_value *v, const char *name, int64_t number);
/* Longer texts are cut at a whole character. */
void menu_value_text(struct menu_value *v, const char *name, const char *text);
/* The members of a flat JSON object, as message rows carry them.  Returns how many. */
size_t menu_values_json(const char *json, size_t len, struct menu_value *out, size_t cap);

/* ---- conversation ------------------------------------------------------------------ */

/* Of var and row, only what is counted means anything. */
struct menu_state {
	uint32_t screen;          /* 0: not begun                          */
	uint32_t back[MENU_BACK]; /* oldest first                          */
	uint8_t back_count;
	uint8_t page;    /* of a long list, from 0                        */
	uint8_t errors;  /* wrong answers to this screen                  */
	bool waiting;    /* an action is out                              */
	uint32_t serial; /* actions finished: part of the key of the next */
	uint8_t var_count;
	uint8_t row_count;
	uint8_t column_count;
	struct menu_value var[MENU_VARS];
	struct menu_value row[MENU_ROWS][MENU_COLUMNS];
};

enum menu_want {
	MENU_SHOW,   /* text; the conversation goes on                      */
	MENU_FINISH, /* text; it is over                                    */
	MENU_DO,     /* perform action, then menu_resume                    */
};

struct menu_arg {
	const char *name; /* as the menu calls it */
	struct menu_value value;
};

struct menu_out {
	enum menu_want want;
	/* SHOW and FINISH: UTF-8 made of GSM 03.38 characters only */
	char text[MENU_TEXT_BYTES + 1];
	size_t len;
	unsigned septets;
	bool noted; /* something is said above the screen: what was wrong, what failed */
	/* DO */
	const char *action; /* "loan.request"; lives as long as the program */
	unsigned argc;
	struct menu_arg arg[MENU_ARGS];
	/* Changes something: make its key from the dialog's id, this screen and serial.
	 * The serial moves on when an outcome is known, so that an action whose outcome
	 * was lost is asked for again with the same key. */
	bool once;
	const char *screen;
	uint32_t serial;
	char secret[MENU_SECRET_MAX + 1]; /* the PIN just typed; nowhere else: wipe */
};

enum menu_outcome { MENU_OK, MENU_PENDING, MENU_FAIL };

/* Begins at a screen, NULL for "home".  A program without it is refused by
 * menu_compile only for home; another unknown name begins at home. */
void menu_start(const struct menu_program *p, struct menu_state *s, const char *screen,
                const struct menu_facts *facts, unsigned language, struct menu_out *out);

struct menu_input { /* what was typed; borrowed */
	const char *text;
	size_t len;
};

/* One answer from the phone.  On MENU_DO the state waits: store it, act, resume. */
void menu_step(const struct menu_program *p, struct menu_state *s,
               struct menu_input input, const struct menu_facts *facts, unsigned language,
               struct menu_out *out);

struct menu_result {
	enum menu_outcome outcome;
	const char *reason; /* with fail, and if there is one with pending; may be NULL */
};

/* The action has ended.  Set its values and rows in the state before. */
void menu_resume(const struct menu_program *p, struct menu_state *s,
                 const struct menu_result *result, const struct menu_facts *facts,
                 unsigned language, struct menu_out *out);
/* Leaves for a screen that can lead `-> back` to where one was: the redial question.
 * A PIN screen or an action under way is not come back to, but the screen before it. */
void menu_leave(const struct menu_program *p, struct menu_state *s, const char *screen,
                const struct menu_facts *facts, unsigned language, struct menu_out *out);
/* The present screen once more. */
void menu_again(const struct menu_program *p, const struct menu_state *s,
                const struct menu_facts *facts, unsigned language, struct menu_out *out);
/* Name of the screen, "" if the program has it no more. */
const char *menu_screen_name(const struct menu_program *p, const struct menu_state *s);
/* May it be answered by a digit that was dialled behind the service code (dial.h)?  True
 * for a menu whose choices all lead to screens, and to no deed before one is read. */
bool menu_takes_dial(const struct menu_program *p, const struct menu_state *s);
/* Is it worth coming back to?  False at home and at the very beginning. */
bool menu_under_way(const struct menu_program *p, const struct menu_state *s);
bool menu_has_screen(const struct menu_program *p, const char *name);

/* An argument by name; NULL if the menu gave none of that name.  The short forms give 0
 * and "" then. */
const struct menu_value *menu_arg(const struct menu_out *out, const char *name);
int64_t menu_arg_number(const struct menu_out *out, const char *name);
const char *menu_arg_text(const struct menu_out *out, const char *name);

/* False if there is no room: MENU_VARS names, MENU_ROWS rows, MENU_COLUMNS columns. */
bool menu_set_number(struct menu_state *s, const char *name, int64_t number);
bool menu_set_text(struct menu_state *s, const char *name, const char *text);
const struct menu_value *menu_get(const struct menu_state *s, const char *name);
void menu_rows_clear(struct menu_state *s);
bool menu_row_add(struct menu_state *s); /* the two below fill the last one */
bool menu_row_number(struct menu_state *s, const char *name, int64_t number);
bool menu_row_text(struct menu_state *s, const char *name, const char *text);

/* Bytes written, at most MENU_STATE_MAX; 0 if it holds more. */
/* Nothing counted: not begun. */
void menu_state_clear(struct menu_state *s);
size_t menu_state_encode(const struct menu_state *s, uint8_t *out, size_t cap);
/* False if the bytes are not a whole, well-formed state; *out is then empty. */
bool menu_state_decode(const uint8_t *bytes, size_t n, struct menu_state *out);

/* ---- texts outside a conversation ---------------------------------------------------
 */

/* Renders `text NAME "..."`, folded to GSM 03.38.  False if there is no such text.
 * out->want is MENU_FINISH. */
bool menu_text(const struct menu_program *p, const char *name,
               const struct menu_facts *facts, unsigned language, struct menu_out *out);

/* ---- for tools -----------------------------------------------------------------------
 */

struct buf;

/* "SCREEN DIGIT TARGET LABEL" lines, to be kept beside a release (digits.lock). */
void menu_digits(const struct menu_program *p, struct buf *out);
/* A .pot for translators: screen, where it stands, septets left. */
void menu_pot(const struct menu_program *p, struct buf *out);

enum menu_graph { MENU_DOT, MENU_MERMAID };

void menu_graph(const struct menu_program *p, enum menu_graph form, struct buf *out);

#endif
