/*
 * dialog_begin - where a conversation begins: at home, where one before was left, or at
 * the screen that we open on her phone.
 */
#include "lib/buf.h"
#include "ussd/flow/dialog_hop.h"

#include <string.h>

void
dialog_begin_session(struct dialog_flow *f)
{
	const struct settings *st = f->dialog->deps.env->settings;
	struct session old = f->session;
	struct session *s = &f->session;

	memset(s, 0, sizeof *s);
	text_copy(s->language, sizeof s->language,
	          f->had_session ? old.language : st->ussd.language);
	s->minute = old.minute;
	s->hops = old.hops;
	s->started_ms = loop_clock(f->dialog->deps.env->loop)->wall_ms;
	s->dialog = ids_uuid7(f->dialog->deps.env->ids, s->started_ms);
	menu_state_clear(&f->menu);
	/* A conversation that stands open is asked about; its actions keep their keys. */
	if (f->had_session && old.mode == SESSION_OPEN &&
	    menu_state_decode(old.menu, old.menu_len, &f->menu))
		s->dialog = old.dialog;
}

unsigned
dialog_language(const struct dialog_flow *f)
{
	return menu_language(f->dialog->deps.menu, f->session.language);
}

static bool
begin_push(struct dialog_flow *f, struct person *p)
{
	const struct menu_program *m = f->dialog->deps.menu;

	if (!f->session.member || !menu_has_screen(m, f->push_screen))
		return false;
	if (f->push_subject.name != 0)
		p->value[p->facts.count++] = f->push_subject;
	menu_start(m, &f->menu, f->push_screen, &p->facts, dialog_language(f), &f->out);
	return true;
}

bool
dialog_begin_menu(struct dialog_flow *f, struct person *p)
{
	const struct menu_program *m = f->dialog->deps.menu;

	if (f->hop.kind == HOP_PUSH)
		return begin_push(f, p);
	/* Where nothing was typed or looked up yet, there is nothing to go on with.  What
	 * was dialled is no answer to this question. */
	if (menu_under_way(m, &f->menu) && f->menu.var_count > 0 &&
	    menu_has_screen(m, "resume")) {
		f->dialog->counts.resumes++;
		menu_leave(m, &f->menu, "resume", &p->facts, dialog_language(f), &f->out);
	} else {
		menu_start(m, &f->menu, NULL, &p->facts, dialog_language(f), &f->out);
		/* nor to who she is, and which language she speaks */
		if (f->session.member)
			dial_read(f->hop.code, f->turn.input, f->turn.input_len,
			          &f->dial);
	}
	return true;
}

void
dialog_play(struct dialog_flow *f, const struct person *p)
{
	struct dial_menu at = { f->dialog->deps.menu, &f->menu, &p->facts,
		                dialog_language(f) };
	unsigned given = dial_play(&f->dial, &at, &f->out);

	if (given == 0)
		return;
	f->dialog->counts.dialled += given;
	f->session.hops += given; /* each costs what an answer costs */
	f->since = 0;
}
