#include "ussd/core/dial.h"

#include <string.h>

static bool
is_sign(char c)
{
	return c == '*' || c == '#';
}

/* Without the signs around it. */
static struct dial_text
bare(const char *text, size_t n)
{
	for (; n > 0 && is_sign(*text); text++)
		n--;
	while (n > 0 && text[n - 1] == '#')
		n--;
	return (struct dial_text){ text, n };
}

bool
dial_behind(const char *service, const char *dialled, size_t n, struct dial_text *rest)
{
	struct dial_text code = bare(service, strlen(service));
	struct dial_text all = bare(dialled, n);

	*rest = (struct dial_text){ all.at + all.len, 0 };
	if (code.len == 0 || all.len < code.len || memcmp(all.at, code.at, code.len) != 0)
		return false;
	if (all.len == code.len)
		return true;
	if (all.at[code.len] != '*')
		return false;
	*rest = (struct dial_text){ all.at + code.len + 1, all.len - code.len - 1 };
	return true;
}

static bool
is_choice(const char *part, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (part[i] < '0' || part[i] > '9')
			return false;
	return n == 1 || n == 2;
}

/* A code is none of what was typed: it has signs in front, or begins with more digits
 * than a choice has. */
static struct dial_text
without_code(const char *service, const char *text, size_t n)
{
	struct dial_text all = { text, n }, rest;
	bool is_signed = n > 0 && is_sign(*text);
	const char *star = memchr(text, '*', n);

	if (!is_signed && is_choice(text, star == NULL ? n : (size_t)(star - text)))
		return all;
	return dial_behind(service, text, n, &rest) || is_signed ? rest : all;
}

void
dial_read(const char *service, const char *text, size_t n, struct dial *out)
{
	struct dial_text all = without_code(service, text, n);
	const char *end;

	all = bare(all.at, all.len);
	end = all.at + all.len;
	memset(out, 0, sizeof *out);
	text = all.at;
	while (text < end && out->count < DIAL_PARTS) {
		const char *star = memchr(text, '*', (size_t)(end - text));
		size_t len = (size_t)((star == NULL ? end : star) - text);
		char *part = out->part[out->count++];

		if (!is_choice(text, len)) {
			*part = '?';
			return;
		}
		memcpy(part, text, len);
		text += len + 1;
	}
}

unsigned
dial_play(struct dial *d, const struct dial_menu *at, struct menu_out *out)
{
	unsigned given = 0;

	while (d->next < d->count && out->want != MENU_DO) {
		/* What is said above a screen (a wrong choice, why something failed) is
		 * for her to read before she goes on. */
		if (out->want != MENU_SHOW || out->noted ||
		    !menu_takes_dial(at->program, at->state)) {
			memset(d, 0, sizeof *d);
			break;
		}
		const char *part = d->part[d->next++];

		menu_step(at->program, at->state,
		          (struct menu_input){ part, strlen(part) }, at->facts,
		          at->language, out);
		given++;
	}
	return given;
}
