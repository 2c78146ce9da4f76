/*
 * menu_program - the inside of a compiled program, for the files that are menu_*.c.
 *
 * Everything lives in the arena given to menu_compile and never changes afterwards.
 */
#ifndef USSD_CORE_MENU_PROGRAM_H
#define USSD_CORE_MENU_PROGRAM_H

#include "lib/buf.h"
#include "ussd/core/menu.h"
#include "ussd/core/render.h"

#define CONDITION_NAMES 6

struct menu_place {
	const char *file;
	unsigned line, column;
};

enum menu_filter {
	FILTER_PLAIN,
	FILTER_MONEY,
	FILTER_NUMBER,
	FILTER_WORDS,
	FILTER_GRAMS,
	FILTER_PERCENT,
	FILTER_COUNT,
	FILTER_DAY,
	FILTER_SHORT,
	FILTER_PHONE,
	FILTERS
};

struct menu_piece { /* of a text: a value if var is set, else letters */
	const char *var;
	uint32_t name;
	enum menu_filter filter;
	unsigned width; /* 0: not said */
	const char *text;
	size_t len;
	unsigned septets;
};

struct menu_template {
	const struct menu_piece *piece;
	unsigned count;
};

struct menu_string {              /* a text in all languages */
	struct menu_string *next; /* of all, in the order of the files */
	struct menu_place at;
	const char *context;
	const char *id;
	bool is_sms;     /* stands alone in an SMS */
	bool is_keyword; /* not a template */
	bool translated[MENU_LANGUAGES];
	const char *raw[MENU_LANGUAGES]; /* before folding; never NULL */
	struct menu_template in[MENU_LANGUAGES];
};

enum menu_compare { CMP_GT, CMP_GE, CMP_LT, CMP_LE, CMP_EQ, CMP_NE };

struct menu_condition {
	struct menu_place at;
	bool negate;
	unsigned names; /* any of them not 0, or the one compared */
	const char *var[CONDITION_NAMES];
	uint32_t name[CONDITION_NAMES];
	bool compares;
	enum menu_compare compare;
	int64_t number;
	const char *word; /* instead of a number */
};

#define TARGET_NONE (-1)
#define TARGET_BACK (-2)

struct menu_target {
	struct menu_place at;
	const char *name; /* NULL: there is none */
	int screen;       /* index, or one of the above */
};

struct menu_say {
	struct menu_say *next;
	struct menu_string *text;
	const struct menu_condition *condition; /* NULL: always */
};

struct menu_redirect {
	struct menu_redirect *next;
	const struct menu_condition *condition;
	struct menu_target to;
};

struct menu_choice {
	struct menu_choice *next;
	struct menu_place at;
	unsigned digit;
	struct menu_string *label;
	const struct menu_condition *condition;
	struct menu_target to;
	const char *set; /* variable, NULL: none */
	struct menu_value value;
};

enum menu_type {
	TYPE_MONEY,
	TYPE_GRAMS,
	TYPE_PERCENT,
	TYPE_COUNT,
	TYPE_DATE,
	TYPE_PHONE,
	TYPE_MEMBER,
	TYPE_CHOICE,
	TYPE_TEXT,
	TYPES
};

struct menu_bound {
	bool given;
	const char *var; /* NULL: milli is the bound in thousandths */
	uint32_t name;
	int64_t milli;
};

struct menu_ask {
	struct menu_place at;
	const char *var;
	uint32_t name;
	enum menu_type type;
	unsigned size; /* of text(n) */
	struct menu_bound low, high;
	struct menu_string *bad, *too_low, *too_high;
};

struct menu_list {
	struct menu_place at;
	struct menu_string *row, *none;
	struct menu_target to;
	const char *skip; /* where these rows begin; NULL: there are no more of them */
	uint32_t skip_name;
	struct menu_target more; /* gets the rows from `skip` on */
};

