/* adit products: what is lent, as a file and as stored. */
#include "gateway/cli/products.h"
#include "payments/flow/loans.h"

#include <string.h>

#define ASK_MS   10000
#define JSON_MAX 16384

static const char help[] =
    "usage: adit products lint [FILE]\n"
    "       adit products import [FILE] [--coop CODE] [--dry-run] [--json]\n"
    "       adit products export --coop CODE\n"
    "       adit products list --coop CODE [--json]\n\n"
    "Loan products as data.  Without FILE it is the one that loans.products names.\n"
    "  lint    what is wrong with a file, as file:line: field: why\n"
    "  import  brings the cooperatives' products to what the file says: what differs\n"
    "          becomes a new version, and loans keep the contract of theirs\n"
    "  export  what is stored, as such a file\n"
    "  list    a line for each product: its newest version\n\n"
    "Importing needs the ledger writer: no gateway may serve the database meanwhile.\n"
    "--dry-run only says what would change.\n\n"
    "  adit products import config/products.conf --coop MGODI --dry-run\n";

struct listing {
	struct cli_world *w;
	int32_t cooperative_id;
	bool as_file, json, ok;
};

static const char *
as_json(const struct product *p, char *text, size_t cap)
{
	struct json_writer w;
	struct buf b;

	buf_init(&b, text, cap);
	jw_init(&w, &b);
	jw_object(&w, NULL);
	product_write(&w, p);
	jw_i64(&w, "version", p->version);
	jw_end_object(&w);
	return text;
}

static void
print_line(const struct product *p)
{
	const struct loan_product *t = &p->terms;

	printf("%-15s %3u  %-9s  %-8s  %-6s  %14lld %14lld %s  %u-%u  %s\n", p->code,
	       (unsigned)p->version, product_kind_name(p->kind),
	       p->active ? "lent" : "not lent", p->on_phone ? "phone" : "office",
	       (long long)t->amount_min, (long long)t->amount_max, p->currency,
	       (unsigned)t->terms_min, (unsigned)t->terms_max, p->names[PRODUCT_EN]);
}

static void
print_entry(const char *json)
{
	struct json *doc = json_parse(json, strlen(json), NULL);

	if (doc != NULL)
		products_file_write(stdout, doc);
	json_free(doc);
}

static void
on_list(void *arg, const struct payments_answer *a, const struct product_list *list)
{
	static char text[JSON_MAX];
	struct listing *l = arg;

	l->w->answered = true;
	l->ok = a->outcome == OUTCOME_OK;
	if (!l->ok)
		cli_complain("products", a);
	for (unsigned i = 0; i < list->count; i++) {
		as_json(&list->at[i], text, sizeof text);
		if (l->as_file) {
			fputs(i == 0 ? "products = (\n" : ",\n", stdout);
			print_entry(text);
		} else if (l->json) {
			puts(text);
		} else {
			print_line(&list->at[i]);
		}
	}
	if (l->as_file)
		puts(list->count == 0 ? "products = ( );" : "\n);");
}

static void
on_cooperative(void *arg, const struct pg_reply *r)
{
	struct listing *l = arg;

	l->w->answered = true;
	if (r->err.code != ERR_NONE)
		fprintf(stderr, "adit products: the database says: %s\n",
		        r->message[0] != '\0' ? r->message : r->err.what);
	else if (r->rows == 1)
		l->cooperative_id = (int32_t)reply_i64(r, 0, 0);
	else
		fprintf(stderr, "adit products: there is no such cooperative\n");
}

static int
run_list(struct settings *s, const char *coop, struct listing *l)
{
	struct pg_args *a = pg_args_new();

	pg_text(a, coop);
	l->w = cli_open(s, CLI_READS);
	pg_call(l->w->env.pg, &product_cooperatives, a, ASK_MS, on_cooperative, l);
	cli_await(l->w);
	if (l->cooperative_id != 0) {
		payments_products(&l->w->env, l->cooperative_id, on_list, l);
		cli_await(l->w);
	}
	cli_close(l->w);
	return l->ok ? CLI_OK : CLI_WRONG;
}

static int
run_lint(const char *path)
{
	struct settings_faults faults;
	struct product_set *set = products_load(path, &faults);

	if (set == NULL) {
		settings_print_faults(stderr, &faults);
		return CLI_WRONG;
	}
	printf("%s: %u products, no faults\n", path, set->count);
	products_free(set);
	return CLI_OK;
}

static int
run_import(struct settings *s, const char *path, struct product_import *in)
{
	struct settings_faults faults;
	struct product_set *set = products_load(path, &faults);
	unsigned failed;

	if (set == NULL) {
		settings_print_faults(stderr, &faults);
		return CLI_WRONG;
	}
	in->set = set;
	in->w = cli_open(s, in->dry_run ? CLI_READS : CLI_WRITES);
	failed = products_import(in);
	cli_close(in->w);
	products_free(set);
	return failed == 0 ? CLI_OK : CLI_WRONG;
}

static int
run_stored(struct settings *s, const char *what, const char *coop, bool json)
{
	struct listing l = { .as_file = strcmp(what, "export") == 0, .json = json };

	return run_list(s, coop, &l);
}

static bool
is(const char *word, const char *what)
{
	return word != NULL && strcmp(word, what) == 0;
}

int
cli_products(int argc, char **argv)
{
	struct product_import in = { 0 };
	struct settings *s = NULL;

	if (cli_help(&argc, argv, help))
		return CLI_OK;
	in.coop = cli_value(&argc, argv, "--coop");
	in.dry_run = cli_flag(&argc, argv, "--dry-run");
	in.json = cli_flag(&argc, argv, "--json");
	const char *what = argc > 1 ? argv[1] : NULL;
	bool file = is(what, "lint") || is(what, "import");
	if (!file && !(in.coop != NULL && (is(what, "export") || is(what, "list")))) {
		fputs(help, stderr);
		return CLI_USAGE;
	}
	cli_word(&argc, argv);
	bool alone = is(what, "lint") && argc > 1 && argv[1][0] != '-';
	if (!alone && (s = cli_settings(&argc, argv)) == NULL)
		return CLI_USAGE;
	const char *path = file ? cli_word(&argc, argv) : NULL;
	if (!cli_done(argc, argv))
		return CLI_USAGE;
	if (!file)
		return run_stored(s, what, in.coop, in.json);
	if (path == NULL)
		path = s->loans.products;
	return is(what, "lint") ? run_lint(path) : run_import(s, path, &in);
}
