#include "gateway/cli/menu_script.h"

#include "ussd/core/dial.h"
#include "ussd/core/sms_command.h"

#include <stdlib.h>
#include <string.h>

#define FACTS_MAX   64
#define SCRIPT_LINE 1024
#define SCRIPT_DAY  20780 /* 2026-11-23 */
#define SCRIPT_CODE "*384*77#"
#define KEYWORDS    96

struct script {
	const struct menu_program *p;
	FILE *to;
	const char *path;
	unsigned line;
	struct menu_state state;
	struct menu_out out;
	struct menu_value fact[FACTS_MAX];
	struct menu_facts facts;
	unsigned language;
	struct dial dial;           /* parts dialled behind the code and not yet given */
	struct sms_command command; /* of the last SMS */
};

static bool
differs(const struct script *s, const char *what, const char *wanted)
{
	fprintf(s->to, "%s:%u: %s: %s\n  the phone shows (%s, screen %s):\n%s\n", s->path,
	        s->line, what, wanted,
	        s->out.want == MENU_DO       ? "an action"
	        : s->out.want == MENU_FINISH ? "the end"
	                                     : "a question",
	        menu_screen_name(s->p, &s->state),
	        s->out.want == MENU_DO ? s->out.action : s->out.text);
	return false;
}

/* The next NAME=VALUE of a line; value may stand between ".  False at its end. */
static bool
next_pair(char **at, char **name, char **value)
{
	char stop = ' ';

	*at += strspn(*at, " ");
	if (**at == '\0')
		return false;
	*name = *at;
	*at += strcspn(*at, "= ");
	if (**at != '=') {
		*value = *at;
		if (**at != '\0')
			*(*at)++ = '\0';
		return true;
	}
	*(*at)++ = '\0';
	if (**at == '"') {
		stop = '"';
		++*at;
	}
	*value = *at;
	while (**at != '\0' && **at != stop)
		++*at;
	if (**at != '\0')
		*(*at)++ = '\0';
	return true;
}

static bool
is_number(const char *text)
{
	size_t n;

	text += *text == '-';
	n = strspn(text, "0123456789");
	return n > 0 && n < 18 && text[n] == '\0';
}

static bool
on_fact(struct script *s, char *rest)
{
	char *name, *value;

	while (next_pair(&rest, &name, &value)) {
		struct menu_value *v = NULL;

		for (size_t i = 0; i < s->facts.count && v == NULL; i++)
			if (s->fact[i].name == menu_hash(name))
				v = &s->fact[i];
		if (v == NULL && s->facts.count == FACTS_MAX)
			return differs(s, "too many facts", name);
		if (v == NULL)
			v = &s->fact[s->facts.count++];
		if (is_number(value))
			menu_value_number(v, name, strtoll(value, NULL, 10));
		else
			menu_value_text(v, name, value);
	}
	return true;
}

static bool
on_start(struct script *s, char *rest)
{
	memset(&s->state, 0, sizeof s->state);
	menu_start(s->p, &s->state, *rest == '\0' ? NULL : rest, &s->facts, s->language,
	           &s->out);
	return true;
}

static void
play_dialled(struct script *s)
{
	struct dial_menu at = { s->p, &s->state, &s->facts, s->language };

	dial_play(&s->dial, &at, &s->out);
}

static bool
on_dial(struct script *s, char *rest)
{
	struct dial_text behind;

	if (!dial_behind(SCRIPT_CODE, rest, strlen(rest), &behind))
		return differs(s, "the code is " SCRIPT_CODE ", not", rest);
	dial_read(SCRIPT_CODE, behind.at, behind.len, &s->dial);
	rest[0] = '\0';
	on_start(s, rest);
	play_dialled(s);
	return true;
}

static bool
on_language(struct script *s, char *rest)
{
	s->language = menu_language(s->p, rest);
	if (strcmp(menu_language_code(s->p, s->language), rest) != 0)
		return differs(s, "no such language", rest);
	return true;
}

/* Through its bytes, as between two hops. */
static bool
on_input(struct script *s, char *rest)
{
	uint8_t bytes[MENU_STATE_MAX];
	size_t n = menu_state_encode(&s->state, bytes, sizeof bytes);

	if (s->out.want != MENU_SHOW)
		return differs(s, "nobody asks for input", rest);
	if (n == 0 || !menu_state_decode(bytes, n, &s->state))
		return differs(s, "the state cannot be stored", rest);
	menu_step(s->p, &s->state, (struct menu_input){ rest, strlen(rest) }, &s->facts,
	          s->language, &s->out);
	return true;
}

static void
read_escapes(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		bool line = text[0] == '\\' && text[1] == 'n';

		*to++ = (char)(line ? '\n' : *text);
		text += line;
	}
	*to = '\0';
}

static bool
on_expect(struct script *s, char *rest)
{
	bool absent = *rest == '!';

	rest += absent;
	rest += strspn(rest, " ");
	read_escapes(rest);
	if (s->out.want == MENU_DO)
		return differs(s, "no text, an action", s->out.action);
	if ((strstr(s->out.text, rest) == NULL) != absent)
		return differs(s, absent ? "holds" : "does not hold", rest);
	if (s->out.septets > MENU_SEPTETS)
		return differs(s, "longer than a screen", rest);
	return true;
}

static bool
on_row(struct script *s, char *rest)
{
	char *name, *value;
	bool good = menu_row_add(&s->state);

	while (good && next_pair(&rest, &name, &value))
		good = is_number(value)
		           ? menu_row_number(&s->state, name, strtoll(value, NULL, 10))
		           : menu_row_text(&s->state, name, value);
	return good || differs(s, "no room for the row", rest);
}

