/* What stands where the file says nothing. */
#include "config/settings_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct setting *
setting_put_initials(const struct setting *rows, void *base, struct buf *why)
{
	for (; rows->key != NULL; rows++) {
		if (setting_put(rows, base, rows->initial, NULL, why) != 0)
			return rows;
	}
	return NULL;
}

void
setting_fill(const struct setting *rows, void *base)
{
	char words[320];
	struct buf why;

	buf_init(&why, words, sizeof(words));
	const struct setting *wrong = setting_put_initials(rows, base, &why);
	if (wrong == NULL)
		return;
	fprintf(stderr, "settings: the default of %s: %s\n", wrong->key, words);
	abort();
}

/* Those of lists are tried too, though no list has an entry yet. */
void
settings_defaults(struct settings *out)
{
	memset(out, 0, sizeof(*out));
	setting_fill(settings_table, out);
	for (const struct setting_list *l = settings_lists; l->name != NULL; l++) {
		void *entry = setting_entry(l, out, 0);

		setting_fill(l->rows, entry);
		memset(entry, 0, l->size);
	}
}