struct menu_rule { /* what follows an outcome */
	struct menu_rule *next;
	struct menu_place at;
	enum menu_outcome outcome;
	const char *reason; /* NULL: any */
	struct menu_string *note;
	struct menu_target to;
};

struct menu_parameter {
	const char *name;
	const char *var; /* NULL: the value itself */
	uint32_t hash;
	struct menu_value value;
};

struct menu_do {
	struct menu_place at;
	const char *action;
	bool once;
	unsigned args;
	struct menu_parameter arg[MENU_ARGS];
	struct menu_rule *rules;
	const struct menu_action *known; /* NULL: not checked */
};

struct menu_screen {
	struct menu_place at;
	const char *name;
	uint32_t hash;
	bool is_entry;   /* the program itself goes there */
	bool is_read;    /* `read`: no dialled digit answers it */
	bool takes_dial; /* see menu_takes_dial; menu_mark_dial finds out */
	const struct menu_condition *condition;
	struct menu_target otherwise;
	struct menu_redirect *redirects;
	struct menu_say *says;
	struct menu_choice *choices;
	struct menu_ask *ask;
	struct menu_list *list;
	struct menu_string *pin, *end;
	struct menu_do *action;
	struct menu_target next;
};

struct menu_named { /* a `text` or a `const` */
	struct menu_named *next;
	struct menu_place at;
	const char *name;
	uint32_t hash;
	const char *value;        /* const */
	struct menu_string *text; /* text  */
};

struct menu_keyword_row {
	struct menu_keyword_row *next;
	struct menu_string *word;
	const char *command;
};

enum menu_phrase { /* texts of the engine itself */
	           PHRASE_BACK,
	           PHRASE_HOME,
	           PHRASE_MORE,
	           PHRASE_BAD, /* + enum menu_type */
	           PHRASE_BAD_PIN = PHRASE_BAD + TYPES,
	           PHRASE_LONG,
	           PHRASE_LOW, /* + enum menu_type up to TYPE_DATE */
	           PHRASE_HIGH = PHRASE_LOW + TYPE_PHONE,
	           PHRASE_LOST = PHRASE_HIGH + TYPE_PHONE,
	           PHRASE_LOST_HELP,
	           PHRASES
};

struct menu_word { /* a keyword in one language */
	const char *word, *command;
	struct menu_place at;
	unsigned language;
};

struct menu_program {
	struct arena *arena;
	unsigned languages;
	const char *language[MENU_LANGUAGES];
	enum render_style style[MENU_LANGUAGES];
	struct menu_screen *screen; /* in the order of the files */
	size_t screens;
	uint16_t *slot; /* hash table: index of a screen + 1 */
	size_t slots;   /* a power of two */
	int home;
	struct menu_string *strings;
	struct menu_string *phrase[PHRASES];
	struct menu_named *texts, *consts;
	struct menu_keyword_row *keywords;
	struct menu_word *word;
	size_t words;
	const struct menu_action *actions;
	size_t action_count;
	const char *const *fact;
	size_t facts;
	uint64_t version;
};

/* ---- faults -------------------------------------------------------------------------
 */