static bool
on_args(struct script *s, char *rest)
{
	char *name, *value;

	while (next_pair(&rest, &name, &value)) {
		const struct menu_value *v = menu_arg(&s->out, name);
		bool same = v != NULL && (v->kind == MENU_TEXT
		                              ? strcmp(v->text, value) == 0
		                              : v->number == strtoll(value, NULL, 10));

		if (!same)
			return differs(s, "another argument", name);
	}
	return true;
}

/* ! ACTION OUTCOME [REASON] NAME=VALUE ... */
static bool
on_action(struct script *s, char *rest)
{
	char *name = rest, *value = rest;
	struct menu_result r = { MENU_OK, NULL };

	if (!next_pair(&rest, &name, &value) || s->out.want != MENU_DO ||
	    strcmp(name, s->out.action) != 0)
		return differs(s, "another action", name);
	if (!next_pair(&rest, &name, &value))
		return differs(s, "write an outcome", "ok, pending or fail");
	if (strcmp(name, "fail") == 0)
		r.outcome = MENU_FAIL;
	else if (strcmp(name, "pending") == 0)
		r.outcome = MENU_PENDING;
	else if (strcmp(name, "ok") != 0)
		return differs(s, "no outcome", name);
	while (next_pair(&rest, &name, &value)) {
		if (*value == '\0' && r.reason == NULL && r.outcome != MENU_OK)
			r.reason = name;
		else if (is_number(value))
			menu_set_number(&s->state, name, strtoll(value, NULL, 10));
		else
			menu_set_text(&s->state, name, value);
	}
	menu_resume(s->p, &s->state, &r, &s->facts, s->language, &s->out);
	play_dialled(s);
	return true;
}

static bool
on_secret(struct script *s, char *rest)
{
	return s->out.secret[0] != '\0' || differs(s, "no PIN came with it", rest);
}

static bool
on_end(struct script *s, char *rest)
{
	return s->out.want == MENU_FINISH || differs(s, "not over", rest);
}

/* ---- SMS ---- */

static bool
on_sms(struct script *s, char *rest)
{
	struct sms_keyword keyword[KEYWORDS];
	size_t n = menu_keywords(s->p);

	if (n > KEYWORDS)
		return differs(s, "too many keywords", rest);
	for (size_t i = 0; i < n; i++) {
		const char *command;

		keyword[i].word = menu_keyword(s->p, i, &command);
		keyword[i].kind = sms_kind_by_name(command);
		keyword[i].value = sms_value_of_name(command);
	}
	sms_command_read(keyword, n, rest, strlen(rest), &s->command);
	return true;
}

static bool
misread(const struct script *s, const char *wanted)
{
	fprintf(s->to, "%s:%u: the SMS is read as %s amount=%lld argument=%s, not: %s\n",
	        s->path, s->line, sms_kind_name(s->command.kind),
	        (long long)s->command.amount, s->command.argument, wanted);
	return false;
}

static bool
on_command(struct script *s, char *rest)
{
	char *name = rest, *value = rest;

	if (!next_pair(&rest, &name, &value) ||
	    strcmp(name, sms_kind_name(s->command.kind)) != 0)
		return misread(s, name);
	while (next_pair(&rest, &name, &value)) {
		bool same = strcmp(name, "amount") == 0
		                ? strtoll(value, NULL, 10) == s->command.amount
		                : strcmp(value, s->command.argument) == 0;

		if (!same)
			return misread(s, value);
	}
	return true;
}

/* The values stay facts, as with `fact`. */
static bool
on_text(struct script *s, char *rest)
{
	char *name = rest + strcspn(rest, " ");

	if (*name != '\0')
		*name++ = '\0';
	if (!on_fact(s, name))
		return false;
	if (!menu_text(s->p, rest, &s->facts, s->language, &s->out))
		return differs(s, "no such text", rest);
	return true;
}

static bool
play_line(struct script *s, char *line)
{
	static const struct {
		const char *word;
		bool (*play)(struct script *, char *);
	} verb[] = { { ">", on_input },           { "<", on_expect },
		     { "!", on_action },          { "+", on_row },
		     { "fact", on_fact },         { "start", on_start },
		     { "dial", on_dial },         { "args", on_args },
		     { "language", on_language }, { "secret", on_secret },
		     { "end", on_end },           { "sms", on_sms },
		     { "command", on_command },   { "text", on_text } };

	line += strspn(line, " \t");
	line[strcspn(line, "\r\n")] = '\0';
	if (*line == '\0' || *line == '#')
		return true;
	for (size_t i = 0; i < sizeof verb / sizeof *verb; i++) {
		size_t n = strlen(verb[i].word);

		if (strncmp(line, verb[i].word, n) != 0)
			continue;
		line += n;
		line += strspn(line, " ");
		return verb[i].play(s, line);
	}
	return differs(s, "unknown line", line);
}

bool
menu_script_play(const struct menu_program *p, const char *path, FILE *to)
{
	struct script *s = calloc(1, sizeof *s);
	FILE *in = fopen(path, "r");
	char line[SCRIPT_LINE];
	bool good = in != NULL && s != NULL;

	if (!good) {
		fprintf(to, "%s: cannot be read\n", path);
	} else {
		s->p = p;
		s->to = to;
		s->path = path;
		s->facts = (struct menu_facts){ .value = s->fact, .currency = "TZS" };
		s->facts.exponent = 2;
		s->facts.country = msisdn_country("TZ");
		s->facts.today = SCRIPT_DAY;
		while (good && fgets(line, sizeof line, in) != NULL) {
			s->line++;
			good = play_line(s, line);
		}
	}
	if (in != NULL)
		fclose(in);
	free(s);
	return good;
}
