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
refuse(struct gateway *g, const struct settings_faults *faults)
{
	unsigned shown =
	    faults->count < SETTINGS_FAULTS_MAX ? faults->count : SETTINGS_FAULTS_MAX;

	for (unsigned i = 0; i < shown; i++) {
		const struct diag *d = &faults->at[i];
		log_error(REF, "refused", "at=%s:%u what=\"%s\"", d->file, d->line,
		          d->text);
	}
	snprintf(g->reload.fault, sizeof(g->reload.fault), "%.120s:%u: %.320s",
	         faults->at[0].file, faults->at[0].line, faults->at[0].text);
	g->reload.ok = false;
	g->reload.refused++;
}

void
gateway_reload(void *gateway)
{
	static struct settings fresh;
	struct gateway *g = gateway;
	struct settings_faults faults;

	g->reload.at_ms = g->clock.wall_ms;
	if (settings_load(g->config_path, &fresh, &faults) != 0) {
		refuse(g, &faults);
		return;
	}
	settings_reload(&g->settings, &fresh, log_change, g);
	explicit_bzero(&fresh, sizeof(fresh));
	log_set_level((enum log_level)g->settings.log.level);
	log_set_json(g->settings.log.json);
	g->reload.ok = true;
	g->reload.done++;
	g->reload.fault[0] = '\0';
	log_info(REF, "done", "path=%s", g->config_path);
}
