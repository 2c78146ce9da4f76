#include "ussd/core/menu_scan.h"

#include <string.h>

#define NUMBER_DIGITS 12

void
scan_begin(struct scan *s, struct arena *arena, const struct menu_file *file,
           struct menu_diags *diags)
{
	*s = (struct scan){
		.arena = arena, .diags = diags, .file = file->name, .line = 1
	};
	s->at = s->line_start = file->text;
	s->end = file->text + file->len;
	if (file->len >= 3 && memcmp(s->at, "\xef\xbb\xbf", 3) == 0)
		s->at += 3;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
ahead(const struct scan *s, size_t n)
{
	return (char)((size_t)(s->end - s->at) > n ? s->at[n] : '\0');
}

static void
mark(struct scan *s)
{
	s->place = (struct menu_place){ .file = s->file,
		                        .line = s->line,
		                        .column = (unsigned)(s->at - s->line_start) + 1 };
}

static enum token
wrong(struct scan *s, const char *what)
{
	menu_fault(s->diags, &s->place, "E0", "%s", what);
	while (s->at < s->end && *s->at != '\n')
		s->at++;
	return s->token = TOKEN_WRONG;
}

static enum token
take_word(struct scan *s)
{
	const char *from = s->at;

	while (is_letter(ahead(s, 0)) || is_digit(ahead(s, 0)) ||
	       (ahead(s, 0) == '.' && (is_letter(ahead(s, 1)) || is_digit(ahead(s, 1)))))
		s->at++;
	s->text = arena_strndup(s->arena, from, (size_t)(s->at - from));
	return s->token = TOKEN_WORD;
}

static enum token
take_number(struct scan *s)
{
	unsigned digits = 0;

	s->milli = 0;
	s->whole = true;
	for (; is_digit(ahead(s, 0)); s->at++, digits++) {
		if (digits >= NUMBER_DIGITS)
			return wrong(s,
			             "this number is too long: write at most 12 digits");
		s->milli = s->milli * 10 + (*s->at - '0');
	}
	s->milli *= 1000;
	if (ahead(s, 0) != '.' || !is_digit(ahead(s, 1)))
		return s->token = TOKEN_NUMBER;
	s->whole = false;
	s->at++;
	for (int64_t one = 100; is_digit(ahead(s, 0)); s->at++, one /= 10) {
		if (one == 0)
			return wrong(s,
			             "too many digits behind the point: write at most 3");
		s->milli += one * (*s->at - '0');
	}
	return s->token = TOKEN_NUMBER;
}

static enum token
take_text(struct scan *s)
{
	const char *from = ++s->at;
	char *text;
	size_t n = 0;

	while (s->at < s->end && *s->at != '"' && *s->at != '\n')
		s->at += *s->at == '\\' && s->end - s->at > 1 && s->at[1] != '\n' ? 2 : 1;
	if (ahead(s, 0) != '"')
		return wrong(s, "this text has no end: write \" behind it");
	text = arena_strndup(s->arena, from, (size_t)(s->at - from));
	for (const char *c = from; c < s->at; c++) {
		if (*c == '\\') {
			c++;
			if (*c != 'n' && *c != '"' && *c != '\\')
				return wrong(s,
				             "unknown escape: write \\n, \\\" or \\\\");
			text[n++] = (char)(*c == 'n' ? '\n' : *c);
		} else if (*c == '\0' || *c == '\r' || *c == '\t') {
			return wrong(s, "a text holds letters, blanks and \\n only");
		} else {
			text[n++] = *c;
		}
	}
	text[n] = '\0';
	s->at++;
	s->text = text;
	return s->token = TOKEN_TEXT;
}

static enum token
take_value(struct scan *s)
{
	s->at++;
	if (!is_letter(ahead(s, 0)))
		return wrong(s, "write the name of a value: {limit}");
	take_word(s);
	if (ahead(s, 0) != '}')
		return wrong(s, "only a name may stand here: write {limit}");
	s->at++;
	return s->token = TOKEN_VALUE;
}

static enum token
take_compare(struct scan *s)
{
	bool equal = ahead(s, 1) == '=';

	switch (*s->at) {
	case '>':
		s->compare = equal ? CMP_GE : CMP_GT;
		break;
	case '<':
		s->compare = equal ? CMP_LE : CMP_LT;
		break;
	case '!':
		if (!equal)
			return wrong(s, "write != or not");
		s->compare = CMP_NE;
		break;
	default:
		s->compare = CMP_EQ;
	}
	s->at += equal ? 2 : 1;
	return s->token = TOKEN_COMPARE;
}

static enum token
take_line_end(struct scan *s)
{
	if (s->at == s->end)
		return s->token = TOKEN_END;
	s->at++;
	s->line++;
	s->line_start = s->at;
	return s->token = TOKEN_LINE;
}

enum token
scan_next(struct scan *s)
{
	while (ahead(s, 0) == ' ' || ahead(s, 0) == '\t' || ahead(s, 0) == '\r')
		s->at++;
	if (ahead(s, 0) == '#')
		while (s->at < s->end && *s->at != '\n')
			s->at++;
	mark(s);
	if (s->at == s->end || *s->at == '\n')
		return take_line_end(s);
	if (is_letter(*s->at))
		return take_word(s);
	if (is_digit(*s->at))
		return take_number(s);
	switch (*s->at) {
	case '"':
		return take_text(s);
	case '{':
		return take_value(s);
	case '<':
	case '>':
	case '=':
	case '!':
		return take_compare(s);
	case '-':
		if (ahead(s, 1) != '>')
			return wrong(s, "write -> and a screen");
		s->at += 2;
		return s->token = TOKEN_ARROW;
	case '.':
		if (ahead(s, 1) != '.')
			return wrong(s, "write .. between two bounds");
		s->at += 2;
		return s->token = TOKEN_RANGE;
	case '(':
	case ')':
	case ',':
	case '*':
		s->sign = *s->at++;
		return s->token = TOKEN_SIGN;
	default:
		return wrong(s, "this sign has no meaning here: texts stand between \"");
	}
}

void
scan_skip_line(struct scan *s)
{
	while (s->token != TOKEN_LINE && s->token != TOKEN_END) {
		while (s->at < s->end && *s->at != '\n')
			s->at++;
		take_line_end(s);
	}
}

bool
scan_text_below(const struct scan *s)
{
	const char *c = s->at;

	while (c < s->end && *c != '\n' && *c != '#' &&
	       (*c == ' ' || *c == '\t' || *c == '\r'))
		c++;
	if (c == s->end || *c != '\n')
		return false;
	c++;
	while (c < s->end && (*c == ' ' || *c == '\t'))
		c++;
	return c < s->end && *c == '"';
}
