/* What a compiled program tells about itself, and texts outside a conversation. */
#include "ussd/core/menu.h"

#include "ussd/core/menu_program.h"

#include <string.h>

unsigned
menu_language(const struct menu_program *p, const char *code)
{
	for (unsigned l = 0; l < p->languages; l++)
		if (strcmp(p->language[l], code) == 0)
			return l;
	return 0;
}

unsigned
menu_languages(const struct menu_program *p)
{
	return p->languages;
}

const char *
menu_language_code(const struct menu_program *p, unsigned language)
{
	return p->language[language < p->languages ? language : 0];
}

uint64_t
menu_version(const struct menu_program *p)
{
	return p->version;
}

const char *
menu_const(const struct menu_program *p, const char *name)
{
	for (const struct menu_named *n = p->consts; n != NULL; n = n->next)
		if (strcmp(n->name, name) == 0)
			return n->value;
	return NULL;
}

size_t
menu_keywords(const struct menu_program *p)
{
	return p->words;
}

const char *
menu_keyword(const struct menu_program *p, size_t i, const char **command)
{
	*command = i < p->words ? p->word[i].command : "";
	return i < p->words ? p->word[i].word : "";
}

const char *
menu_screen_name(const struct menu_program *p, const struct menu_state *s)
{
	int i = menu_find_screen(p, s->screen);

	return i == TARGET_NONE ? "" : p->screen[i].name;
}

bool
menu_has_screen(const struct menu_program *p, const char *name)
{
	return menu_find_screen(p, menu_hash(name)) != TARGET_NONE;
}

const struct menu_value *
menu_arg(const struct menu_out *out, const char *name)
{
	for (unsigned i = 0; i < out->argc; i++)
		if (strcmp(out->arg[i].name, name) == 0)
			return &out->arg[i].value;
	return NULL;
}

int64_t
menu_arg_number(const struct menu_out *out, const char *name)
{
	const struct menu_value *v = menu_arg(out, name);

	return v == NULL ? 0 : v->number;
}

const char *
menu_arg_text(const struct menu_out *out, const char *name)
{
	const struct menu_value *v = menu_arg(out, name);

	return v == NULL || v->kind != MENU_TEXT ? "" : v->text;
}

bool
menu_text(const struct menu_program *p, const char *name, const struct menu_facts *facts,
          unsigned language, struct menu_out *out)
{
	struct menu_scope scope = { .p = p, .facts = facts };
	struct menu_pen pen = { .septets = 0 };
	uint32_t hash = menu_hash(name);

	scope.language = language < p->languages ? language : 0;
	buf_init(&pen.out, out->text, sizeof out->text);
	out->want = MENU_FINISH;
	for (const struct menu_named *n = p->texts; n != NULL; n = n->next) {
		if (n->hash != hash || strcmp(n->name, name) != 0)
			continue;
		menu_write(&pen, &scope, n->text);
		out->len = pen.out.len;
		out->septets = pen.septets;
		return true;
	}
	out->len = 0;
	out->septets = 0;
	return false;
}
