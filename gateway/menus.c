#include "gateway/menus.h"

#include "ussd/flow/dialog.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 64
#define FILE_MAX  (1 << 20)
#define ARENA_MAX (64u << 20)

struct text {
	const char *name;
	char *bytes;
	size_t len;
};

struct folder {
	struct arena *arena;
	struct menu_diags *diags;
	struct text file[FILES_MAX];
	size_t count;
};

static void
fault(struct menu_diags *diags, const char *file, const char *text)
{
	diags->errors++;
	if (diags->count >= MENU_DIAGS)
		return;
	struct menu_diag *d = &diags->at[diags->count++];
	memset(d, 0, sizeof(*d));
	snprintf(d->code, sizeof(d->code), "E0");
	snprintf(d->at.file, sizeof(d->at.file), "%s", file);
	snprintf(d->at.text, sizeof(d->at.text), "%s", text);
}

static bool
ends_in(const char *name, const char *ending)
{
	size_t n = strlen(name), e = strlen(ending);

	return n >= e && name[0] != '.' && strcmp(name + n - e, ending) == 0;
}

static void
read_all(struct folder *f, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		fault(f->diags, path, "cannot be read");
	} else if (st.st_size > FILE_MAX) {
		fault(f->diags, path, "is over 1 MiB: that is no menu or translation");
	} else {
		struct text *t = &f->file[f->count++];
		t->name = arena_strdup(f->arena, path);
		t->bytes = arena_zalloc(f->arena, (size_t)st.st_size + 1);
		ssize_t got = read(fd, t->bytes, (size_t)st.st_size);
		t->len = got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
}

static int
by_name(const void *a, const void *b)
{
	const struct text *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* In order of name, so that the program does not depend on the disk. */
static void
read_folder(struct folder *f, const char *path, const char *ending)
{
	DIR *dir = opendir(path);
	struct dirent *e;

	if (dir == NULL) {
		fault(f->diags, path, "is no folder that can be read");
		return;
	}
	while ((e = readdir(dir)) != NULL) {
		char whole[512];
		if (!ends_in(e->d_name, ending))
			continue;
		int n = snprintf(whole, sizeof(whole), "%s/%s", path, e->d_name);
		if (f->count == FILES_MAX || n < 0 || (size_t)n >= sizeof(whole))
			fault(f->diags, path, "holds too many files, or a name too long");
		else
			read_all(f, whole);
	}
	closedir(dir);
	qsort(f->file, f->count, sizeof(f->file[0]), by_name);
}

/* ".../sw.mo" is Swahili. */
static const char *
language_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	return arena_strndup(arena, name, strlen(name) - strlen(".mo"));
}

static const struct menu_program *
compile(struct arena *arena, const struct folder *files, const struct folder *locale,
        struct menu_diags *diags)
{
	struct menu_file file[FILES_MAX];
	struct menu_catalog catalog[FILES_MAX];
	struct menu_sources in = {
		.language = "en",
		.file = file,
		.files = files->count,
		.catalog = catalog,
		.catalogs = locale->count,
	};

	for (size_t i = 0; i < files->count; i++)
		file[i] = (struct menu_file){ files->file[i].name, files->file[i].bytes,
			                      files->file[i].len };
	for (size_t i = 0; i < locale->count; i++)
		catalog[i] =
		    (struct menu_catalog){ language_of(arena, locale->file[i].name),
			                   locale->file[i].bytes, locale->file[i].len };
	in.action = dialog_actions(&in.actions);
	in.fact = dialog_facts(&in.facts);
	return menu_compile(arena, &in, diags);
}

int
menus_compile(const struct settings *s, struct menus *out, struct menu_diags *diags)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct folder *files = arena_zalloc(arena, sizeof(*files));
	struct folder *locale = arena_zalloc(arena, sizeof(*locale));

	memset(diags, 0, sizeof(*diags));
	memset(out, 0, sizeof(*out));
	files->arena = locale->arena = arena;
	files->diags = locale->diags = diags;
	read_folder(files, s->ussd.menus_dir, ".menu");
	if (s->ussd.locale_dir[0] != '\0')
		read_folder(locale, s->ussd.locale_dir, ".mo");
	if (diags->errors == 0 && files->count == 0)
		fault(diags, s->ussd.menus_dir, "holds no *.menu file");
	if (diags->errors == 0)
		out->program = compile(arena, files, locale, diags);
	out->arena = arena;
	if (out->program != NULL)
		return 0;
	menus_free(out);
	return -1;
}

int
menus_load(const struct settings *s, struct menus *out, struct menu_diags *diags)
{
	struct folder *lock;

	if (menus_compile(s, out, diags) != 0)
		return -1;
	lock = arena_zalloc(out->arena, sizeof(*lock));
	lock->arena = out->arena;
	lock->diags = diags;
	read_folder(lock, s->ussd.menus_dir, "digits.lock");
	menu_lint(out->program, lock->count > 0 ? lock->file[0].bytes : NULL,
	          lock->file[0].len, diags);
	if (diags->errors == 0)
		return 0;
	menus_free(out);
	return -1;
}

void
menus_free(struct menus *m)
{
	arena_free(m->arena);
	m->arena = NULL;
	m->program = NULL;
}

void
menus_print(FILE *to, const struct menu_diags *diags)
{
	for (size_t i = 0; i < diags->count; i++) {
		const struct menu_diag *d = &diags->at[i];
		fprintf(to, "%s:", d->at.file);
		if (d->at.line > 0)
			fprintf(to, "%u:", d->at.line);
		if (d->at.column > 0)
			fprintf(to, "%u:", d->at.column);
		fprintf(to, " %s%s: %s\n", d->is_warning ? "warning " : "", d->code,
		        d->at.text);
	}
	if (diags->errors + diags->warnings > diags->count)
		fprintf(to, "... and %zu more\n",
		        diags->errors + diags->warnings - diags->count);
}
