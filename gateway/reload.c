/* reload - SIGHUP: all of the new settings and texts, or none of them. */
#include "gateway/gateway.h"
#include "lib/log.h"

#include <string.h>

#define REF "reload"

static void
log_change(void *arg, const char *key, bool now)
{
	(void)arg;
	if (now)
		log_info(REF, "setting_changed", "key=%s", key);
	else
		log_warn(REF, "setting_waits_for_restart", "key=%s", key);
}

static void
tell(const struct diag *d)
{
	log_error(REF, "refused", "at=%s:%u:%u what=\"%s\"", d->file, d->line, d->column,
	          d->text);
}

static void
refuse(struct gateway *g, const struct diag *first)
{
	snprintf(g->reload.fault, sizeof(g->reload.fault), "%.120s:%u:%u: %.320s",
	         first->file, first->line, first->column, first->text);
	g->reload.ok = false;
	g->reload.refused++;
}

static bool
read_settings(struct gateway *g, struct settings *fresh)
{
	struct settings_faults faults;

	if (settings_load(g->config_path, fresh, &faults) == 0)
		return true;
	for (unsigned i = 0; i < faults.count && i < SETTINGS_FAULTS_MAX; i++)
		tell(&faults.at[i]);
	refuse(g, &faults.at[0]);
	return false;
}

static bool
read_menus(struct gateway *g, const struct settings *fresh, struct menus *menus)
{
	static struct menu_diags diags;
	const struct menu_diag *first = NULL;

	if (menus_load(fresh, menus, &diags) == 0)
		return true;
	for (size_t i = 0; i < diags.count; i++) {
		if (diags.at[i].is_warning)
			continue;
		tell(&diags.at[i].at);
		first = first == NULL ? &diags.at[i] : first;
	}
	refuse(g, first == NULL ? &diags.at[0].at : &first->at);
	return false;
}

/* The files of the second listener, whatever they are called now: they may be new. */
static bool
read_certificates(struct gateway *g, const struct settings *fresh)
{
	struct diag fault = { 0 };
	struct err err;

	if (g->tls == NULL || fresh->https.listen[0] == '\0' ||
	    gateway_tls(fresh, g->tls, &err) != NULL)
		return true;
	snprintf(fault.file, sizeof fault.file, "%s", g->config_path);
	snprintf(fault.text, sizeof fault.text, "https: %s", err.what);
	tell(&fault);
	refuse(g, &fault);
	return false;
}

void
gateway_reload(void *gateway)
{
	static struct settings fresh;
	struct gateway *g = gateway;
	struct menus menus;

	g->reload.at_ms = g->clock.wall_ms;
	if (!read_settings(g, &fresh) || !read_menus(g, &fresh, &menus))
		return;
	if (!read_certificates(g, &fresh)) { /* the last that may be refused */
		menus_free(&menus);
		return;
	}
	settings_reload(&g->settings, &fresh, log_change, g);
	explicit_bzero(&fresh, sizeof(fresh));
	log_set_level((enum log_level)g->settings.log.level);
	log_set_json(g->settings.log.json);
	talk_set_menus(g, &menus);
	rails_reload(g->rails);
	g->reload.ok = true;
	g->reload.done++;
	g->reload.fault[0] = '\0';
	log_info(REF, "done", "path=%s", g->config_path);
}