void menu_fault(struct menu_diags *d, const struct menu_place *at, const char *code,
                const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* ---- compiling ----------------------------------------------------------------------
 */

/* Reads the files into p: screens (a list while it grows), texts, consts, keywords. */
struct menu_parsed {
	struct menu_screen *screen; /* array of `screens`, `room` allocated */
	size_t screens, room;
};

void menu_parse(struct menu_program *p, const struct menu_file *file,
                struct menu_diags *diags);
struct menu_string *menu_string_new(struct menu_program *p, const struct menu_place *at,
                                    const char *context, const char *id);
/* Splits a text into pieces, folding its letters and putting consts in.  False with a
 * fault. */
bool menu_template_read(struct menu_program *p, struct menu_string *s, unsigned language,
                        struct menu_diags *diags);
/* Characters of s that do not fold; the first of them in *c. */
unsigned menu_unfoldable(const char *s, uint32_t *c);

/* ---- running ------------------------------------------------------------------------
 */

struct menu_scope { /* where a text finds its values: first match wins */
	const struct menu_program *p;
	const struct menu_value *row;
	unsigned columns;
	const struct menu_value *extra;
	unsigned extras;
	const struct menu_state *state;
	const struct menu_facts *facts;
	unsigned language;
};

struct menu_pen { /* a text being written, and what it costs */
	struct buf out;
	unsigned septets;
};

const struct menu_value *menu_find_value(const struct menu_scope *scope, uint32_t name);
bool menu_holds(const struct menu_scope *scope, const struct menu_condition *c);
void menu_write(struct menu_pen *pen, const struct menu_scope *scope,
                const struct menu_string *text);
/* Letters already folded. */
void menu_write_plain(struct menu_pen *pen, const char *text, size_t len,
                      unsigned septets);

/* Index of a screen; TARGET_NONE if the program has none of that name. */
int menu_find_screen(const struct menu_program *p, uint32_t hash);
const struct menu_screen *menu_screen_of(const struct menu_program *p,
                                         const struct menu_state *s);
/* A screen that a person sees (neither only acts nor only leads on). */
bool menu_is_shown(const struct menu_screen *screen);

struct menu_note { /* said above a screen */
	const struct menu_string *text;
	struct menu_value value[2];
	unsigned values;
};

/* Renders the state's screen, all of its page that fits. */
void menu_show(const struct menu_program *p, const struct menu_state *s,
               const struct menu_note *note, const struct menu_facts *facts,
               unsigned language, struct menu_out *out);

enum menu_more {
	MORE_NOTHING,
	MORE_LINES, /* on the next page                     */
	MORE_ROWS,  /* the action has more than it has given */
};

/* What is behind the page that would show now? */
enum menu_more menu_has_more(const struct menu_program *p, const struct menu_state *s,
                             const struct menu_facts *facts, unsigned language);
/* Where the rows of a list begin; 0 for other screens. */
int64_t menu_rows_skipped(const struct menu_state *s, const struct menu_screen *screen);

enum menu_answer { ANSWER_GOOD, ANSWER_BAD, ANSWER_LOW, ANSWER_HIGH, ANSWER_LONG };

/* Reads what was typed for a question; bounds[0] and [1] are filled as "low" and "high"
 * with ANSWER_LOW and ANSWER_HIGH. */
enum menu_answer menu_read_input(const struct menu_scope *scope,
                                 const struct menu_ask *ask, const char *input,
                                 size_t len, struct menu_value *value,
                                 struct menu_value bounds[2]);
/* Finds the screens that a deep dial may answer; the last step of compiling. */
void menu_mark_dial(struct menu_program *p);
/* Copies a value under another name; false if there is no room. */
bool menu_set_value(struct menu_state *s, uint32_t name, const struct menu_value *value);

/* ---- linting -------------------------------------------------------------------------
 */

/* How wide a text may get in a language, in septets. */
unsigned menu_widest(const struct menu_string *s, unsigned language);
unsigned menu_filter_width(enum menu_filter f, unsigned width);
const char *menu_filter_name(enum menu_filter f);
/* The widest first page of a screen without anything that pages. */
unsigned menu_widest_screen(const struct menu_program *p, const struct menu_screen *s,
                            unsigned language);
/* Is a name in a list of names split by blanks? */
bool menu_listed(const char *list, const char *name);
void menu_lint_names(const struct menu_program *p, struct menu_diags *d);
void menu_lint_texts(const struct menu_program *p, struct menu_diags *d);
void menu_lint_ways(const struct menu_program *p, struct menu_diags *d);
void menu_lint_money(const struct menu_program *p, struct menu_diags *d);
void menu_lint_digits(const struct menu_program *p, const char *locked, size_t len,
                      struct menu_diags *d);

#endif
