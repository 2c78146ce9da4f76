#include "ussd/core/menu_program.h"

#include <string.h>

static int64_t
order_of(const struct menu_condition *c, const struct menu_value *v)
{
	if (c->word != NULL)
		return strcmp(v == NULL ? "" : v->text, c->word);
	if (v == NULL)
		return c->number == 0 ? 0 : c->number > 0 ? -1 : 1;
	return v->number == c->number ? 0 : v->number > c->number ? 1 : -1;
}

static bool
compare_holds(enum menu_compare compare, int64_t order)
{
	switch (compare) {
	case CMP_GT:
		return order > 0;
	case CMP_GE:
		return order >= 0;
	case CMP_LT:
		return order < 0;
	case CMP_LE:
		return order <= 0;
	case CMP_EQ:
		return order == 0;
	case CMP_NE:
		return order != 0;
	}
	return false;
}

static bool
is_set(const struct menu_value *v)
{
	if (v == NULL)
		return false;
	return v->kind == MENU_TEXT ? v->text[0] != '\0' && strcmp(v->text, "0") != 0
	                            : v->number != 0;
}

bool
menu_holds(const struct menu_scope *scope, const struct menu_condition *c)
{
	bool holds = false;

	if (c->compares) {
		holds = compare_holds(c->compare,
		                      order_of(c, menu_find_value(scope, c->name[0])));
		return holds != c->negate;
	}
	for (unsigned i = 0; i < c->names && !holds; i++)
		holds = is_set(menu_find_value(scope, c->name[i]));
	return holds != c->negate;
}
