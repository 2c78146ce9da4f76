/* A menu file: any bytes compile or are refused; what compiles can be linted and dialled.
 */
#include "lib/buf.h"
#include "ussd/core/dial.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
dial(const struct menu_program *p)
{
	static const char *const keys[] = { "1", "50000", "98",   "2", "1234",
		                            "0", "x",     "12.5", "3" };
	static struct menu_state s;
	static struct menu_out out;
	struct menu_facts facts = { .currency = "TZS", .exponent = 2 };

	memset(&s, 0, sizeof s);
	menu_start(p, &s, NULL, &facts, 0, &out);
	for (unsigned i = 0;
	     i < 3 * sizeof keys / sizeof *keys && out.want != MENU_FINISH; i++) {
		const char *key = keys[i % (sizeof keys / sizeof *keys)];
		struct menu_result r = { (enum menu_outcome)(i % 3),
			                 i % 2 ? "limit" : NULL };

		if (out.want == MENU_DO)
			menu_resume(p, &s, &r, &facts, 0, &out);
		else
			menu_step(p, &s, (struct menu_input){ key, strlen(key) }, &facts,
			          0, &out);
		if (out.len > MENU_TEXT_BYTES || strlen(out.text) != out.len)
			abort();
	}
}

/* Whatever the menus are, what was dialled behind the code never does anything. */
static void
dial_deep(const struct menu_program *p, const char *parts)
{
	static struct menu_state s;
	static struct menu_out out;
	struct menu_facts facts = { .currency = "TZS", .exponent = 2 };
	struct dial_menu at = { p, &s, &facts, 0 };
	struct dial d;

	memset(&s, 0, sizeof s);
	dial_read("", parts, strlen(parts), &d);
	menu_start(p, &s, NULL, &facts, 0, &out);
	for (unsigned i = 0; i < 32; i++) {
		struct menu_result r = { (enum menu_outcome)(i % 3),
			                 i % 2 ? "limit" : NULL };
		unsigned given = dial_play(&d, &at, &out);

		if (out.want != MENU_DO)
			break;
		if ((given > 0 && out.once) || out.secret[0] != '\0')
			abort();
		menu_resume(p, &s, &r, &facts, 0, &out);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct menu_diags diags;
	static char room[1 << 16];
	struct arena *arena;
	struct menu_file file = { "f.menu", (const char *)data, size };
	struct menu_sources in = { .language = "en", .file = &file, .files = 1 };
	struct menu_program *p;
	struct buf out;

	if (size > 4096)
		return 0;
	arena = arena_new(64u << 20);
	memset(&diags, 0, sizeof diags);
	p = menu_compile(arena, &in, &diags);
	if ((p == NULL) != (diags.errors > 0))
		abort();
	if (p != NULL) {
		menu_lint(p, "home 1 loan Loan\n", 17, &diags);
		buf_init(&out, room, sizeof room);
		menu_pot(p, &out);
		menu_graph(p, MENU_DOT, &out);
		dial(p);
		dial_deep(p, "1*2*1*98*3*1");
		dial_deep(p, "2*1*1*0*1*1234");
	}
	arena_free(arena);
	return 0;
}
